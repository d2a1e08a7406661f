"""One digest of what a signing page showed. It comes back with the signature, so that nobody signs anything unseen.

It is not the digest that is signed (assessments/recording_form/document.py). It is made of identifiers and stamps,
which is quick enough for a page that is often looked at.
"""

from collections.abc import Iterable

from assessments.models import Standing
from assessments.standing.unit_record import UnitStanding, unit_standing
from portfolio.models import CandidateUnit
from portfolio.open_versions import open_version
from record.canonical import canonical, digest


def digest_shown(standing: UnitStanding, stamps: Iterable[str]) -> str:
    """Return the digest of a unit as a page shows it: its wording, people, claims, judgements, signatures, and what was
    asked in it.

    `stamps` are those of its claims, as they were read for the page.
    """
    registration = standing.unit.registration
    return digest(
        canonical(
            {
                "wording": str(standing.content.uuid),
                "version": standing.version.number,
                "people": [registration.centre.name, registration.candidate.name, registration.number],
                "claims": " ".join(sorted(stamps)),
                "stated": [str(statement.uuid) for statement in standing.statements],
                "signed": [str(given.uuid) for given in standing.signatures],
                "asked": [f"{record.action.uuid} {len(record.steps)}" for record in standing.actions_signed],
            }
        )
    )


def content_digest(unit: CandidateUnit) -> str:
    """Return the same of a unit as it stands now."""
    version = open_version(unit)
    stamps = Standing.objects.filter(candidate_unit=unit).values_list("stamp", flat=True)
    return digest_shown(unit_standing(unit, version), stamps)
