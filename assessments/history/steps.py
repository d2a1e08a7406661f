"""What has happened in a unit: its signatures, and its steps back with their reasons."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from assessments.history.timeline import Happened
from assessments.models import Return, Signature
from assessments.standing.unit_record import UnitStanding
from centres.words import DOMAIN, Words
from portfolio.models import (
    State,
    UnitVersion,
)
from record.prepared import prepared


@dataclass(frozen=True, kw_only=True)
class HistoryStep:
    """One thing that happened in a unit: a signature, or a step back with its reason."""

    at: datetime
    what: str
    by: str
    version: int
    words: str = ""  # the reason, or the comment
    digest: str = ""  # of what was signed, its first twelve characters
    superseded: bool = False
    signature: Signature | None = None  # a final one, which has a form
    kind: str = "back"  # or submitted, signed_off, countersigned
    for_candidate: bool = True  # whether its words are for the candidate to read


class StepBack(NamedTuple):
    """A step back of a unit: by whom, and why. `pk` is the step's."""

    pk: int
    kind: str
    from_state: str
    by: str
    reason: str
    made_at: datetime

    @property
    def words(self) -> str:
        """What it did to the unit; for its assessor, to whom it came back."""
        return step_words(self.kind, self.from_state)


def is_for_candidate(from_state: str) -> bool:
    """Whether the candidate may read the reason of a step back: not what assessor and verifier tell each other."""
    return from_state != State.ASSESSED


def steps_back(units: Collection[int]) -> list[tuple[int, StepBack]]:
    """Every step back that somebody is to hear of, each with the unit's primary key, the oldest first; one query.

    Not what the candidates took back themselves.
    """
    return [(unit, StepBack._make(step)) for unit, *step in _steps_back(units)]


@prepared
def _steps_back(units: Collection[int]) -> QuerySet[Return, tuple[Any, ...]]:
    steps = Return.objects.filter(unit_version__candidate_unit__pk__in=units).exclude(kind=Return.Kind.TAKEN_BACK)
    return steps.order_by("pk").values_list(
        "unit_version__candidate_unit", "pk", "kind", "from_state", "author__user__name", "reason", "made_at"
    )


# What a signature did to the unit: in words, and as the kind of a step.
SIGNED = {
    "submission": ("Submitted", "submitted"),
    "sign_off": ("Signed off", "signed_off"),
    "sign_off_confirmed": ("Sign-off confirmed", "signed_off"),
    "countersignature": ("Countersigned", "countersigned"),
    "countersignature_confirmed": ("Countersignature confirmed", "countersigned"),
}


def history(record: UnitStanding) -> list[HistoryStep]:
    """What was signed, returned, withdrawn and reopened in the unit, the newest first. One query at most."""
    steps = [
        HistoryStep(
            at=given.document.created_at,  # to the microsecond, where the signature tells seconds
            what=SIGNED[given.stage][0],
            kind=SIGNED[given.stage][1],
            by=str(given.signer.user),
            version=given.unit_version.number,
            words=given.comment,
            digest=given.document.digest[:12],
            superseded=given.superseded_at is not None,
            signature=given if given.is_final else None,
        )
        for given in record.given
    ]
    called = record.unit.registration.centre.words
    returns = () if _never_went_back(record.version) else _returned(record)
    steps += [
        HistoryStep(
            at=step.made_at,
            what=step_words(step.kind, step.from_state, called),
            by=str(step.author.user),
            version=step.unit_version.number,
            words=step.reason,
            for_candidate=is_for_candidate(step.from_state),
        )
        for step in returns
    ]
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _returned(record: UnitStanding) -> Iterable[Return]:
    steps = Return.objects.filter(unit_version__candidate_unit=record.unit)
    return steps.select_related("author__user", "unit_version")


def _never_went_back(version: UnitVersion) -> bool:
    """Whether the unit came to its state by steps forward alone: its stamp grows by one with each change of state."""
    return version.number == 1 and version.stamp == list(State).index(State(version.state))


def on_a_line(record: UnitStanding, steps: Collection[HistoryStep]) -> list[Happened]:
    """The same for a timeline, which begins when the unit did."""
    began = Happened(kind="began", words="Began", at=record.unit.added_at)
    return [began, *(Happened(kind=step.kind, words=step.what, at=step.at) for step in steps)]


def step_words(kind: str, from_state: str, called: Words = DOMAIN) -> str:
    """What a step back did to the unit, in words, with those of the centre."""
    match kind, from_state:
        case Return.Kind.RETURNED, State.SUBMITTED:
            return called.say("Returned to the {candidate}")
        case Return.Kind.RETURNED, _:
            return "Returned to the assessor"
        case Return.Kind.TAKEN_BACK, _:
            return called.say("Taken back by the {candidate}")
        case Return.Kind.WITHDRAWN, _:
            return "Sign-off withdrawn"
        case _:
            return "Reopened"
