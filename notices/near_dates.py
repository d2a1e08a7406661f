"""Tells of dates that come near: of actions, sampling and registrations, and of what is on record of staff.

The worker asks daily. Each date is told once to whom it concerns; a day that is over is on the pages, and no news.
"""

import datetime
from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from assessments.models import Action, ActionState
from centres.models import Centre, Membership, Role
from centres.staff.due import TOLD_BEFORE, due_at
from centres.staff.models import day_in_words
from notices.models import Notice, NoticeKind
from notices.services import Told, notices_write
from notices.telling import about_action, about_case, about_sample, about_staff, about_target
from portfolio.models import Allocation, CandidateUnit, Capacity, Registration, RegistrationParticulars
from portfolio.models.registration_standings import is_at_rest
from portfolio.registrations.targets import unfinished_with_target
from verification.cases.permissions import who_oversees, why_not_handle
from verification.cases.selectors import case_record
from verification.models import Case, PlannedSample

DUE_WITHIN = datetime.timedelta(days=3)  # of actions and sampling; of staff it is TOLD_BEFORE
TARGET_WITHIN = (30, 90)  # days before the target date of a registration


def due_tell(today: datetime.date | None = None) -> int:
    """Tell the owners of actions what is due within three days; return how many were told."""
    today = today or timezone.localdate()
    open_actions = Action.objects.falling_due().in_state(ActionState.OPEN).with_owner_in_office()
    due = open_actions.filter(due__range=(today, today + DUE_WITHIN)).select_related(
        "centre", "owner", "registration__centre", "candidate_unit__revision__unit"
    )
    return _tell_new((Told(NoticeKind.DUE, action.owner, None, about_action(action)) for action in due), DUE_WITHIN)


def samples_due_tell(today: datetime.date | None = None) -> int:
    """Tell verifiers which of their units wait for a sampling that is planned within three days; return how many."""
    today = today or timezone.localdate()
    units = (planned.unit_version.candidate_unit for planned in _samples_due(today))
    told = (
        Told(NoticeKind.SAMPLE_DUE, verifier, None, about_sample(unit))
        for unit in units
        if (verifier := unit.progress.verifier)
    )
    return _tell_new(told, DUE_WITHIN)


def cases_due_tell(today: datetime.date | None = None) -> int:
    """Tell who handles a case, or who sees to it, or who raised it, of a next step within three days; return how many.

    There are few of them at a time, so each is asked for by itself.
    """
    today = today or timezone.localdate()
    due = Case.objects.open().filter(due__range=(today, today + DUE_WITHIN))
    told = []
    for case in due.select_related(
        "centre", "registration__candidate", "candidate_unit", "about", "raised_by", "handler"
    ):
        record = case_record(case)
        if record.waits_for_who_raised:
            people = [case.registration.candidate if case.registration else case.raised_by]
        elif case.handler and not why_not_handle(case.handler, case, record.stands):
            people = [case.handler]
        else:
            people = who_oversees(case)
        told += [Told(NoticeKind.CASE_DUE, person, None, about_case(case)) for person in people]
    return _tell_new(told, DUE_WITHIN)


def _samples_due(today: datetime.date) -> QuerySet[PlannedSample]:
    """Those whose verifier is still allocated to the unit."""
    unit = "unit_version__candidate_unit"
    works = Allocation.objects.filter(
        candidate_unit=OuterRef(unit), user=OuterRef(f"{unit}__progress__verifier"), capacity=Capacity.INTERNAL_VERIFIER
    )
    due = PlannedSample.objects.open().filter(
        Exists(works.in_force(F("candidate_unit__registration__centre"))),
        ~is_at_rest(f"{unit}__registration"),
        due__range=(today, today + DUE_WITHIN),
        unit_version__closed_at=None,
        unit_version__candidate_unit__set_aside_at=None,
    )
    return due.select_related(f"{unit}__progress__verifier", f"{unit}__registration__centre", f"{unit}__revision__unit")


def targets_tell() -> int:
    """Tell candidates and their assessors 90 and 30 days before the target date of a registration that is unfinished.

    Return how many were told. However many registrations there are, it takes seven queries.
    """
    told = []
    for one in _with_a_target_near():
        target = one.particulars.all()[0].target_on
        left = (target - one.centre.today).days
        within = next(days for days in TARGET_WITHIN if left <= days)
        when = f"within {within} days, on {day_in_words(target)}, for"
        told.append(Told(NoticeKind.TARGET, one.candidate, None, about_target(one, f"{when} your portfolio")))
        assessors = {work.user for unit in one.candidate_units.all() for work in unit.allocations.all()}
        about = about_target(one, f"{when} the portfolio")
        told += [Told(NoticeKind.TARGET, person, None, about) for person in sorted(assessors, key=lambda user: user.pk)]
    return _tell_new(told, datetime.timedelta(days=max(TARGET_WITHIN)))


def _with_a_target_near() -> list[Registration]:
    """Each with the particulars that count, and its units with the allocations of those who assess them."""
    near = Q(pk=None)
    for centre in Centre.objects.all():  # each has a day of its own
        last = centre.today + datetime.timedelta(days=max(TARGET_WITHIN))
        near |= Q(centre=centre) & unfinished_with_target(centre.today, last)
    works = Allocation.objects.in_force(F("candidate_unit__registration__centre")).filter(capacity=Capacity.ASSESSOR)
    units = CandidateUnit.objects.taken().prefetch_related(Prefetch("allocations", works.select_related("user")))
    return list(
        Registration.objects.filter(near)
        .select_related("candidate", "centre")
        .prefetch_related(
            Prefetch("particulars", RegistrationParticulars.objects.current()),
            Prefetch("candidate_units", units),
        )
        .order_by("pk")
    )


def staff_due_tell() -> int:
    """Tell staff of their target dates, ends and missing development within 90 days, and coordinators that there are.

    Return how many were told. However many staff there are, it takes five queries.
    """
    centres = list(Centre.objects.order_by("pk"))
    due = [
        (centre, one)
        for centre, all_of_it in zip(centres, due_at(centres).values(), strict=True)
        for one in all_of_it
        if one.to_them and one.day and one.day >= centre.today
    ]
    told = [
        Told(NoticeKind.STAFF_DUE, one.user, None, about_staff(centre, one.to_them, one.user)) for centre, one in due
    ]
    new = _new_of(told, TOLD_BEFORE)
    number: dict[int, int] = {}
    for one in new:
        number[one.about.centre.pk] = number.get(one.about.centre.pk, 0) + 1
    coordinators = Membership.objects.current().filter(role=Role.COORDINATOR, centre__in=number)
    for held in coordinators.select_related("user", "centre").order_by("pk"):
        words = f"Of staff, {number[held.centre_id]} more to see to within {TOLD_BEFORE.days} days"
        new.append(Told(NoticeKind.STAFF_DUE, held.user, None, about_staff(held.centre, words)))
    notices_write(new)
    return len(new)


def _tell_new(told: Iterable[Told], within: datetime.timedelta) -> int:
    new = _new_of(told, within)
    notices_write(new)
    return len(new)


def _new_of(told: Iterable[Told], within: datetime.timedelta) -> list[Told]:
    """Leave out what the person was told since the date came near."""
    found = {(one.kind, one.person.pk, one.about.path, one.about.words): one for one in told}
    since = timezone.now() - within - datetime.timedelta(days=1)
    kinds = {one.kind for one in found.values()}
    before = Notice.objects.filter(kind__in=kinds, made_at__gt=since)
    known = set(before.values_list("kind", "person", "path", "about"))
    return [one for key, one in found.items() if key not in known]
