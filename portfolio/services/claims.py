"""Saves claims that are made, changed and taken back."""

from collections.abc import Sequence

from django.utils import timezone

from portfolio.models import CandidateUnit, Capacity, Claim, Participation, State
from portfolio.services.participations import authors_take_part
from record.services.events import Happening, events_add

# Who may claim in which state: the candidate until they submit, the assessor until the sign-off.
CLAIMING = {
    Capacity.CANDIDATE: frozenset({State.COLLECTING}),
    Capacity.ASSESSOR: frozenset({State.COLLECTING, State.SUBMITTED}),
}


def may_claim_as(capacity: Capacity | None, state: State) -> bool:
    """Whether a person in this capacity may claim in a unit in this state."""
    return capacity is not None and state in CLAIMING.get(capacity, frozenset())


def claims_record(
    *,
    unit: CandidateUnit,
    author: Participation,
    made: Sequence[Claim],
    moved: Sequence[Claim] = (),
    withdrawn: Sequence[Claim],
) -> None:
    """Save claims that are made, that have another place to look (`moved`), and that are taken back; log each.

    For services that hold the unit's lock, have checked the rules, and have read the claims with all that is told of
    them (`Claim.told_with`). Seven queries at most, for any number. The authors of the claimed pieces take part in the
    unit from now on; raises ValidationError if one cannot.
    """
    begun = list(author.to_tell())
    if made:
        begun += authors_take_part(unit=unit, pieces={claim.evidence_id for claim in made})
    now = timezone.now()
    for claim in made:
        claim.made_at = now
    Claim.objects.bulk_create(made)
    if moved:
        Claim.objects.bulk_update(moved, ["where"])
    for claim in withdrawn:
        claim.withdrawn_at, claim.withdrawn_by = now, author
    if withdrawn:
        Claim.objects.filter(pk__in=[claim.pk for claim in withdrawn]).update(withdrawn_at=now, withdrawn_by=author)
    rows = [("claim.where_changed", claim) for claim in moved]
    rows += [("claim.made", claim) for claim in made]
    rows += [("claim.withdrawn", claim) for claim in withdrawn]
    events_add(
        chain=unit.registration.chain,
        actor=author.user.uuid,
        at=now,
        happenings=[
            Happening(kind=kind, row=claim, also=() if place else begun) for place, (kind, claim) in enumerate(rows)
        ],
    )
