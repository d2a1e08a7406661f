"""What verifiers of a large site plan, sample and ask, what people are told, and a visit: made in bulk.

One open unit in five is planned, of which one in three was sampled. Each portfolio that is full has an action for its
candidate and one for its assessor, half of them answered. Everybody has a few notices, and who works there sixty.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from django.utils import timezone

from assessments.models import Action, ActionStep, Binding, Origin, Standing, StepKind, UnitProgress
from centres.models import Centre, Role, User
from notices.models import Notice, NoticeKind
from portfolio.models import Access, Capacity, Participation, State, UnitVersion
from verification.models import (
    Method,
    PlannedSample,
    SampledClaim,
    SampleStage,
    SamplingPlan,
    SamplingPolicy,
    SamplingRecord,
    Visit,
    VisitMark,
    VisitSample,
)
from verification.models.sampling_choices import TESTS

PLANNED, SAMPLED = 5, 3  # one unit in so many, and of these one in so many
VISITED = 30  # units in the sample of the visit
NOTICES, FEW_NOTICES = 60, 3


def planned_asked_and_visited(centre: Centre, people: dict[str, User], verifiers: Sequence[User]) -> Visit:
    """Make all of it in a centre whose units have their standings; return the visit that is open to Eve."""
    _sample(_plan(centre, people["cora"], verifiers))
    _ask(centre)
    _tell(centre, people)
    return _visit(centre, people["cora"], people["eve"])


def _plan(centre: Centre, coordinator: User, verifiers: Sequence[User]) -> list[PlannedSample]:
    now = timezone.now()
    policy = SamplingPolicy.objects.create(
        centre=centre, number=1, summative_share=20, interim_share=10, new_in_full=True, new_months=6,
        every_months=12, due_days=14, author=coordinator, made_at=now - datetime.timedelta(days=60),
    )  # fmt: skip
    plans = SamplingPlan.objects.bulk_create(
        SamplingPlan(policy=policy, verifier=verifier, period=f"{_ago(days):%Y-%m}", considered=9, made_at=_ago(days))
        for days in (31, 1)
        for verifier in verifiers
    )
    latest = {plan.verifier_id: plan for plan in plans}
    open_versions = UnitVersion.objects.filter(closed_at=None, candidate_unit__progress__centre=centre)
    in_order = open_versions.select_related("candidate_unit__progress").order_by("pk")
    return PlannedSample.objects.bulk_create(
        PlannedSample(
            unit_version=version,
            stage=_stage(version),
            plan=latest[version.candidate_unit.progress.verifier_id or 0],
            reasons=["share 20 % of the units of an assessor: 1 of 5"],
            due=_ago(place % 40 - 20).date(),
            planned_at=_ago(30),
        )
        for place, version in enumerate(in_order[::PLANNED])
    )


def _stage(version: UnitVersion) -> SampleStage:
    is_signed_off = version.state in {State.ASSESSED, State.VERIFIED}
    return SampleStage.SUMMATIVE if is_signed_off else SampleStage.INTERIM


def _sample(planned: Sequence[PlannedSample]) -> None:
    """Record what was found in one planned unit in three, of the first claim in each."""
    done = planned[::SAMPLED]
    progress = {one.pk: one.unit_version.candidate_unit.progress for one in done}
    taking = {one.pk: (progress[one.pk].candidate_unit_id, progress[one.pk].verifier_id or 0) for one in done}
    Participation.objects.bulk_create(
        (
            Participation(candidate_unit_id=unit, user_id=person, capacity=Capacity.INTERNAL_VERIFIER)
            for unit, person in taking.values()
        ),
        ignore_conflicts=True,
    )
    people = {person for _, person in taking.values()}
    of_verifiers = Participation.objects.filter(capacity=Capacity.INTERNAL_VERIFIER, user__in=people)
    parts = {(part.candidate_unit_id, part.user_id): part for part in of_verifiers}
    records = SamplingRecord.objects.bulk_create(
        SamplingRecord(
            unit_version=one.unit_version,
            stage=one.stage,
            verifier=part,
            assessor_id=progress[one.pk].assessor_id,
            method=Method.EVIDENCE,
            **dict.fromkeys(TESTS, True),
            agrees=place % 10 != 0,
            words="" if place % 10 else "One more occasion is wanted.",
            form_key=uuid.uuid4(),
            made_at=_ago(20),
        )
        for place, one in enumerate(done)
        if (part := parts.get(taking[one.pk]))
    )
    centre = progress[done[0].pk].centre_id
    firsts: dict[int, Standing] = {}
    for standing in Standing.objects.filter(candidate_unit__progress__centre=centre).order_by("-pk"):
        firsts[standing.candidate_unit_id] = standing
    SampledClaim.objects.bulk_create(
        SampledClaim(record=record, claim_id=first.pk, version_id=first.version_id, judgement_id=first.judgement_id)
        for record in records
        for first in [firsts[record.unit_version.candidate_unit_id]]
    )


def _ask(centre: Centre) -> None:
    """Of each full portfolio, the assessor asks the candidate for something, and the verifier the assessor."""
    judged = Participation.objects.filter(capacity=Capacity.ASSESSOR, candidate_unit__progress__centre=centre)
    units = UnitProgress.objects.filter(pk__in=judged.values("candidate_unit"), assessor__isnull=False)
    firsts = {one.registration_id: one for one in units.select_related("registration").order_by("-pk")}
    asked = []
    for unit in firsts.values():
        candidate = unit.registration.candidate_id
        asked.append(_action(unit, candidate, Role.CANDIDATE, unit.assessor_id, Role.ASSESSOR))
        asked.append(_action(unit, unit.assessor_id, Role.ASSESSOR, unit.verifier_id, Role.INTERNAL_VERIFIER))
    actions = Action.objects.bulk_create(asked)
    steps = [_step(one, 1, StepKind.ASKED, one.asker_id, one.asked_as) for one in actions]
    answered = [one for place, one in enumerate(actions) if place // 2 % 2]
    steps += [_step(one, 2, StepKind.ANSWERED, one.owner_id, one.owned_as) for one in answered]
    ActionStep.objects.bulk_create(steps)


def _action(unit: UnitProgress, owner: Any, owned_as: Role, asker: Any, asked_as: Role) -> Action:
    return Action(
        registration=unit.registration, candidate_unit_id=unit.pk, owner_id=owner, owned_as=owned_as, asker_id=asker,
        asked_as=asked_as, text="Show it on another occasion, please.", binding=Binding.DATE, due=_ago(-5).date(),
        for_candidate=owned_as == Role.CANDIDATE, origin=Origin.ASKED, asked_at=_ago(9),
    )  # fmt: skip


def _step(action: Action, number: int, kind: StepKind, person: int, acted_as: str) -> ActionStep:
    words = "There was one, on Monday." if kind == StepKind.ANSWERED else ""
    return ActionStep(
        action=action, number=number, kind=kind, person_id=person, acted_as=acted_as, words=words, made_at=_ago(8)
    )


def _tell(centre: Centre, people: dict[str, User]) -> None:
    working = {person.pk for person in people.values()}
    units = UnitProgress.objects.filter(centre=centre).select_related("registration").order_by("pk")
    registrations = {unit.registration_id: unit.registration for unit in units}
    about = [*registrations.values()]
    rows: Iterable[Notice] = (
        Notice(
            person_id=person, centre=centre, kind=NoticeKind.SUBMITTED, registration=portfolio, about="B10",
            path="/", made_at=_ago(place % 20), seen_at=_ago(1) if place % 2 else None,
        )
        for person, told in _told(working, [one.candidate_id for one in about])
        for place, portfolio in zip(range(told), about, strict=False)
    )  # fmt: skip
    Notice.objects.bulk_create(rows)


def _told(working: set[int], candidates: Iterable[int]) -> Iterable[tuple[int, int]]:
    yield from ((person, NOTICES) for person in working)
    yield from ((person, FEW_NOTICES) for person in candidates if person not in working)


def _visit(centre: Centre, coordinator: User, verifier: User) -> Visit:
    """Open a visit of a week with a sample, of which every other unit is marked, after ten that have ended."""
    visits = Visit.objects.bulk_create(
        Visit(
            centre=centre, verifier=verifier, begins_at=_ago(first), until=_ago(first - 7), opened_by=coordinator,
            opened_at=_ago(first),
        )
        for first in (*range(1000, 0, -100), 1)
    )  # fmt: skip
    visit, numbers = visits[-1], count()
    units = UnitProgress.objects.filter(centre=centre).select_related("candidate_unit__registration").order_by("pk")
    samples = VisitSample.objects.bulk_create(
        VisitSample(
            visit=visit, candidate_unit=one.candidate_unit, added_by=verifier, added_at=_ago(0), taken_at=_ago(0)
        )
        for one in units[:VISITED]
    )
    opened = {sample.candidate_unit.registration_id for sample in samples}
    Access.objects.bulk_create(
        Access(registration_id=one, user=verifier, began_at=visit.begins_at, until=visit.until) for one in opened
    )
    VisitMark.objects.bulk_create(
        VisitMark(sample=sample, person=verifier, made_at=_ago(0), note="") for sample in samples if next(numbers) % 2
    )
    return visit


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)
