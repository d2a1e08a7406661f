"""Whose forms somebody may print at once, which of them are chosen, and how far a job is."""

import math
from dataclasses import dataclass

import django_filters
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from assessments.models import JobState, PartState, PrintJob, PrintPart
from centres.models import Centre, Role, User
from centres.permissions import coordinates, roles_in
from portfolio.models import Allocation, CandidateUnit, Registration, UnitVersion
from portfolio.registrations.candidate_list import CandidatesFilter
from standards.content import code_order

PRINTS_MANY = {Role.COORDINATOR, Role.ASSESSOR, Role.INTERNAL_VERIFIER}


def may_print_many(user: User, centre: Centre) -> bool:
    """Coordinators print the forms of everybody; who assesses or verifies, of the units allocated to them."""
    return not PRINTS_MANY.isdisjoint(roles_in(user, centre))


def printable_units(user: User, centre: Centre) -> QuerySet[CandidateUnit]:
    """The units whose forms the person may print many at once: `may_print_many` says which."""
    taken = CandidateUnit.objects.taken().filter(registration__centre=centre)
    if coordinates(roles_in(user, centre)):
        return taken
    theirs = Allocation.objects.in_force(centre.pk).filter(candidate_unit=OuterRef("pk"), user=user)
    return taken.filter(Exists(theirs))


class FormsFilter(CandidatesFilter):
    """As in the list of candidates, and by unit. State and assessor choose the units too, not only the candidates."""

    unit = django_filters.ChoiceFilter(method="with_unit", label="Unit", empty_label="All units")

    def __init__(self, *args: object, centre: Centre, units: QuerySet[CandidateUnit], **kwargs: object) -> None:
        """`units` are those that can be printed at all."""
        registered = Registration.objects.filter(Exists(units.filter(registration=OuterRef("pk"))))
        super().__init__(*args, centre=centre, queryset=registered, **kwargs)
        self.printable = units
        named = units.values_list("revision__unit__code", "revision__title", "revision__unit__framework__code")
        titles = {
            f"{framework}:{code}": f"{code} {title} ({framework.upper()})"
            for code, title, framework in named.distinct().order_by("revision__number")
        }
        self.filters["unit"].extra["choices"] = sorted(titles.items(), key=lambda one: code_order(one[1]))

    def with_unit(self, found: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        """Who works on it, whatever its wording."""
        return found.filter(Exists(_of_unit(self.printable, value).filter(registration=OuterRef("pk"))))

    @property
    def chosen(self) -> QuerySet[CandidateUnit]:
        """The units whose forms these are."""
        found = self.printable.filter(registration__in=self.qs)
        if not self.form.is_valid():
            return found.none()
        said = self.form.cleaned_data
        if said["unit"]:
            found = _of_unit(found, said["unit"])
        if said["state"]:
            standing = UnitVersion.objects.worked_on().filter(candidate_unit=OuterRef("pk"), state=said["state"])
            found = found.filter(Exists(standing))
        if said["assessor"]:
            found = found.filter(self.is_assessed_by(said["assessor"], unit=OuterRef("pk")))
        return found


def _of_unit(units: QuerySet[CandidateUnit], named: str) -> QuerySet[CandidateUnit]:
    framework, _, code = named.partition(":")
    return units.filter(revision__unit__framework__code=framework, revision__unit__code=code)


def whose_forms(units: QuerySet[CandidateUnit], *, at_most: int) -> list[tuple[Registration, int]]:
    """Whose forms these are, by name, so many portfolios at most, and how many each has."""
    counts = units.values("registration").order_by("registration__candidate__name", "registration")
    numbers = dict(counts.annotate(forms=Count("pk")).values_list("registration", "forms")[:at_most])
    rows = Registration.objects.select_related("candidate").in_bulk(list(numbers))
    return [(rows[pk], forms) for pk, forms in numbers.items()]


def of_each_wording(units: QuerySet[CandidateUnit]) -> QuerySet[CandidateUnit]:
    """One of the units for each wording of a unit: what blank forms are printed of."""
    return units.filter(pk__in=units.order_by().values("revision").annotate(first=Min("pk")).values("first"))


def in_order(units: QuerySet[CandidateUnit]) -> list[CandidateUnit]:
    """The units by the name of the candidate, the portfolio, and the code: as their forms are bound."""
    rows = units.select_related("registration__candidate", "revision__unit__framework").order_by(
        "registration__candidate__name", "registration", "pk"
    )
    return sorted(
        rows,
        key=lambda one: (
            one.registration.candidate.name,
            one.registration_id,
            code_order(one.revision.unit.code),
        ),
    )


@dataclass(frozen=True, kw_only=True)
class PrintProgress:
    """How far a job is."""

    done: int
    failed: int
    total: int
    seconds_left: int | None  # None where nobody knows yet

    @property
    def looked_at(self) -> int:
        """How many forms are either printed or cannot be."""
        return self.done + self.failed

    @property
    def time_left(self) -> str:
        """The time left in words; empty where nobody knows."""
        if self.seconds_left is None:
            return ""
        if self.seconds_left < 60:
            return "less than a minute"
        minutes = math.ceil(self.seconds_left / 60)
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"


def progress_of(job: PrintJob) -> PrintProgress:
    """Return how far the job is. The time left is what its forms took on average so far, for all that wait."""
    counts = job.parts.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=PartState.DONE)),
        failed=Count("pk", filter=Q(state=PartState.FAILED)),
    )
    looked_at = counts["done"] + counts["failed"]
    left = None
    if job.state == JobState.PRINTING and job.began_at and looked_at:
        took = (timezone.now() - job.began_at).total_seconds()
        left = round(took / looked_at * (counts["total"] - looked_at))
    return PrintProgress(**counts, seconds_left=left)


def called(part: PrintPart) -> str:
    """What a form is called in bookmarks and lists."""
    if part.unit:
        return f"{part.unit.revision.unit.code} {part.unit.revision.title}"
    assert part.revision  # noqa: S101 - the database keeps it so
    return f"{part.revision.unit.code} {part.revision.title}, blank"


def candidate_of(part: PrintPart) -> str:
    """Whose form it is; empty for a blank one."""
    return str(part.unit.registration.candidate) if part.unit else ""


def parts_named(job: PrintJob) -> QuerySet[PrintPart]:
    """The parts of a job with all that names them."""
    return job.parts.select_related("unit__registration__candidate", "unit__revision__unit", "revision__unit").order_by(
        "number"
    )


def may_read(user: User, job: PrintJob) -> bool:
    """Whether all the forms in the file are still open to the person: they may have lost some meanwhile."""
    printed = job.parts.filter(state=PartState.DONE, unit__isnull=False)
    return not printed.exclude(unit__in=printable_units(user, job.centre)).exists()
