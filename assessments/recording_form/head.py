"""The head of the form: whose it is, of what, where. Pure."""

from dataclasses import dataclass, replace
from typing import Any

from assessments.recording_form.words import day, isolated

# What the details of the head say of a registration, on a form for a hand.
BLANK_FACTS = ("Candidate number", "ULN", "Awarding body", "Registered on", "Centre number")


@dataclass(frozen=True)
class PrintedFact:
    """One fact of the head: whose form, of what, where."""

    label: str
    value: str
    details: str = ""

    @property
    def short(self) -> str:
        """The value for a line that it shares with others."""
        return isolated(self.value)


def unit_fact(document: dict[str, Any]) -> PrintedFact:
    """The unit, with where it stands in the standard."""
    unit = document["unit"]
    details = [unit["framework_title"], unit["publisher"]]
    details += [
        f"{label} {unit[name]}"
        for name, label in (("reference", "reference"), ("level", "level"), ("credit", "credit"))
        if unit[name] not in {None, ""}
    ]
    if unit["version"] > 1:  # the unit was reopened after it had been verified
        details.append(f"version {unit['version']} of this record")
    return PrintedFact("Unit", f"{unit['code']} {unit['title']}", ", ".join(filter(None, details)))


def named(label: str, somebody: dict[str, Any] | None) -> PrintedFact:
    """A candidate or a centre with its number; without one, a line to write on."""
    if not somebody:
        return PrintedFact(label, "")
    number = somebody["number"]
    return PrintedFact(label, somebody["name"], f"{label} number {number}" if number else "")


def candidate_fact(document: dict[str, Any]) -> PrintedFact:
    """The candidate, with what the awarding body asks of the registration, where it was said."""
    fact, said = named("Candidate", document["candidate"]), document.get("registration", {})
    uln, body, registered = (said.get(name) for name in ("uln", "awarding_body", "registered_on"))
    registration = [f"with {isolated(body)}" if body else "", f"on {day(registered)}" if registered else ""]
    registration = list(filter(None, registration))
    details = [
        fact.details,
        f"ULN {uln}" if uln else "",
        " ".join(["registered", *registration]) if registration else "",
    ]
    return replace(fact, details=", ".join(filter(None, details)))
