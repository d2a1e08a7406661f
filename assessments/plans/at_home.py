"""What first pages say of plans and reviews: what is planned next, what is to be answered, which reviews are due."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assessments.models import Sheet, SheetKind, SheetLine, UnitProgress
from assessments.plans.selectors import planned
from centres.models import Centre, Membership, Role, User
from portfolio.models import Allocation, Capacity, State
from portfolio.models.registration_standings import is_at_rest
from record.prepared import prepared

DUE_WITHIN = timedelta(days=14)  # how early a review is spoken of


@dataclass(frozen=True, kw_only=True)
class SheetsAtHome:
    """What a person finds in one centre, in all their roles."""

    to_answer: Sequence[Sheet] = ()  # of which they have said nothing yet, as a candidate
    planned: Sequence[SheetLine] = ()  # next, in each of their own portfolios
    due: Sequence[Sheet] = ()  # after which a review is due soon where they assess, the first on top


def sheets_at_home(user: User, held: Sequence[Membership]) -> dict[int, SheetsAtHome]:
    """Return it by centre: a query for a candidate and one for each centre of an assessor; two more if it is any.

    `held` are the person's roles now.
    """
    centres = {role: [one.centre for one in held if one.role == role] for role in (Role.CANDIDATE, Role.ASSESSOR)}
    found = _own(user.pk, [one.pk for one in centres[Role.CANDIDATE]]) if centres[Role.CANDIDATE] else []
    for centre in centres[Role.ASSESSOR]:
        found = found + _due(user.pk, centre.pk, centre.today + DUE_WITHIN, timezone.now())
    if not found:
        return {}
    sheets = Sheet.objects.filter(pk__in=found).select_related("author", "registration__candidate", "answer")
    in_order = sorted(sheets, key=lambda sheet: (sheet.next_review or date.max, sheet.pk))
    lines = _next(user, centres[Role.CANDIDATE])
    return {
        centre: SheetsAtHome(
            to_answer=[one for one in there if _is_own(one, user) and not hasattr(one, "answer")],
            planned=[line for line in lines if line.sheet.registration.centre_id == centre],
            due=[one for one in there if not _is_own(one, user)],
        )
        for centre in {sheet.registration.centre_id for sheet in in_order}
        if (there := [sheet for sheet in in_order if sheet.registration.centre_id == centre])
    }


def _is_own(sheet: Sheet, user: User) -> bool:
    return sheet.registration.candidate_id == user.pk


@prepared
def _own(candidate: int, centres: Collection[int]) -> QuerySet[Sheet, int]:
    """The sheets that hold: all plans, and the reviews to which nothing was said."""
    own = Sheet.objects.filter(registration__candidate=candidate, registration__centre__pk__in=centres)
    return own.filter(~is_at_rest(), Q(kind=SheetKind.PLAN) | Q(answer=None), replaced_by=None).values_list(
        "pk", flat=True
    )


@prepared
def _due(assessor: int, centre: int, until: date, now: datetime) -> QuerySet[Sheet, int]:
    """The last sheets that say when to meet again. Nothing is due where no unit is open to assessment."""
    later = Sheet.objects.filter(registration=OuterRef("registration"), pk__gt=OuterRef("pk"))
    later = later.filter(Q(kind=SheetKind.REVIEW) | Q(next_review__isnull=False))
    works = Allocation.objects.filter(candidate_unit__registration=OuterRef("registration"), user=assessor)
    works = works.filter(capacity=Capacity.ASSESSOR).in_force(centre, now)
    open_units = UnitProgress.objects.filter(
        registration=OuterRef("registration"), state__in=(State.COLLECTING, State.SUBMITTED)
    )
    soon = Sheet.objects.filter(registration__centre=centre, next_review__lte=until)
    return soon.filter(~Exists(later), ~is_at_rest(), Exists(works), Exists(open_units)).values_list("pk", flat=True)


def _next(candidate: User, centres: Sequence[Centre]) -> list[SheetLine]:
    lines = planned().filter(sheet__registration__candidate=candidate.pk, sheet__registration__centre__in=centres)
    first: dict[int, SheetLine] = {}
    for line in lines.select_related("sheet__registration", "action__owner"):
        first.setdefault(line.sheet.registration_id, line)
    return list(first.values())
