"""In which capacity a piece of evidence was written: what units that want an observation ask."""

from portfolio.models import Capacity, Registration
from standards.evidence_kinds import EvidenceKind


def written_as(registration: Registration, *, author: int, kind: str, witness: int | None) -> Capacity:
    """Return the capacity in which a piece was written; its `author` and `witness` are given by primary key.

    Of witnesses only an expert, whom an assessor has accepted, writes an observation: it counts as an assessor's.
    """
    if witness is not None and kind == EvidenceKind.OBSERVATION:
        return Capacity.ASSESSOR
    return registration.writes_as(author)
