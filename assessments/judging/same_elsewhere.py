"""The claims on the same words that wait in other units: what is judged met here, the assessor may judge met there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import Standing
from assessments.models.status import Status
from assessments.standing.unit_record import OPEN_TO_JUDGEMENT, ClaimRecord, UnitClaims
from centres.models import User
from portfolio.conflicts import is_kept_out
from portfolio.models import Allocation, CandidateUnit, Capacity, Claim
from record.prepared import prepared
from standards.content import CriterionContent, code_order
from standards.naming import Name, names_in
from standards.parts import Part, parts_in
from standards.published import published_contents_of, revision_row
from standards.same_words import same_in


@dataclass(frozen=True, kw_only=True)
class WaitingClaim:
    """A claim that waits in another unit, on words that are claimed here too."""

    claim: Claim
    stamp: str
    criterion: CriterionContent
    name: Name  # of the criterion
    part: Part  # that it stands in


@dataclass(frozen=True, kw_only=True)
class UnitElsewhere:
    """Another unit of the portfolio, which the person assesses, with such claims."""

    unit: CandidateUnit
    claims: list[WaitingClaim]

    @property
    def code(self) -> str:
        """The unit's code."""
        return self.unit.revision.unit.code


def same_elsewhere(claimed: UnitClaims, records: Sequence[ClaimRecord], *, person: User) -> list[UnitElsewhere]:
    """Return, by code, the units in which claims wait on the words of these claims of one piece.

    They wait in a unit that is open to judgement and that the person assesses, and on the same version of the piece:
    they have looked at it. One query.
    """
    if not records:
        return []
    here = {record.criterion.pk for record in records}
    waiting: dict[CandidateUnit, dict[int, Standing]] = defaultdict(dict)
    piece = records[0].version
    centre = claimed.unit.registration.centre_id
    for row in _waiting(claimed.unit.pk, centre, person.pk, timezone.now(), piece.pk):
        waiting[row.candidate_unit][row.criterion_id] = row
    contents = published_contents_of({unit.revision_id for unit in waiting})
    found = []
    for unit, rows in waiting.items():
        content = contents[unit.revision_id]
        parts = {item.pk: part for part in parts_in(content) for item in part.criteria}
        same = {one.pk for pk, said in same_in(claimed.content, content).items() if pk in here for one in said}
        claims = [
            WaitingClaim(
                claim=rows[criterion.pk].claim,
                stamp=rows[criterion.pk].stamp,
                criterion=criterion,
                name=names_in(content)[criterion.kind, criterion.position],
                part=parts[criterion.pk],
            )
            for criterion in content.unit.claimable
            if criterion.pk in same & rows.keys()
        ]
        if claims:
            unit.registration, unit.revision = claimed.unit.registration, revision_row(unit.revision_id)
            found.append(UnitElsewhere(unit=unit, claims=claims))
    return sorted(found, key=lambda one: (code_order(one.code), one.unit.pk))


@prepared
def _waiting(unit: int, centre: int, person: int, now: datetime, version: int) -> QuerySet[Standing, Standing]:
    """The claims on the version that wait in all other units that the person assesses and may judge in now."""
    assesses = Allocation.objects.in_force(centre, now).filter(~is_kept_out(), user=person, capacity=Capacity.ASSESSOR)
    waiting = Standing.objects.filter(
        version=version,
        status=Status.CLAIMED,
        candidate_unit__in=assesses.values("candidate_unit"),
        candidate_unit__set_aside_at__isnull=True,
        candidate_unit__progress__state__in=OPEN_TO_JUDGEMENT,
    ).exclude(candidate_unit=unit)
    return waiting.select_related("claim", "candidate_unit")
