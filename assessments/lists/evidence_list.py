"""The list of evidence, of a centre or of one portfolio: how it is searched and sorted, and what a row shows."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from assessments.models import Standing
from assessments.models.status import Status
from centres.lists.by_key import Order
from centres.lists.tables import DayColumn, KeyedTable, WrittenColumn
from centres.models import Centre
from portfolio.addresses import addresses
from portfolio.evidence.selectors import period
from portfolio.models import Evidence, EvidenceVersion
from portfolio.models.evidence_number import evidence_number
from standards.content import code_order
from standards.evidence_kinds import EvidenceKind
from standards.naming import codes_apart
from standards.published import published_contents_of

NOTHING = "Claims nothing"
# What may be looked for: a piece of which some claim stands so.
SOME_CLAIM = {
    "waiting": ("Waits for the assessor", (Status.CLAIMED,)),
    "wanting": ("Not yet, or met in part", (Status.NOT_YET, Status.PARTLY)),
    "met": ("Met", (Status.MET,)),
    "barred": ("Does not count", (Status.BARRED,)),
}


class EvidenceFilter(django_filters.FilterSet):
    """Words in a title or a name; the kind; how what it claims stands."""

    find = django_filters.CharFilter(
        method="with_words", label="Title or name", widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = django_filters.ChoiceFilter(
        method="of_kind", label="Kind", empty_label="All kinds", choices=EvidenceKind.choices
    )
    state = django_filters.ChoiceFilter(
        method="standing_so",
        label="What it claims",
        empty_label="Anything",
        choices=[("nothing", NOTHING), *((name, words) for name, (words, _) in SOME_CLAIM.items())],
    )

    class Meta:
        model = Evidence
        fields: ClassVar[list[str]] = []

    def with_words(self, pieces: QuerySet[Evidence], _name: str, value: str) -> QuerySet[Evidence]:
        """Those with all these words, in part or whole, in their title now or in the candidate's name."""
        pieces = pieces.alias(title_now=_now("title"))
        for word in value.split()[:10]:
            pieces = pieces.filter(Q(title_now__icontains=word) | Q(registration__candidate__name__icontains=word))
        return pieces

    def of_kind(self, pieces: QuerySet[Evidence], _name: str, value: str) -> QuerySet[Evidence]:
        """Those that are of this kind now."""
        return pieces.alias(kind_now=_now("kind")).filter(kind_now=value)

    def standing_so(self, pieces: QuerySet[Evidence], _name: str, value: str) -> QuerySet[Evidence]:
        """Those of which some claim stands so, or that claim nothing."""
        claimed = _standings().filter(evidence=OuterRef("pk"))
        if value == "nothing":
            return pieces.filter(~Exists(claimed))
        _, statuses = SOME_CLAIM[value]
        return pieces.filter(Exists(claimed.filter(status__in=statuses)))


@dataclass(frozen=True, kw_only=True)
class PieceRow:
    """A piece of evidence in the list, as its latest version has it."""

    candidate: str
    portfolio_url: str
    number: str
    title: str
    url: str
    kind: str
    happened: str
    first_day: date
    units: str
    state: str
    put_in_by: str
    added: date


class EvidenceTable(KeyedTable):
    """Evidence of a centre. Its rows are `PieceRow`."""

    orders: ClassVar[tuple[Order, ...]] = (
        Order(name="candidate", field="registration__candidate__name"),
        Order(name="added", field="added_at"),
    )

    candidate = tables.Column(verbose_name="{Candidate}", linkify=lambda record: record.portfolio_url)
    number = tables.Column(verbose_name="Number")
    title = WrittenColumn(verbose_name="Title", linkify=lambda record: record.url)
    kind = tables.Column(verbose_name="Kind")
    happened = tables.Column(verbose_name="Day")
    units = tables.Column(verbose_name="Units")
    state = tables.Column(verbose_name="State")
    put_in_by = tables.Column(verbose_name="By")
    added = DayColumn(verbose_name="Put in")

    def value_happened(self, record: PieceRow) -> str:
        """The first day, as spreadsheets sort it."""
        return record.first_day.isoformat()


class PortfolioEvidenceTable(EvidenceTable):
    """Evidence of one portfolio."""

    orders: ClassVar[tuple[Order, ...]] = (
        Order(name="number", field="number"),
        Order(name="added", field="added_at"),
    )

    candidate = None


def evidence_rows(centre: Centre, pieces: Sequence[Evidence]) -> list[PieceRow]:
    """Return what the list shows of these pieces, in their order; two queries."""
    return list(_rows(centre, [piece.pk for piece in pieces]))


def _rows(centre: Centre, keys: Sequence[int]) -> Iterator[PieceRow]:
    claimed = _claimed(keys)
    zone = ZoneInfo(centre.time_zone)
    portfolio_at = addresses("assessments:portfolio", centre.uuid, "portfolio")
    piece_at = addresses("portfolio:evidence", centre.uuid, "evidence")
    versions = _latest(keys)
    for version in (versions[key] for key in keys if key in versions):
        piece = version.evidence
        units, state = claimed.get(piece.pk, ("", NOTHING))
        yield PieceRow(
            candidate=piece.registration.candidate.name,
            portfolio_url=portfolio_at(piece.registration.uuid),
            number=evidence_number(piece.number),
            title=version.title,
            url=piece_at(piece.uuid),
            kind=version.get_kind_display(),
            happened=period(version),
            first_day=version.happened_from,
            units=units,
            state=state,
            put_in_by=_written_by(piece),
            added=timezone.localtime(piece.added_at, zone).date(),
        )


def _written_by(piece: Evidence) -> str:
    """Whose it is, and who put it in for them."""
    whose = piece.witness.name if piece.witness else piece.author.name
    return f"{whose}, put in by {piece.put_in_by.name}" if piece.put_in_by else whose


def _latest(pieces: Collection[int]) -> dict[int, EvidenceVersion]:
    """The latest version of each piece, by the piece's primary key; one query."""
    versions = EvidenceVersion.objects.filter(evidence__in=pieces).select_related(
        "evidence__registration__candidate", "evidence__author", "evidence__put_in_by", "evidence__witness"
    )
    return {version.evidence_id: version for version in versions.order_by("number")}


def _claimed(pieces: Collection[int]) -> dict[int, tuple[str, str]]:
    """The units in which each piece is claimed, and how its claims stand, in words; one query."""
    stand: dict[int, Counter[str]] = defaultdict(Counter)
    wordings: dict[int, set[int]] = defaultdict(set)
    rows = _standings().filter(evidence__in=pieces).order_by()
    counted = rows.values_list("evidence", "candidate_unit__revision", "status").annotate(claims=Count("pk"))
    for piece, revision, status, claims in counted:
        stand[piece][status] += claims
        wordings[piece].add(revision)
    read = published_contents_of(set().union(*wordings.values()))
    named = {revision: (one.unit.code, one.unit.framework.code) for revision, one in read.items()}
    return {piece: (_units(named, wordings[piece]), _in_words(stand[piece])) for piece in stand}


def _units(named: dict[int, tuple[str, str]], revisions: Collection[int]) -> str:
    codes = codes_apart({revision: named[revision] for revision in revisions})
    return ", ".join(sorted(codes.values(), key=code_order))


def _in_words(stand: Counter[str]) -> str:
    """How many claims stand how, the best first: "3 met, 1 waiting"."""
    return ", ".join(f"{stand[status]} {status.words.lower()}" for status in Status if stand[status])


def _standings() -> QuerySet[Standing]:
    """The claims in units that are worked on."""
    return Standing.objects.filter(candidate_unit__set_aside_at=None)


def _now(field: str) -> Subquery:
    """What the latest version of a piece says."""
    latest = EvidenceVersion.objects.filter(evidence=OuterRef("pk")).order_by("-number")
    return Subquery(latest.values(field)[:1])
