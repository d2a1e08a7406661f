"""Which units are to be sampled, by the centre's policy: one rule that can be explained and repeated. Pure.

The choice among units that are alike goes by a digest of the centre, the unit and the month, so nobody can steer it,
and who has the record can make it again.
"""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from verification.models import SampleStage, SamplingChoices

Key = tuple[str, str]  # what must be looked at from time to time: "assessor", "unit", "kind" or "site", and which one


@dataclass(frozen=True, kw_only=True)
class Choosable:
    """A unit that waits or is under way, and is not in the plan yet."""

    unit: UUID
    stage: SampleStage
    assessor: UUID
    called: str  # the unit: "B10 (NVQ)"
    kinds: frozenset[str] = frozenset()  # of the evidence that is claimed in it
    site: str = ""  # where the candidate is, if the registration says so
    interest: str = ""  # why it is looked at in any case: a declared interest of an assessor, in words

    @property
    def keys(self) -> Iterator[Key]:
        """What a look at it would serve."""
        yield "assessor", str(self.assessor)
        yield "unit", self.called
        yield from (("kind", kind) for kind in sorted(self.kinds))
        if self.site:
            yield "site", self.site


@dataclass(frozen=True, kw_only=True)
class Before:
    """What was planned and looked at before, and who the assessors are.

    `planned` counts what is in the plan of this month, by stage and assessor; `covered` is what an open plan will look
    at anyway; `looked` says when something was looked at last; `in_full` why all of an assessor's units are looked at.
    """

    planned: Mapping[tuple[SampleStage, UUID], int] = field(default_factory=dict)
    covered: Collection[Key] = frozenset()
    looked: Mapping[Key, datetime.date] = field(default_factory=dict)
    in_full: Mapping[UUID, str] = field(default_factory=dict)
    names: Mapping[Key, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A unit to be sampled, and why."""

    unit: UUID
    stage: SampleStage
    reasons: tuple[str, ...]


def plan_of(
    choosable: Iterable[Choosable],
    *,
    policy: SamplingChoices,
    before: Before,
    centre: UUID,
    period: str,
    today: datetime.date,
) -> tuple[Chosen, ...]:
    """Return what the policy asks to be sampled of these units, in the order of the digest; see `place_of`.

    What an assessor with a family or business interest signed off is chosen whatever the policy says. Then three rules,
    in this order: all that assessors who are new or without an award signed off; of each assessor's units the share,
    rounded up, less what is planned already; and, from what is left, one for each assessor, unit, kind of evidence and
    site that was not looked at for so many months, unless a unit that is planned or chosen serves for it.
    """
    ordered = sorted(choosable, key=lambda one: place_of(centre, one.unit, period))
    reasons: dict[UUID, list[str]] = defaultdict(list)
    for one in ordered:
        if one.stage == SampleStage.SUMMATIVE and one.interest:
            reasons[one.unit].append(one.interest)
    if policy.new_in_full:
        for one in ordered:
            if one.stage == SampleStage.SUMMATIVE and one.assessor in before.in_full:
                reasons[one.unit].append(before.in_full[one.assessor])
    _choose_shares(ordered, policy, before, reasons)
    if policy.every_months is not None:
        since = months_before(today, policy.every_months)
        _choose_what_was_not_looked_at(ordered, since, before, reasons)
    return tuple(
        Chosen(unit=one.unit, stage=one.stage, reasons=tuple(reasons[one.unit]))
        for one in ordered
        if one.unit in reasons
    )


def place_of(centre: UUID, unit: UUID, period: str) -> str:
    """The digest by which units are put in order: SHA-256 of "centre unit month", as hexadecimal digits."""
    return hashlib.sha256(f"{centre} {unit} {period}".encode()).hexdigest()


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The day so many months earlier; the last of that month where it has no such day."""
    month = day.year * 12 + day.month - 1 - months
    first_of_next = datetime.date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = first_of_next - datetime.timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def _choose_shares(
    ordered: Sequence[Choosable], policy: SamplingChoices, before: Before, reasons: dict[UUID, list[str]]
) -> None:
    shares = {SampleStage.SUMMATIVE: policy.summative_share, SampleStage.INTERIM: policy.interim_share}
    by_assessor: dict[tuple[SampleStage, UUID], list[Choosable]] = defaultdict(list)
    for one in ordered:
        by_assessor[one.stage, one.assessor].append(one)
    for (stage, assessor), units in by_assessor.items():
        planned = before.planned.get((stage, assessor), 0)
        there = len(units) + planned
        wanted = -(-there * shares[stage] // 100)  # rounded up
        missing = wanted - planned - sum(one.unit in reasons for one in units)
        name = before.names.get(("assessor", str(assessor)), "the assessor")
        for one in [one for one in units if one.unit not in reasons][: max(missing, 0)]:
            reasons[one.unit].append(f"share {shares[stage]} % of the units of {name}: {wanted} of {there}")


def _choose_what_was_not_looked_at(
    ordered: Sequence[Choosable], since: datetime.date, before: Before, reasons: dict[UUID, list[str]]
) -> None:
    settled = {*before.covered, *(key for key, last in before.looked.items() if last >= since)}
    serving: dict[Key, list[Choosable]] = defaultdict(list)
    for one in sorted(ordered, key=lambda one: one.stage == SampleStage.INTERIM):  # what is signed off first
        for key in one.keys:
            if key not in settled:
                serving[key].append(one)
    for key in sorted(serving):
        last = before.looked.get(key)
        chosen = next((one for one in serving[key] if one.unit in reasons), serving[key][0])
        name = before.names.get(key, key[1])
        when = f"not looked at since {last.day} {last:%B %Y}" if last else "never looked at"
        reasons[chosen.unit].append(f"{key[0] if key[0] != 'kind' else 'kind of evidence'} {name} {when}")
