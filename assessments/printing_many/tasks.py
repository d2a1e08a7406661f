"""All that is printed as waiting work: a draft that somebody asked for, a form of a job, and packing a job."""

import traceback
from uuid import UUID

from django.db import InterfaceError, OperationalError

from assessments.printing_many.services import pack_give_up, pack_work, part_give_up, part_work
from assessments.recording_form.drafts import draft_work
from portfolio.models import WaitingWork
from portfolio.services.waiting_work import work_end


class NotPrinted(Exception):
    """Something could not be printed; the message says where it went wrong, and quotes nothing of the record."""


def print_work(work: WaitingWork) -> None:
    """Print what this work names. Raises NotPrinted for what is tried again in a few minutes."""
    try:
        _print(work)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise NotPrinted(f"{type(error).__name__} in {place.filename}, line {place.lineno}") from None
    work_end(work)


def _print(work: WaitingWork) -> None:
    what, _, named = work.what.partition(" ")
    match what:
        case "draft":
            draft_work(UUID(named))
        case "part":
            part_work(work, int(named))
        case "pack":
            pack_work(work, UUID(named))


def printing_give_up(work: WaitingWork) -> None:
    """Say where it is waited for that it cannot be printed. A draft is asked for again by whoever looks."""
    what, _, named = work.what.partition(" ")
    match what:
        case "part":
            part_give_up(int(named))
        case "pack":
            pack_give_up(UUID(named))
