"""What a sampling policy says, as plain values, and the words of a record. Pure."""

from dataclasses import dataclass

from django.db.models import TextChoices

NOTES_AT_MOST = 5000  # characters
# What a policy gives in numbers, and from where to where each may go.
LIMITS = {
    "summative_share": (0, 100),
    "interim_share": (0, 100),
    "new_months": (0, 60),
    "every_months": (1, 60),
    "due_days": (1, 365),
}
# The five tests of evidence, as the domain has them.
TESTS = ("valid", "authentic", "current", "sufficient", "reliable")

# What is asked and told of each part of a policy.
LABELS = {
    "summative_share": "Signed-off units looked at, of each assessor, in per cent",
    "interim_share": "Units under way looked at, of each assessor, in per cent",
    "new_in_full": "All signed-off units of assessors who are new or hold no award",
    "new_months": "How long an assessor is new, in months",
    "every_months": "Each unit, kind of evidence and assessor once within so many months",
    "due_days": "Days in which a planned unit is looked at",
    "risk_notes": "Risks to keep in mind",
}


class SampleStage(TextChoices):
    """When in the life of a unit it is looked at."""

    INTERIM = "interim", "Interim"  # before the sign-off; the candidate goes on
    SUMMATIVE = "summative", "Summative"  # after it


class Method(TextChoices):
    """How it was looked at."""

    EVIDENCE = "evidence", "Looked at the evidence and the judgements"
    CANDIDATE = "candidate", "Talked with the candidate too"
    ASSESSOR = "assessor", "Talked with the assessor too"
    WATCHED = "watched", "Watched the assessor assess too"


@dataclass(frozen=True, kw_only=True)
class SamplingChoices:
    """What a centre chooses, part by part. `every_months` None: nothing is owed to time."""

    summative_share: int
    interim_share: int
    new_in_full: bool
    new_months: int
    every_months: int | None
    due_days: int
    risk_notes: str = ""
