"""Questions about the staff of a centre: who assesses and verifies, and what is on record of them."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from centres.models import ROLES_WITH_AWARD, Centre, Membership, Role, User
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord, StaffRecordQuerySet
from record.plain_text import plain_characters


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
    records = StaffRecord.objects.open().filter(centre=centre, user__in=users)
    return _members(centre, users, list(held.order_by("role")), list(records))


def all_staff(centres: Sequence[Centre], among: StaffRecordQuerySet) -> Iterator[tuple[Centre, list[StaffMember]]]:
    """Yield each centre with everyone who assesses or verifies there now, by name, and `among` what is on record.

    Two queries for all centres.
    """
    held = Membership.objects.current().filter(centre__in=centres, role__in=ROLES_WITH_AWARD)
    by_name = list(held.select_related("user").order_by("user__name", "user", "role"))
    records = list(among.filter(centre__in=centres))
    for centre in centres:
        here = [one for one in by_name if one.centre_id == centre.pk]
        users = dict.fromkeys(one.user for one in here)
        yield centre, _members(centre, users, here, [one for one in records if one.centre_id == centre.pk])


def _members(
    centre: Centre, users: Iterable[User], held: Iterable[Membership], records: Iterable[StaffRecord]
) -> list[StaffMember]:
    roles: dict[int, list[Role]] = defaultdict(list)
    for membership in held:
        roles[membership.user_id].append(Role(membership.role))
    on_record: dict[int, list[StaffRecord]] = defaultdict(list)
    for record in records:
        on_record[record.user_id].append(record)
    return [
        StaffMember(centre=centre, user=user, roles=tuple(roles[user.pk]), records=tuple(on_record[user.pk]))
        for user in users
    ]
