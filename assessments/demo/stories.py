"""Who is in the demo, and what each of them does: the words that the stories of the candidates are told in.

The stories themselves stand by workplace: `hotel`, `inn`, `shop`, `bookshop`, `helpline`, `council`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assessments.demo.files import MadeFile
from assessments.models import Outcome
from portfolio.models import Capacity
from standards.vocabulary import EvidenceKind, Setting

UNIT = "nvq:B10"
CENTRE = "Pelican Reach Skills Centre"
CENTRE_NUMBER = "55017"
TIME_ZONE = "America/Barbados"
MAIL_DOMAIN = "pelican-reach.example"


@dataclass(frozen=True)
class Person:
    """Somebody of the demo."""

    name: str

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.name.split(maxsplit=1)[0].lower()}@{MAIL_DOMAIN}"


MARVA = Person("Marva Braithwaite")  # coordinates
DESMOND = Person("Desmond Achong")  # assesses the hotels and the shops
HELEN = Person("Helen Prowse")  # assesses the helpline and the council
JOYCELYN = Person("Joycelyn Baptiste")  # verifies Desmond's work
OWEN = Person("Owen Pritchard")  # verifies Helen's


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of evidence, added and claimed for in one go; `days_ago` and `until` say when it happened.

    `claims` lists the codes of criteria without the unit's own ("2.5", "a", "4b"), each with where to look.
    """

    title: str
    kind: EvidenceKind
    days_ago: int
    until: int | None = None
    files: Sequence[MadeFile] = ()
    claims: str = ""  # "2.5 page 2; a; 4b row 7"
    setting: Setting = Setting.REAL_JOB
    location: str = ""
    relevance: str = ""
    by: Capacity = Capacity.CANDIDATE


@dataclass(frozen=True, kw_only=True)
class Judge:
    """The assessor answers what waits in these pieces (by number, all of them if none is named).

    It is met, unless `answers` says otherwise for a piece and code.
    """

    pieces: Collection[int] = ()
    answers: Mapping[tuple[int, str], tuple[Outcome, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Confirm:
    """The assessor confirms the musts that have no letter."""


@dataclass(frozen=True)
class Submit:
    """The candidate signs the declaration."""


@dataclass(frozen=True)
class SignOff:
    """The assessor signs."""

    comment: str = ""


@dataclass(frozen=True)
class Countersign:
    """The internal verifier signs."""

    comment: str = ""


@dataclass(frozen=True)
class Return:
    """The assessor returns the unit to the candidate, or the internal verifier to the assessor."""

    by: Capacity
    reason: str


@dataclass(frozen=True)
class Reopen:
    """The internal verifier reopens the unit."""

    reason: str


Step = Piece | Judge | Confirm | Submit | SignOff | Countersign | Return | Reopen


@dataclass(frozen=True, kw_only=True)
class Story:
    """A candidate on unit B10, and all that happens in it, in order."""

    candidate: Person
    number: str  # the awarding body's
    assessor: Person
    verifier: Person
    steps: Sequence[Step] = ()
