"""What the page of a signature shows of one piece of evidence."""

from dataclasses import dataclass

from assessments.openings.looked_at import LookedAt
from portfolio.models import EvidenceFile
from portfolio.remarks import Remark
from portfolio.testimony.how_given import HowGiven


@dataclass(kw_only=True)
class SignedPiece:
    """A claimed piece in the version that is signed, in words, with its files."""

    pk: int  # of the version
    number: int
    version: int
    title: str
    kind: str
    setting: str
    when: str
    location: str
    relevance: str
    files: list[EvidenceFile]
    remarks: list[Remark]
    by_assessor: bool  # whether an assessor wrote it
    is_unseen: bool  # whether it is a record that its candidate has not acknowledged
    witness: HowGiven | None  # what is told of its witness
    looks: tuple[LookedAt, ...] = ()  # who has looked at it
    is_unopened: bool = False  # whether nobody who assesses has
