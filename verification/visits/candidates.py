"""The units of a centre, from which the sample of a visit is picked: searched, and read page by page.

A page begins behind the last unit of the page before, not at a number: so the last page of thousands costs what the
first does, and who is registered meanwhile pushes nothing aside.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from assessments.models import Turn, UnitProgress
from centres.models import Membership, Role
from portfolio.addresses import addresses
from portfolio.models import CandidateUnit, Registration, RegistrationParticulars, State
from standards.models import UnitRevision
from verification.models import Visit, VisitSample

UNITS_ON_A_PAGE = 30
WORDS_AT_MOST = 6
ORDER = ("registration__candidate__name", "registration", "pk")
FIELDS = (
    "pk", "registration", "candidate_unit__uuid", "registration__candidate__name", "registration__number",
    "registration__qualification__title", "candidate_unit__revision__unit__code", "candidate_unit__revision__title",
    "candidate_unit__revision__unit__framework__code", "state", "assessor__name", "verifier__name",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class UnitToPick:
    """A unit with whose it is, its stage, and who works on it; a name is empty if nobody does."""

    uuid: UUID
    candidate: str
    number: str
    place: str  # site and cohort, where they are known
    qualification: str
    name: str
    state: str
    assessor: str
    verifier: str
    is_sampled: bool
    is_proposed: bool
    url: str

    @property
    def stage(self) -> str:
        """The state in words."""
        return str(State(self.state).label)


@dataclass(frozen=True, kw_only=True)
class UnitsToPick:
    """A page of them; `after` is where the next begins, or None on the last."""

    units: tuple[UnitToPick, ...]
    after: UUID | None


def units_to_pick(visit: Visit, *, words: str, after: str) -> UnitsToPick:
    """Return the units that have all these words in them, behind the unit `after` (a uuid; any other: from the first).

    Four queries, however many candidates there are.
    """
    units = UnitProgress.objects.filter(centre=visit.centre_id).exclude(turn=Turn.ASIDE)
    for word in words.split()[:WORDS_AT_MOST]:
        units = units.filter(_has(word, visit.centre_id))
    # Which units are on the page is asked first and alone: all that is said of them is read of these few only.
    first = units.filter(_behind(after)).order_by(*ORDER).values("pk")[: UNITS_ON_A_PAGE + 1]
    rows = list(UnitProgress.objects.filter(pk__in=first).order_by(*ORDER).values_list(*FIELDS, named=True))
    on_page = rows[:UNITS_ON_A_PAGE]
    taken = VisitSample.objects.filter(visit=visit, candidate_unit__in=[row.pk for row in on_page])
    sampled = dict(taken.values_list("candidate_unit", "taken_at"))
    places = _places({row.registration for row in on_page})
    unit_at = addresses("assessments:unit", visit.centre.uuid, "unit")
    found = tuple(
        UnitToPick(
            uuid=row.candidate_unit__uuid,
            candidate=row.registration__candidate__name,
            number=row.registration__number,
            place=places.get(row.registration, ""),
            qualification=row.registration__qualification__title or "Single units",
            name=_named(row),
            state=row.state,
            assessor=row.assessor__name or "",
            verifier=row.verifier__name or "",
            is_sampled=sampled.get(row.pk) is not None,
            is_proposed=row.pk in sampled and sampled[row.pk] is None,
            url=unit_at(row.candidate_unit__uuid),
        )
        for row in on_page
    )
    return UnitsToPick(units=found, after=found[-1].uuid if len(rows) > len(on_page) else None)


@dataclass(frozen=True, kw_only=True)
class WithoutUnit:
    """Who is registered and has no unit yet, so that there is nothing of theirs to pick."""

    candidate: str
    number: str
    place: str
    qualification: str


def without_a_unit(visit: Visit, *, words: str) -> tuple[list[WithoutUnit], bool]:
    """Who has no unit, with all these words in what is known of them, and whether there are more; two queries."""
    units = CandidateUnit.objects.taken().filter(registration=OuterRef("pk"))
    found = Registration.objects.filter(~Exists(units), centre=visit.centre_id)
    for word in words.split()[:WORDS_AT_MOST]:
        found = found.filter(_is_of(word, visit.centre_id))
    fields = ("pk", "candidate__name", "number", "qualification__title")
    rows = list(found.order_by("candidate__name", "pk").values_list(*fields, named=True)[: UNITS_ON_A_PAGE + 1])
    on_page = rows[:UNITS_ON_A_PAGE]
    places = _places({row.pk for row in on_page})
    people = [
        WithoutUnit(
            candidate=row.candidate__name,
            number=row.number,
            place=places.get(row.pk, ""),
            qualification=row.qualification__title or "Single units",
        )
        for row in on_page
    ]
    return people, len(rows) > len(on_page)


def _named(row: Any) -> str:
    unit = "candidate_unit__revision__unit__"
    code, framework = getattr(row, f"{unit}code"), getattr(row, f"{unit}framework__code")
    return f"{code} {row.candidate_unit__revision__title} ({framework.upper()})"


def _places(registrations: Collection[int]) -> dict[int, str]:
    """Site and cohort of each of these registrations, where they are known; one query."""
    current = RegistrationParticulars.objects.current().filter(registration__in=registrations)
    return {of: ", ".join(filter(None, said)) for of, *said in current.values_list("registration", "site", "cohort")}


def _is_of(word: str, centre: int) -> Q:
    """Looked for in what is known of a registration."""
    said = Q(site__icontains=word) | Q(cohort__icontains=word)
    places = RegistrationParticulars.objects.current().filter(said, registration__centre=centre)
    return (
        Q(candidate__name__icontains=word)
        | Q(number__icontains=word)
        | Q(qualification__title__icontains=word)
        | Q(pk__in=places.values("registration"))
    )


def _has(word: str, centre: int) -> Q:
    """Looked for where each name stands once, and not in every unit: portfolios, wordings, people."""
    portfolios = Registration.objects.filter(_is_of(word, centre), centre=centre)
    wordings = UnitRevision.objects.filter(Q(unit__code__icontains=word) | Q(title__icontains=word))
    at_work = Membership.objects.filter(centre=centre, role__in=(Role.ASSESSOR, Role.INTERNAL_VERIFIER))
    people = at_work.filter(user__name__icontains=word).values("user")
    return (
        Q(registration__in=portfolios.values("pk"))
        | Q(candidate_unit__revision__in=wordings.values("pk"))
        | Q(assessor__in=people)
        | Q(verifier__in=people)
    )


def _behind(after: str) -> Q:
    """What comes behind a unit in the order of the list."""
    try:
        last = UnitProgress.objects.filter(candidate_unit__uuid=UUID(after)).values_list(*ORDER).first()
    except ValueError:
        last = None
    if last is None:
        return Q()
    name, registration, unit = last
    in_same = Q(registration__gt=registration) | Q(registration=registration, pk__gt=unit)
    return Q(registration__candidate__name__gt=name) | (Q(registration__candidate__name=name) & in_same)
