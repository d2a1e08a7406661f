"""What somebody who chooses units is shown: the groups of a qualification, what is taken, what is missing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch

from portfolio.models import AchievedBefore, CandidateUnit, Registration, State, UnitVersion
from portfolio.rules import why_unit_stays
from standards.combination import Combination, TakenUnit, combination, is_mandatory
from standards.content import GroupContent, Prose, QualificationContent, code_order
from standards.in_words import group_in_words
from standards.models import Qualification, UnitRevision
from standards.prose import prose_of
from standards.selectors import latest_in_short, qualification_contents


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A unit that a portfolio may take: in the wording in which it was begun, or else in the latest."""

    revision: UnitRevision
    unit: CandidateUnit | None = None  # None where it was never taken
    version: UnitVersion | None = None
    is_mandatory: bool = False
    achieved: AchievedBefore | None = None  # where it counts as achieved before
    prose: Prose | None = None  # what it is about, where a page asked for it

    @property
    def is_taken(self) -> bool:
        """Whether it is worked on."""
        return self.unit is not None and self.unit.set_aside_at is None

    @property
    def was_set_aside(self) -> bool:
        """Whether it was set aside and can be taken up again, with what was collected for it."""
        return self.unit is not None and self.unit.set_aside_at is not None

    @property
    def stays(self) -> str | None:
        """Why it cannot be set aside; None if it can."""
        if self.version is None:
            return None
        return why_unit_stays(
            code=self.revision.unit.code,
            state=State(self.version.state),
            version=self.version.number,
            is_mandatory=self.is_mandatory,
        )


@dataclass(frozen=True, kw_only=True)
class OfferedGroup:
    """A group of a qualification: what is taken of it, in words ("1 of 4 units"), and its units in their order."""

    name: str
    rule: str
    units: tuple[Offered, ...]


@dataclass(frozen=True, kw_only=True)
class UnitChoice:
    """All units that a portfolio takes and may take. `combination` is None if there is no qualification."""

    combination: Combination | None
    groups: tuple[OfferedGroup, ...]
    others: tuple[Offered, ...]  # other units that it takes or has set aside

    @property
    def group_of(self) -> dict[int, str]:
        """The name of the group to which each unit of the portfolio belongs, by the unit's primary key."""
        return {offered.unit.pk: group.name for group in self.groups for offered in group.units if offered.unit}

    @property
    def offered(self) -> list[Offered]:
        """All of them: those of the qualification in the order of its rule, then the others."""
        return [*(unit for group in self.groups for unit in group.units), *self.others]

    @property
    def set_aside(self) -> list[Offered]:
        """What was set aside, save what was achieved before."""
        return [offered for offered in self.offered if offered.was_set_aside and not offered.achieved]

    @property
    def achieved(self) -> list[Offered]:
        """What counts as achieved before."""
        return [offered for offered in self.offered if offered.achieved]


def unit_choice(registration: Registration) -> UnitChoice:
    """Return what a portfolio takes and may take, in three queries once this process has read the rule."""
    opened = Prefetch("versions", UnitVersion.objects.filter(closed_at__isnull=True), to_attr="open_versions")
    units = list(
        CandidateUnit.objects.filter(registration=registration)
        .select_related("revision__unit__framework")
        .prefetch_related(opened)
    )
    rule = rule_of(registration.qualification) if registration.qualification else None
    achieved = achieved_in([registration.pk]).get(registration.pk, [])
    groups = _groups(rule, units, achieved) if rule else ()
    named = {offered.revision.unit.pk for group in groups for offered in group.units}
    others = _others(units, achieved, rule, named)
    return UnitChoice(
        combination=how_far(rule, units, achieved) if rule else None,
        groups=groups,
        others=tuple(sorted(others, key=lambda offered: code_order(offered.revision.unit.code))),
    )


def with_prose(choice: UnitChoice) -> UnitChoice:
    """Return the same with what each unit is about that is not taken now, for who chooses; one query."""
    prose = prose_of({offered.revision.unit_id for offered in choice.offered if not offered.is_taken})

    def told(units: tuple[Offered, ...]) -> tuple[Offered, ...]:
        return tuple(replace(offered, prose=prose.get(offered.revision.unit_id)) for offered in units)

    groups = tuple(replace(group, units=told(group.units)) for group in choice.groups)
    return replace(choice, groups=groups, others=told(choice.others))


def rule_of(qualification: Qualification) -> QualificationContent:
    """Return the rule of one qualification; read once by each process."""
    return rules_of({qualification.pk})[qualification.pk]


# What this process has read, by primary key. A published wording never changes; its framework may get another name,
# so only the framework's code is kept.
_rules_read: dict[int, QualificationContent] = {}


def rules_of(wanted: Collection[int]) -> Mapping[int, QualificationContent]:
    """Return the rules of qualifications by primary key; each is read once by each process."""
    if unread := [pk for pk in wanted if pk not in _rules_read]:
        for row, rule in qualification_contents(Qualification.objects.filter(pk__in=unread)).items():
            _rules_read[row.pk] = replace(rule, framework=rule.framework.nameless)
    return {pk: _rules_read[pk] for pk in wanted}


def forget_rules() -> None:
    """Forget the rules that were read; for tests, which publish others under the same keys."""
    _rules_read.clear()


def achieved_in(registrations: Collection[int]) -> Mapping[int, list[AchievedBefore]]:
    """Return what counts as achieved before in each of these portfolios, by its primary key; one query."""
    found: dict[int, list[AchievedBefore]] = defaultdict(list)
    counting = AchievedBefore.objects.counting().filter(registration__in=registrations)
    for achieved in counting.select_related("revision__unit__framework"):
        found[achieved.registration_id].append(achieved)
    return found


def achieved_to_check(registration: Registration) -> list[AchievedBefore]:
    """Return what is recorded as achieved before and does not count yet; one query."""
    kept = AchievedBefore.objects.kept().filter(registration=registration, checks__isnull=True)
    return list(kept.select_related("revision__unit__framework"))


def as_taken(achieved: AchievedBefore) -> TakenUnit:
    """What the rule is told of a unit that was achieved before."""
    unit = achieved.revision.unit
    return TakenUnit(
        framework=unit.framework.code, code=unit.code, credit=achieved.revision.credit, is_achieved_before=True
    )


def how_far(
    rule: QualificationContent, units: Collection[CandidateUnit], achieved: Collection[AchievedBefore]
) -> Combination:
    """Say how far the units of a portfolio have come by the rule. Each has its open version in `open_versions`."""
    return combination(
        rule,
        [
            *map(as_taken, achieved),
            *(
                TakenUnit(
                    framework=unit.revision.unit.framework.code,
                    code=unit.revision.unit.code,
                    credit=unit.revision.credit,
                    is_verified=unit.open_versions[0].state == State.VERIFIED,  # type: ignore[attr-defined]
                )
                for unit in units
                if unit.set_aside_at is None
            ),
        ],
    )


def offered_groups(rule: QualificationContent) -> tuple[OfferedGroup, ...]:
    """Return the groups of a qualification, with their units in the latest wording, for a new registration."""
    return _groups(rule, [], [])


def _groups(
    rule: QualificationContent, units: Sequence[CandidateUnit], achieved: Sequence[AchievedBefore]
) -> tuple[OfferedGroup, ...]:
    framework = rule.framework.code
    codes = [code for group in rule.groups for code in group.units]
    latest = {
        revision.unit.code: revision
        for revision in latest_in_short().filter(unit__framework__code=framework, unit__code__in=codes)
    }
    taken = {unit.revision.unit.code: unit for unit in units if unit.revision.unit.framework.code == framework}
    before = {one.revision.unit.code: one for one in achieved if one.revision.unit.framework.code == framework}
    return tuple(_group(group, rule, latest, taken, before) for group in rule.groups)


def _others(
    units: Sequence[CandidateUnit],
    achieved: Sequence[AchievedBefore],
    rule: QualificationContent | None,
    named: Collection[int],
) -> list[Offered]:
    """What the portfolio has besides the rule: units that it takes or took, and those that were achieved before."""
    before = {one.revision.unit_id: one for one in achieved if one.revision.unit_id not in named}
    found = {unit.revision.unit_id: unit for unit in units if unit.revision.unit_id not in named}
    taken = [_offered(unit.revision, unit, rule, before.get(pk)) for pk, unit in found.items()]
    return taken + [_offered(one.revision, None, rule, one) for pk, one in before.items() if pk not in found]


def _group(
    group: GroupContent,
    rule: QualificationContent,
    latest: Mapping[str, UnitRevision],
    taken: Mapping[str, CandidateUnit],
    before: Mapping[str, AchievedBefore],
) -> OfferedGroup:
    return OfferedGroup(
        name=group.name,
        rule=group_in_words(group),
        units=tuple(
            _offered(taken[code].revision if code in taken else latest[code], taken.get(code), rule, before.get(code))
            for code in group.units
            if code in latest
        ),
    )


def _offered(
    revision: UnitRevision,
    unit: CandidateUnit | None,
    rule: QualificationContent | None,
    achieved: AchievedBefore | None,
) -> Offered:
    code = revision.unit.code
    return Offered(
        revision=revision,
        unit=unit,
        version=unit.open_versions[0] if unit else None,  # type: ignore[attr-defined]
        is_mandatory=rule is not None
        and revision.unit.framework.code == rule.framework.code
        and is_mandatory(rule, code),
        achieved=achieved,
    )
