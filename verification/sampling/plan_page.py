"""What the page of a proposed plan lists: units with the reasons for which the policy chose them."""

from dataclasses import dataclass

from assessments.home.listed_units import ListedUnit, listed
from assessments.home.paging import ListPage, list_page
from assessments.models import UnitProgress
from verification.models import SampleStage
from verification.sampling.planning import Proposal

UNITS_ON_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class ProposedLine:
    """A unit that the policy chose, and why."""

    unit: ListedUnit
    stage: str
    reasons: tuple[str, ...]


def lines_of(proposal: Proposal, number: int) -> tuple[list[ProposedLine], ListPage]:
    """Return a page of what was chosen, in the order in which the rule chose; one query."""
    page = list_page(number, total=len(proposal.chosen), size=UNITS_ON_A_PAGE)
    shown = proposal.chosen[page.start : page.end]
    units = {
        unit.uuid: unit
        for unit in listed(UnitProgress.objects.filter(candidate_unit__uuid__in=[one.unit for one in shown]))
    }
    lines = [
        ProposedLine(unit=units[one.unit], stage=str(SampleStage(one.stage).label), reasons=one.reasons)
        for one in shown
    ]
    return lines, page
