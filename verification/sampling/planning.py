"""Makes the plan of an internal verifier, by the policy of the centre, and changes it with reasons."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import Centre, User
from portfolio.interests.rules import require_may_verify
from portfolio.models import CandidateUnit, UnitVersion
from portfolio.services.units import version_lock
from record.canonical import canonical, digest
from record.errors import ChangedMeanwhile
from record.services.chains import chains_lock
from record.services.events import event_add
from verification.models import PlannedSample, PlanStep, SamplingPlan, SamplingPolicy
from verification.sampling.permissions import may_plan, may_sample
from verification.sampling.plan_facts import choosable_units, known_before
from verification.sampling.plan_rule import Chosen, plan_of
from verification.sampling.policy import policy_of
from verification.sampling.services import stage_of

NOTHING_NEW = "By the policy nothing more has to be sampled now. The plan stays as it is."
OF_NOBODY = "You verify no unit yet in which something is claimed, so there is nothing to plan."
NO_POLICY = "The centre has not chosen how it samples yet, so there is nothing to plan by."
ADDED_DUE = 14  # days in which a unit is looked at that a verifier adds, where no policy says otherwise


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the policy gives for the units of one verifier now."""

    policy: SamplingPolicy
    period: str
    verified: int  # units that the verifier could sample, those in the plan among them
    chosen: tuple[Chosen, ...]
    considered: int  # units that could be chosen

    @cached_property
    def digest(self) -> str:
        """Tells it from every other proposal: a page sends it back."""
        said = [[str(one.unit), str(one.stage), list(one.reasons)] for one in self.chosen]
        return digest(canonical({"policy": str(self.policy.uuid), "chosen": said}))


def plan_propose(*, centre: Centre, verifier: User) -> Proposal | None:
    """Return what the policy asks the verifier to sample of their units, besides what is planned. None: no policy."""
    policy = policy_of(centre)
    if policy is None:
        return None
    today = centre.today
    period = f"{today:%Y-%m}"
    units, assessors = choosable_units(centre, verifier)
    planned = _planned_already(centre, verifier)
    choosable = [one for one in units if (one.unit, str(one.stage)) not in planned]
    before = known_before(centre, verifier, policy, period=period, today=today, assessors=assessors)
    chosen = plan_of(choosable, policy=policy.choices, before=before, centre=centre.uuid, period=period, today=today)
    return Proposal(
        policy=policy,
        period=period,
        verified=len(units),
        chosen=chosen,
        considered=len(choosable),
    )


def _planned_already(centre: Centre, verifier: User) -> set[tuple[UUID, str]]:
    """The verifier's units whose open version is in the plan, with the stage of each."""
    there = PlannedSample.objects.filter(
        unit_version__closed_at__isnull=True,
        unit_version__candidate_unit__progress__verifier=verifier,
        unit_version__candidate_unit__progress__centre=centre,
    )
    return set(there.values_list("unit_version__candidate_unit__uuid", "stage"))


@transaction.atomic
def plan_make(*, centre: Centre, actor: User, seen: str) -> SamplingPlan:
    """Take on what the policy gives for the actor's units, as it was shown: `seen` is the digest of the proposal.

    Raises PermissionDenied for who does not verify in the centre, ValidationError without a policy or a unit,
    ChangedMeanwhile if the policy gives something else by now. Whoever plans at the same time waits for the centre's
    chain.
    """
    if not may_plan(actor, centre):
        raise PermissionDenied
    chains_lock(centre.chain)
    proposal = plan_propose(centre=centre, verifier=actor)
    if proposal is None:
        raise ValidationError(NO_POLICY)
    if not proposal.verified:
        raise ValidationError(OF_NOBODY)
    if proposal.digest != seen:
        raise ChangedMeanwhile("The proposal was", "below is what the policy gives now")
    now = timezone.now()
    plan = SamplingPlan.objects.create(
        policy=proposal.policy,
        verifier=actor,
        period=proposal.period,
        considered=proposal.considered,
        made_at=now,
    )
    due = centre.today + datetime.timedelta(days=proposal.policy.due_days)
    chosen = UnitVersion.objects.filter(candidate_unit__uuid__in=[one.unit for one in proposal.chosen])
    open_versions = chosen.filter(closed_at__isnull=True).order_by().select_related("candidate_unit")
    version_of = {version.candidate_unit.uuid: version for version in open_versions}
    rows = PlannedSample.objects.bulk_create(
        PlannedSample(
            unit_version=version_of[one.unit],
            stage=one.stage,
            plan=plan,
            reasons=list(one.reasons),
            due=due,
            planned_at=now,
        )
        for one in proposal.chosen
    )
    event_add(chain=centre.chain, kind="sampling.planned", actor=actor.uuid, at=now, row=plan, also=rows)
    return plan


# --- What the verifier changes ----------------------------------------------------------------------------


@transaction.atomic
def planned_add(*, unit: CandidateUnit, actor: User, reason: str, due: datetime.date | None = None) -> PlannedSample:
    """Put a unit into the plan that the policy did not choose, as what a look at it counts now.

    Raises PermissionDenied unless the actor may sample it, ValidationError without a reason, for a day that is over, or
    if it is in the plan already.
    """
    version = version_lock(unit)
    if not may_sample(actor, unit):
        require_may_verify(unit.registration, actor)  # says why, where it is a declared interest
        raise PermissionDenied
    centre = unit.registration.centre
    policy = policy_of(centre)
    days = datetime.timedelta(days=policy.due_days if policy else ADDED_DUE)
    planned = PlannedSample(
        unit_version=version,
        stage=stage_of(version),
        reasons=["added by the verifier"],
        due=due or centre.today + days,
        planned_at=timezone.now(),
    )
    planned.full_clean()
    _require_not_over(planned.due, centre)
    planned.save()
    _step(planned, PlanStep.Kind.ADDED, reason, actor, centre)
    return planned


@transaction.atomic
def planned_leave_out(*, planned: PlannedSample, actor: User, reason: str) -> None:
    """Leave a unit out of the plan. Raises as `planned_move`."""
    held, centre = _locked(planned, actor)
    if held.left_out_at is None:
        held.left_out_at = timezone.now()
        held.save(update_fields=["left_out_at"])
        _step(held, PlanStep.Kind.LEFT_OUT, reason, actor, centre)


@transaction.atomic
def planned_take_up(*, planned: PlannedSample, actor: User, reason: str) -> None:
    """Take a unit up again that was left out of the plan. Raises as `planned_move`."""
    held, centre = _locked(planned, actor)
    if held.left_out_at is not None:
        held.left_out_at = None
        held.save(update_fields=["left_out_at"])
        _step(held, PlanStep.Kind.TAKEN_UP, reason, actor, centre)


@transaction.atomic
def planned_move(*, planned: PlannedSample, actor: User, reason: str, due: datetime.date) -> None:
    """Give another day by which the unit is looked at.

    Raises PermissionDenied unless the actor may sample the unit, ValidationError without a reason, for a day that is
    over, and where the unit was sampled already.
    """
    held, centre = _locked(planned, actor)
    _require_not_over(due, centre)
    if held.due != due:
        held.due = due
        held.save(update_fields=["due"])
        _step(held, PlanStep.Kind.DUE, reason, actor, centre)


def _locked(planned: PlannedSample, actor: User) -> tuple[PlannedSample, Centre]:
    unit = planned.unit_version.candidate_unit
    version_lock(unit)
    if not may_sample(actor, unit):
        require_may_verify(unit.registration, actor)  # says why, where it is a declared interest
        raise PermissionDenied
    held = PlannedSample.objects.with_done().get(pk=planned.pk)
    held.unit_version = planned.unit_version
    if held.is_done:  # type: ignore[attr-defined]
        raise ValidationError("This unit was sampled meanwhile, so the plan of it stays as it is.")
    return held, unit.registration.centre


def _require_not_over(due: datetime.date, centre: Centre) -> None:
    if due < centre.today:
        raise ValidationError({"due": "This day is over. Choose a later one."})


def _step(planned: PlannedSample, kind: PlanStep.Kind, reason: str, actor: User, centre: Centre) -> None:
    step = PlanStep(planned=planned, kind=kind, reason=reason, due=planned.due, author=actor, made_at=timezone.now())
    step.full_clean()
    step.save()
    event_add(
        chain=centre.chain,
        kind=f"sampling.{kind}",
        actor=actor.uuid,
        at=step.made_at,
        row=step,
        also=[planned],
        payload={"unit": str(planned.unit_version.candidate_unit.uuid)},
    )
