"""Says whether the record still agrees with itself."""

from argparse import ArgumentParser, FileType
from typing import IO, Any

from django.core.management import BaseCommand, CommandError

from assessments.verification import RecordCheck, chain_heads, kept_head_faults


class Command(BaseCommand):
    """Looks at every chain, signature, unit and file, and prints a line for each fault and one with counts.

    Faults name centres and portfolios by their uuid and nobody by name. Ends with 1 when there is a fault.
    """

    help = "Compare the whole record with itself: chains, signatures, what stands now, and files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--skip-files", action="store_true", help="do not read the files")
        parser.add_argument(
            "--heads",
            action="store_true",
            help="only print each chain's uuid, length and last digest, to be kept elsewhere",
        )
        parser.add_argument(
            "--against",
            type=FileType(encoding="utf-8-sig", errors="replace"),  # what is no head is said to be none
            metavar="FILE",
            help="compare with heads that were kept elsewhere, too",
        )

    def handle(self, *args: Any, skip_files: bool, heads: bool, against: IO[str] | None = None, **options: Any) -> None:
        if heads:
            for line in chain_heads():
                self.stdout.write(line)
            return
        check, found = RecordCheck(with_files=not skip_files), 0
        for fault in check.faults():
            found += 1
            self.stdout.write(fault)
        for fault in kept_head_faults(against or ()):
            found += 1
            self.stdout.write(fault)
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
        if found:
            raise CommandError(
                "The record does not agree with itself. Change nothing; docs/operators/verify.md says what to do."
            )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
