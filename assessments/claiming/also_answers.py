"""The units in which a piece can be claimed, and which of their criteria say the same, to be claimed with one tick."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from assessments.standing.worked_out import Version, versions_of, versions_that_count
from centres.models import User
from portfolio.barred_claims import Bar, bars_claim
from portfolio.models import CandidateUnit, Capacity, Evidence, Registration, State, UnitVersion
from portfolio.permissions import capacities_in
from portfolio.services.claims import may_claim_as
from record.prepared import prepared
from standards.content import CriterionContent, RevisionContent, code_order
from standards.naming import codes_apart, names_in
from standards.published import published_contents_of
from standards.same_words import words_in


@dataclass(frozen=True, kw_only=True)
class ClaimingUnit:
    """A unit of the portfolio, and how it stands to a person who claims from one piece.

    `name` is its code, or "B10 (NOS)" if two of the portfolio share one.
    """

    unit: CandidateUnit
    name: str
    content: RevisionContent
    capacity: Capacity | None  # the person's
    version: UnitVersion  # the one that is worked on
    piece: Version  # the version of the piece that counts in it

    @property
    def is_open(self) -> bool:
        """Whether the person may claim in it."""
        return may_claim_as(self.capacity, State(self.version.state))

    def bars(self, criterion: CriterionContent) -> Bar | None:
        """Why it does not take the piece for a criterion of its own; None if it does."""
        return bars_claim(
            unit=self.content.unit,
            criterion=criterion,
            kind=self.piece.kind,
            setting=self.piece.setting,
            is_incomplete=self.piece.is_incomplete,
        )

    def name_of(self, criterion: CriterionContent) -> str:
        """What a criterion of it is called beside those of other units: "U13002 knowledge 4"."""
        name = str(names_in(self.content)[criterion.kind, criterion.position])
        return name if name.startswith(self.name) else f"{self.name} {name}"


@dataclass(frozen=True, kw_only=True)
class SameWords:
    """A criterion of another unit that says the same, and how it stands with the piece there."""

    other: ClaimingUnit
    criterion: CriterionContent
    is_claimed: bool
    barred: Bar | None

    @property
    def is_offered(self) -> bool:
        """Whether one tick may claim it too."""
        return self.other.is_open and not self.is_claimed and not self.barred

    def __str__(self) -> str:
        return self.other.name_of(self.criterion)


@dataclass(frozen=True)
class Also:
    """All that say the same as one criterion."""

    found: tuple[SameWords, ...] = ()

    @property
    def offered(self) -> list[SameWords]:
        """Those that one tick claims too."""
        return [one for one in self.found if one.is_offered]

    @property
    def claimed(self) -> list[SameWords]:
        """Those that are claimed from the piece already."""
        return [one for one in self.found if one.is_claimed]

    @property
    def barred(self) -> list[str]:
        """Why some are not offered, each reason once."""
        barred = (one for one in self.found if one.other.is_open and not one.is_claimed and one.barred)
        return list(dict.fromkeys(str(one.barred) for one in barred))

    @property
    def value(self) -> str:
        """What the tick sends: the uuids of those that the page offered, so that it claims no others."""
        return " ".join(str(one.criterion.uuid) for one in self.offered)


def claiming_units(registration: Registration, *, evidence: Evidence, person: User) -> list[ClaimingUnit]:
    """Return the units of the portfolio by code, those that were set aside too: nobody may claim in them.

    Three queries for any number of units, and one more if the piece was corrected.
    """
    opened = {}
    for version in _opened(registration.pk):
        version.candidate_unit.registration = registration
        opened[version.candidate_unit] = version
    capacities = capacities_in(person, registration, opened)
    counts = versions_that_count([unit.pk for unit in opened], versions_of([evidence.pk]))
    contents = published_contents_of({unit.revision_id for unit in opened})
    names = codes_apart(
        {revision: (content.unit.code, content.unit.framework.code) for revision, content in contents.items()}
    )
    found = [
        ClaimingUnit(
            unit=unit,
            name=names[unit.revision_id],
            content=contents[unit.revision_id],
            capacity=capacities.get(unit.pk),
            version=version,
            piece=counts[unit.pk][evidence.pk],
        )
        for unit, version in opened.items()
    ]
    return sorted(found, key=lambda one: (code_order(one.content.unit.code), one.unit.pk))


@prepared
def _opened(registration: int) -> QuerySet[UnitVersion, UnitVersion]:
    versions = UnitVersion.objects.filter(candidate_unit__registration=registration, closed_at__isnull=True)
    return versions.select_related("candidate_unit")


def also_answers(units: Sequence[ClaimingUnit], *, claimed: Collection[int]) -> Mapping[UUID | None, Also]:
    """Return what says the same in other units, by the uuid of each criterion that stands in more than one.

    `claimed` are the criteria that are claimed from the piece, by primary key.
    """
    by_words: dict[tuple[str, ...], list[SameWords]] = defaultdict(list)
    for unit in (one for one in units if one.unit.set_aside_at is None):
        for words, items in words_in(unit.content).items():
            by_words[words] += [
                SameWords(other=unit, criterion=item, is_claimed=item.pk in claimed, barred=unit.bars(item))
                for item in items
            ]
    also = {}
    for said in by_words.values():
        for one in said:
            if others := tuple(other for other in said if other.other is not one.other):
                also[one.criterion.uuid] = Also(others)
    return also
