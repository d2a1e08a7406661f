"""What of the awards and the development of staff somebody must see to: told ninety days before."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone

from centres.models import Centre, User
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord, day_in_words
from centres.staff.selectors import RoleStanding, StaffMember, all_staff

TOLD_BEFORE = datetime.timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Due:
    """One thing to see to, in a sentence without its subject ("has no award …"); `day` where it has one.

    `to_them` is what the person is told before that day, naming nobody; empty where there is no day to wait for.
    """

    user: User
    says: str
    day: datetime.date | None = None
    to_them: str = ""


def due_at(centres: Sequence[Centre]) -> dict[int, list[Due]]:
    """Return what is due of all staff, by primary key of the centre, what comes first first; one query."""
    last_year = datetime.date(timezone.now().year - 1, 1, 1)  # in some zones it is that year still
    return {
        centre.pk: sorted(
            (one for member in members for one in due_of(member)), key=lambda one: one.day or datetime.date.min
        )
        for centre, members in all_staff(centres, development_since=last_year)
    }


def due_of(member: StaffMember) -> list[Due]:
    """Return what is due of one person; no query."""
    said = [one for standing in member.standings for one in _of_role(standing)]
    for record in _latest_approvals(member):
        said += _until(
            record, member.today, "An approval", now="is approved by", then="was approved by", of=record.what
        )
    year_ends = datetime.date(member.today.year, 12, 31)
    if member.roles and year_ends - member.today <= TOLD_BEFORE and not _did_something(member, year_ends.year):
        none = f"No development of yours is on record in {year_ends.year}"
        said.append(_Said(f"has no development on record in {year_ends.year}", year_ends, none))
    return [Due(user=member.user, says=says, day=day, to_them=to_them) for says, day, to_them in said]


class _Said(NamedTuple):
    says: str
    day: datetime.date | None = None
    to_them: str = ""


def _of_role(standing: RoleStanding) -> Iterator[_Said]:
    role, today = standing.role_word, standing.member.today
    if held := standing.held:
        # Without an end it lasts; of several the last to end counts.
        if all(one.until for one in held):
            last = max(held, key=lambda one: one.until or today)
            yield from _until(last, today, "An award", now="holds", then="held", of=f"{last.what} as {role}")
        return
    for record in standing.past:
        yield from _until(record, today, "An award", now="holds", then="held", of=f"{record.what} as {role}")
    for record in standing.towards:
        if record.until and record.until - today <= TOLD_BEFORE:
            when = "was" if record.until < today else "is"
            yield _Said(
                f"works towards {record.what} as {role}: the target date {when} {day_in_words(record.until)}",
                record.until,
                f"Your target date for an award is {day_in_words(record.until)}",
            )
    if not standing.past and not standing.towards:
        yield _Said(f"has no award on record as {role}, so what they sign is confirmed by another")


def _until(record: StaffRecord, today: datetime.date, what: str, *, now: str, then: str, of: str) -> Iterator[_Said]:
    if record.until and record.until - today <= TOLD_BEFORE:
        until = day_in_words(record.until)
        yield _Said(
            f"{then if record.until < today else now} {of} until {until}",
            record.until,
            f"{what} of yours ends on {until}",
        )


def _latest_approvals(member: StaffMember) -> list[StaffRecord]:
    """The approval of each awarding body that lasts longest."""
    latest: dict[str, StaffRecord] = {}
    for record in member.of(StaffKind.APPROVAL):
        before = latest.get(record.what)
        if before is None or (before.until and (record.until is None or record.until > before.until)):
            latest[record.what] = record
    return list(latest.values())


def _did_something(member: StaffMember, year: int) -> bool:
    return any(one.since and one.since.year == year for one in member.of(StaffKind.DEVELOPMENT))
