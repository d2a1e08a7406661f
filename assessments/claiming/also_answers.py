"""Which criteria of the portfolio's other units say the same as those of a unit, and may be claimed with them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from assessments.models import Standing
from assessments.standing.worked_out import Version, versions_that_count
from centres.models import User
from portfolio.barred_claims import Bar, bars_claim
from portfolio.models import CandidateUnit, Capacity, Evidence, State, UnitVersion
from portfolio.permissions import capacities_in
from portfolio.services.claims import may_claim_as
from standards.content import CriterionContent, RevisionContent, code_order
from standards.naming import codes_apart, names_in
from standards.published import published_contents_of
from standards.same_words import same_in


@dataclass(frozen=True, kw_only=True)
class ClaimingUnit:
    """A unit of the portfolio, and how it stands to a person who claims from one piece.

    `name` is its code, or "B10 (NOS)" if two of the portfolio share one.
    """

    unit: CandidateUnit
    name: str
    content: RevisionContent
    capacity: Capacity | None  # the person's
    state: State
    piece: Version  # the version of the piece that counts in it

    @property
    def is_open(self) -> bool:
        """Whether the person may claim in it."""
        return may_claim_as(self.capacity, self.state)

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


def claiming_units(unit: CandidateUnit, *, evidence: Evidence, person: User) -> list[ClaimingUnit]:
    """Return the unit, and after it the others of the portfolio that are worked on, by code.

    Three queries for any number of units, and one more if the piece was corrected.
    """
    registration = unit.registration
    versions = UnitVersion.objects.filter(candidate_unit__registration=registration, closed_at__isnull=True)
    states = {}
    for version in versions.select_related("candidate_unit"):
        if version.candidate_unit_id == unit.pk:
            states[unit] = State(version.state)
        elif version.candidate_unit.set_aside_at is None:
            version.candidate_unit.registration = registration
            states[version.candidate_unit] = State(version.state)
    capacities = capacities_in(person, registration, states)
    counts = versions_that_count([one.pk for one in states], [evidence.pk])
    contents = published_contents_of({one.revision_id for one in states})
    names = codes_apart(
        {revision: (content.unit.code, content.unit.framework.code) for revision, content in contents.items()}
    )
    found = []
    for one, state in states.items():
        found.append(
            ClaimingUnit(
                unit=one,
                name=names[one.revision_id],
                content=contents[one.revision_id],
                capacity=capacities.get(one.pk),
                state=state,
                piece=counts[one.pk][evidence.pk],
            )
        )
    return sorted(found, key=lambda one: (one.unit != unit, code_order(one.content.unit.code), one.unit.pk))


def also_answers(
    here: ClaimingUnit, others: Sequence[ClaimingUnit], *, evidence: Evidence
) -> Mapping[UUID | None, Also]:
    """Return what says the same in the other units, by the uuid of the criterion of this one; one query at most."""
    same = {other: same_in(here.content, other.content) for other in others}
    units = [other.unit for other, found in same.items() if found]
    if not units:
        return {}
    claims = Standing.objects.filter(candidate_unit__in=units, evidence=evidence)
    claimed = set(claims.values_list("criterion", flat=True))
    also: dict[UUID | None, list[SameWords]] = defaultdict(list)
    for other, found in same.items():
        for pk, criteria in found.items():
            also[here.content.criterion_by_pk[pk].uuid] += [
                SameWords(
                    other=other,
                    criterion=criterion,
                    is_claimed=criterion.pk in claimed,
                    barred=bars_claim(
                        unit=other.content.unit,
                        criterion=criterion,
                        kind=other.piece.kind,
                        setting=other.piece.setting,
                        is_incomplete=other.piece.is_incomplete,
                    ),
                )
                for criterion in criteria
            ]
    return {uuid: Also(tuple(found)) for uuid, found in also.items()}
