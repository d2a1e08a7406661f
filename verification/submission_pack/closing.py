"""Makes what comes last: the table of the evidence, the record, the page that leads to all, checker and manifest."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from django.template.loader import render_to_string

from portfolio.models import Registration
from portfolio.open_registrations import standing_of, state_of
from portfolio.registrations.particulars import particulars_of
from record.good_keys import good_keys
from record.keys import ensure_signing_key
from verification.models import PackFile, SubmissionPack
from verification.submission_pack.contents import begun_among, units_of
from verification.submission_pack.making import content_put
from verification.submission_pack.manifest import MANIFEST, manifest_of
from verification.submission_pack.record_files import record_files
from verification.submission_pack.unit_summary import evidence_index, evidence_table

CHECKER = Path(__file__).with_name("check.py")
# The folders of a pack as its page shows them, in this order.
FOLDERS = {
    "": "Summary and lists",
    "forms": "Recording forms",
    "feedback": "Feedback",
    "sampling": "Record of sampling",
    "plans and reviews": "Plans and reviews",
}


class PackLink(NamedTuple):
    """A file on the page of the pack: its name, where it lies, and what became of it if it is not there."""

    name: str
    url: str
    missing: str = ""


def close(pack: SubmissionPack) -> None:
    """Make all that is made of the others. It can be done twice. Raises OSError, SigningKeyUnusable."""
    key = ensure_signing_key()
    files = list(pack.files.exclude(what="closing").order_by("number"))
    pack.files.filter(what="closing").delete()
    for path, content in _last(pack, files, key.fingerprint):
        file = PackFile(pack=pack, number=len(files) + 1, path=path, what="closing")
        content_put(file, content)
        files.append(file)
    PackFile.objects.bulk_create(file for file in files if file.pk is None)


def _last(pack: SubmissionPack, files: list[PackFile], fingerprint: str) -> Iterator[tuple[str, bytes]]:
    """Yield them one by one: the manifest, which comes last, lists those before it."""
    yield "Evidence index.csv", evidence_table(pack)
    yield from record_files(pack.registration, good_keys(), for_candidate=pack.is_candidates)
    yield "check.py", CHECKER.read_bytes()
    yield "index.html", index_page(pack, files, fingerprint).encode()
    yield MANIFEST, manifest_of(pack, files)


def index_page(pack: SubmissionPack, files: list[PackFile], fingerprint: str) -> str:
    """Return the page from which one opens all others. It needs no net and no script."""
    registration = pack.registration
    by_folder: dict[str, list[PackLink]] = {folder: [] for folder in FOLDERS}
    for file in files:
        folder, _, name = file.path.rpartition("/")
        if folder in by_folder and name != CHECKER.name:
            by_folder[folder].append(_link(file, name))
    units = units_of(registration)
    begun = begun_among(units)
    return render_to_string(
        "verification/print/pack_index.html",
        {
            "pack": pack,
            "registration": registration,
            "standing": state_of(standing_of(registration)).label,
            "particulars": particulars_of(registration),
            "folders": [(FOLDERS[folder], links) for folder, links in by_folder.items() if links],
            "pieces": [
                (
                    *piece.words,
                    [_link(file, file.path.removeprefix("evidence/")) for file in piece.files],
                    piece.kept_at,
                )
                for piece in evidence_index(pack)
            ],
            "not_begun": [unit for unit in units if unit.pk not in begun],
            "missing": [file for file in files if not file.is_there],
            "fingerprint": fingerprint,
            "zone": registration.centre.time_zone,
        },
    )


def _link(file: PackFile, name: str) -> PackLink:
    missing = "" if file.is_there else file.get_state_display()
    return PackLink(name=name, url=quote(file.path), missing=missing)


def pack_name(registration: Registration) -> str:
    """Return the name of the ZIP, without its ending: as the awarding body wants it, where both its parts are known.

    The Caribbean's bodies want `<Candidate-Number><CVQ-Code>.ZIP`.
    """
    qualification = registration.qualification
    if qualification and qualification.framework.code == "cvq" and registration.number:
        return f"{registration.number}{qualification.code}".replace(" ", "")
    return f"{registration.candidate.name} {qualification.code if qualification else 'portfolio'}"
