"""A plan or a review on paper: signed, or blank with room for a hand."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessments.models import Sheet, SheetKind
from assessments.plans.selectors import lines_of, still_open
from assessments.plans.templates import sheet_headings
from portfolio.models import Registration, State
from printing.errors import MissingCharacters
from printing.pdf import render_pdf

TEMPLATE = "assessments/print/sheet.html"
STYLE_SHEET = "record.css"
EMPTY_LINES = 8  # of a blank
LINE_HEADS = {
    SheetKind.PLAN: ("Method", "Units and criteria", "When and where", "To bring", "Who"),
    SheetKind.REVIEW: ("What is to be done", "By when", "Who"),
}


@dataclass(frozen=True, kw_only=True)
class SheetOnPaper:
    """What stands on the paper. A blank has prompts under its headings, and empty cells."""

    title: str
    facts: Sequence[tuple[str, str]]
    progress: Sequence[tuple[str, str, str]] = ()  # unit, state, met
    carried: Sequence[tuple[str, str, str]] = ()  # what, by when, who
    sections: Sequence[tuple[str, str]]
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]
    signatures: Sequence[tuple[str, str]]  # whose, and what is said of it; empty for a hand
    words: str = ""  # the candidate's
    is_blank: bool = False


def signed_on_paper(sheet: Sheet) -> SheetOnPaper:
    """What is printed of a signed sheet."""
    registration = sheet.registration
    said = getattr(sheet, "answer", None)
    answered = "Not yet seen by the candidate"
    if said:
        agreed = "Seen and agreed" if said.agrees else "Seen, and not agreed"
        answered = f"{agreed}, {_moment(registration, said.made_at)}"
    return SheetOnPaper(
        title=str(sheet),
        facts=[
            *_whose(registration),
            ("Assessor", sheet.author.name),
            ("Agreed on", f"{_day(sheet.held_on)}, {sheet.get_how_display().lower()}"),
            ("Who else was there", sheet.present or "Nobody"),
            ("Next review", _day(sheet.next_review) or "None set"),
            *([("Replaced by", str(sheet.replaced_by))] if sheet.replaced_by else []),
        ],
        progress=[
            (f"{one['code']} {one['title']}", State(one["state"]).label, f"{one['met']} of {one['of']}")
            for one in sheet.progress
        ],
        carried=[(what, _day(due), who) for what, due, who in still_open(sheet.carried)],
        sections=[(heading, words or "–") for heading, words in sheet.sections],
        heads=LINE_HEADS[SheetKind(sheet.kind)],
        lines=_lines(sheet),
        signatures=[
            (f"Assessor: {sheet.author.name}", f"Signed {_moment(registration, sheet.signed_at)}"),
            (f"Candidate: {registration.candidate.name}", answered),
        ],
        words=said.words if said else "",
    )


def blank_on_paper(registration: Registration, kind: SheetKind) -> SheetOnPaper:
    """What is printed for a hand to fill in."""
    asks, heads = sheet_headings(registration.centre, kind), LINE_HEADS[kind]
    empty = ("Assessor", "Day, and how you met", "Who else was there", "Next review")
    return SheetOnPaper(
        title=asks.title,
        facts=[*_whose(registration), *((name, "") for name in empty)],
        sections=asks.headings,
        heads=heads,
        lines=[[""] * len(heads)] * EMPTY_LINES,
        signatures=[("Assessor, date", ""), ("Candidate, date: I have seen this and agree / do not agree", "")],
        is_blank=True,
    )


def sheet_pdf(printed: SheetOnPaper, *, title: str) -> bytes:
    """Return it as a PDF. A character that no font has is printed as its number. Raises PrintError."""
    context = {"printed": printed}
    try:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET)
    except MissingCharacters as missing:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET, unprintable=missing.characters)


def _lines(sheet: Sheet) -> list[list[str]]:
    rows = []
    for one in lines_of(sheet):
        line, who, when = one.line, one.action.get_owned_as_display(), _day(one.action.due)
        if sheet.kind == SheetKind.REVIEW:
            rows.append([one.action.text, when, who])
            continue
        units = "\n".join(f"{code}: {what}" for _, code, what in one.units)
        place = f"{when}\n{line.place}" if line.place else when
        rows.append([line.get_method_display(), units, place, line.bring, who])
    return rows


def _whose(registration: Registration) -> list[tuple[str, str]]:
    name, number = registration.candidate.name, registration.number
    return [("Centre", registration.centre.name), ("Candidate", f"{name}, {number}" if number else name)]


def _day(day: datetime.date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _moment(registration: Registration, at: datetime.datetime) -> str:
    here = timezone.localtime(at, ZoneInfo(registration.centre.time_zone))
    return f"{_day(here.date())}, {here:%H:%M}"
