"""What tests of notices ask: what somebody was told, and what the worker does with it."""

from centres.models import User
from notices.models import Notice
from notices.services import letter_work, letters_ask, letters_make
from portfolio.models import WorkLane
from portfolio.services.waiting_work import work_take


def told(person: User) -> list[str]:
    """The kinds of notices to a person, the oldest first."""
    return [*Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True)]


def deliver() -> None:
    """Do what the worker does: make letters, and send those whose turn it is."""
    letters_make()
    letters_ask()
    while (work := work_take(WorkLane.SLOW)) is not None:
        letter_work(work)
