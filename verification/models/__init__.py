"""The tables of verification. Other apps import them from here."""

from verification.models.sampling import (
    PlannedSample,
    PlanStep,
    SampledClaim,
    SamplingPlan,
    SamplingPolicy,
    SamplingRecord,
)
from verification.models.sampling_choices import Method, SampleStage, SamplingChoices

__all__ = [
    "Method",
    "PlanStep",
    "PlannedSample",
    "SampleStage",
    "SampledClaim",
    "SamplingChoices",
    "SamplingPlan",
    "SamplingPolicy",
    "SamplingRecord",
]
