"""What the home page and the unit's page ask: what is next for a person, and what has happened in a unit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, When

from assessments.models import Outcome, Return, Signature
from assessments.pictures import Happened
from assessments.progress import Progress
from assessments.standing import standing_claims
from assessments.unit_record import UnitStanding
from centres.models import Centre, Membership, Role, User
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
from portfolio.permissions import ROLE_OF
from portfolio.wordings import wordings


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


def own_units(user: User) -> QuerySet[CandidateUnit]:
    """The person's own units where they are a candidate, by centre and code."""
    in_centres = _centres(user, Role.CANDIDATE)
    return _with_state(
        CandidateUnit.objects.filter(registration__candidate=user, registration__centre__in=in_centres)
    ).order_by("registration__centre__name", "registration__centre", "revision__unit__code", "pk")


def piece_without_claims(user: User) -> Evidence | None:
    """The latest piece of the person's own that nobody has said anything of, where something can be said still."""
    open_units = UnitVersion.objects.filter(
        candidate_unit__registration=OuterRef("registration"), closed_at__isnull=True, state=State.COLLECTING
    )
    said = Claim.objects.filter(evidence=OuterRef("pk"), withdrawn_at__isnull=True)
    latest = EvidenceVersion.objects.filter(evidence=OuterRef("pk")).order_by("-number")
    return (
        Evidence.objects.kept()
        .filter(author=user, registration__candidate=user, registration__centre__in=_centres(user, Role.CANDIDATE))
        .filter(Exists(open_units), ~Exists(said))
        .annotate(title=Subquery(latest.values("title")[:1]))
        .select_related("registration__centre")
        .order_by("-added_at", "-pk")
        .first()
    )


def units_assessed_by(user: User) -> QuerySet[CandidateUnit]:
    """Every unit that the assessor is allocated to."""
    return _allocated(user, Capacity.ASSESSOR)


def units_to_assess(user: User) -> QuerySet[CandidateUnit]:
    """What waits for the assessor: submitted units, the longest waiting on top, then those with claims to judge."""
    waiting = standing_claims().filter(Q(outcome=None), candidate_unit=OuterRef("pk"))
    waits = Q(state=State.SUBMITTED) | Q(state=State.COLLECTING) & Q(Exists(waiting))
    return (
        units_assessed_by(user)
        .filter(waits)
        .order_by(
            "registration__centre__name",
            "registration__centre",
            F("submitted_at").asc(nulls_last=True),
            "added_at",
            "registration__candidate__name",
            "revision__unit__code",
            "pk",
        )
    )


def units_to_verify(user: User) -> QuerySet[CandidateUnit]:
    """The internal verifier's units: what `waits`, the longest waiting on top; what they sent back and has not
    come back to them (`out`); then the others, by candidate."""
    sent_back = Return.objects.filter(
        unit_version__candidate_unit=OuterRef("pk"),
        author__user=user,
        kind__in=[Return.Kind.RETURNED, Return.Kind.REOPENED],
    )
    waits = Q(state=State.ASSESSED)
    out = Q(state__in=[State.COLLECTING, State.SUBMITTED]) & Q(Exists(sent_back))
    return (
        _allocated(user, Capacity.INTERNAL_VERIFIER)
        .annotate(
            waits=Case(When(waits, then=True), default=False),
            out=Case(When(out, then=True), default=False),
            since=Case(When(waits, then=F("assessed_at"))),
        )
        .order_by(
            "-waits",
            "-out",
            "registration__centre__name",
            "registration__centre",
            F("since").asc(nulls_last=True),
            "registration__candidate__name",
            "revision__unit__code",
            "pk",
        )
    )


def next_to_judge(unit: CandidateUnit, *, after: Evidence) -> Evidence | None:
    """The next piece of the unit with claims that wait for a judgement: by number, from the beginning again."""
    waiting = standing_claims().filter(Q(outcome=None), candidate_unit=unit).exclude(evidence=after)
    pieces = Evidence.objects.filter(pk__in=waiting.values("evidence"))
    return pieces.annotate(is_before=Q(number__lt=after.number)).order_by("is_before", "number").first()


def units_by_state(centres: Collection[Centre]) -> dict[int, dict[str, int]]:
    """How many units of each of the centres stand in each state, by the centre's primary key."""
    counted = (
        UnitVersion.objects.filter(closed_at__isnull=True, candidate_unit__registration__centre__in=centres)
        .order_by()
        .values("candidate_unit__registration__centre", "state")
        .annotate(units=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {centre.pk: dict.fromkeys(State.values, 0) for centre in centres}
    for row in counted:
        found[row["candidate_unit__registration__centre"]][row["state"]] = row["units"]
    return found


def progress_of(units: Collection[CandidateUnit]) -> dict[int, Progress]:
    """How far each of the units has come, by primary key, in one query (two for wordings that are new here)."""
    met, waits = Q(outcome=Outcome.MET), Q(outcome=None)
    counted = (
        standing_claims()
        .filter(candidate_unit__in=units)
        .order_by()
        .values("candidate_unit")
        .annotate(
            claimed=Count("criterion", distinct=True),
            met=Count("criterion", distinct=True, filter=met),
            met_or_waiting=Count("criterion", distinct=True, filter=met | waits),
            to_judge=Count("pk", filter=waits),
        )
    )
    contents = wordings({unit.revision for unit in units})
    totals = {unit.pk: len(contents[unit.revision_id].unit.claimable) for unit in units}
    found = {pk: Progress(total=total) for pk, total in totals.items()}
    for row in counted:
        found[row["candidate_unit"]] = Progress(
            total=totals[row["candidate_unit"]],
            met=row["met"],
            waiting=row["met_or_waiting"] - row["met"],
            returned=row["claimed"] - row["met_or_waiting"],
            to_judge=row["to_judge"],
        )
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


def history(record: UnitStanding) -> list[Step]:
    """What was signed, returned, withdrawn and reopened in the unit, the newest first. One query."""
    stages = {
        "submission": ("Submitted", "submitted"),
        "sign_off": ("Signed off", "signed_off"),
        "countersignature": ("Countersigned", "countersigned"),
    }
    steps = [
        Step(
            at=given.document.created_at,  # to the microsecond, where the signature tells seconds
            what=stages[given.stage][0],
            kind=stages[given.stage][1],
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


def on_a_line(record: UnitStanding, steps: Collection[Step]) -> list[Happened]:
    """The same for a timeline, which begins when the unit did."""
    began = Happened(kind="began", words="Began", at=record.unit.added_at)
    return [began, *(Happened(kind=step.kind, words=step.what, at=step.at) for step in steps)]


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


def _centres(user: User, role: Role) -> QuerySet:
    return Membership.objects.current().filter(user=user, role=role).values("centre_id")


def _allocated(user: User, capacity: Capacity) -> QuerySet[CandidateUnit]:
    """The units in which the person has this capacity now (`portfolio.permissions.capacity_in`)."""
    allocations = Allocation.objects.current().filter(user=user, capacity=capacity)
    units = CandidateUnit.objects.filter(
        pk__in=allocations.values("candidate_unit_id"),
        registration__centre__in=_centres(user, ROLE_OF[capacity]),
    ).exclude(registration__candidate=user)
    return _with_state(units)


def _with_state(units: QuerySet[CandidateUnit]) -> QuerySet[CandidateUnit]:
    """The units with the state and times of their open version (there is one each), in one join."""
    return (
        units.annotate(opened=FilteredRelation("versions", condition=Q(versions__closed_at__isnull=True)))
        .annotate(
            state=F("opened__state"), submitted_at=F("opened__submitted_at"), assessed_at=F("opened__assessed_at")
        )
        .select_related("registration__centre", "registration__candidate", "revision__unit__framework")
    )
