"""What allocating many units would change, before it is done. As many queries for ten units as for hundreds."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from centres.models import Centre, User
from centres.permissions import with_award
from portfolio.allocating.pending import by_unit, pending_of
from portfolio.case_loads import CaseLoad, case_loads, load_of
from portfolio.interests.rules import why_not_allocated
from portfolio.models import Allocation, CandidateUnit, Capacity, RegistrationStanding, UnitVersion
from portfolio.permissions import ROLE_OF
from portfolio.registrations.allocatable import KnownOfPerson, Work, given_up, known_of, why_not
from portfolio.registrations.confirming import in_a_sentence, unconfirmed_lead
from record.canonical import digest
from standards.in_words import counted

AT_ONCE = 600  # units that are allocated with one press
NAMED = 10  # at most so many units are named in a sentence
RELATED = ("registration__centre__chain", "registration__candidate", "registration__chain", "revision__unit__framework")


@dataclass(frozen=True, kw_only=True)
class AllocationsWanted:
    """What was chosen for many units: one person's work there, or whatever `instead_of` does in the same capacity."""

    person: User
    capacity: Capacity
    leads: bool = True
    until: datetime.datetime | None = None
    instead_of: User | None = None
    reason: str = ""

    def work_in(self, standing: Collection[Allocation]) -> Work | None:
        """What the person is to do in a unit with these allocations; None if nothing is there to be handed over."""
        own = next((one for one in standing if one.user_id == self.person.pk and one.capacity == self.capacity), None)
        leads, until = self.leads, self.until
        if self.instead_of is not None:
            of_who_leaves = (self.instead_of.pk, self.capacity)
            given = next((one for one in standing if (one.user_id, one.capacity) == of_who_leaves), None)
            if given is None or (given.until is not None and given.until <= timezone.now()):
                return None
            leads, until = given.leads, given.until
        if own and not leads:
            if own.leads:
                return Work(self.person, self.capacity)  # who leads does all of it
            if self.instead_of is not None:
                until = max(until, own.until) if until and own.until else None
        return Work(self.person, self.capacity, leads, until)


@dataclass(frozen=True, kw_only=True)
class AllocationRow:
    """One unit: what stands in it, what is wanted, what ends with that, and why it cannot be."""

    unit: CandidateUnit
    state: str
    standing: tuple[Allocation, ...]
    work: Work | None
    known: KnownOfPerson
    ends: tuple[Allocation, ...]
    refused: str

    @property
    def seen(self) -> str:
        """Tells what stands in the unit from all else that may stand there; the form sends it back."""
        return digest(" ".join(sorted(str(one.uuid) for one in self.standing)).encode())[:16]

    @property
    def is_so(self) -> bool:
        """Whether all is as it is wanted already."""
        return self.work is None or (not self.ends and any(self.work.is_done_by(one) for one in self.standing))

    @property
    def instead_of(self) -> list[Allocation]:
        """The allocations of others that end."""
        return [one for one in self.ends if self.work and one.user_id != self.work.user.pk]

    @property
    def afterwards(self) -> list[Allocation]:
        """Who would work on the unit in that capacity."""
        if self.work is None:
            return []
        now, work = timezone.now(), self.work
        stay = [
            one
            for one in self.standing
            if one.capacity == work.capacity and one not in self.ends and (one.until is None or one.until > now)
        ]
        return [*stay, Allocation(user=work.user, capacity=work.capacity, leads=work.leads)]

    @property
    def named(self) -> str:
        """The unit and the candidate, in a sentence."""
        return f"{self.unit.revision.unit.code} of {self.unit.registration.candidate}"


def rows_of(units: Sequence[CandidateUnit], wanted: AllocationsWanted) -> list[AllocationRow]:
    """Return what each of these units of one centre, read with RELATED, would become; eight queries at most."""
    versions = UnitVersion.objects.worked_on().filter(candidate_unit__in=units)
    states = dict(versions.values_list("candidate_unit", "state"))
    standing: dict[int, list[Allocation]] = defaultdict(list)
    by_pk = {unit.pk: unit for unit in units}
    current = Allocation.objects.current().filter(candidate_unit__in=units)
    for allocation in current.select_related("user").order_by("pk"):
        allocation.candidate_unit = by_pk[allocation.candidate_unit_id]
        standing[allocation.candidate_unit_id].append(allocation)
    known = known_of(wanted.person, wanted.capacity, units)
    rows = []
    for unit in units:
        there = standing[unit.pk]
        work = wanted.work_in(there)
        rows.append(
            AllocationRow(
                unit=unit,
                state=states.get(unit.pk, ""),
                standing=tuple(there),
                work=work,
                known=known[unit.pk],
                ends=tuple(given_up(work, there, wanted.instead_of)) if work else (),
                refused=why_not(unit, work, known[unit.pk], there, wanted.reason) if work else "",
            )
        )
    return rows


@dataclass(frozen=True, kw_only=True)
class Load:
    """The case load of one person in one capacity, before and after, in words."""

    person: User
    capacity: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class AllocationPreview:
    """What would be changed, what would not and why, and what it does to the case loads."""

    changed: list[tuple[AllocationRow, str]]  # each with what is pending of whoever gives it up
    refused: list[AllocationRow]
    so_already: int
    loads: list[Load]
    nobody_confirms: list[str]  # where the lead that it leaves holds no award, in sentences
    wants_reason: bool  # whether some are refused only for want of a reason

    @property
    def seen(self) -> str:
        """What the form sends back: each unit that would be changed, with what stood in it."""
        return " ".join(f"{row.unit.uuid}:{row.seen}" for row, _ in self.changed)


def preview(centre: Centre, units: Iterable[CandidateUnit], wanted: AllocationsWanted) -> AllocationPreview:
    """Return what it would change. The number of queries does not depend on the number of units."""
    rows = rows_of(list(units), wanted)
    changed = [row for row in rows if not row.is_so and not row.refused]
    people = {one.user_id for row in changed for one in row.instead_of}
    pending = by_unit(pending_of(centre, people, [row.unit.pk for row in changed]))
    told = [
        ", ".join(filter(None, (pending.get((row.unit.pk, one.user_id, one.capacity)) for one in row.instead_of)))
        for row in changed
    ]
    refused = [row for row in rows if row.refused]
    return AllocationPreview(
        changed=list(zip(changed, told, strict=True)),
        refused=refused,
        so_already=sum(row.is_so and not row.refused for row in rows),
        loads=_loads(centre, changed, wanted),
        nobody_confirms=_nobody_confirms(centre, changed, wanted.capacity),
        wants_reason=any(_only_wants_a_reason(row, wanted) for row in refused),
    )


def _nobody_confirms(centre: Centre, changed: Collection[AllocationRow], capacity: Capacity) -> list[str]:
    """Say of each lead that nobody could confirm what they sign in some of these units; one query."""
    qualified = list(with_award(centre, ROLE_OF[capacity]))
    found: dict[User, list[AllocationRow]] = defaultdict(list)
    for row in changed:
        if lead := unconfirmed_lead(row.afterwards, qualified):
            found[lead].append(row)
    said = []
    for lead, rows in found.items():
        elsewhere = {row.unit.registration.candidate_id for row in rows}
        named = ", ".join(row.named for row in rows[:NAMED])
        if len(rows) > NAMED:
            named += f" and {counted(len(rows) - NAMED, 'more unit')}"
        said.append(in_a_sentence(centre, capacity, lead, where=named, qualified=qualified, elsewhere=elsewhere))
    return said


def _only_wants_a_reason(row: AllocationRow, wanted: AllocationsWanted) -> bool:
    called = row.unit.registration.centre.words
    asked = (row.known.interest, wanted.person, wanted.capacity, called)
    return bool(why_not_allocated(*asked, "") and not why_not_allocated(*asked, "given"))


def _loads(centre: Centre, changed: Collection[AllocationRow], wanted: AllocationsWanted) -> list[Load]:
    """The loads of all whom it changes, and of the person in any case; two queries. What rests counts for nobody."""
    before = case_loads(centre)
    now = timezone.now()
    after = defaultdict(CaseLoad, before)
    people: dict[tuple[int, str], User] = {(wanted.person.pk, wanted.capacity): wanted.person}
    portfolios = {row.unit.registration_id for row in changed}
    resting = set(
        RegistrationStanding.objects.at_rest()
        .filter(registration__in=portfolios)
        .values_list("registration", flat=True)
    )
    for row in changed:
        for one in row.ends:
            people[one.user_id, one.capacity] = one.user
            if (one.user_id, one.capacity) in before and (one.until is None or one.until > now):
                if row.unit.registration_id in resting:
                    continue
                after[one.user_id, one.capacity] -= load_of(row.state, one.capacity, one.leads)
        is_counted = row.unit.registration_id not in resting
        if is_counted and row.work and not any(row.work.is_done_by(one) for one in row.standing):
            after[wanted.person.pk, wanted.capacity] += load_of(row.state, row.work.capacity, row.work.leads)
    return [
        Load(
            person=person,
            capacity=capacity,
            before=before.get((pk, capacity), CaseLoad()).in_words(capacity),
            after=after[pk, capacity].in_words(capacity),
        )
        for (pk, capacity), person in people.items()
    ]
