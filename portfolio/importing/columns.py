"""The columns of an import. A further one is a line in COLUMNS, and what is done with it in `rows.py`.

Each has its heading, what is said of it, how its cells are read, and how what was read is checked. The check is given
what the columns before it said of the row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Field

from centres.candidate_numbers.services import number_read
from centres.forms import PersonForm
from centres.guardians.services import NO_CANDIDATE, require_coming_of_age
from centres.models import Role
from portfolio.importing.known import KnownHere
from portfolio.importing.readers import by_field, day, several, words
from portfolio.importing.reading import Cell
from portfolio.models import RegistrationParticulars
from portfolio.models.particulars import DAYS
from portfolio.registrations.forms import RegistrationForm
from portfolio.registrations.particulars import LABELS, NOT_YET, PAST
from record.form_fields import AddressField

Said = Mapping[str, Any]
NOT_REGISTERED = "belongs to a registration. Name a qualification or units in this row too."


@dataclass(frozen=True, kw_only=True)
class ImportColumn:
    """A column. `read` and `check` raise ValidationError; `check` returns what is kept, as JSON holds it."""

    key: str
    heading: str
    help: str
    example: str
    read: Callable[[Cell], Any]
    check: Callable[[Any, Said, KnownHere], Any]
    also: tuple[str, ...] = ()  # other headings by which it is known


def _as_read(value: Any, said: Said, known: KnownHere) -> Any:
    return value


def _email(value: str, said: Said, known: KnownHere) -> str:
    return value.lower()  # a row without one has a sign-in number: `NAMES_WHO`


def _sign_in_number(value: str, said: Said, known: KnownHere) -> str:
    """The number of a candidate of this centre; that of the centre may stand before it, as people type it."""
    number = value.removeprefix(f"{known.centre.number}/") if known.centre.number else value
    return number_read(number) if number else ""


def _eighteen_on(value: str, said: Said, known: KnownHere) -> str:
    """A day to come, of a candidate; one that is on record already may have passed since."""
    if not value or known.days.get(known.key_of(said)) == value:
        return value
    if said.get("roles") and Role.CANDIDATE not in said["roles"] and not registers(said):
        raise ValidationError(NO_CANDIDATE)
    require_coming_of_age(date.fromisoformat(value), known.centre)
    return value


def _roles(value: list[str], said: Said, known: KnownHere) -> list[str]:
    called = known.centre.words
    by_word = {word.casefold(): role for role in Role for word in (role.label, role.value, called.of_role(role))}
    by_word["coordinator"] = Role.COORDINATOR
    for word in value:
        if word.casefold() not in by_word:
            roles = ", ".join(called.of_role(role) for role in Role)
            raise ValidationError(f"“{word}” is no role. There are: {roles}; several stand between semicolons.")
    return list(dict.fromkeys(str(by_word[word.casefold()]) for word in value))


def _qualification(value: str, said: Said, known: KnownHere) -> str:
    return known.qualifications.find(value) if value else ""


def _units(value: list[str], said: Said, known: KnownHere) -> list[str]:
    framework = said.get("qualification", "").partition(":")[0]
    return list(dict.fromkeys(known.units.find(code, framework) for code in value))


def _number(value: str, said: Said, known: KnownHere) -> str:
    if value and not registers(said):
        raise ValidationError(f"A number {NOT_REGISTERED}")
    return value


def _lead(role: Role) -> Callable[[str, Said, KnownHere], str]:
    def check(value: str, said: Said, known: KnownHere) -> str:
        email, called = value.lower(), known.centre.words.of_role(role)
        if not email:
            return ""
        if not registers(said):
            raise ValidationError(f"A lead {NOT_REGISTERED}")
        if email == said.get("email"):
            raise ValidationError(f"Nobody is the {called} of their own units. Choose somebody else.")
        if email == said.get("lead_assessor"):
            raise ValidationError(f"{value} assesses these units, so they cannot verify them.")
        if not known.has_role(email, role):
            raise ValidationError(f"{value} is no {called} of the centre, and no row of the file makes them one.")
        return email

    return check


def _particular(name: str) -> Callable[[str, Said, KnownHere], str]:
    """Take what `RegistrationParticulars` takes under this name; a day as 2026-12-31."""
    field = cast(Field, RegistrationParticulars._meta.get_field(name))

    def check(value: str, said: Said, known: KnownHere) -> str:
        if not value:
            return ""
        if not registers(said):
            raise ValidationError(f"This {NOT_REGISTERED}")
        taken = field.clean(value, None)
        if name in PAST and taken > known.centre.today:
            raise ValidationError(NOT_YET)
        days = {day: said[day] or None for day in DAYS if day in said}
        _require_in_order(RegistrationParticulars(**days | {name: taken}), name)
        return value

    return check


def _require_in_order(row: RegistrationParticulars, name: str) -> None:
    for constraint in RegistrationParticulars._meta.constraints:
        if constraint.name.startswith(f"particulars_{name}_after_"):
            constraint.validate(RegistrationParticulars, row)


def _without_spaces(cell: Cell) -> str:
    return "".join(words(cell).split())


def registers(said: Said) -> bool:
    """Whether a row registers its person. What could not be read there counts: its own fault is enough."""
    return bool(said.get("qualification", "?") or said.get("units", "?"))


_optional_address = AddressField(
    required=False, max_length=254, error_messages={"invalid": "Give an e-mail address, such as ann@example.org."}
)

COLUMNS = (
    ImportColumn(
        key="name",
        heading="Name",
        help="As it will stand on printed forms.",
        example="Alex Example",
        read=by_field(PersonForm.base_fields["name"]),
        check=_as_read,
        also=("full name",),
    ),
    ImportColumn(
        key="email",
        heading="E-mail address",
        help="They sign in with it. Who has it in the centre already stays as they are.",
        example="alex@example.org",
        read=by_field(PersonForm.base_fields["email"]),
        check=_email,
        also=("email", "e-mail"),
    ),
    ImportColumn(
        key="sign_in_number",
        heading="Sign-in number",
        help="Of a candidate who has no address: they sign in with it, first with a one-time code that you print.",
        example="",
        read=words,
        check=_sign_in_number,
        also=("sign in number",),
    ),
    ImportColumn(
        key="roles",
        heading="Roles",
        help="For staff, several between semicolons. Empty: a candidate.",
        example="candidate",
        read=several,
        check=_roles,
        also=("role",),
    ),
    ImportColumn(
        key="qualification",
        heading="Qualification",
        help="Its code or title. Empty where somebody is not registered, or on single units.",
        example="",
        read=words,
        check=_qualification,
    ),
    ImportColumn(
        key="units",
        heading="Further units",
        help="Codes between semicolons: optional units, or single ones. Mandatory units come by themselves.",
        example="",
        read=several,
        check=_units,
        also=("units",),
    ),
    ImportColumn(
        key="number",
        heading="Number",
        help="As the awarding body gave it; it is printed on the form.",
        example="C-1001",
        read=by_field(RegistrationForm.base_fields["number"]),
        check=_number,
        also=("candidate number", "learner number"),
    ),
    ImportColumn(
        key="eighteen_on",
        heading="18 on (if under 18)",
        help="The day on which a candidate turns 18, not that of their birth. Empty for who is 18 already.",
        example="",
        read=day,
        check=_eighteen_on,
        also=("18 on",),
    ),
    ImportColumn(
        key="lead_assessor",
        heading="Lead assessor",
        help="The e-mail address of who leads in assessing all units of the registration.",
        example="ann@example.org",
        read=by_field(_optional_address),
        check=_lead(Role.ASSESSOR),
    ),
    ImportColumn(
        key="lead_verifier",
        heading="Lead verifier",
        help="The e-mail address of who leads in verifying them.",
        example="ivy@example.org",
        read=by_field(_optional_address),
        check=_lead(Role.INTERNAL_VERIFIER),
    ),
    *(
        ImportColumn(
            key=name,
            heading=LABELS[name],
            help=help_text,
            example="",
            read={"uln": _without_spaces}.get(name, day if name in DAYS else words),
            check=_particular(name),
            also=also,
        )
        for name, help_text, also in (
            ("uln", "Ten digits, of learners in the United Kingdom.", ("unique learner number",)),
            ("awarding_body", "Its name, as it is printed on the form.", ()),
            ("qualification_number", "As the awarding body has it.", ()),
            ("registered_on", "A day, as 31/12/2026.", ("registered on", "registration date")),
            ("started_on", "A day.", ("start date",)),
            ("target_on", "A day.", ("target",)),
            ("site", "Where they work or learn.", ()),
            ("cohort", "", ("programme", "cohort")),
            ("language", "", ("language",)),
        )
    ),
)
OBLIGATORY = ("name",)  # columns that a file must have
NAMES_WHO = ("email", "sign_in_number")  # of which it must have one at least, and so must each row
EXAMPLE_EMAIL = "alex@example.org"  # of the template's example, which is left out
