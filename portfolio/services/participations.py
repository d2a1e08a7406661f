"""Each person takes part in a unit in one capacity, from their first act on."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from centres.models import User
from portfolio.models import CandidateUnit, Capacity, EvidenceVersion, Participation
from portfolio.models.evidence_number import evidence_number
from record.prepared import prepared


def participate(*, unit: CandidateUnit, actor: User, capacity: Capacity) -> Participation:
    """Return the person's participation in the unit, made now if this is their first act in it.

    For services that hold the unit's lock. Raises ValidationError if they have acted in another capacity:
    an internal verifier never verifies a unit in which they judged anything, in any of its versions.
    """
    before = _before(unit.pk, actor.pk)
    participation = before[0] if before else participation_begin(unit=unit, person=actor, capacity=capacity)
    if participation.capacity != capacity:
        called = unit.registration.centre.words
        raise ValidationError(
            f"You have taken part in this unit as its {called.of_role(participation.capacity)}, so you cannot "
            f"act as its {called.of_role(capacity)}. Ask your coordinator to allocate somebody else."
        )
    participation.user = actor
    return participation


@prepared
def _before(unit: int, user: int) -> QuerySet[Participation, Participation]:
    return Participation.objects.filter(candidate_unit=unit, user=user)


def authors_take_part(*, unit: CandidateUnit, pieces: Collection[int]) -> list[Participation]:
    """Let each author of a version of these pieces, which are claimed in the unit, take part as its assessor.

    The candidate is left out. From docs/contributors/domain.md, "People": nobody verifies a unit in which evidence
    they wrote was ever claimed, in any of its versions. For services that hold the locks of the unit and of the
    pieces, which are given by primary key. One query if nobody is new. Raises ValidationError, with nothing written,
    if an author has acted in the unit in another capacity. Returns the new participations, for the event to tell.
    """
    authors = {}
    for author, name, number, capacity in _written(unit.pk, unit.registration.candidate_id, pieces):
        if capacity:
            raise ValidationError(
                f"{name} wrote evidence {evidence_number(number)} and has acted in this unit as its "
                f"{unit.registration.centre.words.of_role(capacity)}, who never verifies what they wrote. "
                "So it cannot be claimed here, and nothing was saved."
            )
        authors[author] = Participation(candidate_unit=unit, user_id=author, capacity=Capacity.ASSESSOR)
    begun = Participation.objects.bulk_create(authors.values())
    for participation in begun:
        participation.is_new = True
    return begun


@prepared
def _written(unit: int, candidate: int, pieces: Collection[int]) -> QuerySet[EvidenceVersion, tuple]:
    """Who else wrote of these pieces and does not assess the unit yet, with the capacity that they have in it."""
    known = Participation.objects.filter(candidate_unit=unit, user=OuterRef("author"))
    return (
        EvidenceVersion.objects.filter(~Exists(known.filter(capacity=Capacity.ASSESSOR)), evidence__pk__in=pieces)
        .exclude(author=candidate)
        .order_by("evidence__number")
        .values_list("author", "author__name", "evidence__number", Subquery(known.values("capacity")[:1]))
        .distinct()
    )


def participation_begin(*, unit: CandidateUnit, person: User, capacity: Capacity) -> Participation:
    """Make a person take part in the unit. The event of that act must tell of it (`to_tell`)."""
    participation = Participation.objects.create(candidate_unit=unit, user=person, capacity=capacity)
    participation.is_new = True
    return participation
