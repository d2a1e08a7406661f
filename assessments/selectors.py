"""What the home page and the unit's page ask: what is next for a person, and what has happened in a unit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from assessments.listed import ListedUnit
from assessments.models import Outcome, Return, Signature
from assessments.pictures import Happened
from assessments.progress import Progress
from assessments.remembered import Remembered
from assessments.standing import ClaimsAlike, claims_alike, pins_of
from assessments.unit_record import UnitStanding
from centres.models import Centre, User
from portfolio.models import (
    Allocation,
    CandidateUnit,
    Capacity,
    Claim,
    Evidence,
    EvidenceVersion,
    State,
    UnitVersion,
)
from portfolio.rules import bars_claim
from standards.content import RevisionContent
from standards.published import wording, wordings_of


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happened in a unit: a signature, or a step back with its reason."""

    at: datetime
    what: str
    by: str
    version: int
    words: str = ""  # the reason, or the comment
    digest: str = ""  # of what was signed, its first twelve characters
    superseded: bool = False
    signature: Signature | None = None  # a countersignature, which has a form
    kind: str = "back"  # or submitted, signed_off, countersigned
    for_candidate: bool = True  # whether its words are for the candidate to read


class UnclaimedPiece(NamedTuple):
    """A piece of evidence that claims nothing yet. `registration` is a primary key."""

    uuid: UUID
    number: int
    title: str
    registration: int


def piece_without_claims(user: User, registrations: Collection[int]) -> UnclaimedPiece | None:
    """The latest piece of the person's own in these portfolios that nobody has said anything of."""
    said = Claim.objects.filter(evidence=OuterRef("pk"), withdrawn_at__isnull=True)
    latest = EvidenceVersion.objects.filter(evidence=OuterRef("pk")).order_by("-number")
    pieces = (
        Evidence.objects.kept()
        .filter(~Exists(said), author=user.pk, registration__in=registrations)
        .order_by("-added_at", "-pk")
        .values_list("uuid", "number", Subquery(latest.values("title")[:1]), "registration")
    )
    return next((UnclaimedPiece._make(row) for row in pieces[:1]), None)


_next: Remembered[Evidence | None] = Remembered(at_most=1000)


def next_to_judge(unit: CandidateUnit, *, after: Evidence, head: str = "") -> Evidence | None:
    """The next piece of the unit with claims that wait for a judgement: by number, from the beginning again.

    With the `head` of the portfolio's chain without a query, while nothing has happened in it.
    """
    return _next.at((unit.pk, after.pk), head, lambda: _next_to_judge(unit, after))


def _next_to_judge(unit: CandidateUnit, after: Evidence) -> Evidence | None:
    """Four queries at most, and three for a wording that this process has not read."""
    content = wording(unit.revision)
    pieces = _pieces({unit.pk: unit.registration_id}, signed=[unit.pk])[unit.pk]
    waiting = [piece for piece, version, claims in pieces if _answers(content, version, claims).waits]
    following = Evidence.objects.filter(pk__in=waiting).exclude(pk=after.pk)
    return following.annotate(is_before=Q(number__lt=after.number)).order_by("is_before", "number").first()


def units_by_state(centres: Collection[Centre]) -> dict[int, dict[str, int]]:
    """How many units of each of the centres stand in each state, by the centre's primary key."""
    counted = (
        UnitVersion.objects.worked_on()
        .filter(candidate_unit__registration__centre__in=centres)
        .order_by()
        .values("candidate_unit__registration__centre", "state")
        .annotate(units=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {centre.pk: dict.fromkeys(State.values, 0) for centre in centres}
    for row in counted:
        found[row["candidate_unit__registration__centre"]][row["state"]] = row["units"]
    return found


# How far units are, as this process has found it, by primary key, with what it was found at: see `progress_of`.
_progress_found: dict[int, tuple[str, int, Progress]] = {}
PROGRESS_AT_MOST = 20_000  # units that are remembered


def progress_of(units: Collection[ListedUnit]) -> dict[int, Progress]:
    """How far each of the units has come, by primary key, in one query at most (two for wordings new here).

    Whatever changes it writes an event, so what was found once holds while the chain of the portfolio has the
    same head. The heads were read before the claims: what is remembered is never older than its head.
    """
    found, unknown = {}, []
    for unit in units:
        head, revision, progress = _progress_found.get(unit.pk, ("", 0, None))
        if progress is not None and head == unit.head and revision == unit.revision:
            found[unit.pk] = progress
        else:
            unknown.append(unit)
    if unknown:
        counted = _progress_counted(unknown)
        if len(_progress_found) + len(counted) > PROGRESS_AT_MOST:
            _progress_found.clear()
        for unit in unknown:
            _progress_found[unit.pk] = (unit.head, unit.revision, counted[unit.pk])
        found |= counted
    return found


def forget_progress() -> None:
    """Count anew from now on; for tests, which claim and judge in bulk without an event."""
    _progress_found.clear()


def _progress_counted(units: Collection[ListedUnit]) -> dict[int, Progress]:
    """Two queries, one more where a piece was corrected, and three for wordings that this process has not read."""
    contents = wordings_of({unit.revision for unit in units})
    signed = [unit.pk for unit in units if unit.state != State.COLLECTING]  # before that no signature stands
    pieces = _pieces({unit.pk: unit.registration for unit in units}, signed=signed)
    return {unit.pk: _progress(contents[unit.revision], pieces[unit.pk]) for unit in units}


class _VersionFacts(NamedTuple):
    """A version of a piece, and what bars its claims."""

    pk: int
    kind: str
    setting: str


_Piece = tuple[int, _VersionFacts, list[ClaimsAlike]]  # by primary key, the version that counts, what it claims


def _pieces(units: Mapping[int, int], *, signed: Collection[int]) -> Mapping[int, list[_Piece]]:
    """What pieces claim in units, which come with their registrations; all by primary key. See `_progress_counted`."""
    by_unit: dict[int, dict[int, list[ClaimsAlike]]] = defaultdict(lambda: defaultdict(list))
    for claims in claims_alike(list(units)):  # before the versions, so that none lacks its own
        by_unit[claims.unit][claims.piece].append(claims)
    latest: dict[int, _VersionFacts] = {}
    corrected: dict[int, dict[int, _VersionFacts]] = defaultdict(dict)
    versions = EvidenceVersion.objects.filter(evidence__registration__in=set(units.values()))
    for piece, *facts in versions.order_by("number").values_list("evidence", "pk", "kind", "setting"):
        version = _VersionFacts._make(facts)
        if piece in latest:
            corrected[piece] |= {latest[piece].pk: latest[piece], version.pk: version}
        latest[piece] = version
    pinned: dict[int, dict[int, _VersionFacts]] = defaultdict(dict)
    if corrected and signed:
        for unit, piece, pk in pins_of(signed, corrected):
            if pk in corrected[piece]:  # or it was made since they were read, and is counted at the next head
                pinned[unit][piece] = corrected[piece][pk]
    return {
        unit: [(piece, pinned[unit].get(piece, latest[piece]), claims) for piece, claims in by_unit[unit].items()]
        for unit in units
    }


class _Answers(NamedTuple):
    """The criteria that a piece claims and that the unit takes from it, by primary key as text."""

    answered: Mapping[str, frozenset[str]]  # by outcome
    waits: frozenset[str]


def _answers(content: RevisionContent, version: _VersionFacts, claims: Iterable[ClaimsAlike]) -> _Answers:
    answered: dict[str, frozenset[str]] = {}
    waits: frozenset[str] = frozenset()
    takes = _taken_from(content, version.kind, version.setting)
    for alike in claims:
        criteria = takes.intersection(alike.criteria.split(","))
        if alike.outcome and alike.version == version.pk:
            answered[alike.outcome] = criteria
        else:
            waits |= criteria
    return _Answers(answered, waits.difference(*answered.values()))  # what was judged on an earlier version as well


def _progress(content: RevisionContent, pieces: Iterable[_Piece]) -> Progress:
    """How far one unit is: each piece in the version that counts, with what it claims."""
    answered: dict[str, set[str]] = {outcome: set() for outcome in Outcome.values}
    waiting: set[str] = set()
    to_judge = 0
    for _, version, claims in pieces:
        found = _answers(content, version, claims)
        for outcome, criteria in found.answered.items():
            answered[outcome] |= criteria
        to_judge += len(found.waits)
        waiting |= found.waits
    met = answered[Outcome.MET]
    returned = answered[Outcome.PARTLY] | answered[Outcome.NOT_YET]
    return Progress(
        total=len(content.unit.claimable),
        met=len(met),
        waiting=len(waiting - met),
        returned=len(returned - waiting - met),
        to_judge=to_judge,
    )


@lru_cache(maxsize=2048)
def _taken_from(content: RevisionContent, kind: str, setting: str) -> frozenset[str]:
    """The criteria that a unit takes from evidence of this kind and setting, by primary key as text."""
    return frozenset(
        str(item.pk)
        for item in content.unit.claimable
        if bars_claim(unit=content.unit, criterion=item, kind=kind, setting=setting) is None
    )


class StepBack(NamedTuple):
    """A step back of a unit: by whom, and why. `pk` is the step's."""

    pk: int
    kind: str
    from_state: str
    by: str
    reason: str
    made_at: datetime


def is_for_candidate(from_state: str) -> bool:
    """Whether the reason for a step back is for the candidate to read: what assessor and verifier say is theirs."""
    return from_state != State.ASSESSED


def steps_back(units: Collection[int]) -> list[tuple[int, StepBack]]:
    """Every step back of the units, each with the unit's primary key, the oldest first; one query."""
    steps = Return.objects.filter(unit_version__candidate_unit__in=units).order_by("pk")
    return [
        (unit, StepBack._make(step))
        for unit, *step in steps.values_list(
            "unit_version__candidate_unit", "pk", "kind", "from_state", "author__user__name", "reason", "made_at"
        )
    ]


def people_on(unit: CandidateUnit) -> dict[Capacity, User]:
    """Who assesses and who verifies the unit now."""
    working = Allocation.objects.in_force(unit.registration.centre_id).filter(candidate_unit=unit)
    return {Capacity(allocation.capacity): allocation.user for allocation in working.select_related("user")}


# What a signature did to the unit, in words and as the kind of a step.
SIGNED = {
    "submission": ("Submitted", "submitted"),
    "sign_off": ("Signed off", "signed_off"),
    "countersignature": ("Countersigned", "countersigned"),
}

_returns: Remembered[tuple[Return, ...]] = Remembered(at_most=1000)


def history(record: UnitStanding, *, head: str = "") -> list[Step]:
    """What was signed, returned, withdrawn and reopened in the unit, the newest first. One query at most.

    With the `head` of the portfolio's chain none, while nothing has happened in it.
    """
    steps = [
        Step(
            at=given.document.created_at,  # to the microsecond, where the signature tells seconds
            what=SIGNED[given.stage][0],
            kind=SIGNED[given.stage][1],
            by=str(given.signer.user),
            version=given.unit_version.number,
            words=given.comment,
            digest=given.document.digest[:12],
            superseded=given.superseded_at is not None,
            signature=given if given.stage == "countersignature" else None,
        )
        for given in record.given
    ]
    returns = () if _never_went_back(record.version) else _returns.at(record.unit.pk, head, lambda: _returned(record))
    steps += [
        Step(
            at=step.made_at,
            what=step_words(step.kind, step.from_state),
            by=str(step.author.user),
            version=step.unit_version.number,
            words=step.reason,
            for_candidate=is_for_candidate(step.from_state),
        )
        for step in returns
    ]
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _returned(record: UnitStanding) -> tuple[Return, ...]:
    steps = Return.objects.filter(unit_version__candidate_unit=record.unit)
    return tuple(steps.select_related("author__user", "unit_version"))


def _never_went_back(version: UnitVersion) -> bool:
    """Whether a unit came to where it stands by steps forward alone: each change of state counts one in its stamp."""
    return version.number == 1 and version.stamp == list(State).index(State(version.state))


def on_a_line(record: UnitStanding, steps: Collection[Step]) -> list[Happened]:
    """The same for a timeline, which begins when the unit did."""
    began = Happened(kind="began", words="Began", at=record.unit.added_at)
    return [began, *(Happened(kind=step.kind, words=step.what, at=step.at) for step in steps)]


def step_words(kind: str, from_state: str) -> str:
    """What a step back did to the unit, in words."""
    match kind, from_state:
        case Return.Kind.RETURNED, State.SUBMITTED:
            return "Returned to the candidate"
        case Return.Kind.RETURNED, _:
            return "Returned to the assessor"
        case Return.Kind.WITHDRAWN, _:
            return "Sign-off withdrawn"
        case _:
            return "Reopened"
