"""Which units are sampled in full because of a declared interest.

From docs/contributors/domain.md: what somebody with a family or business interest assesses is sampled in full.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.models import AssessorStatement, Judgement, Signature
from portfolio.models import Allocation, Capacity, Claim, EvidenceVersion, Interest, Participation
from record.prepared import prepared

UNIT, PERSON = OuterRef("registration__candidate_units"), OuterRef("person")
# What an assessor does in a unit, by the field that names them.
ACTS: tuple[tuple[Any, str], ...] = ((Judgement, "author"), (AssessorStatement, "author"), (Claim, "author"))


def sampled_in_full(units: Collection[int] | QuerySet) -> dict[int, str]:
    """Which of these units are to be sampled for a declared interest, by primary key, each with the reason.

    Those that somebody with a family or business interest assesses, or has acted in as assessor; and those in which
    they acted while one held that was withdrawn since. One query. `units` are primary keys, or a query that finds them.
    """
    names: dict[int, set[str]] = defaultdict(set)
    for unit, name in _declared_in(units) if isinstance(units, QuerySet) else _declared_among(units):
        names[unit].add(name)
    return {unit: f"a declared interest of {' and '.join(sorted(who))}" for unit, who in names.items()}


@prepared
def _declared_among(units: Collection[int]) -> QuerySet[Interest, tuple[int, str]]:
    return _declared_in(units)


def _declared_in(units: Collection[int] | QuerySet) -> QuerySet[Interest, tuple[int, str]]:
    """Each of the units with the name of somebody who assesses, or has acted in it, with such an interest."""
    theirs = {"user": PERSON, "capacity": Capacity.ASSESSOR, "candidate_unit": UNIT}
    works = Q(Exists(Allocation.objects.current().filter(**theirs))) | Q(Exists(Participation.objects.filter(**theirs)))
    declared = Interest.objects.ever_conflicting().filter(
        (Q(withdrawn_at__isnull=True) & works) | _acted_while_it_held(), registration__candidate_units__pk__in=units
    )
    return declared.values_list("registration__candidate_units", "person__name")


def _acted_while_it_held() -> Q:
    """Whether the person did something as assessor in the unit between the declaration and its withdrawal."""
    held = (OuterRef("declared_at"), OuterRef("withdrawn_at"))
    signed = Signature.objects.filter(**_by("signer"), signed_at__range=held)
    wrote = EvidenceVersion.objects.filter(author=PERSON, evidence__claims__candidate_unit=UNIT, made_at__range=held)
    acted = Q(Exists(signed)) | Q(Exists(wrote))
    for model, author in ACTS:
        acted |= Q(Exists(model.objects.filter(**_by(author), made_at__range=held)))
    return acted


def _by(author: str) -> dict[str, Any]:
    return {f"{author}__user": PERSON, f"{author}__capacity": Capacity.ASSESSOR, f"{author}__candidate_unit": UNIT}
