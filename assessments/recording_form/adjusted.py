"""What was adjusted for the candidate, in the document and on the form."""

import datetime
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from assessments.recording_form.words import day, isolated
from portfolio.adjustments.selectors import begun
from portfolio.models import Adjustment, AdjustmentKind, Registration


def adjustments_part(registration: Registration) -> list[dict[str, Any]]:
    """What holds now and what held before, for the document. Why is left out: no paper outside need say it.

    What ended on its first day never held for a day, as one that was typed wrongly.
    """
    now, before = begun(registration)
    zone = ZoneInfo(registration.centre.time_zone)
    rows = sorted((*before, *now), key=lambda row: (row.since, row.pk))
    return [
        {
            "id": str(row.uuid),
            "kind": row.kind,
            "what": row.what,
            "helper": row.helper,
            "agreed_by": row.agreed_by,
            "since": row.since.isoformat(),
            "until": last.isoformat() if last else None,
        }
        for row, last in ((row, _last_day(row, zone)) for row in rows)
        if last is None or last > row.since or last == row.since == row.until
    ]


def _last_day(row: Adjustment, zone: ZoneInfo) -> datetime.date | None:
    if row.ended_at is None:
        return row.until
    ended = row.ended_at.astimezone(zone).date()
    return min(ended, row.until) if row.until else ended


@dataclass(frozen=True)
class PrintedAdjustment:
    """One adjustment: what it was, from when until when, and who agreed to it."""

    what: str
    dates: str
    agreed_by: str


def printed_adjustments(document: dict[str, Any]) -> tuple[PrintedAdjustment, ...]:
    """Those that the document tells of, in its order; documents before format 5 do not know them."""
    return tuple(
        PrintedAdjustment(
            what=_in_words(one),
            dates=f"from {day(one['since'])}" + (f" to {day(one['until'])}" if one["until"] else ""),
            agreed_by=one["agreed_by"],
        )
        for one in document.get("adjustments", ())
    )


def _in_words(one: dict[str, Any]) -> str:
    kind = "" if one["kind"] == AdjustmentKind.OTHER else f"{one['kind'].replace('_', ' ').capitalize()}: "
    return f"{kind}{one['what']}" + (f" ({isolated(one['helper'])})" if one["helper"] else "")
