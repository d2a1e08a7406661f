"""The demo's question bank: what the centre asks about B10, beside what the unit wants to be known."""

from assessments.questions.services import question_add
from centres.models import Centre, User
from standards.models import UnitRevision

QUESTIONS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("Two people are off sick on your busiest day. What do you do first, and whom do you tell?", (1, 2)),
    ("A customer gives you feedback that you think is unfair. What happens to it?", (5,)),
    ("What would you do better if you had this month again?", ()),
)


def questions_tell(centre: Centre, assessor: User, revision: UnitRevision) -> None:
    """Let the assessor add them."""
    for words, knowledge in QUESTIONS:
        question_add(centre=centre, actor=assessor, revision=revision, words=words, knowledge=knowledge)
