"""Countersigns several units with one password: those that were sampled, and those that the plan left out."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from assessments.models import Signature, Turn, UnitProgress
from assessments.signing.services import unit_countersign, unit_release
from centres.models import Centre, User
from portfolio.models import Allocation, CandidateUnit, Capacity
from portfolio.services.units import version_lock
from record.errors import ChangedMeanwhile
from verification.days import day_at
from verification.models import PlannedSample, SamplingPlan, SamplingRecord
from verification.sampling.declared import sampled_in_full

AT_ONCE = 20  # units that are signed with one password: each is signed by itself, and that takes a moment


class Basis(Enum):
    """On what a unit that waits can be countersigned here, or why it cannot."""

    SAMPLED = "sampled"
    LEFT_OUT = "left_out"  # of the plan: it may be released
    PLANNED = "planned"  # and not looked at yet
    DISAGREED = "disagreed"
    UNPLANNED = "unplanned"  # signed off since the last plan
    INTEREST = "interest"  # not looked at yet, and its assessor has declared a family or business interest

    @property
    def is_enough(self) -> bool:
        """Whether it can be countersigned with others."""
        return self in {Basis.SAMPLED, Basis.LEFT_OUT}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A unit that waits for the countersignature, on what basis, and the day of the plan that left it out."""

    unit: int
    basis: Basis
    plan_of: datetime.date | None


def waiting_units(centre: Centre, verifier: User) -> QuerySet[UnitProgress]:
    """The units that wait for the verifier's countersignature, with all that `waiting_of` asks of them."""
    open_version = {"unit_version__candidate_unit": OuterRef("pk"), "unit_version__closed_at__isnull": True}
    records = SamplingRecord.objects.filter(**open_version).for_countersigning()
    planned = PlannedSample.objects.filter(**open_version).for_countersigning()
    leads = Allocation.objects.filter(
        candidate_unit=OuterRef("pk"), user=verifier, capacity=Capacity.INTERNAL_VERIFIER, ended_at__isnull=True
    )
    # A plan that was made before the sign-off, or before the unit was theirs, never considered it.
    plans = SamplingPlan.objects.filter(
        verifier=verifier, policy__centre=centre, made_at__gte=OuterRef("since")
    ).filter(made_at__gte=OuterRef("is_theirs_since"))
    return UnitProgress.objects.filter(centre=centre, verifier=verifier, turn=Turn.VERIFIER).annotate(
        is_theirs_since=Subquery(leads.order_by("-pk").values("began_at")[:1]),
        agreed=Subquery(records.values("agrees")[:1]),
        is_planned=Exists(planned.filter(left_out_at__isnull=True)),
        taken_out_at=Subquery(planned.values("left_out_at")[:1]),
        left_out_at=Subquery(plans.order_by("-made_at").values("made_at")[:1]),
    )


def waiting_of(units: Iterable[UnitProgress], centre: Centre) -> list[Waiting]:
    """On what basis each of these units, read by `waiting_units`, can be countersigned."""
    there = list(units)
    interests = sampled_in_full([unit.pk for unit in there])
    return [_waiting(unit, centre, unit.pk in interests) for unit in there]


def _waiting(unit: UnitProgress, centre: Centre, has_interest: bool) -> Waiting:
    left_out = unit.taken_out_at or unit.left_out_at  # type: ignore[attr-defined]
    match unit.agreed, unit.is_planned:  # type: ignore[attr-defined]
        case True, _:
            basis = Basis.SAMPLED
        case False, _:
            basis = Basis.DISAGREED
        case _, True:
            basis = Basis.PLANNED
        case _ if has_interest:
            basis = Basis.INTEREST
        case _:
            basis = Basis.LEFT_OUT if left_out else Basis.UNPLANNED
    day = day_at(left_out, centre) if basis == Basis.LEFT_OUT else None
    return Waiting(unit=unit.pk, basis=basis, plan_of=day)


@dataclass(frozen=True, kw_only=True)
class Countersigned:
    """What became of one unit: its signature, or in words why there is none."""

    unit: CandidateUnit
    signature: Signature | None
    refused: str = ""


def units_countersign(*, centre: Centre, actor: User, password: str, seen: Mapping[UUID, str]) -> list[Countersigned]:
    """Countersign these units (by uuid, each with the digest of what was shown), each in a transaction of its own.

    So what is signed stands, whatever becomes of the next one, and nobody waits long for the site's chain. What was
    sampled is countersigned, what the plan left out is released. Raises ValidationError, with nothing signed, for a
    wrong password and for more than AT_ONCE units.
    """
    if len(seen) > AT_ONCE:
        raise ValidationError(f"At most {AT_ONCE} units are signed at once. Nothing was signed.")
    if not actor.check_password(password):
        raise ValidationError({"password": "That is not your password. Nothing was signed."})
    units = CandidateUnit.objects.visible_to(actor).filter(uuid__in=seen, registration__centre=centre)
    related = ("registration__centre", "registration__candidate", "registration__chain", "revision__unit__framework")
    return [
        _countersign(unit, actor=actor, password=password, seen=seen[unit.uuid])
        for unit in units.select_related(*related).order_by("pk")
    ]


def _countersign(unit: CandidateUnit, *, actor: User, password: str, seen: str) -> Countersigned:
    try:
        with transaction.atomic():
            version_lock(unit)
            there = waiting_units(unit.registration.centre, actor).filter(pk=unit.pk)
            found = next(iter(waiting_of(there, unit.registration.centre)), None)
            if found is None or not found.basis.is_enough:
                raise ChangedMeanwhile("This unit was")
            sign = partial(unit_release, plan_of=found.plan_of) if found.plan_of else unit_countersign
            signature = sign(unit=unit, actor=actor, password=password, seen=seen)
    except PermissionDenied:
        return Countersigned(unit=unit, signature=None, refused="You do not sign this unit any more.")
    except ValidationError as refused:
        return Countersigned(unit=unit, signature=None, refused=" ".join(refused.messages))
    return Countersigned(unit=unit, signature=signature)
