"""What a plan or a review says before it is signed, as plain values, and the words that its lines become."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessments.models import SheetKind
from centres.models import Role
from portfolio.models import CandidateUnit
from standards.evidence_kinds import EvidenceKind
from standards.naming import CriterionKey, names_in
from standards.published import published_content

TEXT_AT_MOST = 2000  # characters of what was agreed


@dataclass(frozen=True, kw_only=True)
class Covered:
    """What of a unit is assessed: some of its criteria, or, if none is named, all of it."""

    unit: CandidateUnit
    criteria: Sequence[CriterionKey] = ()

    def __str__(self) -> str:
        content = published_content(self.unit.revision)
        return f"{content.unit.code} ({codes_in_words(self.unit, self.criteria)})"

    @property
    def kept(self) -> dict[str, object]:
        """What is kept of it in `SheetLine.covers`."""
        return {"unit": str(self.unit.uuid), "criteria": [list(key) for key in self.criteria]}


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is asked of candidate or assessor by a day. A plan's line has a method and units, a review's has words."""

    by: Role
    due: date
    text: str = ""
    method: str = ""
    place: str = ""
    covers: Sequence[Covered] = ()
    bring: str = ""

    @property
    def in_words(self) -> str:
        """What the action says that it becomes."""
        if not self.method:
            return self.text
        parts = [f"{EvidenceKind(self.method).label}: {', '.join(str(one) for one in self.covers)}."]
        if self.place:
            parts.append(f"Where: {self.place}.")
        if self.bring:
            parts.append(f"To bring: {self.bring}")
        return "\n".join(parts)


@dataclass(frozen=True, kw_only=True)
class SheetSaid:
    """All that an assessor says on a sheet."""

    kind: SheetKind
    title: str
    held_on: date
    how: str
    present: str
    sections: Sequence[tuple[str, str]]  # each heading with what was written under it
    lines: Sequence[Line]
    next_review: date | None


def codes_in_words(unit: CandidateUnit, criteria: Sequence[CriterionKey]) -> str:
    """The codes of criteria of a unit, in the order of its form; "whole unit" if none is named."""
    if not criteria:
        return "whole unit"
    content, wanted = published_content(unit.revision), {tuple(key) for key in criteria}
    names = names_in(content)
    return ", ".join(
        names[item.kind, item.position].code for item in content.unit.claimable if (item.kind, item.position) in wanted
    )
