"""The units of a centre, from which the sample of a visit is picked: searched, and read page by page.

A page begins behind the last unit of the page before, not at a number: so the last page of thousands costs what the
first does, and who is registered meanwhile pushes nothing aside.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from assessments.models import Turn, UnitProgress
from centres.models import Membership, Role
from portfolio.addresses import addresses
from portfolio.models import Registration, RegistrationParticulars, State
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
    rows = list(UnitProgress.objects.filter(pk__in=first).order_by(*ORDER).values_list(*FIELDS))
    on_page = rows[:UNITS_ON_A_PAGE]
    sampled = dict(
        VisitSample.objects.filter(visit=visit, candidate_unit__in=[row[0] for row in on_page]).values_list(
            "candidate_unit", "taken_at"
        )
    )
    current = RegistrationParticulars.objects.current().filter(registration__in={row[1] for row in on_page})
    places = {of: ", ".join(filter(None, said)) for of, *said in current.values_list("registration", "site", "cohort")}
    unit_at = addresses("assessments:unit", visit.centre.uuid, "unit")
    found = tuple(
        UnitToPick(
            uuid=unit,
            candidate=candidate,
            number=number,
            place=places.get(registration, ""),
            qualification=qualification or "Single units",
            name=f"{code} {title} ({framework.upper()})",
            state=state,
            assessor=assessor or "",
            verifier=verifier or "",
            is_sampled=sampled.get(pk) is not None,
            is_proposed=pk in sampled and sampled[pk] is None,
            url=unit_at(unit),
        )
        for (
            pk,
            registration,
            unit,
            candidate,
            number,
            qualification,
            code,
            title,
            framework,
            state,
            assessor,
            verifier,
        ) in on_page
    )
    return UnitsToPick(units=found, after=found[-1].uuid if len(rows) > len(on_page) else None)


def _has(word: str, centre: int) -> Q:
    """Looked for where each name stands once, and not in every unit: portfolios, wordings, people."""
    portfolios = Registration.objects.filter(
        Q(candidate__name__icontains=word) | Q(number__icontains=word) | Q(qualification__title__icontains=word),
        centre=centre,
    )
    said = Q(site__icontains=word) | Q(cohort__icontains=word)
    places = RegistrationParticulars.objects.current().filter(said, registration__centre=centre)
    wordings = UnitRevision.objects.filter(Q(unit__code__icontains=word) | Q(title__icontains=word))
    at_work = Membership.objects.filter(centre=centre, role__in=(Role.ASSESSOR, Role.INTERNAL_VERIFIER))
    people = at_work.filter(user__name__icontains=word).values("user")
    return (
        Q(registration__in=portfolios.values("pk"))
        | Q(registration__in=places.values("registration"))
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
