"""Of which criteria a witness is asked, and which they ticked, in the words of the units."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from portfolio.barred_claims import bars_claim
from portfolio.evidence.selectors import units_of
from portfolio.models import CandidateUnit, Registration
from standards.content import CriterionContent, UnitContent
from standards.evidence_kinds import EvidenceKind, Setting
from standards.models import Element
from standards.naming import unit_names
from standards.published import published_contents


@dataclass(frozen=True, kw_only=True)
class Named:
    """A criterion with its name and its words. `key` identifies it in requests and testimonies."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class UnitCriteria:
    """Criteria of one unit of the portfolio."""

    unit: CandidateUnit
    code: str
    title: str
    criteria: tuple[Named, ...]


def criteria_to_ask(registration: Registration) -> list[UnitCriteria]:
    """Return what a witness can be asked of, unit by unit: what somebody sees being done.

    Knowledge cannot be seen, and what a unit takes from no testimony is not asked for.
    """
    return _by_unit(registration, _can_be_asked)


def criteria_named(registration: Registration, keys: Collection[str]) -> list[UnitCriteria]:
    """Return those of these criteria that units of the portfolio have, unit by unit; the others are left out."""
    return _by_unit(registration, lambda content: [item for item in content.criteria if str(item.uuid) in keys])


def _by_unit(
    registration: Registration, chosen: Callable[[UnitContent], Sequence[CriterionContent]]
) -> list[UnitCriteria]:
    units = units_of(registration)
    contents = published_contents([unit.revision for unit in units])
    found = []
    for unit in units:
        content = contents[unit.revision_id].unit
        names = unit_names(content)
        criteria = tuple(
            Named(key=str(item.uuid), name=str(names[item.kind, item.position]), text=item.text)
            for item in chosen(content)
        )
        if criteria:
            found.append(UnitCriteria(unit=unit, code=content.code, title=content.title, criteria=criteria))
    return found


def _can_be_asked(content: UnitContent) -> list[CriterionContent]:
    known = {element.number for element in content.elements if element.kind == Element.Kind.KNOWLEDGE}
    kind, setting = EvidenceKind.WITNESS_TESTIMONY, Setting.REAL_JOB
    return [
        item
        for item in content.performance
        if item.is_claimable
        and item.element not in known
        and not bars_claim(unit=content, criterion=item, kind=kind, setting=setting, is_incomplete=False)
    ]


def keys_of(units: Iterable[UnitCriteria]) -> list[str]:
    """Return the keys of all these criteria, in their order."""
    return [one.key for unit in units for one in unit.criteria]
