"""What a device says of a record that it kept: when it was written, and which names were drawn on it."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from assessments.models import LINES_AT_MOST, NAME_AT_MOST
from record.plain_text import plain_line, plain_text

DRAWN = "drawn-"  # before the portfolio, in the name of the field with what was drawn
BESIDE = {"written_on_device", "about_on_device"}  # what a device sends beside what the form says
LINES = re.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})+)+")  # strokes of a path, in whole units of 600 by 200
SESSION = {"place", "day", "begins", "ends", "present", "medium", "identity_checked", "all_agreed"}
YEARS = range(1900, 2200)  # of a clock that can be believed to be one
AHEAD = timedelta(minutes=2)  # that no clock is wrong for
KEPT = timedelta(days=60)  # for as long a device keeps a record: static/js/on_device/store.js


@dataclass(frozen=True, kw_only=True)
class NameFromDevice:
    """A name that was drawn (`lines`) or `typed` on a device."""

    lines: str = ""
    typed: str = ""
    by_device_clock: datetime | None = None
    before_changes: bool = False


def device_time(said: str) -> datetime | None:
    """The moment that a device's clock said, or None if it cannot be read. It is a statement: nothing goes by it."""
    try:
        moment = datetime.fromisoformat(said)
        return moment.astimezone(UTC) if moment.tzinfo and moment.year in YEARS else None
    except (ValueError, OverflowError):
        return None


def written_in_words(written_at: datetime | None, arrived_at: datetime, zone: ZoneInfo) -> str:
    """Say when a record was written on a device and when it arrived, and where the clock was wrong."""
    arrived = f"sent on {_moment(arrived_at, zone)}"
    if written_at is None:
        return f"Written on a device whose clock said no time that can be read, {arrived}"
    said = f"Written on a device on {_moment(written_at, zone)} by its own clock, {arrived}"
    if written_at > arrived_at + AHEAD:
        return f"{said}. That clock was wrong: it was ahead"
    if written_at < arrived_at - KEPT:
        return f"{said}. That clock was wrong, or the record waited for very long"
    return said


def drawn_names(sent: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The names that a device sent, by portfolio, as they are kept with the draft; what is no name is left out."""
    found = {}
    for name, values in sent.items():
        if name.startswith(DRAWN) and (kept := _kept(values[-1])):
            found[name.removeprefix(DRAWN)] = kept
    return found


def drawn_from(
    kept: Mapping[str, Any], *, prefix: str, keys: Collection[str], sent: Mapping[str, list[str]]
) -> NameFromDevice:
    """A kept name, of the portfolio with this `prefix`; `keys` are those of its criteria, `sent` what is signed now."""
    before = {str(name): [str(value) for value in values] for name, values in kept["of"].items()}
    return NameFromDevice(
        lines=kept["lines"],
        typed=kept["typed"],
        by_device_clock=device_time(kept["at"]),
        before_changes=_said(before, prefix, keys) != _said(sent, prefix, keys),
    )


def _said(fields: Mapping[str, Sequence[str]], prefix: str, keys: Collection[str]) -> dict[str, list[str]]:
    """What the fields say of one candidate: the session, their words, and what is ticked."""
    ticked = {value for value in fields.get("claimed", ()) if value in keys}
    wanted = {"kind", *SESSION, *(f"where-{key}" for key in ticked)}
    said = {name: fields[name] for name in fields if name in wanted or name.startswith(f"{prefix}-")}
    plain = {name: [text for value in values if (text := plain_text(value))] for name, values in said.items()}
    return {name: values for name, values in plain.items() if values} | {"claimed": sorted(ticked)}


def _kept(sent: str) -> dict[str, Any] | None:
    try:
        said = json.loads(sent)
        lines, typed = str(said.get("lines") or ""), plain_line(str(said.get("typed") or ""))[:NAME_AT_MOST]
        of: dict[str, list[str]] = {}
        for name, value in said.get("of") or ():
            of.setdefault(plain_line(str(name)), []).append(plain_text(str(value)))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    if not is_drawing(lines):
        lines = ""
    if not lines and not typed:
        return None
    return {"lines": lines, "typed": "" if lines else typed, "at": plain_line(str(said.get("at") or "")), "of": of}


def is_drawing(lines: str) -> bool:
    """Whether this is the path of a drawn name, and not too long."""
    return len(lines) <= LINES_AT_MOST and LINES.fullmatch(lines) is not None


def _moment(at: datetime, zone: ZoneInfo) -> str:
    here = at.astimezone(zone)
    return f"{here.day} {here:%B %Y, %H:%M}"
