"""Whether the units in a portfolio make a qualification, and what is missing. Pure: plain values only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from standards.content import GroupContent, QualificationContent
from standards.in_words import counted

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, kw_only=True)
class TakenUnit:
    """A unit in a portfolio: which one, its credit value, and whether it is done: verified, or achieved before."""

    framework: str
    code: str
    credit: int | None = None
    is_verified: bool = False
    is_achieved_before: bool = False

    @property
    def is_done(self) -> bool:
        """Whether it counts for the rule."""
        return self.is_verified or self.is_achieved_before


@dataclass(frozen=True, kw_only=True)
class Combination:
    """How far a candidate has come with a qualification; `to_choose` says in sentences which units to take yet."""

    to_choose: tuple[str, ...]
    verified: int  # of the units taken that the rule knows
    taken: int
    is_complete: bool
    achieved_before: int = 0  # of the units taken

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything that is missing, in sentences: units to take, and units to finish. Empty when complete."""
        if self.is_complete:
            return ()
        return (*self.to_choose, self.progress) if self.taken else self.to_choose

    @property
    def progress(self) -> str:
        """How many are done, in a sentence."""
        verified = f"{self.verified} of {counted(self.taken, 'unit')} {_are(self.verified)} verified"
        if not self.achieved_before:
            return f"{verified}."
        return f"{verified}, and {self.achieved_before} {_was(self.achieved_before)} achieved before."


def combination(rule: QualificationContent, taken: Sequence[TakenUnit]) -> Combination:
    """Compare the units taken with the rule of a qualification.

    From docs/contributors/domain.md: a qualification is complete when its rule is met by units that are
    verified or were achieved before; more units than it asks for are no fault. Units that the rule does not name do
    not count, and a unit without a credit value is worth none.
    """
    named = {code for group in rule.groups for code in group.units}
    counts = {unit.code: unit for unit in taken if unit.framework == rule.framework.code and unit.code in named}
    done = [unit for unit in counts.values() if unit.is_done]
    before = sum(unit.is_achieved_before for unit in done)
    return Combination(
        to_choose=tuple(_to_choose(rule, list(counts.values()))),
        verified=len(done) - before,
        taken=len(counts),
        is_complete=not _to_choose(rule, done),
        achieved_before=before,
    )


def is_mandatory(rule: QualificationContent, code: str) -> bool:
    """Whether the unit is mandatory for the qualification: it is in a group of which all units must be taken."""
    return any(code in group.units and group.choose >= len(group.units) for group in rule.groups)


def mandatory_codes(rule: QualificationContent) -> list[str]:
    """Return the codes of the units that everybody takes, in the order of the rule."""
    return list(dict.fromkeys(code for group in rule.groups for code in group.units if is_mandatory(rule, code)))


def _to_choose(rule: QualificationContent, taken: Collection[TakenUnit]) -> list[str]:
    said, wanted = [], 0
    for group in rule.groups:
        chosen = [unit for unit in taken if unit.code in group.units]
        lacking = max(group.choose - len(chosen), 0)
        wanted += lacking
        if lacking:
            said.append(_group_lacks(group, {unit.code for unit in chosen}, lacking))
        if group.credits and (worth := _credit(chosen)) < group.credits:
            said.append(
                f"The units of “{group.name}” must be worth {counted(group.credits, 'credit')}: "
                f"those taken are worth {worth}."
            )
    if len(taken) + wanted < rule.minimum_units:
        needed, have = rule.minimum_units, len(taken)
        said.append(f"{counted(needed, 'unit')} {_are(needed)} needed: {have} {_are(have)} taken.")
    if rule.minimum_credit and (worth := _credit(taken)) < rule.minimum_credit:
        needed = rule.minimum_credit
        said.append(f"{counted(needed, 'credit')} {_are(needed)} needed: the units taken are worth {worth}.")
    return said


def _group_lacks(group: GroupContent, chosen: Collection[str], lacking: int) -> str:
    if group.choose >= len(group.units):
        codes = [code for code in group.units if code not in chosen]
        return f"Take {_listed(codes)}: every unit of “{group.name}” is needed."
    number = NUMBERS[lacking] if lacking < len(NUMBERS) else str(lacking)
    more = " more" if chosen else ""
    return f"Choose {number}{more} unit{'' if lacking == 1 else 's'} of “{group.name}”."


def _credit(units: Collection[TakenUnit]) -> int:
    return sum(unit.credit or 0 for unit in units)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _listed(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} and {codes[-1]}"
