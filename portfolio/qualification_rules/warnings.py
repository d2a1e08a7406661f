"""What goes against the rules of a qualification, in sentences. Nothing is refused: the awarding body may agree."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from enum import Enum

from centres.models import Centre
from centres.staff.models import day_in_words
from portfolio.models import QualificationRules
from portfolio.qualification_rules.selectors import rules_at, rules_of, titles_of
from standards.models import Qualification


class Act(Enum):
    """What somebody is about to do."""

    REGISTRATION = "registration"
    SIGN_OFF = "sign_off"
    COUNTERSIGNATURE = "countersignature"
    CERTIFICATE = "certificate"  # the record that one was claimed


NO_DIRECT_CLAIMS = (
    "The centre has no direct claims for this qualification: the awarding body's verifier releases its certificates."
)


def rule_warnings(rules: QualificationRules, *, act: Act, day: datetime.date) -> list[str]:
    """Return what doing this on that day goes against."""
    warnings = []
    if rules.is_sanctioned_on(day):
        warnings.append(_sanction(rules))
    if act == Act.REGISTRATION and rules.register_by and day > rules.register_by:
        warnings.append(f"The last day for registrations on this qualification was {day_in_words(rules.register_by)}.")
    if rules.certify_by and day > rules.certify_by:
        warnings.append(f"The last day for certificates of this qualification was {day_in_words(rules.certify_by)}.")
    if act in {Act.COUNTERSIGNATURE, Act.CERTIFICATE} and not rules.direct_claims:
        warnings.append(NO_DIRECT_CLAIMS)
    return warnings


def qualification_warnings(
    centre: Centre, qualification: Qualification | None, act: Act, day: datetime.date | None = None
) -> list[str]:
    """Return what doing this at the centre goes against; nothing, without a query, for single units.

    On that day; without one, today.
    """
    rules = rules_of(centre, qualification.address) if qualification else None
    return rule_warnings(rules, act=act, day=day or centre.today) if rules else []


def warnings_among(centre: Centre, addresses: Collection[str], act: Act) -> list[str]:
    """Return what doing it today in several qualifications goes against, with their titles; two queries at most.

    `addresses` are those of the qualifications; an empty one stands for single units.
    """
    if not any(addresses):
        return []
    rows = [row for row in rules_at([centre.pk]) if row.qualification in addresses]
    warned = {row.qualification: rule_warnings(row, act=act, day=centre.today) for row in rows}
    titles = titles_of(rows)
    return [f"{titles.get(address, address)}: {said}" for address, said_of in warned.items() for said in said_of]


def sanctions_at(centres: Collection[Centre]) -> dict[int, list[str]]:
    """Return the sanctions that hold today at each of these centres, by its primary key; two queries at most."""
    today = {centre.pk: centre.today for centre in centres}
    rows = [row for row in rules_at([*today]) if row.is_sanctioned_on(today[row.centre_id])]
    titles = titles_of(rows)
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        title = titles.get(row.qualification, row.qualification)
        found[row.centre_id].append(f"{title}: {_sanction(row)}")
    return found


def _sanction(rules: QualificationRules) -> str:
    until = f" until {day_in_words(rules.sanction_until)}" if rules.sanction_until else ""
    return f"The awarding body has put a sanction on this qualification{until}: {rules.sanction}"
