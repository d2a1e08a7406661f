"""Who is in the demo, and what each of them does: the words that the stories of the candidates are told in.

The stories themselves stand by workplace: `hotel`, `inn`, `shop`, `bookshop`, `helpline` and `council` on
NVQ B10, `resort` and `beach` on CVQ level 2, `ferry` on OCR 58A, `clinic` on City & Guilds 323.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assessments.models import Outcome
from demo.files import MadeFile
from portfolio.models import Capacity
from portfolio.registrations.particulars import NOTHING_SAID, ParticularsSaid
from standards.evidence_kinds import EvidenceKind, Setting

B10 = "nvq:B10"
CVQ_LEVEL_2 = "cvq:CCA010-02"
CENTRE = "Pelican Reach Skills Centre"
AWARDING_BODY = "Tradewind Awards"
CENTRE_NUMBER = "55017"
TIME_ZONE = "America/Barbados"
MAIL_DOMAIN = "pelican-reach.example"


@dataclass(frozen=True)
class StoryPerson:
    """Somebody of the demo."""

    name: str

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.name.split(maxsplit=1)[0].lower()}@{MAIL_DOMAIN}"


MARVA = StoryPerson("Marva Braithwaite")  # coordinates
DESMOND = StoryPerson("Desmond Achong")  # assesses the hotels and the shops
HELEN = StoryPerson("Helen Prowse")  # assesses the helpline and the council; works towards the award
JOYCELYN = StoryPerson("Joycelyn Baptiste")  # verifies Desmond's work
OWEN = StoryPerson("Owen Pritchard")  # verifies Helen's
EDMUND = StoryPerson("Edmund Lashley")  # comes from the awarding body


@dataclass(frozen=True, kw_only=True)
class StoryEvidence:
    """A piece of evidence, added and claimed for in one go; `days_ago` and `until` say when it happened.

    `claims` lists the codes of criteria without the unit's own ("2.5", "a", "4b"), each with where to look, in
    the story's first unit; `more` does so for others, by their codes. "K2a" is a knowledge item where its code
    alone would mean something else, "2A.i" a range item under the element that it applies to, and "1.1-1.4"
    all from one to the other.
    """

    title: str
    kind: EvidenceKind
    days_ago: int
    until: int | None = None
    files: Sequence[MadeFile] = ()
    claims: str = ""  # "2.5 page 2; a; 4b row 7"
    more: Mapping[str, str] = field(default_factory=dict)  # {"U12902": "1.1-1.3 page 1"}
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
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Observe:
    """The assessor saw the candidate at work from ten in the morning on, and signs what they saw a day later.

    `met` lists the codes of criteria, as `StoryEvidence.claims` does.
    """

    days_ago: int
    place: str
    seen: str
    met: str
    present: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class AskWitness:
    """The candidate asks somebody what they saw. `saw` lists the codes of criteria, as `StoryEvidence.claims` does."""

    name: str
    words: str
    saw: str
    email: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class WitnessAnswers:
    """A witness who was asked says what they saw, and the candidate claims by it."""

    name: str
    role: str
    contact: str
    words: str
    place: str
    days_ago: int  # when they saw it
    relation: str = "manager"
    is_expert: bool = False
    claims: str = ""
    unit: str = ""


@dataclass(frozen=True)
class AcceptWitness:
    """The assessor reaches a witness, and accepts them as an expert."""

    name: str
    reason: str


@dataclass(frozen=True)
class TellFeedback:
    """The assessor tells the candidate something of a unit, on what is met as well."""

    words: str
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedLine:
    """What the candidate sees to in so many days from now; in a plan by a `method`, for these criteria."""

    in_days: int
    text: str = ""
    method: str = ""
    place: str = ""
    bring: str = ""
    codes: str = ""  # "1.1 2.3"; none is the whole unit


@dataclass(frozen=True, kw_only=True)
class PlanOrReview:
    """The assessor signs a plan or a review of the first unit; `words` stand under the headings, in their order."""

    kind: str
    words: Sequence[str]
    lines: Sequence[PlannedLine] = ()
    next_review: int = 0  # in so many days from now
    agreed: str = ""  # what the candidate says of it; if they have not seen it yet, nothing


@dataclass(frozen=True)
class MakeStatements:
    """The assessor makes the statements on the musts that have no letter."""

    unit: str = ""


@dataclass(frozen=True)
class CannotBeShown:
    """The assessor says of a range item that the workplace cannot show it."""

    item: str
    reason: str
    unit: str = ""


@dataclass(frozen=True)
class Submit:
    """The candidate signs the declaration."""

    unit: str = ""


@dataclass(frozen=True)
class SignOff:
    """The assessor signs."""

    comment: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Confirm:
    """Another assessor, who holds the award, confirms the sign-off of one who works towards it."""

    comment: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Countersign:
    """The internal verifier signs."""

    comment: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Returned:
    """The assessor returns the unit to the candidate, or the internal verifier to the assessor."""

    by: Capacity
    reason: str
    unit: str = ""


@dataclass(frozen=True)
class Reopen:
    """The internal verifier reopens the unit."""

    reason: str
    unit: str = ""


@dataclass(frozen=True)
class On:
    """What follows happens so many days ago, or later where the story is further already."""

    days_ago: int


@dataclass(frozen=True)
class Choose:
    """Somebody takes an optional unit of the qualification, or takes it up again."""

    unit: str
    by: Capacity = Capacity.CANDIDATE


@dataclass(frozen=True)
class SetAside:
    """Somebody sets a unit aside."""

    unit: str
    by: Capacity = Capacity.CANDIDATE


Step = (
    StoryEvidence
    | Judge
    | Observe
    | AskWitness
    | WitnessAnswers
    | AcceptWitness
    | TellFeedback
    | PlanOrReview
    | MakeStatements
    | CannotBeShown
    | Submit
    | SignOff
    | Confirm
    | Countersign
    | Returned
    | Reopen
    | On
    | Choose
    | SetAside
)


@dataclass(frozen=True, kw_only=True)
class Story:
    """A candidate on a qualification or on single units, and all that happens there, in order.

    A step that names no `unit` is about the first of them. Each step happens about a day after the one before,
    a piece soon after what it shows; `On` lets time pass.
    """

    candidate: StoryPerson
    number: str  # the awarding body's
    assessor: StoryPerson | None  # None: nobody is allocated yet
    verifier: StoryPerson | None
    confirms: StoryPerson | None = None  # a further assessor, who holds the award where the first works towards it
    steps: Sequence[Step] = ()
    qualification: str = ""  # its mandatory units come by themselves, before these
    units: Sequence[str] = (B10,)
    registered: int = 0  # days ago; 0: a week before the first piece
    site: str = ""
    cohort: str = ""
    uln: str = ""
    target: int = 0  # the target date: days from today

    def particulars(self, registered: datetime.date, today: datetime.date) -> ParticularsSaid:
        """What the awarding body asks of the registration; nothing where the story names no site."""
        if not self.site:
            return NOTHING_SAID
        return ParticularsSaid(
            uln=self.uln,
            awarding_body=AWARDING_BODY,
            registered_on=registered,
            started_on=registered,
            target_on=today + datetime.timedelta(days=self.target),
            site=self.site,
            cohort=self.cohort,
            language="English",
        )

    @property
    def first_day(self) -> int:
        """How many days ago its first piece is from."""
        return max((step.days_ago for step in self.steps if isinstance(step, StoryEvidence)), default=0)
