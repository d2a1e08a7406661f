"""Who is told of what. Listens to what happens, and writes the notices in the same transaction."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from assessments.models import (
    Acknowledgement,
    Action,
    AssessorRecord,
    NotShown,
    NotShownAnswer,
    Origin,
    PrintJob,
    RecordPart,
    Return,
    Sheet,
    SheetAnswer,
    Signature,
    StepKind,
)
from assessments.printing_many.services import tell_with
from centres.models import User
from notices.models import NoticeKind
from notices.services import Told, notices_settle, notices_write
from notices.telling import (
    about_action,
    about_case,
    about_evidence,
    about_longer_visit,
    about_monitoring,
    about_not_shown,
    about_pack,
    about_print,
    about_sample,
    about_sheet,
    about_taken_down,
    about_unit,
    about_visit,
)
from portfolio.models import Allocation, CandidateUnit, State, Testimony, TestimonyRequest
from portfolio.people_on_unit import PeopleOn, people_on
from record.services.events import Happening, listen
from verification.cases.permissions import handled_as, who_oversees
from verification.models import (
    Case,
    CaseKind,
    CaseStep,
    CaseStepKind,
    MonitoringAcknowledgement,
    MonitoringRecord,
    SamplingRecord,
    SubmissionPack,
    Visit,
)
from verification.submission_pack.services import tell_of_packs_with

KINDS = (
    "allocation.made",
    "unit.submitted", "unit.taken_back", "unit.returned", "unit.assessed", "unit.withdrawn",
    "unit.sign_off_confirmed", "unit.verified", "unit.countersignature_confirmed", "unit.reopened",
    "action.asked", "action.answered", "action.refused", "action.withdrawn", "action.handed_over",
    "observation.signed", "observation.acknowledged", "testimony.given", "testimony.refused",
    "not_shown.stated", "not_shown.agreed", "not_shown.refused", "not_shown.ended",
    "plan.signed", "plan.acknowledged", "review.signed", "review.acknowledged",
    "sampling.recorded", "visit.opened", "visit.extended", "monitoring.signed", "monitoring.acknowledged",
    *(f"case.{step}" for step in CaseStepKind),
)  # fmt: skip


def begin() -> None:
    """Follow the events of which people are told, and prints and packs, of which no event tells."""
    listen(KINDS, follow)
    tell_with(tell_of_print)
    tell_of_packs_with(tell_of_pack)


def tell_of_print(job: PrintJob) -> None:
    """Tell who asked that many forms are printed."""
    notices_write([Told(kind=NoticeKind.PRINTED, person=job.by, by=None, about=about_print(job))])


def tell_of_pack(pack: SubmissionPack) -> None:
    """Tell who asked for a submission pack that it is made."""
    notices_write([Told(kind=NoticeKind.PRINTED, person=pack.by, by=None, about=about_pack(pack))])


def follow(happenings: Sequence[Happening]) -> None:
    """Tell those whom these concern, but never the person who did it."""
    notices_write([told for happening in happenings for told in _told_of(happening)])


class _Act(NamedTuple):
    """What was done to a unit, by whom."""

    unit: CandidateUnit
    by: User
    people: PeopleOn

    def tell(self, kind: NoticeKind, *persons: User | None) -> Iterator[Told]:
        """Tell these of it, each once, but not who did it, nor a verifier who cannot act."""
        for person in dict.fromkeys(persons):
            if person is not None and person != self.by and person not in self.people.kept_out:
                yield Told(kind=kind, person=person, by=self.by, about=about_unit(self.unit))


def _told_of(happening: Happening) -> Iterable[Told]:
    match happening.row:
        case Allocation() as allocation:
            about = about_unit(allocation.candidate_unit)
            yield Told(kind=NoticeKind.ALLOCATED, person=allocation.user, by=None, about=about)
        case Signature(unit_version=version, signer=signer) as signature:
            unit = version.candidate_unit
            yield from _of_signature(happening.kind, signature, _Act(unit, signer.user, people_on(unit)))
        case Return(unit_version=version, author=author) as step:
            unit = version.candidate_unit
            yield from _of_step_back(step, _Act(unit, author.user, people_on(unit)))
        case Action() as action:
            yield from _of_action(happening.kind, action)
        case RecordPart(evidence=evidence, record=record):
            about = about_evidence(evidence, "assessments:acknowledge")
            candidate = evidence.registration.candidate
            yield Told(kind=NoticeKind.RECORDED, person=candidate, by=record.author, about=about)
        case Acknowledgement(part=part):
            settled = about_evidence(part.evidence, "assessments:acknowledge")
            notices_settle(person=part.registration.candidate, path=settled.path)
        case AssessorRecord():  # the session as a whole; its parts are told of by themselves
            pass
        case Testimony() | TestimonyRequest() as row:
            yield from _of_witness(row)
        case (SamplingRecord() | MonitoringRecord() | MonitoringAcknowledgement()) as said:
            yield from _of_verifying(said)
        case (NotShown() | NotShownAnswer() | Sheet() | SheetAnswer()) as said:
            yield from _of_assessing(happening.kind, said)
        case (Visit() | Case()) as row:
            yield from _of_centre(happening, row)
        case row:
            raise TypeError(f"{happening.kind} tells of {type(row).__name__}, of which nobody is told.")


def _of_verifying(said: SamplingRecord | MonitoringRecord | MonitoringAcknowledgement) -> Iterator[Told]:
    """Tell an assessor of a sample, and of an observation of them until they have read it."""
    if isinstance(said, SamplingRecord):
        unit = said.unit_version.candidate_unit
        act = _Act(unit, said.verifier.user, people_on(unit))
        notices_settle(person=said.verifier.user, path=about_sample(unit).path)
        yield from act.tell(NoticeKind.SAMPLED, act.people.assessor)
        return
    record = said if isinstance(said, MonitoringRecord) else said.record
    if record.assessor is None:
        return  # what else is recorded asks its people by actions
    about = about_monitoring(record, "verification:monitoring_acknowledge")
    if isinstance(said, MonitoringRecord):
        yield Told(kind=NoticeKind.RECORDED, person=record.assessor, by=record.verifier, about=about)
    else:
        notices_settle(person=record.assessor, path=about.path)


def _of_centre(happening: Happening, row: Visit | Case) -> Iterator[Told]:
    if isinstance(row, Visit):
        yield _of_visit(happening.kind, row)
    else:
        [taken] = happening.also
        yield from _of_case(row, cast(CaseStep, taken))


def _of_case(case: Case, step: CaseStep) -> Iterator[Told]:
    """Tell who handles it next, or who says who does; and of each step whose case it is. Never who took it."""
    about, by = about_case(case), step.person
    notices_settle(person=by, path=about.path)
    if case.ended_at is None and handled_as(case, CaseStepKind(step.kind)):
        next_ones = [case.handler] if case.handler else who_oversees(case)
    else:
        next_ones = [step.to] if step.to else []
    for person in next_ones:
        if person != by:
            yield Told(kind=NoticeKind.CASE_WAITS, person=person, by=by, about=about)
    if step.kind != CaseStepKind.GIVEN and case.kind != CaseKind.MALPRACTICE:
        candidate = case.registration.candidate if case.registration else case.raised_by
        for person in dict.fromkeys((candidate, case.raised_by)):
            if person != by and person not in next_ones:
                yield Told(kind=NoticeKind.CASE_STEP, person=person, by=by, about=about)


def _of_visit(kind: str, visit: Visit) -> Told:
    if kind == "visit.extended":
        return Told(kind=NoticeKind.EXTENDED, person=visit.verifier, by=None, about=about_longer_visit(visit))
    return Told(kind=NoticeKind.VISIT, person=visit.verifier, by=visit.opened_by, about=about_visit(visit))


def _of_assessing(kind: str, said: NotShown | NotShownAnswer | Sheet | SheetAnswer) -> Iterator[Told]:
    match said:
        case Sheet() | SheetAnswer():
            yield from _of_sheet(said)
        case NotShown() | NotShownAnswer():
            yield from _of_not_shown(kind, said)


def _of_not_shown(kind: str, row: NotShown | NotShownAnswer) -> Iterator[Told]:
    """What waits for the verifier who leads; their answer, for the assessor who said it."""
    said = row if isinstance(row, NotShown) else row.not_shown
    author, about = said.author.user, about_not_shown(said)
    people = people_on(said.candidate_unit)
    if kind == "not_shown.stated":
        act = _Act(said.candidate_unit, author, people)
        yield from (told._replace(about=about) for told in act.tell(NoticeKind.NOT_SHOWN, people.verifier))
        return
    if people.verifier:
        notices_settle(person=people.verifier, path=about.path)
    if isinstance(row, NotShownAnswer):
        yield Told(kind=NoticeKind.NOT_SHOWN_SAID, person=author, by=row.author.user, about=about)


def _of_sheet(row: Sheet | SheetAnswer) -> Iterator[Told]:
    """A plan or a review, for its candidate, unless a line of it asks them for something: of that they are told."""
    sheet = row if isinstance(row, Sheet) else row.sheet
    candidate, about = sheet.registration.candidate, about_sheet(sheet)
    if isinstance(row, SheetAnswer):
        notices_settle(person=candidate, path=about.path)
    elif not sheet.lines.filter(action__owner=candidate).exists():
        yield Told(kind=NoticeKind.SHEET, person=candidate, by=sheet.author, about=about)


def _of_witness(row: Testimony | TestimonyRequest) -> Iterator[Told]:
    """What a witness gave; or a request that they refused, of which only who took it down is told."""
    if isinstance(row, TestimonyRequest):
        yield Told(kind=NoticeKind.TESTIMONY, person=row.asked_by, by=None, about=about_taken_down(row))
        return
    evidence = row.evidence
    candidate, by = evidence.registration.candidate, evidence.put_in_by
    for person in dict.fromkeys((candidate, row.request.asked_by if row.request else candidate)):
        yield Told(kind=NoticeKind.TESTIMONY, person=person, by=by, about=about_evidence(evidence))


def _of_action(kind: str, action: Action) -> Iterator[Told]:
    about = about_action(action)
    if kind == f"action.{StepKind.ANSWERED}":
        notices_settle(person=action.owner, path=about.path)
        yield Told(kind=NoticeKind.ANSWERED, person=action.asker, by=action.owner, about=about)
    elif kind == f"action.{StepKind.WITHDRAWN}":
        notices_settle(person=action.owner, path=about.path)
    elif kind == f"action.{StepKind.REFUSED}":
        yield Told(kind=NoticeKind.REFUSED, person=action.owner, by=action.asker, about=about)
    elif kind == f"action.{StepKind.HANDED_OVER}":  # by the coordinator, and perhaps to who asked it
        yield Told(kind=NoticeKind.ASKED, person=action.owner, by=None, about=about)
    elif action.owner != action.asker and action.origin != Origin.RETURN:  # whose return is told already
        yield Told(kind=NoticeKind.ASKED, person=action.owner, by=action.asker, about=about)


def _of_signature(kind: str, signature: Signature, act: _Act) -> Iterator[Told]:
    people, candidate = act.people, act.unit.registration.candidate
    match kind:
        case "unit.submitted":
            yield from act.tell(NoticeKind.SUBMITTED, people.assessor)
        case "unit.assessed":
            yield from act.tell(NoticeKind.SIGNED_OFF, candidate)
            if signature.needs_confirmation:
                yield from act.tell(NoticeKind.TO_CONFIRM, *people.further_assessors)
            else:
                yield from act.tell(NoticeKind.TO_VERIFY, people.verifier)
        case "unit.sign_off_confirmed":
            yield from act.tell(NoticeKind.CONFIRMED, people.assessor)
            yield from act.tell(NoticeKind.TO_VERIFY, people.verifier)
        case "unit.verified":
            yield from act.tell(NoticeKind.COUNTERSIGNED, candidate, people.assessor)
            if signature.needs_confirmation:
                yield from act.tell(NoticeKind.TO_CONFIRM, *people.further_verifiers)
        case "unit.countersignature_confirmed":
            yield from act.tell(NoticeKind.CONFIRMED, people.verifier)


def _of_step_back(step: Return, act: _Act) -> Iterator[Told]:
    people, candidate = act.people, act.unit.registration.candidate
    match Return.Kind(step.kind):
        case Return.Kind.TAKEN_BACK:
            yield from act.tell(NoticeKind.TAKEN_BACK, people.assessor)
        case Return.Kind.RETURNED:
            to = candidate if step.from_state == State.SUBMITTED else people.assessor
            yield from act.tell(NoticeKind.RETURNED, to)
        case Return.Kind.WITHDRAWN:
            yield from act.tell(NoticeKind.WITHDRAWN, candidate, people.verifier)
        case Return.Kind.REOPENED:
            yield from act.tell(NoticeKind.REOPENED, candidate, people.assessor)
