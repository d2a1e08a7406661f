"""What the home page and the unit's page ask: what is next for a person, and what has happened in a unit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from assessments.models import Outcome, Return, Signature
from assessments.standing import standing_claims
from assessments.unit_record import UnitRecord
from centres.models import Centre, Membership, Role, User
from portfolio.models import Allocation, CandidateUnit, Capacity, Evidence, State, UnitVersion
from portfolio.permissions import ROLE_OF
from standards.models import Criterion


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a unit has come, in criteria; `waiting` counts claims."""

    met: int = 0
    claimed: int = 0
    waiting: int = 0


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


def memberships_of(user: User) -> list[Membership]:
    """The roles a person holds now, by centre and role."""
    held = list(Membership.objects.current().filter(user=user).select_related("centre"))
    order = list(Role)
    return sorted(held, key=lambda held: (held.centre.name, held.centre_id, order.index(Role(held.role))))


def own_units(user: User) -> QuerySet[CandidateUnit]:
    """The person's own units where they are a candidate, those first that were returned or are collected."""
    in_centres = _centres(user, Role.CANDIDATE)
    return _with_state(
        CandidateUnit.objects.taken().filter(registration__candidate=user, registration__centre__in=in_centres)
    ).order_by("registration__centre__name", "registration__centre", "revision__unit__code", "pk")


def units_to_assess(user: User) -> QuerySet[CandidateUnit]:
    """The assessor's units. What `waits` comes first: submitted units, the longest waiting on top, then claims."""
    waiting = standing_claims().filter(Q(outcome=None), candidate_unit=OuterRef("pk"))
    waits = Q(state=State.SUBMITTED) | Q(state=State.COLLECTING) & Q(Exists(waiting))
    return _waiting_first(_allocated(user, Capacity.ASSESSOR), waits, "submitted_at")


def units_to_verify(user: User) -> QuerySet[CandidateUnit]:
    """The internal verifier's units. What `waits` comes first: assessed units, the longest waiting on top."""
    return _waiting_first(_allocated(user, Capacity.INTERNAL_VERIFIER), Q(state=State.ASSESSED), "assessed_at")


def next_to_judge(unit: CandidateUnit, *, after: Evidence) -> Evidence | None:
    """The next piece of the unit with claims that wait for a judgement: by number, from the beginning again."""
    waiting = standing_claims().filter(Q(outcome=None), candidate_unit=unit).exclude(evidence=after)
    pieces = Evidence.objects.filter(pk__in=waiting.values("evidence"))
    return pieces.annotate(is_before=Q(number__lt=after.number)).order_by("is_before", "number").first()


def units_by_state(centres: Collection[Centre]) -> dict[int, dict[str, int]]:
    """How many units of each of the centres stand in each state, by the centre's primary key."""
    counted = (
        UnitVersion.objects.filter(
            closed_at__isnull=True,
            candidate_unit__set_aside_at__isnull=True,
            candidate_unit__registration__centre__in=centres,
        )
        .order_by()
        .values("candidate_unit__registration__centre", "state")
        .annotate(units=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {centre.pk: dict.fromkeys(State.values, 0) for centre in centres}
    for row in counted:
        found[row["candidate_unit__registration__centre"]][row["state"]] = row["units"]
    return found


def progress_of(units: Collection[CandidateUnit]) -> dict[int, Progress]:
    """How far each of the units has come, by primary key, in one query."""
    counted = (
        standing_claims()
        .filter(candidate_unit__in=units)
        .order_by()
        .values("candidate_unit")
        .annotate(
            claimed=Count("criterion", distinct=True),
            waiting=Count("pk", filter=Q(outcome=None)),
            met=Count("criterion", distinct=True, filter=Q(outcome=Outcome.MET)),
        )
    )
    found = {unit.pk: Progress() for unit in units}
    for row in counted:
        found[row["candidate_unit"]] = Progress(met=row["met"], claimed=row["claimed"], waiting=row["waiting"])
    return found


def last_returns(units: Collection[CandidateUnit]) -> dict[int, Return]:
    """The last step back of each of the units that had one, by the unit's primary key, in one query."""
    newest = Return.objects.filter(unit_version__candidate_unit=OuterRef("unit_version__candidate_unit"))
    steps = Return.objects.filter(
        unit_version__candidate_unit__in=units, pk=Subquery(newest.order_by("-pk").values("pk")[:1])
    ).select_related("author__user", "unit_version")
    return {step.unit_version.candidate_unit_id: step for step in steps}


def people_on(unit: CandidateUnit) -> dict[Capacity, User]:
    """Who assesses and who verifies the unit now."""
    standing = Allocation.objects.current().filter(candidate_unit=unit).select_related("user")
    return {Capacity(allocation.capacity): allocation.user for allocation in standing}


def history(record: UnitRecord) -> list[Step]:
    """What was signed, returned, withdrawn and reopened in the unit, the newest first. One query."""
    stage_words = {"submission": "Submitted", "sign_off": "Signed off", "countersignature": "Countersigned"}
    steps = [
        Step(
            at=given.document.created_at,  # to the microsecond, where the signature tells seconds
            what=stage_words[given.stage],
            by=str(given.signer.user),
            version=given.unit_version.number,
            words=given.comment,
            digest=given.document.digest[:12],
            superseded=given.superseded_at is not None,
            signature=given if given.stage == "countersignature" else None,
        )
        for given in record.given
    ]
    returns = Return.objects.filter(unit_version__candidate_unit=record.unit).select_related(
        "author__user", "unit_version"
    )
    steps += [
        Step(
            at=step.made_at,
            what=_step_words(step),
            by=str(step.author.user),
            version=step.unit_version.number,
            words=step.reason,
        )
        for step in returns
    ]
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _step_words(step: Return) -> str:
    match step.kind, step.from_state:
        case Return.Kind.RETURNED, State.SUBMITTED:
            return "Returned to the candidate"
        case Return.Kind.RETURNED, _:
            return "Returned to the assessor"
        case Return.Kind.WITHDRAWN, _:
            return "Sign-off withdrawn"
        case _:
            return "Reopened"


def _waiting_first(units: QuerySet[CandidateUnit], waits: Q, since: str) -> QuerySet[CandidateUnit]:
    """Those that wait, by how long; then the others, by candidate."""
    return units.annotate(
        waits=Case(When(waits, then=True), default=False),
        since=Case(When(waits, then=F(since))),
    ).order_by(
        "-waits",
        "registration__centre__name",
        "registration__centre",
        F("since").asc(nulls_last=True),
        Case(When(waits, then=F("added_at"))),
        "registration__candidate__name",
        "revision__unit__code",
        "pk",
    )


def _centres(user: User, role: Role) -> QuerySet:
    return Membership.objects.current().filter(user=user, role=role).values("centre_id")


def _allocated(user: User, capacity: Capacity) -> QuerySet[CandidateUnit]:
    """The units in which the person has this capacity now (`portfolio.permissions.capacity_in`)."""
    allocations = Allocation.objects.current().filter(user=user, capacity=capacity)
    units = (
        CandidateUnit.objects.taken()
        .filter(
            pk__in=allocations.values("candidate_unit_id"),
            registration__centre__in=_centres(user, ROLE_OF[capacity]),
        )
        .exclude(registration__candidate=user)
    )
    return _with_state(units)


def _with_state(units: QuerySet[CandidateUnit]) -> QuerySet[CandidateUnit]:
    """The units with the state and times of their open version, and how many criteria there are to claim."""
    opened = UnitVersion.objects.filter(candidate_unit=OuterRef("pk"), closed_at__isnull=True)
    tickable = Criterion.objects.filter(revision=OuterRef("revision"), is_tickable=True).order_by()
    return units.annotate(
        state=Subquery(opened.values("state")[:1]),
        submitted_at=Subquery(opened.values("submitted_at")[:1]),
        assessed_at=Subquery(opened.values("assessed_at")[:1]),
        verified_at=Subquery(opened.values("verified_at")[:1]),
        tickable=Coalesce(Subquery(tickable.values("revision").annotate(n=Count("pk")).values("n")), 0),
    ).select_related("registration__centre", "registration__candidate", "revision__unit__framework")
