"""Whether files of a portfolio are in those of other candidates of the centre as well."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from centres.models import User
from portfolio.addresses import addresses
from portfolio.models import EvidenceFile, Registration
from portfolio.models.evidence_number import evidence_number
from portfolio.models.registrations import PortfolioOpen
from record.prepared import prepared

NAMED_AT_MOST = 5  # portfolios of one file; a hand-out may be in all of them
_PIECE = "version__evidence__"
_PORTFOLIO = f"{_PIECE}registration__"


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """A piece of another candidate that holds the same file."""

    candidate: str
    number: int
    address: str


@dataclass(frozen=True, kw_only=True)
class SameFile:
    """A file that other candidates of the centre have as well: those that the person may see, and how many others."""

    file: EvidenceFile
    named: tuple[Elsewhere, ...]
    others: int

    @property
    def links(self) -> SafeString:
        """Where the person may look: "the portfolio of Sue, evidence 3, and in the portfolio of Quinn, evidence 1"."""
        return format_html_join(
            ", and in ",
            'the portfolio of {}, <a href="{}">evidence {}</a>',
            ((one.candidate, one.address, evidence_number(one.number)) for one in self.named),
        )


def same_files(files: Collection[EvidenceFile], *, registration: Registration, person: User) -> list[SameFile]:
    """Return which of these files of a portfolio other candidates have, for all but its candidate.

    The files come from `with_others`, so it takes a query only where there are any. A stored file is one of one centre,
    so no other centre is told of. From docs/contributors/domain.md, "People": no candidate learns of another, and
    nobody of one whose portfolio is not open to them.
    """
    files = [file for file in files if file.is_with_others]
    if not files or registration.candidate_id == person.pk:
        return []
    uses = _uses({file.stored_file_id for file in files}, registration.candidate_id, person.pk, timezone.now())
    address_of = addresses("portfolio:evidence", registration.centre.uuid, of="evidence")
    named: dict[int, list[Elsewhere]] = defaultdict(list)
    hidden: dict[int, set[int]] = defaultdict(set)
    for stored_file, is_open, candidate, name, number, uuid in uses:
        if is_open and len(named[stored_file]) < NAMED_AT_MOST:
            named[stored_file].append(Elsewhere(candidate=name, number=number, address=address_of(uuid)))
        else:
            hidden[stored_file].add(candidate)
    return [
        SameFile(file=file, named=tuple(named[file.stored_file_id]), others=len(hidden[file.stored_file_id]))
        for file in files
        if file.stored_file_id in named.keys() | hidden.keys()
    ]


@prepared
def _uses(stored_files: Collection[int], candidate: int, person: int, now: datetime) -> QuerySet[EvidenceFile, tuple]:
    """Where other candidates have these files, and whether the person may look there."""
    uses = EvidenceFile.objects.filter(stored_file__pk__in=stored_files, version__evidence__removed_at__isnull=True)
    return (
        uses.exclude(version__evidence__registration__candidate=candidate)
        .annotate(is_open=PortfolioOpen(person, _PORTFOLIO, now))
        .order_by(f"{_PORTFOLIO}candidate__name", f"{_PIECE}number", f"{_PIECE}pk")
        .values_list(
            "stored_file", "is_open", f"{_PORTFOLIO}candidate", f"{_PORTFOLIO}candidate__name", f"{_PIECE}number",
            f"{_PIECE}uuid",
        )
        .distinct()
    )  # fmt: skip
