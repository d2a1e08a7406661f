"""What internal verifiers plan to look at, what they looked at, and the policy by which they plan."""

from dataclasses import fields
from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Exists, OuterRef, Q, UniqueConstraint

from assessments.models import REASON_AT_MOST, Judgement
from centres.models import Centre, User
from portfolio.models import Claim, EvidenceVersion, Participation, UnitVersion
from record.event_content import ToldModel, told_time
from record.fields import PlainTextField, PublicModel, at_most, one_of
from verification.models.sampling_choices import (
    LIMITS,
    NOTES_AT_MOST,
    TESTS,
    Method,
    SampleStage,
    SamplingChoices,
)


class SamplingPolicy(ToldModel, PublicModel):
    """What a centre chose at one time of how it samples. Append-only: the latest number holds."""

    told_as: ClassVar[str] = "sampling_policy"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "author")
    told_where_set: ClassVar[tuple[str, ...]] = (
        "observations_a_year", "candidates_an_interview", "meetings_a_year", "interview_questions",
    )  # fmt: skip

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="sampling_policies")
    number = models.PositiveIntegerField()
    summative_share = models.PositiveSmallIntegerField()  # per cent of the units that each assessor signed off
    interim_share = models.PositiveSmallIntegerField()  # per cent of those that each assessor works on
    new_in_full = models.BooleanField()
    new_months = models.PositiveSmallIntegerField()  # so long after they began an assessor is new
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)  # each unit, kind and assessor once in these
    due_days = models.PositiveSmallIntegerField()
    risk_notes = PlainTextField(limit=NOTES_AT_MOST, blank=True)
    observations_a_year = models.PositiveSmallIntegerField(null=True, blank=True)  # of each assessor
    candidates_an_interview = models.PositiveSmallIntegerField(null=True, blank=True)  # one a year for each so many
    meetings_a_year = models.PositiveSmallIntegerField(null=True, blank=True)
    interview_questions = PlainTextField(limit=NOTES_AT_MOST, blank=True)  # one on each line
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sampling_policies")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["centre", "number"]
        constraints = [
            UniqueConstraint(fields=["centre", "number"], name="sampling_policy_number_once_a_centre"),
            *(
                CheckConstraint(
                    name=f"sampling_{name}_valid",
                    condition=Q(**{f"{name}__range": limits}),
                    violation_error_message=f"Give a number from {limits[0]} to {limits[1]}.",
                )
                for name, limits in LIMITS.items()
            ),
            CheckConstraint(
                name="sampling_policy_samples_something",
                condition=Q(summative_share__gt=0)
                | Q(interim_share__gt=0)
                | Q(new_in_full=True)
                | Q(every_months__isnull=False),
            ),
            at_most("risk_notes", NOTES_AT_MOST, "sampling_risk_notes_length"),
            at_most("interview_questions", NOTES_AT_MOST, "sampling_interview_questions_length"),
        ]

    def __str__(self) -> str:
        return f"Sampling policy {self.number} of {self.centre}"

    @property
    def choices(self) -> SamplingChoices:
        """All that was chosen."""
        return SamplingChoices(**{field.name: getattr(self, field.name) for field in fields(SamplingChoices)})

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "number": self.number,
            **{
                field.name: value
                for field in fields(SamplingChoices)
                if (value := getattr(self, field.name)) or field.name not in self.told_where_set
            },
            "author": str(self.author.uuid),
            "made_at": told_time(self.made_at),
        }


class SamplingPlan(ToldModel, PublicModel):
    """An internal verifier took on what the policy gave for their units at this moment.

    What it did not choose of what was signed off by then, it left out.
    """

    told_as: ClassVar[str] = "sampling_plan"
    told_with: ClassVar[tuple[str, ...]] = ("policy", "verifier")

    policy = models.ForeignKey(SamplingPolicy, on_delete=models.PROTECT, related_name="plans")
    verifier = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sampling_plans")
    period = models.CharField(max_length=7)  # "2026-11": with it, and nothing else, the choice can be made again
    considered = models.PositiveIntegerField()  # units that could be chosen
    made_at = models.DateTimeField()

    class Meta:
        constraints = [CheckConstraint(name="sampling_plan_period_valid", condition=Q(period__regex=r"^\d{4}-\d{2}$"))]

    def __str__(self) -> str:
        return f"Plan of {self.made_at:%Y-%m-%d}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "policy": str(self.policy.uuid),
            "verifier": str(self.verifier.uuid),
            "period": self.period,
            "considered": self.considered,
            "made_at": told_time(self.made_at),
        }


class PlannedSampleQuerySet(models.QuerySet["PlannedSample"]):
    def with_done(self) -> "PlannedSampleQuerySet":
        """Each with `is_done`: whether the version was sampled at this stage, or after it."""
        return self.annotate(is_done=_is_sampled())

    def open(self) -> "PlannedSampleQuerySet":
        """Those that are still to be done."""
        return self.filter(~_is_sampled(), left_out_at__isnull=True)

    def for_countersigning(self) -> "PlannedSampleQuerySet":
        """Those that ask for a look between the sign-off and the countersignature."""
        return self.filter(stage=SampleStage.SUMMATIVE)


def _is_sampled() -> Exists:
    records = SamplingRecord.objects.filter(unit_version=OuterRef("unit_version"))
    return Exists(records.filter(Q(stage=OuterRef("stage")) | Q(stage=SampleStage.SUMMATIVE)))


class PlannedSample(ToldModel, PublicModel):
    """A unit that is to be looked at by a day. Only the day and whether it is left out change, each by a step."""

    told_as: ClassVar[str] = "planned_sample"
    told_with: ClassVar[tuple[str, ...]] = ("unit_version", "plan")

    unit_version = models.ForeignKey(UnitVersion, on_delete=models.PROTECT, related_name="planned_samples")
    stage = models.CharField(max_length=10, choices=SampleStage)
    plan = models.ForeignKey(
        SamplingPlan, on_delete=models.PROTECT, related_name="samples", null=True, blank=True
    )  # null: the verifier added it
    reasons = models.JSONField()  # in words
    due = models.DateField()
    planned_at = models.DateTimeField()
    left_out_at = models.DateTimeField(null=True, blank=True)

    objects = PlannedSampleQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("stage", SampleStage.values, "planned_sample_stage_valid"),
            UniqueConstraint(
                fields=["unit_version", "stage"],
                name="planned_once_a_stage",
                violation_error_message="This unit is in the plan already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_version} by {self.due}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "version": str(self.unit_version.uuid),
            "stage": str(self.stage),
            "plan": str(self.plan.uuid) if self.plan else None,
            "reasons": list(self.reasons),
            "due": self.due.isoformat(),
            "planned_at": told_time(self.planned_at),
            "left_out_at": told_time(self.left_out_at),
        }


class PlanStep(ToldModel, PublicModel):
    """What a verifier changed in the plan, and why."""

    told_as: ClassVar[str] = "plan_step"
    told_with: ClassVar[tuple[str, ...]] = ("planned", "author")

    class Kind(models.TextChoices):
        ADDED = "added", "Added"
        LEFT_OUT = "left_out", "Left out"
        TAKEN_UP = "taken_up", "Taken up again"
        DUE = "due", "Another day"

    planned = models.ForeignKey(PlannedSample, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = PlainTextField(limit=REASON_AT_MOST)
    due = models.DateField()  # from then on
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="plan_steps")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("kind", ["added", "left_out", "taken_up", "due"], "plan_step_kind_valid"),
            CheckConstraint(
                name="plan_step_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why: the plan is part of the record.",
            ),
            at_most("reason", REASON_AT_MOST, "plan_step_reason_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "planned": str(self.planned.uuid),
            "kind": str(self.kind),
            "reason": self.reason,
            "due": self.due.isoformat(),
            "author": str(self.author.uuid),
            "made_at": told_time(self.made_at),
        }


class SamplingRecordQuerySet(models.QuerySet["SamplingRecord"]):
    def for_countersigning(self) -> "SamplingRecordQuerySet":
        """Those that a countersignature rests on, the latest first: never an interim look."""
        return self.filter(stage=SampleStage.SUMMATIVE).order_by("-pk")


class SamplingRecord(ToldModel, PublicModel):
    """What an internal verifier found in a unit, of the claims that they looked at. Append-only."""

    told_as: ClassVar[str] = "sampling_record"
    told_with: ClassVar[tuple[str, ...]] = ("unit_version", "verifier__user", "assessor")

    unit_version = models.ForeignKey(UnitVersion, on_delete=models.PROTECT, related_name="sampling_records")
    stage = models.CharField(max_length=10, choices=SampleStage)
    verifier = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="sampling_records")
    assessor = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="sampled", null=True, blank=True
    )  # who led in assessing it then
    method = models.CharField(max_length=10, choices=Method)
    valid = models.BooleanField()
    authentic = models.BooleanField()
    current = models.BooleanField()
    sufficient = models.BooleanField()
    reliable = models.BooleanField()
    agrees = models.BooleanField()
    words = PlainTextField(limit=REASON_AT_MOST, blank=True)
    form_key = models.UUIDField(unique=True)  # of the page that was sent: sent twice, it is recorded once
    made_at = models.DateTimeField()

    objects = SamplingRecordQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("stage", SampleStage.values, "sampling_record_stage_valid"),
            one_of("method", Method.values, "sampling_record_method_valid"),
            CheckConstraint(
                name="what_does_not_hold_is_said",
                condition=~Q(words="") | Q(agrees=True, **dict.fromkeys(TESTS, True)),
                violation_error_message="Say what does not hold, or why you disagree.",
            ),
            at_most("words", REASON_AT_MOST, "sampling_record_words_length"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_version}, {self.get_stage_display()}: {'agreed' if self.agrees else 'disagreed'}"

    @property
    def failed(self) -> list[str]:
        """The tests that the unit does not stand."""
        return [test for test in TESTS if not getattr(self, test)]

    def told(self) -> dict[str, Any]:
        """What events tell of it, with the claims that were looked at."""
        looked_at = self.claims.select_related("claim", "version", "judgement").order_by("pk")
        return {
            "id": str(self.uuid),
            "version": str(self.unit_version.uuid),
            "stage": str(self.stage),
            "verifier": str(self.verifier.user.uuid),
            "assessor": str(self.assessor.uuid) if self.assessor else None,
            "method": str(self.method),
            **{test: getattr(self, test) for test in TESTS},
            "agrees": self.agrees,
            "words": self.words,
            "made_at": told_time(self.made_at),
            "claims": [
                {
                    "claim": str(one.claim.uuid),
                    "evidence_version": str(one.version.uuid),
                    "judgement": str(one.judgement.uuid) if one.judgement else None,
                    "exception": one.exception,
                }
                for one in looked_at
            ],
        }


class SampledClaim(models.Model):
    """A claim that was looked at, with the version of the evidence, the judgement that stood, and any exception."""

    record = models.ForeignKey(SamplingRecord, on_delete=models.PROTECT, related_name="claims")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="sampled")
    version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="sampled")
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="sampled", null=True, blank=True)
    exception = PlainTextField(limit=REASON_AT_MOST, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["record", "claim"], name="claim_sampled_once_a_record"),
            at_most("exception", REASON_AT_MOST, "sampled_claim_exception_length"),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.exception or 'no exception'}"
