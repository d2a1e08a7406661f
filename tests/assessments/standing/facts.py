"""Units and claims as readiness takes them: plain values."""

from dataclasses import replace

from assessments.models import Stage
from assessments.models.status import Status
from assessments.standing.readiness import ClaimFact, UnitFacts, readiness
from portfolio.models import Capacity
from standards.content import CriterionContent
from standards.unit_rules import UnitRules

MUST = "on different occasions"
ALL_SIGNED = frozenset(Stage)  # confirmations among them, as where nothing asks for one


def criterion(position: int, *, kind="performance", tickable=True, code="") -> CriterionContent:
    name = code or f"X.{position}"
    return CriterionContent(kind=kind, position=position, code=name, full_code=name, text="Words", is_tickable=tickable)


def claim(
    position: int,
    status: Status = Status.MET,
    *,
    kind="performance",
    evidence=1,
    evidence_kind="work_product",
    author=Capacity.CANDIDATE,
) -> ClaimFact:
    return ClaimFact(
        kind=kind, position=position, evidence=evidence, evidence_kind=evidence_kind, status=status, author=author
    )


def unit(*claims: ClaimFact, criteria=None, stated=(MUST,), signed=ALL_SIGNED, **rules) -> UnitFacts:
    return UnitFacts(
        criteria=tuple([criterion(1), criterion(2)] if criteria is None else criteria),
        rules=UnitRules(statements=(MUST,), **rules),
        claims=claims,
        stated=frozenset(stated),
        signed=frozenset(signed),
    )


def sentences(facts: UnitFacts, stage: Stage) -> list[str]:
    return [missing.sentence for missing in readiness(facts, stage)]


def wanted(facts: UnitFacts, stage: Stage) -> set[CriterionContent]:
    return {item for one in readiness(facts, stage) for item in one.criteria}


def ranged(*elements: str, minimum: int | None = None, items: int = 2, **more) -> list[CriterionContent]:
    """A unit with two elements of a criterion each, and a range category A that applies to `elements`."""
    performance = [replace(criterion(place, code=f"{place}.1"), element=str(place)) for place in (1, 2)]
    heading = CriterionContent(
        kind="range", position=1, code="A", full_code="A", text="Types of customers", range_elements=elements,
        minimum=minimum, is_tickable=False,
    )  # fmt: skip
    codes = ["i", "ii", "iii"][:items]
    parts = [
        CriterionContent(
            kind="range", position=place, code=code, full_code=f"A{code}", text=f"customers {code}",
            range_elements=elements, parent=1,
        )
        for place, code in enumerate(codes, start=2)
    ]  # fmt: skip
    return [*performance, heading, *parts]


BOTH = [claim(1), claim(2)]  # the criteria of both elements, from piece 1
