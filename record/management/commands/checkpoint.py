"""Writes a checkpoint of the record outside the database, and mails it where a setting says."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from record.checkpoints import origin_of
from record.keys import SigningKeyUnusable, ensure_signing_key
from record.services.chains import site_chain
from record.services.checkpoints import checkpoint_mail, checkpoint_write
from record.signed_notes import verifier_key


class Command(BaseCommand):
    """Prints the note and its path. Raises CommandError with a sentence if it cannot be written or sent."""

    help = "Write how far every chain has come, signed, outside the database (docs/operators/verify.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            note = checkpoint_write()
        except SigningKeyUnusable as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The checkpoint could not be written: {error.strerror or error}.") from error
        self.stdout.write(note.read_text(encoding="utf-8"))
        name, key = origin_of(site_chain().uuid), ensure_signing_key()
        self.stdout.write(f"Verifier key: {verifier_key(name, bytes.fromhex(key.public_key))}")
        self.stdout.write(f"It lies in {note}, its lines beside it. Keep both where nobody of the site can write.")
        if not settings.CHECKPOINT_MAIL_TO:
            return
        try:
            checkpoint_mail(note)
        except OSError as error:
            raise CommandError(f"It is written, and the mail server did not take it: {error}") from error
        self.stdout.write(f"It was sent to {', '.join(settings.CHECKPOINT_MAIL_TO)}.")
