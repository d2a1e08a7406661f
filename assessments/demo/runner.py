"""Tells the stories: makes the demo centre by the services that everybody's work goes through."""

import datetime
import uuid
from collections.abc import Mapping
from typing import assert_never

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from assessments.demo import stories
from assessments.demo.bookshop import NADIA
from assessments.demo.council import CALLUM, ROSALIND
from assessments.demo.helpline import AISHA, PRIYA
from assessments.demo.hotel import MARCUS, TAMIKA
from assessments.demo.inn import WINSTON
from assessments.demo.shop import LEON, SHANICE
from assessments.demo.stories import Person, Story
from assessments.models import Outcome
from assessments.services.judgements import Answer, confirmations_set, judge
from assessments.services.returning import unit_reopen, unit_return
from assessments.services.signing import unit_countersign, unit_sign_off, unit_submit
from assessments.shown import content_digest
from assessments.unit_record import unit_record
from centres.demo import DEMO_PASSWORD
from centres.models import Centre, Role, User
from centres.services.people import centre_create, person_add
from portfolio.models import CandidateUnit, Capacity, StagedFile
from portfolio.services.claims import claims_set
from portfolio.services.evidence import EvidenceDetails, evidence_add
from portfolio.services.files import file_stage
from portfolio.services.registrations import allocations_set, registration_create
from portfolio.uploads import IncomingFile
from standards.models import Criterion, UnitRevision
from standards.selectors import latest_revision, unit_by_address

# By how far they have come; the sign-in page shows them in this order.
STORIES: tuple[Story, ...] = (TAMIKA, LEON, PRIYA, CALLUM, SHANICE, NADIA, MARCUS, ROSALIND, WINSTON, AISHA)
STAFF = {
    stories.DESMOND: Role.ASSESSOR,
    stories.HELEN: Role.ASSESSOR,
    stories.JOYCELYN: Role.INTERNAL_VERIFIER,
    stories.OWEN: Role.INTERNAL_VERIFIER,
}


@transaction.atomic
def demo_make() -> Centre | None:
    """Make the demo centre and return it, or None where there is one already.

    All of it or nothing: cut off in the middle, it leaves bytes that nobody refers to, which the worker
    sweeps, and the next call makes the whole. Raises Unit.DoesNotExist without the standards.
    """
    revision = latest_revision(unit_by_address(stories.UNIT))
    assert revision is not None  # noqa: S101 - a unit comes with its first revision
    # Whoever makes the demo at the same time waits here, and then finds it.
    UnitRevision.objects.select_for_update(no_key=True, of=("self",)).get(pk=revision.pk)
    if Centre.objects.filter(is_demo=True).exists():
        return None
    coordinator = centre_create(
        name=stories.CENTRE,
        number=stories.CENTRE_NUMBER,
        time_zone=stories.TIME_ZONE,
        coordinator_name=stories.MARVA.name,
        coordinator_email=stories.MARVA.email,
        is_demo=True,
    )
    centre = coordinator.centre
    people = {stories.MARVA: coordinator.user}
    roles = STAFF | {story.candidate: Role.CANDIDATE for story in STORIES}
    for person, role in roles.items():
        membership = person_add(centre=centre, actor=coordinator.user, name=person.name, email=person.email, role=role)
        people[person] = membership.user
    _give_password(people)
    criteria = {
        criterion.full_code.removeprefix("B10").removeprefix("."): criterion
        for criterion in revision.criteria.select_related("element", "parent")
    }
    for story in STORIES:
        _Teller(story, centre=centre, people=people, revision=revision, criteria=criteria).tell()
    return centre


def _give_password(people: Mapping[Person, User]) -> None:
    """Give everybody the one password, hashed once: the sign-in page shows it, and hashing is slow on purpose."""
    hashed = make_password(DEMO_PASSWORD)
    for user in people.values():
        user.password = hashed
        user.save(update_fields=["password"])


class _Teller:
    """Tells one story, step by step."""

    def __init__(
        self,
        story: Story,
        *,
        centre: Centre,
        people: Mapping[Person, User],
        revision: UnitRevision,
        criteria: Mapping[str, Criterion],
    ) -> None:
        self.story = story
        self.criteria = criteria
        self.today = timezone.localdate()
        self.actors = {
            Capacity.CANDIDATE: people[story.candidate],
            Capacity.ASSESSOR: people[story.assessor],
            Capacity.INTERNAL_VERIFIER: people[story.verifier],
        }
        coordinator = people[stories.MARVA]
        registration = registration_create(
            centre=centre,
            actor=coordinator,
            candidate=self.actors[Capacity.CANDIDATE],
            number=story.number,
            revisions=[revision],
        )
        self.unit: CandidateUnit = registration.candidate_units.get()
        allocations_set(
            unit=self.unit,
            actor=coordinator,
            assessor=self.actors[Capacity.ASSESSOR],
            internal_verifier=self.actors[Capacity.INTERNAL_VERIFIER],
        )

    def tell(self) -> None:
        for step in self.story.steps:
            match step:
                case stories.Piece():
                    self._add(step)
                case stories.Judge():
                    self._judge(step)
                case stories.Confirm():
                    self._confirm()
                case stories.Submit():
                    unit_submit(
                        unit=self.unit,
                        actor=self.actors[Capacity.CANDIDATE],
                        password=DEMO_PASSWORD,
                        seen=self._seen(),
                    )
                case stories.SignOff(comment):
                    unit_sign_off(
                        unit=self.unit,
                        actor=self.actors[Capacity.ASSESSOR],
                        password=DEMO_PASSWORD,
                        seen=self._seen(),
                        comment=comment,
                    )
                case stories.Countersign(comment):
                    unit_countersign(
                        unit=self.unit,
                        actor=self.actors[Capacity.INTERNAL_VERIFIER],
                        password=DEMO_PASSWORD,
                        seen=self._seen(),
                        comment=comment,
                    )
                case stories.Return(by, reason):
                    unit_return(unit=self.unit, actor=self.actors[by], reason=reason, stamp=self._stamp())
                case stories.Reopen(reason):
                    verifier = self.actors[Capacity.INTERNAL_VERIFIER]
                    unit_reopen(unit=self.unit, actor=verifier, reason=reason, stamp=self._stamp())
                case _:
                    assert_never(step)

    def _add(self, piece: stories.Piece) -> None:
        actor = self.actors[piece.by]
        day = self._day(piece.days_ago)
        evidence = evidence_add(
            registration=self.unit.registration,
            actor=actor,
            form_key=uuid.uuid4(),
            details=EvidenceDetails(
                title=piece.title,
                kind=piece.kind,
                setting=piece.setting,
                happened_from=day,
                happened_to=self._day(piece.until) if piece.until is not None else None,
                location=piece.location,
                relevance=piece.relevance,
            ),
            staged=[self._stage(actor, file.name, file.content(day)) for file in piece.files],
        )
        parts = [claim.split(maxsplit=1) for claim in piece.claims.split(";") if claim.strip()]
        wanted = {self.criteria[code]: where[0].strip() if where else "" for code, *where in parts}
        outcome = claims_set(unit=self.unit, evidence=evidence, actor=actor, seen={}, wanted=wanted)
        if outcome.refused:
            raise ValueError(f"{piece.title}: {' '.join(outcome.refused)}")

    def _stage(self, actor: User, name: str, content: bytes) -> StagedFile:
        with IncomingFile.from_content(name, content) as incoming:
            return file_stage(registration=self.unit.registration, user=actor, incoming=incoming)

    def _judge(self, step: stories.Judge) -> None:
        answers = []
        told = {(number, self.criteria[code].pk): answer for (number, code), answer in step.answers.items()}
        for record in unit_record(self.unit).claims:
            number = record.claim.evidence.number
            key = (number, record.criterion.pk)
            if (step.pieces and number not in step.pieces) or (record.judgement and key not in told):
                continue
            outcome, reason = told.pop(key, (Outcome.MET, ""))
            answers.append(
                Answer(
                    claim=record.claim,
                    outcome=outcome,
                    reason=reason,
                    looked_at=record.version.uuid,
                    seen=record.judgement.uuid if record.judgement else None,
                )
            )
        given = judge(unit=self.unit, actor=self.actors[Capacity.ASSESSOR], answers=answers)
        if given.refused or told:
            raise ValueError(f"{self.story.candidate.name}: {given.refused} {step.answers}")

    def _confirm(self) -> None:
        record = unit_record(self.unit)
        confirmations_set(
            unit=self.unit,
            actor=self.actors[Capacity.ASSESSOR],
            statements=record.content.unit.rules.confirm,
        )

    def _seen(self) -> str:
        return content_digest(self.unit)

    def _stamp(self) -> int:
        return self.unit.versions.latest("number").stamp

    def _day(self, days_ago: int) -> datetime.date:
        return self.today - datetime.timedelta(days=days_ago)
