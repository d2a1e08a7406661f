"""What sampling gives to the apps below: what is known before a countersignature, words for actions, rows to prove."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from assessments.actions.begun import begin_actions_from
from assessments.models import NOBODYS, Origin
from assessments.proof.rows import compare_too
from assessments.recording_form.sampled import Sample, tell_what_was_sampled
from assessments.signing.known_above import Known, hold_countersigning, tell_before_countersigning
from centres.models import Centre
from portfolio.allocating.pending import Pending, tell_what_is_pending
from portfolio.models import CandidateUnit, Capacity, Participation, UnitVersion
from record.models import ChainKind
from record.prepared import prepared
from verification.days import day_at, in_words
from verification.models import PlannedSample, PlanStep, SampledClaim, SamplingPlan, SamplingPolicy, SamplingRecord
from verification.sampling.after import begun_by_sampling
from verification.sampling.declared import sampled_in_full


def sampled_or_not(unit: CandidateUnit) -> Iterator[Known]:
    """Say whether the unit's open version was sampled, with what outcome, or is planned to be; one query."""
    centre = unit.registration.centre
    there = {"url": reverse("verification:sample", args=[centre.uuid, unit.uuid])}
    [(by, at, agrees, looked_at, due)] = _last_sample(unit.pk)
    if at:
        yield Known(
            sentence=f"{by} sampled this unit on {in_words(day_at(at, centre))} and "
            f"{'agreed' if agrees else 'disagreed'} with the assessor.",
            action="Read the record",
            is_warning=not agrees,
            **there,
        )
        return
    sentence = "This unit was not sampled"
    if looked_at:
        sentence += f" after its sign-off (before it, it was looked at on {in_words(day_at(looked_at, centre))})"
    if due:
        sentence += f"; the plan asks for it by {in_words(due)}"
    yield Known(sentence=f"{sentence}.", action="Sample it", is_warning=due is not None, **there)


@prepared
def _last_sample(unit: int) -> QuerySet[UnitVersion, tuple[Any, ...]]:
    """Of the unit's open version: who sampled it last, when, whether they agreed; the last look; the day planned.

    A sample is one after the sign-off, as `waiting_units` asks; a look may have been before it.
    """
    looks = SamplingRecord.objects.filter(unit_version=OuterRef("pk"))
    last = looks.for_countersigning()
    planned = PlannedSample.objects.filter(unit_version=OuterRef("pk"), left_out_at__isnull=True).for_countersigning()
    versions = UnitVersion.objects.filter(candidate_unit=unit, closed_at__isnull=True)
    return versions.values_list(
        Subquery(last.values("verifier__user__name")[:1]),
        Subquery(last.values("made_at")[:1]),
        Subquery(last.values("agrees")[:1]),
        Subquery(looks.order_by("-pk").values("made_at")[:1]),
        Subquery(planned.order_by("pk").values("due")[:1]),
    )


def samples_of(version: UnitVersion) -> Iterator[Sample]:
    """Yield what was sampled of a version of a unit; one query."""
    rows = SampledClaim.objects.filter(record__unit_version=version).order_by("record", "pk")
    for record, looked_at in groupby(rows.select_related("record__verifier__user"), key=lambda row: row.record):
        yield Sample(
            id=record.uuid,
            by=record.verifier.user,
            stage=record.stage,
            at=record.made_at,
            claims=tuple((row.claim_id, row.version_id) for row in looked_at),
        )


def unsampled_interest(unit: CandidateUnit) -> str:
    """Say why a unit that is sampled in full for a declared interest is not countersigned yet; "" if it may be."""
    if not (reason := sampled_in_full([unit.pk]).get(unit.pk)):
        return ""
    records = SamplingRecord.objects.filter(unit_version__candidate_unit=unit, unit_version__closed_at__isnull=True)
    if records.for_countersigning().values_list("agrees", flat=True).first():
        return ""
    return f"This unit is sampled before it is countersigned: {reason}. Nothing was signed."


def samples_to_take(centre: Centre, people: Collection[int], units: Collection[int]) -> Iterator[Pending]:
    """Yield what these people have still to sample of these units, by the plan."""
    planned = (
        PlannedSample.objects.open()
        .filter(
            unit_version__candidate_unit__in=units,
            unit_version__closed_at__isnull=True,
            unit_version__candidate_unit__progress__verifier__in=people,
        )
        .exclude(unit_version__candidate_unit__progress__turn__in=NOBODYS)
    )
    at = "unit_version__candidate_unit"
    for unit, person in planned.values_list(at, f"{at}__progress__verifier"):
        yield Pending(unit, person, Capacity.INTERNAL_VERIFIER, ("planned sample", "planned samples"))


def begin() -> None:
    """Called once, when Django starts."""
    tell_before_countersigning(sampled_or_not)
    tell_what_was_sampled(samples_of)
    hold_countersigning(unsampled_interest)
    tell_what_is_pending(samples_to_take)
    begin_actions_from(Origin.SAMPLING, begun_by_sampling)
    compare_too(
        ChainKind.CENTRE,
        "sampling",
        {
            SamplingPolicy: "centre",
            SamplingPlan: "policy__centre",
            PlannedSample: "unit_version__candidate_unit__registration__centre",
            PlanStep: "planned__unit_version__candidate_unit__registration__centre",
        },
    )
    compare_too(
        ChainKind.PORTFOLIO,
        "sampling",
        {
            SamplingRecord: "unit_version__candidate_unit__registration",
            Participation: "candidate_unit__registration",  # the first act of a verifier may be a sample
        },
    )
