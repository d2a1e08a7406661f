"""What goes against the rules of a qualification, in sentences. Nothing is refused: the awarding body may agree."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from enum import Enum

from centres.models import Centre
from centres.staff.models import day_in_words
from portfolio.models import QualificationRules
from portfolio.qualification_rules.selectors import rules_at, rules_of, titles_of
from standards.models import Qualification


class Act(Enum):
    """What somebody is about to do."""

    REGISTRATION = "registration"
    SIGNATURE = "signature"  # a sign-off or a countersignature


def rule_warnings(rules: QualificationRules, *, act: Act, day: datetime.date) -> list[str]:
    """Return what doing this on that day goes against."""
    warnings = []
    if rules.is_sanctioned_on(day):
        warnings.append(_sanction(rules))
    if act == Act.REGISTRATION and rules.register_by and day > rules.register_by:
        warnings.append(f"The last day for registrations on this qualification was {day_in_words(rules.register_by)}.")
    if rules.certify_by and day > rules.certify_by:
        warnings.append(f"The last day for certificates of this qualification was {day_in_words(rules.certify_by)}.")
    return warnings


def qualification_warnings(centre: Centre, qualification: Qualification | None, act: Act) -> list[str]:
    """Return what doing this today at the centre goes against; nothing, without a query, for single units."""
    rules = rules_of(centre, qualification.address) if qualification else None
    return rule_warnings(rules, act=act, day=centre.today) if rules else []


def warnings_among(centre: Centre, qualifications: Iterable[Qualification], act: Act) -> list[str]:
    """Return the same of several qualifications, each sentence with its title."""
    return [f"{one}: {said}" for one in qualifications for said in qualification_warnings(centre, one, act)]


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
