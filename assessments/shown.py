"""What a signing page showed, in one digest: it comes back with the signature, so that nobody signs unseen.

Not the digest that is signed (assessments/documents.py): this one is made of identifiers of rows that never
change, which is quick enough for a page that many look at.
"""

from assessments.grid import Grid, grid_of
from assessments.unit_record import UnitStanding, unit_standing
from portfolio.models import CandidateUnit
from record.canonical import canonical, digest


def digest_shown(grid: Grid, standing: UnitStanding) -> str:
    """Return the digest of a unit as a page shows it: its wording, people, claims, judgements and signatures."""
    registration = standing.unit.registration
    return digest(
        canonical(
            {
                "wording": str(standing.content.uuid),
                "version": standing.version.number,
                "people": [registration.centre.name, registration.candidate.name, registration.number],
                "claims": grid.shown,
                "stated": [str(statement.uuid) for statement in standing.statements],
                "signed": [str(given.uuid) for given in standing.signatures],
            }
        )
    )


def content_digest(unit: CandidateUnit) -> str:
    """Return the same of a unit as it stands now."""
    grid = grid_of(unit, all_pieces=False)
    return digest_shown(grid, unit_standing(unit, grid.version))
