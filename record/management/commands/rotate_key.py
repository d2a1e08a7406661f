"""Replaces the signing key with a new one."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from record.keys import SigningKeyUnusable, key_file
from record.services.keys import key_rotate


class Command(BaseCommand):
    """Makes a key that signs from now on; the old key signs a document that introduces it.

    Prints the fingerprints of both. Raises CommandError with a sentence if a key cannot be used.
    """

    help = "Make a new signing key; the one before it signs for it (docs/operators/verify.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rotation = key_rotate()
        except SigningKeyUnusable as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The new key could not be kept: {error.strerror}. The old one signs on.") from error
        self.stdout.write(f"The old key, good for what it has signed: {rotation.old.fingerprint}")
        self.stdout.write(f"The new key, which signs from now on:     {rotation.new.fingerprint}")
        self.stdout.write(f"It lies in {key_file(rotation.new)}. Make a backup now: without it nothing can be signed.")
