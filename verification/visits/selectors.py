"""What the pages of visits show."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from assessments.models import Action
from assessments.standing.action_record import ActionRecord, due_first, records_of_all
from centres.models import Centre, Membership, User
from portfolio.addresses import addresses
from portfolio.models import State
from verification.days import in_words
from verification.models import Visit, VisitAction, VisitMark, VisitReport

# --- Lists of visits --------------------------------------------------------------------------------


def visits_at(centre: Centre) -> QuerySet[Visit]:
    """The visits of a centre, the latest first, each with how many units are `sampled` and `looked_at`."""
    taken = Q(samples__taken_at__isnull=False)
    marked = Q(Exists(VisitMark.objects.filter(sample=OuterRef("samples"))))
    visits = Visit.objects.filter(centre=centre).select_related("centre", "verifier").order_by("-begins_at", "-pk")
    return visits.annotate(
        sampled=Count("samples", filter=taken, distinct=True), looked_at=Count("samples", filter=marked, distinct=True)
    )


def next_visits(verifier: User, centres: Collection[int]) -> dict[int, Visit]:
    """The visit of an external verifier that is open or comes next in each of these centres, by its primary key."""
    to_come = Visit.objects.filter(verifier=verifier, centre__in=centres, ended_at=None, until__gt=timezone.now())
    found: dict[int, Visit] = {}
    for visit in to_come.select_related("centre").order_by("begins_at", "pk"):
        found.setdefault(visit.centre_id, visit)
    return found


def why_nothing_is_open(held: Membership) -> str:
    """Tell an external verifier of a centre that their visit has ended, or when it begins; empty while one is open."""
    visits = Visit.objects.filter(verifier=held.user_id, centre=held.centre_id).select_related("centre")
    if visits.open_now().exists():
        return ""
    held_once = [visit for visit in visits if visit.is_over and visit.ends_at > visit.begins_at]
    ended = max(held_once, key=lambda visit: visit.ends_at, default=None)
    coming = min((visit for visit in visits if not visit.is_over), key=lambda visit: visit.begins_at, default=None)
    said = f"Your visit ended on {in_words(ended.last_day)}. " if ended else ""
    if coming:
        first = in_words(timezone.localtime(coming.begins_at, coming.zone).date())
        said += f"Your next visit begins on {first}." if ended else f"Your visit begins on {first}."
    return said.strip()


# --- One visit --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SampledUnit:
    """A unit of the sample: whose it is, its stage, who works on it, and the marks on it."""

    uuid: UUID  # of the unit
    is_taken: bool
    candidate: str
    number: str
    name: str
    state: str
    assessor: str
    verifier: str
    marks: tuple[VisitMark, ...]
    url: str
    form_url: str

    @property
    def stage(self) -> str:
        """The state in words."""
        return str(State(self.state).label)


@dataclass(frozen=True, kw_only=True)
class WholeVisit:
    """A visit with all that its page and its print show."""

    visit: Visit
    sample: tuple[SampledUnit, ...]
    proposed: tuple[SampledUnit, ...]
    reports: Sequence[VisitReport]
    asked: Sequence[ActionRecord]  # what the report asks for
    actions: Sequence[VisitAction]  # the same of reports of before that was an action like any other
    today: datetime.date

    @property
    def looked_at(self) -> int:
        """How many units of the sample have a mark."""
        return sum(bool(unit.marks) for unit in self.sample)


def whole_visit(visit: Visit) -> WholeVisit:
    """Return a visit, its sample by candidate and unit; five queries."""
    marks = VisitMark.objects.select_related("person").order_by("made_at", "pk")
    samples = visit.samples.select_related(
        "candidate_unit__registration__candidate", "candidate_unit__revision__unit__framework",
        "candidate_unit__progress__assessor", "candidate_unit__progress__verifier", "added_by",
    ).prefetch_related(Prefetch("marks", queryset=marks)).order_by(
        "candidate_unit__registration__candidate__name", "candidate_unit__registration", "candidate_unit"
    )  # fmt: skip
    unit_at = addresses("assessments:unit", visit.centre.uuid, "unit")
    form_at = addresses("assessments:form", visit.centre.uuid, "unit")
    found = [
        SampledUnit(
            uuid=unit.uuid,
            is_taken=sample.taken_at is not None,
            candidate=unit.registration.candidate.name,
            number=unit.registration.number,
            name=f"{unit.revision.unit.code} {unit.revision.title} ({unit.revision.unit.framework.code.upper()})",
            state=unit.progress.state,
            assessor=str(unit.progress.assessor or ""),
            verifier=str(unit.progress.verifier or ""),
            marks=tuple(sample.marks.all()),
            url=unit_at(unit.uuid),
            form_url=form_at(unit.uuid),
        )
        for sample in samples
        for unit in [sample.candidate_unit]
    ]
    return WholeVisit(
        visit=visit,
        sample=tuple(unit for unit in found if unit.is_taken),
        proposed=tuple(unit for unit in found if not unit.is_taken),
        reports=list(visit.reports.select_related("stored_file", "added_by").order_by("added_at", "pk")),
        asked=due_first(records_of_all(Action.objects.filter(visit_ask__visit=visit))),
        actions=list(visit.actions.select_related("added_by", "done_by").order_by("due", "pk")),
        today=timezone.localdate(timezone=ZoneInfo(visit.centre.time_zone)),
    )
