"""The range items of the form that a workplace cannot show. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assessments.recording_form.tables import key_of
from assessments.recording_form.words import day_of, is_long, isolated
from standards.content import CriterionContent
from standards.naming import CriterionKey, Name


@dataclass(frozen=True)
class PrintedNotShown:
    """A range item that the workplace cannot show, and who agreed to that."""

    item: str
    reason: str
    by: str
    agreed: str

    @property
    def is_long(self) -> bool:
        """Whether its row may go on on the next page."""
        return is_long(self.item, self.reason)


def printed_not_shown(
    document: dict[str, Any], criteria: Iterable[CriterionContent], names: dict[CriterionKey, Name], zone: str
) -> Iterator[PrintedNotShown]:
    """Yield them in the order in which it was said. A document tells of it only where there are any."""
    words = {(item.kind, item.position): item.text for item in criteria}
    for said in document.get("not_shown", ()):
        key, agreed = key_of(said), said["agreed"]
        name = str(names[key])
        by = (
            f"agreed by {isolated(agreed['by']['name'])} on {day_of(agreed['at'], zone)}"
            if agreed
            else "not agreed yet"
        )
        reference = f", awarding body’s reference {isolated(agreed['reference'])}" if agreed else ""
        yield PrintedNotShown(
            item=f"{name[:1].upper()}{name[1:]}: {words[key]}",
            reason=said["reason"],
            by=isolated(said["by"]["name"]),
            agreed=f"Not shown, {by}{reference}",
        )
