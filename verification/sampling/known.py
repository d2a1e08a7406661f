"""What sampling gives to the apps below: what is known before a countersignature, words for actions, rows to prove."""

from collections.abc import Iterator

from django.urls import reverse

from assessments.actions.begun import begin_actions_from
from assessments.models import Origin
from assessments.proof.rows import compare_too
from assessments.signing.known_above import Known, tell_before_countersigning
from portfolio.models import CandidateUnit, Participation
from record.models import ChainKind
from verification.days import day_at, in_words
from verification.models import PlannedSample, PlanStep, SamplingPlan, SamplingPolicy, SamplingRecord
from verification.sampling.after import begun_by_sampling


def sampled_or_not(unit: CandidateUnit) -> Iterator[Known]:
    """Say whether the unit's open version was sampled, with what outcome, or is planned to be; two queries."""
    centre = unit.registration.centre
    there = {"url": reverse("verification:sample", args=[centre.uuid, unit.uuid])}
    of_version = {"unit_version__candidate_unit": unit, "unit_version__closed_at__isnull": True}
    records = SamplingRecord.objects.filter(**of_version).select_related("verifier__user")
    if last := records.order_by("-pk").first():
        day = in_words(day_at(last.made_at, centre))
        said = "agreed with" if last.agrees else "disagreed with"
        yield Known(
            sentence=f"{last.verifier.user} sampled this unit on {day} and {said} the assessor.",
            action="Read the record",
            is_warning=not last.agrees,
            **there,
        )
        return
    planned = PlannedSample.objects.filter(**of_version, left_out_at__isnull=True).first()
    sentence = "This unit was not sampled."
    if planned:
        sentence = f"This unit was not sampled; the plan asks for it by {in_words(planned.due)}."
    yield Known(sentence=sentence, action="Sample it", is_warning=planned is not None, **there)


def begin() -> None:
    """Called once, when Django starts."""
    tell_before_countersigning(sampled_or_not)
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
