"""Writes a checkpoint outside the database, and mails it where a setting says."""

from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from record.canonical import utc
from record.checkpoints import HEADS, NOTE, Head, checkpoint_text, origin_of
from record.durable import write_durably
from record.keys import ensure_signing_key, sign_text
from record.models import Chain
from record.services.chains import site_chain
from record.signed_notes import note_write
from record.stamps import CHECKPOINT, stamp_write


def checkpoint_make() -> Path:
    """Write a checkpoint and mail it to CHECKPOINT_MAIL_TO; return the path of its note.

    Raises what `checkpoint_write` raises, and OSError (as smtplib's errors are) if the mail server does not take it;
    the checkpoint is written all the same.
    """
    note = checkpoint_write()
    if settings.CHECKPOINT_MAIL_TO:
        checkpoint_mail(note)
    return note


def checkpoint_write() -> Path:
    """Write to CHECKPOINTS_DIR how far every chain has come, and the signed note over it; return the note's path.

    The lines are on the disk before the note, so a note always has its lines. Raises SigningKeyUnusable, OSError.
    """
    ensure_signing_key()  # it may add to the chain of the site
    origin = origin_of(site_chain().uuid)
    heads = heads_now()
    # The time and the key are read after that: a key that was rotated away signs for no head beyond its rotation.
    now = timezone.now()
    text = checkpoint_text(origin=origin, heads=heads, at=now)
    key, signature = sign_text(text.encode())
    note = note_write(text, name=origin, public_key=bytes.fromhex(key.public_key), signature=signature)
    path = Path(settings.CHECKPOINTS_DIR) / f"checkpoint-{now:%Y-%m-%d-%H%M%S-%f}{NOTE}"
    write_durably(path.with_suffix(HEADS), "".join(f"{head}\n" for head in heads).encode())
    write_durably(path, note.encode())
    stamp_write(CHECKPOINT, at=now)
    return path


def heads_now() -> list[Head]:
    """Return how far every chain has come at one moment of the database, sorted by uuid."""
    rows = Chain.objects.values_list("uuid", "length", "head")
    return sorted(
        (Head(chain=str(chain), length=length, digest=head) for chain, length, head in rows),
        key=lambda head: head.chain,
    )


def checkpoint_mail(note: Path) -> None:
    """Mail a checkpoint, its note and its lines, to people who keep it where the site's operators cannot change it."""
    message = EmailMessage(
        subject=f"Checkpoint of {settings.SITE_URL}, {utc(timezone.now())}",
        body=(
            "This is how far the record of Countersign had come. Keep this message: with its two files beside each "
            "other,\n\n"
            f"    manage.py verify_record --against {note.name}\n\n"
            "says whether everything up to then is still what it was (docs/operators/verify.md).\n\n"
            f"{note.read_text(encoding='utf-8')}"
        ),
        to=settings.CHECKPOINT_MAIL_TO,
    )
    for path in (note, note.with_suffix(HEADS)):
        message.attach(path.name, path.read_text(encoding="utf-8"), "text/plain")
    message.send()
