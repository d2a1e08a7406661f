"""The list of staff for an audit: as a table for a spreadsheet, and on paper."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from centres.models import Centre
from centres.on_paper import centre_fact
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from centres.staff.selectors import StaffMember
from printing.papers import Column, Paper, Passage, Table

HEADINGS = [
    "Name", "E-mail", "Roles", "On record", "Role", "What", "Since", "Until or target", "Hours", "Shown by", "Files",
]  # fmt: skip
FilesOf = Mapping[int, Sequence[str]]  # names, by the primary key of the record that they show
_files_of: list[Callable[[Centre], FilesOf]] = []


def files_from(giver: Callable[[Centre], FilesOf]) -> None:
    """Have the list name the files that `giver` knows of. An app above calls this when Django starts."""
    _files_of.append(giver)


def _files(centre: Centre) -> FilesOf:
    return {record: names for giver in _files_of for record, names in giver(centre).items()}


def staff_rows(centre: Centre, members: Sequence[StaffMember]) -> list[list[str]]:
    """Return the table for a spreadsheet: its head, and a line for each thing on record, one for who has nothing."""
    lines, files = [HEADINGS], _files(centre)
    for member in members:
        person = [member.user.name, member.user.email, member.roles_in_words]
        records = [
            [*person, *_line(member, record), ", ".join(files.get(record.pk, ()))] for record in in_order(member)
        ]
        lines += records or [[*person, "Nothing"]]
    return lines


def staff_paper(centre: Centre, members: Sequence[StaffMember]) -> Paper:
    """Return what is printed of the staff of a centre."""
    files = _files(centre)
    title = f"Staff of {centre}, {centre.today:%-d %B %Y}"
    return Paper(
        title=title,
        heading=title,
        facts=[centre_fact(centre)],
        parts=[_table(member, files) for member in members] or [Passage(words="Nobody assesses or verifies here.")],
        is_wide=True,
    )


def _table(member: StaffMember, files: FilesOf) -> Table:
    without = [standing.role_word for standing in member.standings if not standing.held]
    records = list(in_order(member))
    return Table(
        heading=f"{member.user}: {member.roles_in_words}",
        note=f"Holds no award on record as {' or '.join(without)}: what they sign is confirmed." if without else "",
        columns=[Column("On record", "wide"), Column("What"), Column("Dates", "wide"), Column("Shown by", "wide")],
        rows=[
            [_kind(member, one), one.what, one.dates, "\n".join(filter(None, [one.shown_by, *files.get(one.pk, ())]))]
            for one in records
        ],
        nothing="Nothing on record.",
    )


def _kind(member: StaffMember, record: StaffRecord) -> str:
    role = member.centre.words.of_role(record.role) if record.role else ""
    return ", ".join(filter(None, [record.get_kind_display(), role]))


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
