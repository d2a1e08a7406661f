"""A cohort whose forms are printed, and whoever does the waiting work."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.test import TestCase

from assessments.models import Packing, PrintJob
from assessments.printing_many.services import print_job_ask, print_job_cancel
from assessments.printing_many.tasks import print_work
from centres.models import Centre, Role, User
from portfolio.models import CandidateUnit, WorkLane
from portfolio.registrations.services import registration_create
from portfolio.services.waiting_work import work_put_off, work_take
from standards.models import UnitRevision
from tests.cast import join


def cohort(centre: Centre, coordinator: User, revision: UnitRevision, *names: str) -> list[CandidateUnit]:
    """Register people of these names on a unit."""
    units = []
    for name in names:
        person = join(centre, coordinator, name, f"{name.lower()}@harbour.example", Role.CANDIDATE)
        registered = registration_create(
            centre=centre, actor=coordinator, candidate=person, number="", revisions=[revision]
        )
        units.append(registered.candidate_units.get())
    return units


def ask(actor: User, units: Sequence[CandidateUnit], **said: Any) -> PrintJob:
    """Have the forms of these units printed."""
    centre = units[0].registration.centre
    asked: dict[str, Any] = {"key": uuid.uuid4(), "is_blank": False, "packing": Packing.PDF} | said
    return print_job_ask(centre=centre, actor=actor, units=units, **asked)


def do_all() -> int:
    """Do all work that is ready, as a taker of the worker does; return how many pieces that was."""
    done = 0
    while work := work_take(WorkLane.QUICK, WorkLane.SLOW):
        with TestCase.captureOnCommitCallbacks(execute=True):
            try:
                print_work(work)
            except Exception:
                work_put_off(work)
        done += 1
    return done


def cancel(**said: Any) -> bool:
    """Cancel a job, as a request that is committed."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return print_job_cancel(**said)
