"""Tells the stories: makes the demo centre by the services that everybody's work goes through."""

import datetime
import uuid
from collections.abc import Mapping
from typing import TypedDict, assert_never
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from assessments.cells.changes import CellChange, cells_change
from assessments.feedback.services import feedback_give
from assessments.judging.services import statements_set
from assessments.models import Outcome
from assessments.not_shown.services import not_shown_state
from assessments.openings.services import opening_add
from assessments.signing.services import sign_off_confirm, unit_countersign, unit_sign_off, unit_submit
from assessments.signing.shown_digest import content_digest
from assessments.standing.unit_record import EvidenceRecord, unit_record
from assessments.steps_back.services import unit_reopen, unit_return
from centres.demo import DEMO_PASSWORD
from centres.models import Centre, Role, User
from centres.services.people import centre_create, person_add
from demo import office, stories, witnessing
from demo.beach import ANIKA, JERMAINE
from demo.bookshop import NADIA
from demo.clinic import GRACE, IMRAN
from demo.clock import tasks_wait_since, told_at
from demo.codes import claims_meant, criteria_by_code
from demo.council import CALLUM, ROSALIND
from demo.ferry import DENZIL, ESI, TOMAS
from demo.helpline import AISHA, PRIYA
from demo.hotel import MARCUS, TAMIKA
from demo.inn import WINSTON
from demo.left import CAMILLE, endings_tell
from demo.monitoring import monitoring_tell
from demo.observing import observe
from demo.planning import plan_or_review
from demo.questions import questions_tell
from demo.resort import KEISHA
from demo.sampling import sampling_tell
from demo.school import school_tell
from demo.shop import LEON, SHANICE
from demo.staff import put_staff_on_record
from demo.standards import qualification_of, revision_of
from demo.stories import Story, StoryPerson
from demo.visit import visit_tell
from portfolio.evidence.services import EvidenceDetails, evidence_add
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import CandidateUnit, Capacity, Evidence, People, StagedFile
from portfolio.open_versions import open_version
from portfolio.registrations.services import allocate, allocations_set, registration_create
from portfolio.registrations.unit_choice import unit_choose, unit_set_aside
from standards.models import Criterion, UnitRevision
from standards.published import published_content

# By how far they have come; the sign-in page shows them in this order.
STORIES: tuple[Story, ...] = (
    TAMIKA,
    ANIKA,
    LEON,
    IMRAN,
    ESI,
    JERMAINE,
    PRIYA,
    KEISHA,
    CALLUM,
    TOMAS,
    SHANICE,
    NADIA,
    DENZIL,
    MARCUS,
    GRACE,
    ROSALIND,
    WINSTON,
    AISHA,
    CAMILLE,
)
STAFF = {
    stories.DESMOND: Role.ASSESSOR,
    stories.HELEN: Role.ASSESSOR,
    stories.JOYCELYN: Role.INTERNAL_VERIFIER,
    stories.OWEN: Role.INTERNAL_VERIFIER,
    stories.EDMUND: Role.EXTERNAL_VERIFIER,
}
OPENED = datetime.timedelta(days=420)  # so long ago the centre opened
A_DAY_LATER = datetime.timedelta(hours=22)
SOON_AFTER = datetime.timedelta(minutes=9)


@transaction.atomic
def demo_make() -> Centre | None:
    """Make the demo centre and return it, or None where there is one already.

    All of it or nothing; cut off, it leaves bytes that the worker sweeps. Raises Unit.DoesNotExist without standards.
    """
    revision = revision_of(stories.B10)
    # Whoever makes the demo at the same time waits here, and then finds it.
    UnitRevision.objects.select_for_update(no_key=True, of=("self",)).get(pk=revision.pk)
    if Centre.objects.filter(is_demo=True).exists():
        return None
    now = timezone.now()
    with told_at(now - OPENED):
        centre, people = _open_centre()
    _give_password(people)
    put_staff_on_record(centre, people, now)
    questions_tell(centre, people[stories.DESMOND], revision)
    with tasks_wait_since(now):
        for story in STORIES:
            _Teller(story, centre=centre, people=people, now=now).tell()
        for tell in (sampling_tell, monitoring_tell, visit_tell, endings_tell, school_tell):
            tell(centre, people, now)
    return centre


def _open_centre() -> tuple[Centre, dict[StoryPerson, User]]:
    coordinator = centre_create(
        name=stories.CENTRE,
        number=stories.CENTRE_NUMBER,
        time_zone=stories.TIME_ZONE,
        coordinator_name=stories.MARVA.name,
        coordinator_email=stories.MARVA.email,
        is_demo=True,
    )
    people = {stories.MARVA: coordinator.user}
    roles = STAFF | {story.candidate: Role.CANDIDATE for story in STORIES}
    for person, role in roles.items():
        membership = person_add(
            centre=coordinator.centre, actor=coordinator.user, name=person.name, email=person.email, role=role
        )
        people[person] = membership.user
    return coordinator.centre, people


def _give_password(people: Mapping[StoryPerson, User]) -> None:
    """Give everybody the one password, hashed once: the sign-in page shows it, and hashing is slow on purpose.

    For the same reason those who sign here know it without hashing it again.
    """
    hashed = make_password(DEMO_PASSWORD)
    for user in people.values():
        user.password = hashed
        user.save(update_fields=["password"])
        user.check_password = DEMO_PASSWORD.__eq__  # type: ignore[method-assign,assignment]


class _Signing(TypedDict):
    unit: CandidateUnit
    actor: User
    password: str
    seen: str


class _Teller:
    """Tells one story, step by step."""

    def __init__(
        self, story: Story, *, centre: Centre, people: Mapping[StoryPerson, User], now: datetime.datetime
    ) -> None:
        self.story, self.really_now = story, now
        self.criteria_read: dict[int, dict[str, Criterion]] = {}
        self.at = now - datetime.timedelta(days=story.registered or story.first_day + 7)
        self.actors = {
            capacity: people[person]
            for capacity, person in {
                Capacity.CANDIDATE: story.candidate,
                Capacity.ASSESSOR: story.assessor,
                Capacity.INTERNAL_VERIFIER: story.verifier,
            }.items()
            if person
        }
        self.confirms = people[story.confirms] if story.confirms else None
        with told_at(self.at):
            self._register(centre, people[stories.MARVA])
        self.at += SOON_AFTER
        with told_at(self.at):
            office.begin(story, self.registration, people[stories.MARVA], self.actors[Capacity.CANDIDATE], now.date())

    def _register(self, centre: Centre, coordinator: User) -> None:
        self.registration = registration_create(
            centre=centre,
            actor=coordinator,
            candidate=self.actors[Capacity.CANDIDATE],
            number=self.story.number,
            qualification=qualification_of(self.story.qualification) if self.story.qualification else None,
            revisions=[revision_of(address) for address in self.story.units],
            particulars=self.story.particulars(centre.today, self.really_now.date()),
        )
        self._read_units()
        if len(self.actors) > 1:
            allocations_set(
                unit=self.units[next(iter(self.units))],
                actor=coordinator,
                assessor=self.actors.get(Capacity.ASSESSOR),
                internal_verifier=self.actors.get(Capacity.INTERNAL_VERIFIER),
                everywhere=True,
            )
        if self.confirms:
            for unit in self.units.values():
                allocate(unit=unit, actor=coordinator, user=self.confirms, capacity=Capacity.ASSESSOR, leads=False)

    def _read_units(self) -> None:
        units = self.registration.candidate_units.select_related(
            "revision__unit__framework", "registration__centre", "registration__candidate", "registration__chain"
        )
        self.units = {unit.revision.unit.code: unit for unit in units.order_by("pk")}

    def tell(self) -> None:
        """Let every step happen, each at its time."""
        for step in self.story.steps:
            self.at = min(max(self.at + SOON_AFTER, self._time_of(step)), self.really_now - SOON_AFTER)
            with told_at(self.at):
                self._do(step)

    def _time_of(self, step: stories.Step) -> datetime.datetime:
        match step:
            case stories.StoryEvidence():
                shown = step.days_ago if step.until is None else step.until
                return self.really_now - datetime.timedelta(days=shown) + SOON_AFTER * 13
            case stories.Observe():
                return self.really_now - datetime.timedelta(days=step.days_ago - 1)
            case stories.On():
                return self.really_now - datetime.timedelta(days=step.days_ago)
            case stories.Judge() | stories.MakeStatements():
                return self.at + SOON_AFTER * 2
            case _:
                return self.at + A_DAY_LATER

    def _do(self, step: stories.Step) -> None:
        match step:
            case stories.On():
                pass
            case stories.StoryEvidence():
                self._add(step)
            case stories.Choose() | stories.SetAside():
                self._choose(step)
            case stories.Judge():
                self._judge(step)
            case stories.Observe() | stories.PlanOrReview():
                self._write(step)
            case stories.AskWitness() | stories.WitnessAnswers() | stories.AcceptWitness() | stories.TellFeedback():
                self._say(step)
            case stories.MakeStatements(unit):
                found, actor = self._unit(unit), self.actors[Capacity.ASSESSOR]
                asked_for = unit_record(found).content.unit.rules.statements
                statements_set(unit=found, actor=actor, statements=asked_for)
            case stories.CannotBeShown(item, reason, unit):
                found, actor = self._unit(unit), self.actors[Capacity.ASSESSOR]
                content = published_content(found.revision).criterion_by_pk[self._criteria(found)[item].pk]
                not_shown_state(unit=found, actor=actor, item=content, reason=reason)
            case stories.Submit() | stories.SignOff() | stories.Confirm() | stories.Countersign():
                self._sign(step)
            case stories.Returned(by, reason, unit):
                found = self._unit(unit)
                unit_return(unit=found, actor=self.actors[by], reason=reason, stamp=open_version(found).stamp)
            case stories.Reopen(reason, unit):
                found = self._unit(unit)
                verifier = self.actors[Capacity.INTERNAL_VERIFIER]
                unit_reopen(unit=found, actor=verifier, reason=reason, stamp=open_version(found).stamp)
            case _:
                assert_never(step)

    def _choose(self, step: stories.Choose | stories.SetAside) -> None:
        match step:
            case stories.Choose(unit, by):
                revision = revision_of(f"{self.story.qualification.partition(':')[0]}:{unit}")
                unit_choose(registration=self.registration, actor=self.actors[by], revision=revision)
                self._read_units()
            case stories.SetAside(unit, by):
                unit_set_aside(unit=self.units[unit], actor=self.actors[by])

    def _sign(self, step: stories.Submit | stories.SignOff | stories.Confirm | stories.Countersign) -> None:
        match step:
            case stories.Submit(unit):
                unit_submit(**self._signing(Capacity.CANDIDATE, unit))
            case stories.SignOff(comment, unit):
                unit_sign_off(**self._signing(Capacity.ASSESSOR, unit), comment=comment)
            case stories.Confirm(comment, unit):
                assert self.confirms  # noqa: S101 - the story names them
                sign_off_confirm(**self._signing(Capacity.ASSESSOR, unit) | {"actor": self.confirms}, comment=comment)
            case stories.Countersign(comment, unit):
                unit_countersign(**self._signing(Capacity.INTERNAL_VERIFIER, unit), comment=comment)

    def _write(self, step: stories.Observe | stories.PlanOrReview) -> None:
        actor = self.actors[Capacity.ASSESSOR]
        match step:
            case stories.Observe():
                seen_in = self._unit(step.unit)
                met = claims_meant(step.met, self._criteria(seen_in))
                observe(step, unit=seen_in, actor=actor, met=met, day=self._day(step.days_ago))
            case stories.PlanOrReview():
                plan_or_review(step, unit=self._unit(""), actor=actor, today=self._day(0))

    def _unit(self, code: str) -> CandidateUnit:
        return self.units[code or next(iter(self.units))]

    def _criteria(self, unit: CandidateUnit) -> dict[str, Criterion]:
        if unit.pk not in self.criteria_read:
            self.criteria_read[unit.pk] = criteria_by_code(unit.revision)
        return self.criteria_read[unit.pk]

    def _signing(self, capacity: Capacity, code: str) -> _Signing:
        unit = self._unit(code)
        return {"unit": unit, "actor": self.actors[capacity], "password": DEMO_PASSWORD, "seen": content_digest(unit)}

    def _add(self, piece: stories.StoryEvidence) -> None:
        actor = self.actors[piece.by]
        day = self._day(piece.days_ago)
        evidence = evidence_add(
            registration=self.registration,
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
                people=People.NOBODY,  # the demo's pictures show notices and cards
            ),
            staged=[self._stage(actor, file.name, file.content(day)) for file in piece.files],
        )
        for code, claims in {"": piece.claims, **piece.more}.items():
            self._claim(evidence, claims, self._unit(code), actor)

    def _claim(self, evidence: Evidence, claims: str, unit: CandidateUnit, actor: User) -> None:
        content = published_content(unit.revision).criterion_by_pk
        changes = [
            CellChange(evidence=evidence.uuid, criterion=content[criterion.pk], to="claimed", where=where)
            for criterion, where in claims_meant(claims, self._criteria(unit)).items()
        ]
        if changes:
            _set(unit, actor, changes, of=f"{self.story.candidate.name}, {evidence}")

    def _say(
        self, step: stories.AskWitness | stories.WitnessAnswers | stories.AcceptWitness | stories.TellFeedback
    ) -> None:
        registration, candidate = self.registration, self.actors[Capacity.CANDIDATE]
        match step:
            case stories.AskWitness():
                saw = claims_meant(step.saw, self._criteria(self._unit(step.unit)))
                witnessing.ask(step, registration=registration, actor=candidate, criteria=saw)
            case stories.WitnessAnswers():
                evidence = witnessing.answer(step, registration=registration, day=self._day(step.days_ago))
                self._claim(evidence, step.claims, self._unit(step.unit), candidate)
            case stories.AcceptWitness(name, reason):
                assessor, day = self.actors[Capacity.ASSESSOR], timezone.localdate(self.at, ZoneInfo(stories.TIME_ZONE))
                witnessing.accept(name, reason, registration=registration, actor=assessor, day=day)
            case stories.TellFeedback(words, unit):
                feedback_give(unit=self._unit(unit), actor=self.actors[Capacity.ASSESSOR], words=words)

    def _stage(self, actor: User, name: str, content: bytes) -> StagedFile:
        with IncomingFile.from_content(name, content) as incoming:
            return file_stage(registration=self.registration, user=actor, incoming=incoming)

    def _judge(self, step: stories.Judge) -> None:
        unit = self._unit(step.unit)
        criteria = self._criteria(unit)
        answers = []
        told = {(number, criteria[code].pk): answer for (number, code), answer in step.answers.items()}
        whole = unit_record(unit)
        for looked_at in whole.evidence:
            if not step.pieces or looked_at.number in step.pieces:
                self._look_at(looked_at)
        for record in whole.claims:
            number = record.claim.evidence.number
            key = (number, record.criterion.pk)
            if (step.pieces and number not in step.pieces) or (record.judgement and key not in told):
                continue
            outcome, reason = told.pop(key, (Outcome.MET, ""))
            piece, item = record.claim.evidence.uuid, record.criterion
            answers.append(CellChange(evidence=piece, criterion=item, to=outcome, reason=reason, seen=record.stamp))
        _set(unit, self.actors[Capacity.ASSESSOR], answers, of=self.story.candidate.name)
        if told:
            raise ValueError(f"{self.story.candidate.name}: nobody claims what is answered: {step.answers}")

    def _look_at(self, piece: EvidenceRecord) -> None:
        """Let the assessor open the files of a piece, or see what is kept elsewhere at the workplace."""
        places: list[int | None] = [file.position for file in piece.files]
        for position in places or [None]:
            opening_add(version=piece.version, actor=self.actors[Capacity.ASSESSOR], position=position)

    def _day(self, days_ago: int) -> datetime.date:
        """Return the day as the centre counts it: where it lies, it can still be yesterday."""
        today = timezone.localdate(self.really_now, ZoneInfo(stories.TIME_ZONE))
        return today - datetime.timedelta(days=days_ago)


def _set(unit: CandidateUnit, actor: User, changes: list[CellChange], *, of: str) -> None:
    refused = [one.refused for one in cells_change(unit=unit, actor=actor, changes=changes) if one.refused]
    if refused:
        raise ValueError(f"{of}: {' '.join(refused)}")
