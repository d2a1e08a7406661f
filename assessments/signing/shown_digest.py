"""One digest of what a signing page showed. It comes back with the signature, so that nobody signs anything unseen.

It is not the digest that is signed (assessments/recording_form/document.py). It is made of identifiers and stamps,
which is quick enough for a page that is often looked at.
"""

from collections.abc import Iterable, Sequence

from assessments.models import Standing
from assessments.standing.unit_record import UnitStanding, unit_standings
from portfolio.models import CandidateUnit
from portfolio.open_versions import open_versions
from record.canonical import canonical, digest


def digest_shown(standing: UnitStanding, stamps: Iterable[str]) -> str:
    """Return the digest of a unit as a page shows it: its wording, people, claims, judgements, signatures, and what was
    asked in it.

    `stamps` are those of its claims, as they were read for the page.
    """
    registration, asked = standing.unit.registration, standing.particulars
    return digest(
        canonical(
            {
                "wording": str(standing.content.uuid),
                "version": standing.version.number,
                "people": [registration.centre.name, registration.candidate.name, registration.number],
                "particulars": {"number": asked.number, **asked.printed()} if asked else None,
                "claims": " ".join(sorted(stamps)),
                "stated": [str(statement.uuid) for statement in standing.statements],
                "not_shown": [[str(one.uuid), one.answered is not None] for one in standing.not_shown],
                "signed": [str(given.uuid) for given in standing.signatures],
                "asked": [f"{record.action.uuid} {len(record.steps)}" for record in standing.actions_signed],
            }
        )
    )


def content_digest(unit: CandidateUnit) -> str:
    """Return the same of a unit as it stands now."""
    return content_digests([unit])[unit.pk]


def content_digests(units: Sequence[CandidateUnit]) -> dict[int, str]:
    """The same of several units, by the unit's primary key; seven queries at most for all."""
    stamps: dict[int, list[str]] = {unit.pk: [] for unit in units}
    for unit, stamp in Standing.objects.filter(candidate_unit__in=units).values_list("candidate_unit", "stamp"):
        stamps[unit].append(stamp)
    standings = unit_standings(units, open_versions(units))
    return {unit: digest_shown(standing, stamps[unit]) for unit, standing in standings.items()}
