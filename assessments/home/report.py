"""How a centre stands, in numbers of candidates: who is open, stuck and where, past their target date, or quiet.

The worker makes the numbers every quarter of an hour and keeps one row a day, for two years. Each number opens into
the list of exactly those candidates, by the same rule (`candidates_that`).
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from assessments.home.listed_units import Counts, ToCount, Units, counted
from assessments.home.stuck import REASONS, HeldUp
from assessments.models import NOBODYS, CentreDay, Turn, UnitProgress
from centres.models import Centre
from centres.words import Words
from portfolio.registrations.candidate_list import filter_candidates_by
from portfolio.registrations.targets import past_target

EVERY = datetime.timedelta(minutes=15)
KEPT_FOR = datetime.timedelta(days=731)
QUIET_AFTER = datetime.timedelta(weeks=4)
OPEN, STUCK, PAST_TARGET, QUIET = "open", "stuck", "past", "quiet"
# Each number with its words, for `Words.say`: the four of which the days are drawn, then where people are stuck.
IN_ALL = {
    OPEN: "{Candidates} at work",
    STUCK: "Stuck",
    PAST_TARGET: "Past their target date",
    QUIET: "Quiet for four weeks",
}
WORDS = IN_ALL | {turn.value: words for turn, words in REASONS.items()}


@dataclass(frozen=True, kw_only=True)
class Number:
    """How many candidates something is true of, in words, and the list of them."""

    name: str
    words: str
    number: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """The numbers of a centre as they were at a time, and those of the days before, the oldest first."""

    centre: Centre
    made_at: datetime.datetime
    numbers: Mapping[str, int]
    days: Sequence[CentreDay] = ()

    @property
    def in_all(self) -> list[Number]:
        """The four numbers that are drawn over time."""
        return [_number(self, name) for name in IN_ALL]

    @property
    def where(self) -> list[Number]:
        """Where candidates are stuck; one may be in several of these."""
        return [_number(self, turn.value) for turn in REASONS]


def units_that(centre: Centre, now: datetime.datetime, held_up: HeldUp | None = None) -> dict[str, Units]:
    """By the name of each number, the units by which it is true of their candidates; `held_up` of the centre at `now`.

    A query or two where it is not given.
    """
    held_up = held_up or HeldUp([centre], now)
    worked_on = UnitProgress.objects.filter(centre=centre).exclude(turn__in=NOBODYS)
    unfinished = worked_on.exclude(turn=Turn.DONE)
    moved = UnitProgress.objects.filter(centre=centre, happened_at__gte=now - QUIET_AFTER)
    return {
        OPEN: unfinished,
        STUCK: held_up.held_up(centre.pk),
        PAST_TARGET: worked_on.filter(registration__in=past_target([centre]).values("pk")),
        QUIET: unfinished.exclude(registration__in=moved.values("registration")),
        **{turn.value: held_up.held_up_by(centre.pk, turn) for turn in REASONS},
    }


def candidates_that(name: str, centre: Centre) -> Q:
    """What is true now of the registrations that a number counts."""
    return Q(pk__in=units_that(centre, timezone.now())[name].order_by().values("registration"))


def to_count(centre: Centre, now: datetime.datetime, held_up: HeldUp | None = None) -> dict[str, ToCount]:
    """What must be counted for the numbers of a centre."""
    number = Count("registration", distinct=True)
    units = units_that(centre, now, held_up)
    return {_counted_as(centre, name): ToCount(of_it, number=number) for name, of_it in units.items()}


def report_now(centre: Centre, counts: Counts, now: datetime.datetime) -> Report:
    """The numbers of a centre as they were just counted."""
    return Report(
        centre=centre, made_at=now, numbers={name: counts[_counted_as(centre, name)][centre.pk] for name in WORDS}
    )


def reports_kept(centres: Sequence[Centre], *, since: datetime.timedelta) -> dict[int, Report]:
    """The last numbers of these centres that were kept, by its primary key, with the days before; one query.

    A centre of which none were made for so long is left out: its page counts them itself.
    """
    first = timezone.now().date() - since
    rows: dict[int, list[CentreDay]] = {}
    for row in CentreDay.objects.filter(centre__in=centres, day__gte=first).order_by("centre", "day"):
        rows.setdefault(row.centre_id, []).append(row)
    return {
        centre.pk: Report(centre=centre, made_at=days[-1].made_at, numbers=days[-1].numbers, days=days)
        for centre in centres
        if (days := rows.get(centre.pk))
    }


def reports_make(now: datetime.datetime | None = None) -> int:
    """Make the numbers of each centre that has none of this quarter of an hour; return of how many.

    A few queries for each centre, however many candidates it has. Two workers make nothing twice.
    """
    now = now or timezone.now()
    begun = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    made = CentreDay.objects.filter(made_at__gte=begun).values("centre")
    centres = Centre.objects.exclude(pk__in=made).order_by("pk")
    for centre in centres:
        report = report_now(centre, counted(to_count(centre, now)), now)
        row = CentreDay(centre=centre, day=centre.today, made_at=now, numbers=dict(report.numbers))
        CentreDay.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["centre", "day"], update_fields=["made_at", "numbers"]
        )
    return len(centres)


def sweep_reports() -> int:
    """Forget days that are older than two years; return how many."""
    return CentreDay.objects.filter(day__lt=timezone.now().date() - KEPT_FOR).delete()[0]


def begin() -> None:
    """Let the list of candidates show those of each number."""
    for name, words in WORDS.items():
        if name != PAST_TARGET:  # which it knows by itself
            filter_candidates_by(name, words, partial(candidates_that, name))


def words_of(name: str, called: Words) -> str:
    """What a number is called in a centre."""
    return called.say(WORDS[name])


def _number(report: Report, name: str) -> Number:
    asked = "target=past" if name == PAST_TARGET else f"stands={name}"
    address = reverse("portfolio:registrations", args=[report.centre.uuid])
    words = words_of(name, report.centre.words)
    return Number(name=name, words=words, number=report.numbers.get(name, 0), url=f"{address}?{asked}")


def _counted_as(centre: Centre, name: str) -> str:
    return f"report {centre.pk} {name}"
