"""The units of a candidate on paper: verified ones, to claim unit certificates, and those achieved before."""

from assessments.endings.selectors import CertifiableUnit, certifiable_units
from centres.on_paper import at_centre
from portfolio.models import AchievedBefore, Registration
from portfolio.on_paper import portfolio_facts
from portfolio.open_registrations import standing_of, state_of
from portfolio.registrations.choosing import achieved_in
from printing.papers import Column, Paper, SignatureLine, Table
from standards.models import UnitRevision

UNIT = (Column("Code", "narrow"), Column("Unit"), Column("Reference", "middle"), Column("Credit", "narrow"))
COLUMNS = (
    *UNIT,
    Column("Assessor, signed off", "middle"),
    Column("Internal verifier, countersigned", "middle"),
    Column("Certificate", "middle"),
)
BEFORE = (*UNIT, Column("Where, and on which day", "middle"), Column("What shows it"), Column("Checked by", "middle"))


def units_paper(registration: Registration) -> Paper:
    """Return the list of what the candidate achieved, for the claim of unit certificates."""
    standing = standing_of(registration)
    stands = state_of(standing).label
    if standing and standing.state != "active":
        stands = f"{stands} since {_day(standing.day)}{f', to {standing.to_centre}' if standing.to_centre else ''}"
    qualification = [("Qualification", str(registration.qualification))] if registration.qualification else []
    before = achieved_in([registration.pk]).get(registration.pk, [])
    rows = [_row_before(one) for one in before]
    achieved = [Table(heading="Achieved before", columns=BEFORE, rows=rows)] if rows else []
    verified = [_row(unit, registration) for unit in certifiable_units(registration)]
    return Paper(
        title=f"Units: {registration.candidate.name}",
        heading="Units achieved",
        facts=[*portfolio_facts(registration), *qualification, ("Registration", stands.capitalize())],
        parts=[
            Table(columns=COLUMNS, rows=verified, nothing="No unit is verified."),
            *achieved,
        ],
        signatures=[SignatureLine("Centre coordinator, date")],
        is_wide=True,
    )


def _unit(revision: UnitRevision) -> list[str]:
    credit = "" if revision.credit is None else str(revision.credit)
    return [revision.unit.code, revision.title, revision.reference, credit]


def _row(unit: CertifiableUnit, registration: Registration) -> list[str]:
    centre, certificate = registration.centre, unit.certificate
    return [
        *_unit(unit.version.candidate_unit.revision),
        f"{unit.assessor}\n{at_centre(unit.assessed_at, centre)}",
        f"{unit.verifier}\n{at_centre(unit.verified_at, centre)}",
        f"{certificate.number}\n{_day(certificate.day)}" if certificate else "",
    ]


def _row_before(achieved: AchievedBefore) -> list[str]:
    number = f"\nCertificate {achieved.certificate_number}" if achieved.certificate_number else ""
    checks = achieved.checks.select_related("person")
    return [
        *_unit(achieved.revision),
        f"{achieved.get_where_display()}\n{_day(achieved.day)}",
        f"{achieved.shown_by}{number}",
        "\n".join(f"{one.person}, {one.get_capacity_display()}" for one in checks),
    ]


def _day(day: object) -> str:
    return f"{day:%-d %B %Y}"
