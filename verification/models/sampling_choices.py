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
    "observations_a_year": (1, 12),
    "candidates_an_interview": (1, 500),
    "meetings_a_year": (1, 12),
}
# What may stay empty: nothing is owed then.
OPTIONAL = ("every_months", "observations_a_year", "candidates_an_interview", "meetings_a_year")
QUESTIONS_AT_MOST = 40
# What a verifier asks a candidate, unless the centre's policy has its own questions.
QUESTIONS = (
    "Do you know how to appeal against a decision of your assessor?",
    "Were you told how you are assessed before it began, and did you agree on a plan?",
    "Do you get feedback after each assessment, and does it help you?",
    "Is all the evidence in your portfolio your own work?",
    "Do you get the time and the help that you need?",
    "Is there anything that you would like to be different?",
)
# The five tests of evidence, as the domain has them.
TESTS = ("valid", "authentic", "current", "sufficient", "reliable")

# What is asked and told of each part of a policy.
LABELS = {
    "summative_share": "Signed-off units looked at, of each assessor, in per cent",
    "interim_share": "Units under way looked at, of each assessor, in per cent",
    "new_in_full": "All signed-off units of assessors who are new or hold no award",
    "new_months": "How long an assessor is new, in months",
    "every_months": "Each unit, kind of evidence, assessor and site once within so many months",
    "due_days": "Days in which a planned unit is looked at",
    "risk_notes": "Risks to keep in mind",
    "observations_a_year": "Observations of each assessor, in a year",
    "candidates_an_interview": "One interview a year for each so many candidates",
    "meetings_a_year": "Standardisation meetings in a year",
    "interview_questions": "Questions of an interview, one on each line",
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
    """What a centre chooses, part by part. What is None is not asked for; without questions there are `QUESTIONS`."""

    summative_share: int
    interim_share: int
    new_in_full: bool
    new_months: int
    every_months: int | None
    due_days: int
    risk_notes: str = ""
    observations_a_year: int | None = None
    candidates_an_interview: int | None = None
    meetings_a_year: int | None = None
    interview_questions: str = ""

    @property
    def questions(self) -> tuple[str, ...]:
        """What a verifier asks in an interview."""
        chosen = tuple(line.strip() for line in self.interview_questions.splitlines() if line.strip())
        return chosen or QUESTIONS
