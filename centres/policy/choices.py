"""What a policy says, as plain values, and what its parts are called. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

from django.db.models import TextChoices

MOST_MEGABYTES = 10_000_000  # ten terabytes: more is a slip of the finger
# What a policy may limit, and the most that each may be.
LIMITS = {
    "largest_file_mb": MOST_MEGABYTES,
    "person_quota_mb": MOST_MEGABYTES,
    "portfolio_quota_mb": MOST_MEGABYTES,
    "evidence_age_months": 1200,
}
SENTENCES_AT_MOST = 5000  # characters of them all, that assessors often write
# Of whom a second step may be asked when they sign in: never of candidates, who may have no device of their own.
SECOND_STEP_ROLES = ("assessor", "internal_verifier", "coordinator", "external_verifier")
SECOND_STEP_CHOICES = [
    " ".join(some) for number in range(len(SECOND_STEP_ROLES) + 1) for some in combinations(SECOND_STEP_ROLES, number)
]


class FileGroup(TextChoices):
    """Files as people tell them apart; `portfolio.files.file_types.group_of` says which types are in each."""

    DOCUMENTS = "documents", "Documents"
    PICTURES = "pictures", "Pictures"
    SOUND = "sound", "Sound recordings"
    FILMS = "films", "Films"
    TABLES = "tables", "Tables"
    PRESENTATIONS = "presentations", "Presentations"
    EMAILS = "emails", "E-mails"

    @property
    def examples(self) -> str:
        """Some of what is in it."""
        return _EXAMPLES[self.value]


_EXAMPLES = {
    "documents": "PDF, Word, plain text",
    "pictures": "JPEG, PNG, HEIC",
    "sound": "MP3, M4A, WAV",
    "films": "MP4, MOV",
    "tables": "Excel, CSV",
    "presentations": "PowerPoint",
    "emails": "EML",
}

# What is asked and told of each part of a policy.
LABELS = {
    "candidate_word": "Who collects evidence",
    "internal_verifier_word": "Who countersigns",
    "external_verifier_word": "Who comes from the awarding body",
    "file_groups": "Files that are taken",
    "largest_file_mb": "Largest file, in MB",
    "person_quota_mb": "Room for the files of each person, in MB",
    "portfolio_quota_mb": "Room for the files of each portfolio, in MB",
    "evidence_age_months": "Oldest evidence without a remark, in months",
    "feedback_sentences": "Sentences that assessors often write, one on each line",
    "second_step_roles": "Who must use a second step when they sign in",
}


@dataclass(frozen=True, kw_only=True)
class PolicyChoices:
    """What a coordinator chooses, part by part. Where a limit is None there is none but the site's."""

    candidate_word: str
    internal_verifier_word: str
    external_verifier_word: str
    file_groups: frozenset[FileGroup]
    largest_file_mb: int | None
    person_quota_mb: int | None
    portfolio_quota_mb: int | None
    evidence_age_months: int | None
    feedback_sentences: str = ""  # one on each line
    second_step_roles: str = ""  # one of SECOND_STEP_CHOICES


def second_step_of(roles: Collection[str]) -> str:
    """Return the roles as a policy keeps them: in one order, with a space between."""
    return " ".join(role for role in SECOND_STEP_ROLES if role in roles)
