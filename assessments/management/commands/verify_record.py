"""Says whether the record still agrees with itself and with what was kept outside the database."""

from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from assessments.proof.check import RecordCheck
from record.checkpoint_comparison import against_faults, newest_checkpoint
from record.good_keys import GoodKeys
from record.services.checkpoints import heads_now
from record.stamps import PROOF, stamp_write


class Command(BaseCommand):
    """Looks at every chain, row, signature, unit and file, and prints a line for each fault and one with counts.

    Before the counts come remarks, and the keys with their fingerprints. Faults name centres and portfolios by
    their uuid, and no person. Ends with 1 if there is a fault; a remark is not a fault.
    """

    help = "Prove the whole record, by itself and by the newest checkpoint: chains, rows, signatures, units, files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--skip-files", action="store_true", help="do not read the files")
        parser.add_argument(
            "--heads",
            action="store_true",
            help="only print each chain's uuid, length and last digest; manage.py checkpoint keeps them, signed",
        )
        parser.add_argument(
            "--against",
            type=Path,
            metavar="FILE",
            help="compare with this checkpoint, or list of heads, in place of the newest in CHECKPOINTS_DIR",
        )

    def handle(self, *args: Any, skip_files: bool, heads: bool, against: Path | None = None, **options: Any) -> None:
        if heads:
            for head in heads_now():
                self.stdout.write(str(head))
            return
        check, found = RecordCheck(with_files=not skip_files), 0
        for fault in chain(check.faults(), _against(against, check.keys)):
            found += 1
            self.stdout.write(fault)
        for remark in check.remarks:
            self.stdout.write(f"remark: {remark}")
        if not against and not newest_checkpoint():
            self.stdout.write("remark: There is no checkpoint to compare with; manage.py checkpoint writes one.")
        for line in _described(check.keys):
            self.stdout.write(line)
        looked_at = ", ".join(
            (
                _counted(check.chains, "chain"),
                _counted(check.events, "event"),
                _counted(check.signatures, "signature"),
                "files not read" if skip_files else _counted(check.files, "file"),
                _counted(found, "fault"),
            )
        )
        self.stdout.write(looked_at)
        try:
            stamp_write(PROOF, faults=found)
        except OSError as error:
            self.stderr.write(f"When this was done could not be kept: {error.strerror}.")
        if found:
            raise CommandError(
                "The record does not agree with itself. Change nothing; docs/operators/verify.md says what to do."
            )


def _against(given: Path | None, keys: GoodKeys) -> Iterator[str]:
    path = given or newest_checkpoint()
    if path is None:
        return
    try:
        yield from against_faults(path, keys)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _described(keys: GoodKeys) -> Iterator[str]:
    """Yield a line for each good key, to compare with what was written down when the key was made."""
    for key in keys.keys.values():
        use = "rotated away" if key.fingerprint in keys.retired else "signs"
        yield f"key {key.fingerprint}, made {key.created_at:%Y-%m-%d}: {use}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
