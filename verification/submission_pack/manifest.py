"""The list of all files of a pack, signed by the site: a signed note (record/signed_notes.py) with a line for each."""

from record.canonical import utc
from record.checkpoints import origin_of
from record.keys import ensure_signing_key, sign_text
from record.services.chains import site_chain
from record.signed_notes import note_write
from verification.models import PackFile, PackFileState, SubmissionPack

FORMAT = 1  # of packs; `check.py` knows it too
MANIFEST = "MANIFEST"
WORDS = {state: str(state) for state in PackFileState} | {PackFileState.DONE: "file"}


def manifest_of(pack: SubmissionPack, files: list[PackFile]) -> bytes:
    """Return the signed list of these files. Raises SigningKeyUnusable."""
    ensure_signing_key()
    site = origin_of(site_chain().uuid)
    lines = [
        f"Countersign submission pack, format {FORMAT}",
        f"site {site}",
        f"portfolio {pack.registration.uuid}",
        f"for {'the candidate' if pack.is_candidates else 'the centre and who verifies it'}",
        f"made {utc(pack.ended_at or pack.asked_at)}",
        *(f"{WORDS[PackFileState(file.state)]} {file.sha256 or '-'} {file.size} {file.path}" for file in files),
    ]
    text = "".join(f"{line}\n" for line in lines)
    key, signature = sign_text(text.encode())
    return note_write(text, name=site, public_key=bytes.fromhex(key.public_key), signature=signature).encode()
