"""Questions about the staff of a centre: who assesses and verifies, and what is on record of them."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from centres.models import ROLES_WITH_AWARD, Centre, Membership, Role, User
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from record.plain_text import plain_characters
from record.prepared import prepared

COLUMNS = [field.attname for field in StaffRecord._meta.concrete_fields]


@dataclass(frozen=True, kw_only=True)
class StaffMember:
    """Somebody who assesses or verifies, and what is on record of them, without what was taken off it."""

    centre: Centre
    user: User
    roles: tuple[Role, ...]
    records: tuple[StaffRecord, ...]

    @cached_property
    def today(self) -> datetime.date:
        """The day as the centre counts it."""
        return self.centre.today

    def of(self, kind: StaffKind) -> list[StaffRecord]:
        """What is on record of one kind, the latest first."""
        return [record for record in self.records if record.kind == kind]

    @property
    def standings(self) -> list["RoleStanding"]:
        """How they stand in each of their roles."""
        return [RoleStanding(member=self, role=role) for role in self.roles]

    @property
    def roles_in_words(self) -> str:
        """What they are: "Assessor, internal verifier"."""
        words = ", ".join(standing.role_word for standing in self.standings)
        return words.capitalize() or "Neither assesses nor verifies any more"

    @property
    def hours_this_year(self) -> str:
        """The hours of development on record for this year, in words."""
        done = [one for one in self.of(StaffKind.DEVELOPMENT) if one.since and one.since.year == self.today.year]
        return f"{float(sum(one.hours or 0 for one in done)):g}"


@dataclass(frozen=True, kw_only=True)
class RoleStanding:
    """Whether somebody is qualified for a role today, and by what."""

    member: StaffMember
    role: Role

    @property
    def role_word(self) -> str:
        """What the centre calls the role."""
        return self.member.centre.words.of_role(self.role)

    @property
    def held(self) -> list[StaffRecord]:
        """The awards for the role that are held today."""
        return [one for one in self.member.records if one.role == self.role and one.is_held_on(self.member.today)]

    @property
    def past(self) -> list[StaffRecord]:
        """The awards for the role that have ended."""
        today = self.member.today
        awards = [one for one in self.member.of(StaffKind.AWARD) if one.role == self.role]
        return [one for one in awards if one.until and one.until < today]

    @property
    def towards(self) -> list[StaffRecord]:
        """What is worked towards for the role."""
        return [one for one in self.member.of(StaffKind.TOWARDS) if one.role == self.role]


def staff_of(centre: Centre, find: str = "") -> QuerySet[User]:
    """Everyone who assesses or verifies at the centre now, by name: those whose name or record has these words."""
    held = Membership.objects.current().filter(centre=centre, role__in=ROLES_WITH_AWARD)
    people = User.objects.filter(pk__in=held.values("user_id"))
    if words := plain_characters(find).strip()[:200]:
        on_record = StaffRecord.objects.open().filter(Q(what__icontains=words), centre=centre)
        people = people.filter(Q(name__icontains=words) | Q(pk__in=on_record.values("user_id")))
    return people.order_by("name", "pk")


def staff_members(centre: Centre, users: Collection[User]) -> list[StaffMember]:
    """These people, in this order, with what is on record of them at the centre; two queries."""
    held = Membership.objects.current().filter(centre=centre, user__in=users, role__in=ROLES_WITH_AWARD)
    roles: dict[int, list[Role]] = defaultdict(list)
    for membership in held.order_by("role"):
        roles[membership.user_id].append(Role(membership.role))
    records: dict[int, list[StaffRecord]] = defaultdict(list)
    for record in StaffRecord.objects.open().filter(centre=centre, user__in=users):
        records[record.user_id].append(record)
    return [
        StaffMember(centre=centre, user=user, roles=tuple(roles[user.pk]), records=tuple(records[user.pk]))
        for user in users
    ]


def all_staff(
    centres: Sequence[Centre], *, development_since: datetime.date | None = None
) -> Iterator[tuple[Centre, list[StaffMember]]]:
    """Yield each centre with everyone who assesses or verifies there now, by name; one query for all of them.

    With `development_since`, earlier development is left out, and competence: there is the most of them.
    """
    of_these = [centre.pk for centre in centres]
    read = _with_all(of_these) if development_since is None else _with_latest(of_these, development_since)
    users: dict[int, dict[int, User]] = defaultdict(dict)
    roles: dict[tuple[int, int], dict[Role, None]] = defaultdict(dict)
    records: dict[tuple[int, int], dict[int, StaffRecord]] = defaultdict(dict)
    for centre_pk, role, pk, public, name, email, *values in read:
        users[centre_pk][pk] = User(pk=pk, uuid=public, name=name, email=email)
        roles[centre_pk, pk][Role(role)] = None
        record = StaffRecord.from_db("default", COLUMNS, values)
        if record.pk is not None:  # nothing is on record of some
            records[centre_pk, pk][record.pk] = record
    for centre in centres:
        yield (
            centre,
            [
                StaffMember(
                    centre=centre,
                    user=user,
                    roles=tuple(roles[centre.pk, pk]),
                    records=tuple(sorted(records[centre.pk, pk].values(), key=_latest_first)),
                )
                for pk, user in users[centre.pk].items()
            ],
        )


@prepared
def _with_all(centres: Collection[int]) -> QuerySet[Membership, tuple[Any, ...]]:
    return _staff_rows(centres, Q())


@prepared
def _with_latest(centres: Collection[int], development_since: datetime.date) -> QuerySet[Membership, tuple[Any, ...]]:
    kept = Q(user__staff_records__kind__in=(StaffKind.AWARD, StaffKind.TOWARDS, StaffKind.APPROVAL))
    return _staff_rows(centres, kept | Q(user__staff_records__since__gte=development_since))


def _staff_rows(centres: Collection[int], wanted: Q) -> QuerySet[Membership, tuple[Any, ...]]:
    """The roles of staff, each with the person and one of the records that are wanted of them, if there are any."""
    here = Q(user__staff_records__centre=F("centre"), user__staff_records__ended_at__isnull=True)
    rows = Membership.objects.current().filter(centre__pk__in=centres, role__in=ROLES_WITH_AWARD)
    rows = rows.alias(on_record=FilteredRelation("user__staff_records", condition=here & wanted))
    person = ("user_id", "user__uuid", "user__name", "user__email")
    read = rows.order_by("user__name", "user", "role")
    return read.values_list("centre_id", "role", *person, *(f"on_record__{column}" for column in COLUMNS))


def _latest_first(record: StaffRecord) -> tuple[int, int]:
    return -(record.since or datetime.date.min).toordinal(), -record.pk
