"""What a session was and what was said in it, as plain values, and the text that is kept of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assessments.models import Medium, RecordKind
from assessments.observations.from_device import written_in_words
from portfolio.models import CandidateUnit, Registration
from record.plain_text import plain_line
from standards.content import CriterionContent
from standards.naming import names_in
from standards.published import published_content

NOTHING_MET = "Nothing was judged met from this record when it was signed."
CURRENT = {True: "Current", False: "Not current"}


@dataclass(frozen=True, kw_only=True)
class Session:
    """What is the same for everybody in a session. The times are in the time zone of the centre.

    A decision on prior learning has its kind and nothing else of it. What a device kept first `arrived_at` the site
    later; `written_at` is what the clock of the device said.
    """

    kind: RecordKind
    place: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    present: str = ""
    medium: str = ""
    identity_checked: bool = False
    all_agreed: bool = False
    written_at: datetime | None = None
    arrived_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What is recorded of one candidate: `words` under their headings, and what is judged met by it, in each unit.

    `met` has each criterion with where in the record to look; `helped` names who read, wrote, signed or interpreted for
    the candidate. `is_current` is the decision on prior learning, which was `achieved_on`.
    """

    registration: Registration
    setting: str
    words: Sequence[tuple[str, str]]
    met: Mapping[CandidateUnit, Mapping[CriterionContent, str]]
    helped: str = ""
    achieved_on: date | None = None
    is_current: bool | None = None


@dataclass(frozen=True, kw_only=True)
class MetLine:
    """A criterion that is judged met: the code of its unit, its name, and where to look."""

    unit: str
    name: str
    where: str

    def __str__(self) -> str:
        named = self.name if self.name.startswith(self.unit) else f"{self.unit}: {self.name}"
        return f"{named} ({self.where})" if self.where else named


def hours(session: Session) -> str:
    """The day of a session and its hours, in words: "3 March 2026, 10:00 to 10:40"; empty if it has none."""
    began, ended = session.began_at, session.ended_at
    if began is None or ended is None:
        return ""
    return f"{began.day} {began:%B %Y, %H:%M} to {ended:%H:%M}"


def description(session: Session, said: Recorded) -> str:
    """The description of the evidence, as it stands on the printed form."""
    if session.kind == RecordKind.PRIOR_LEARNING:
        achieved = plain_line(said.words[0][1]) if said.words else ""
        short = f"{achieved[:200]}…" if len(achieved) > 200 else achieved
        return f"{session.kind.label}: {short}"
    how = "" if session.medium == Medium.IN_PERSON else f", {Medium(session.medium).label.lower()}"
    return f"{session.kind.label} at {session.place}, {hours(session)}{how}"


def met_lines(said: Recorded) -> list[MetLine]:
    """What is judged met by it, in words, in the order of the units and their forms."""
    lines = []
    for unit, met in said.met.items():
        content = published_content(unit.revision)
        names = names_in(content)
        lines += [
            MetLine(unit=content.unit.code, name=str(names[item.kind, item.position]), where=met[item])
            for item in content.unit.claimable
            if item in met
        ]
    return lines


def written_text(session: Session, said: Recorded, met: Sequence[MetLine]) -> str:
    """The text of the evidence: headings and lists as in any text that is written in the page.

    It holds all that is signed, so whoever reads it needs nothing beside it.
    """
    facts = []
    if session.kind != RecordKind.PRIOR_LEARNING:
        facts = [f"Where: {session.place}", f"When: {hours(session)}", Medium(session.medium).label]
        if session.identity_checked:
            facts.append("Identity checked")
        if session.all_agreed:
            facts.append("Everybody who is seen or heard agreed")
        if session.present:
            facts.append(f"Who else was there: {plain_line(session.present)}")
    if said.helped:
        facts.append(f"Who helped: {plain_line(said.helped)}")
    if session.arrived_at:
        zone = ZoneInfo(said.registration.centre.time_zone)
        facts.append(written_in_words(session.written_at, session.arrived_at, zone))
    parts = [f"# {session.kind.label}", "\n".join(f"- {fact}" for fact in facts)]
    for heading, words in said.words:
        parts += [f"# {plain_line(heading)}" if heading else "", words]
    parts += ["# Judged met", "\n".join(f"- {line}" for line in met) or NOTHING_MET]
    return "\n\n".join(part for part in parts if part)
