"""The list of staff for an audit: as a table for a spreadsheet, and on paper."""

from collections.abc import Iterator, Sequence

from centres.lists.spreadsheets import csv_of
from centres.models import Centre
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from centres.staff.selectors import StaffMember
from printing.errors import MissingCharacters
from printing.pdf import render_pdf

TEMPLATE = "centres/print/staff.html"
STYLE_SHEET = "staff.css"
HEADINGS = ["Name", "E-mail", "Roles", "On record", "Role", "What", "Since", "Until or target", "Hours", "Shown by"]


def staff_csv(members: Sequence[StaffMember]) -> bytes:
    """Return a line for each thing on record, and one for whoever has nothing on record."""
    lines = []
    for member in members:
        person = [member.user.name, member.user.email, member.roles_in_words]
        lines += [[*person, *_line(member, record)] for record in in_order(member)] or [[*person, "Nothing"]]
    return csv_of(HEADINGS, lines)


def staff_pdf(centre: Centre, members: Sequence[StaffMember]) -> bytes:
    """Return the list as a PDF (bytes). A character that no font has is printed as its number. Raises PrintError."""
    title = f"Staff of {centre}, {centre.today:%-d %B %Y}"
    context = {"centre": centre, "people": [(member, list(in_order(member))) for member in members]}
    try:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET)
    except MissingCharacters as missing:
        return render_pdf(TEMPLATE, context, title=title, style_sheet=STYLE_SHEET, unprintable=missing.characters)


def in_order(member: StaffMember) -> Iterator[StaffRecord]:
    """Yield what is on record of somebody by kind, the latest of each first."""
    for kind in StaffKind:
        yield from member.of(kind)


def _line(member: StaffMember, record: StaffRecord) -> list[str]:
    return [
        record.get_kind_display(),
        member.centre.words.of_role(record.role) if record.role else "",
        record.what,
        record.since.isoformat() if record.since else "",
        record.until.isoformat() if record.until else "",
        f"{float(record.hours):g}" if record.hours else "",
        record.shown_by,
    ]
