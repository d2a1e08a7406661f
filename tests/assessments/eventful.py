"""A record in which everything has happened: for tests that change one thing of it behind the back of the product."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.actions.services import (
    ActionWanted,
    action_answer,
    action_ask,
    action_hand_over,
    action_refuse,
    action_withdraw,
)
from assessments.feedback.services import feedback_give
from assessments.judging.services import statements_set
from assessments.models import AssessorRecord, Binding, Judgement, RecordKind, SheetKind, Signature
from assessments.not_shown.services import not_shown_answer, not_shown_end, not_shown_state
from assessments.observations.from_device import NameFromDevice
from assessments.observations.services import acknowledge
from assessments.plans.services import sheet_answer
from assessments.plans.templates import sheet_template_set
from assessments.recording_form.services import final_form_render
from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from assessments.steps_back.services import unit_reopen
from centres.candidate_numbers.services import numbered_add
from centres.guardians.services import coming_of_age_set, consent_record, consent_withdraw
from centres.models import Centre, Membership, Role, User
from centres.services.people import centre_create, role_end
from centres.staff.kinds import StaffKind
from centres.staff.services import StaffDetails, staff_record_add
from portfolio.achieved_before.services import (
    AchievedSaid,
    achieved_before_check,
    achieved_before_record,
    achieved_before_take_back,
)
from portfolio.adjustments.services import adjustment_end
from portfolio.evidence.file_removal import file_remove
from portfolio.evidence.services import EvidenceDetails, evidence_add, evidence_correct, evidence_remove
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.interests.services import interest_declare, interest_withdraw
from portfolio.models import (
    CandidateUnit,
    Capacity,
    Claim,
    Evidence,
    EvidenceFile,
    InterestKind,
    Registration,
    UnitCertificate,
)
from portfolio.registrations.services import allocate, registration_create
from portfolio.registrations.unit_choice import unit_set_aside
from portfolio.staff_certificates.services import staff_certificate_remove
from portfolio.testimony.services import standing_accept, testimony_note
from record.services.events import event_add
from standards.content import (
    CriterionContent,
    ElementContent,
    FrameworkContent,
    GroupContent,
    QualificationContent,
    UnitContent,
)
from standards.evidence_kinds import Setting
from standards.models import UnitRevision
from standards.published import published_content
from standards.services.combining import QualificationPublication, qualifications_publish
from standards.services.publishing import unit_publish
from standards.unit_rules import UnitRules
from tests.assessments.observations.records import said_of, session_of, sign
from tests.assessments.plans.sheets import sign as sign_sheet
from tests.assessments.steps import answer, answer_all, give_back, judge, open_version
from tests.cast import PASSWORD, claim_make, claim_move, claims_withdraw, disqualify, join, seen, with_password
from tests.centres.policies import choose
from tests.portfolio.achieved_before.achieved import unit_certificate
from tests.portfolio.office import agree, induct, say_other_words, set_rules
from tests.portfolio.registrations.endings import stand
from tests.portfolio.registrations.particulars import WHOLE, say
from tests.portfolio.staff_certificates.certificates import certificate
from tests.portfolio.testimony.asked import ask, give, take_down
from tests.verification.monitoring.whole import monitored
from tests.verification.sampling.whole import sampled
from tests.verification.visits.whole import visited
from verification.cases.services import CaseSaid, StepSaid, case_raise, case_step
from verification.models import CaseKind, CaseOutcome, CaseStepKind
from verification.visits.services import visit_open

MUST = "put into writing"
SMALL = UnitContent(
    framework=FrameworkContent(code="made-up", title="Made up", publisher="Nobody", edition="1"),
    code="S1",
    title="A small unit",
    level=2,
    rules=UnitRules(settings=(Setting.REAL_JOB,), statements=(MUST,)),
    elements=(ElementContent(position=1, number="1", title="Serve"),),
    criteria=(
        *(
            CriterionContent(
                kind="performance", position=place, code=f"1.{place}", full_code=f"1.{place}", text=what, element="1"
            )
            for place, what in enumerate(("Greet customers", "Thank customers"), start=1)
        ),
        CriterionContent(kind="range", position=3, code="A", full_code="A", text="By telephone"),
    ),
)


@dataclass(frozen=True)
class Eventful:
    """What the tests name of it, read anew each time: what they change is undone, in the database alone."""

    unit_pk: int
    other_pk: int
    spare_pk: int
    elsewhere_pk: int

    @property
    def unit(self) -> CandidateUnit:
        """The unit that went through all there is."""
        return CandidateUnit.objects.get(pk=self.unit_pk)

    @property
    def other(self) -> CandidateUnit:
        """The unit of the same portfolio that was set aside."""
        return CandidateUnit.objects.get(pk=self.other_pk)

    @property
    def spare(self) -> UnitRevision:
        """The unit that nobody in this portfolio took."""
        return UnitRevision.objects.get(pk=self.spare_pk)

    @property
    def elsewhere(self) -> Registration:
        """A portfolio in another centre."""
        return Registration.objects.get(pk=self.elsewhere_pk)

    @property
    def registration(self) -> Registration:
        """The portfolio of all this."""
        return self.unit.registration


def everything() -> Eventful:
    """Let it all happen, through the services."""
    cora = _coordinator("Harbour College", "Cora Coordinator", "cora@harbour.example")
    centre = cora.memberships.get().centre
    pat, ann, ivy, bob = (
        join(centre, cora, f"{name} {role.label}", f"{name.lower()}@harbour.example", role)
        for name, role in (
            ("Pat", Role.CANDIDATE),
            ("Ann", Role.ASSESSOR),
            ("Ivy", Role.INTERNAL_VERIFIER),
            ("Bob", Role.ASSESSOR),
        )
    )
    revisions = [unit_publish(content=replace(SMALL, code=code)) for code in ("S1", "S2", "S3")]
    content = QualificationContent(
        framework=SMALL.framework,
        code="Q",
        title="Service",
        level=2,
        minimum_units=1,
        groups=(GroupContent(name="Optional", choose=1, units=("S1", "S2")),),
    )
    [qualification] = qualifications_publish(publications=[QualificationPublication(content=content)])
    registration = registration_create(
        centre=centre,
        actor=cora,
        candidate=pat,
        number="C-7",
        revisions=[one for one in revisions[:2] if one],
        qualification=qualification,
    )
    say(registration, cora, **WHOLE)
    unit, other = registration.candidate_units.order_by("pk")
    unit_set_aside(unit=other, actor=cora)
    _declare(registration, bob, ann, cora)
    for person, capacity in ((bob, Capacity.ASSESSOR), (ann, Capacity.ASSESSOR), (ivy, Capacity.INTERNAL_VERIFIER)):
        allocate(unit=unit, actor=cora, user=person, capacity=capacity, reason="Nobody else is here.")
    disqualify(cora, bob)
    _ask_of_staff(cora, bob, ann)
    _keep_up(centre, cora, ann)
    _come_of_age(centre, cora, pat)
    choose(
        centre,
        cora,
        largest_file_mb=50,
        person_quota_mb=900,
        portfolio_quota_mb=800,
        evidence_age_months=24,
        feedback_sentences="Sound.",
    )
    _settle(unit.registration, cora, ann)
    _collect(unit, pat)
    _testify(unit, pat, ann)
    talk = EvidenceFile.objects.get(version__evidence__number=3)
    file_remove(file=talk, actor=cora, password=PASSWORD, reason="A customer's name is in it.")
    _record(unit, pat, ann)
    _assess(unit, pat, ann, ivy)
    _plan(unit, pat, ann, cora)
    _achieved_before(registration, cora, ann)
    sampled(unit, ivy)
    monitored(unit, ivy, ann, assessor_record=AssessorRecord.objects.filter(author=ann).earliest("pk"))
    visit = visited(unit, cora, other)
    later = visit.until + timedelta(days=1)
    visit_open(centre=centre, actor=cora, verifier=visit.verifier, begins_at=later, until=later + timedelta(days=1))
    assert revisions[2] is not None
    elsewhere = _elsewhere(revisions[2])
    _raise_cases(unit, pat, bob, cora)
    _end(unit, cora)
    return Eventful(unit_pk=unit.pk, other_pk=other.pk, spare_pk=revisions[2].pk, elsewhere_pk=elsewhere.pk)


def _achieved_before(registration: Registration, cora: User, ann: User) -> None:
    """S2 was achieved before, as Ann says; before that it was recorded wrongly."""
    other = registration.candidate_units.latest("pk").revision
    evidence = Evidence.objects.filter(registration=registration, removed_at=None).earliest("pk")
    said = AchievedSaid(
        where="certificate", day=date(2024, 5, 2), shown_by="Seen.", certificate_number="UC 7", evidence=evidence
    )
    about: dict[str, Any] = {"registration": registration, "actor": cora, "revision": other, "said": said}
    achieved_before_take_back(achieved=achieved_before_record(**about), actor=cora, reason="Typed wrongly.")
    achieved = achieved_before_record(**about)
    achieved_before_check(achieved=achieved, actor=ann, password=PASSWORD)


def _raise_cases(unit: CandidateUnit, pat: User, bob: User, cora: User) -> None:
    """Pat appeals against a judgement and complains; what was suspected of Bob is found not to be so."""
    judgement = Judgement.objects.filter(claim__candidate_unit=unit).earliest("pk")
    for actor, kind, more in (
        (pat, CaseKind.APPEAL, {"unit": unit, "judgement": judgement}),
        (pat, CaseKind.COMPLAINT, {"registration": unit.registration}),
        (cora, CaseKind.MALPRACTICE, {"about": bob}),
    ):
        centre = unit.registration.centre
        said = CaseSaid(kind=kind, words="This was not right.", received_on=centre.today, **more)
        case = case_raise(centre=centre, actor=actor, form_key=uuid.uuid4(), said=said)
    found = StepSaid(kind=CaseStepKind.CONCLUDED, words="It was not so.", outcome=CaseOutcome.NOT_UPHELD)
    case_step(case=case, actor=cora, said=found, seen=1)


def _end(unit: CandidateUnit, cora: User) -> None:
    """Pat goes to another centre, with a certificate of the version that was verified, and comes back."""
    stand(unit.registration, cora, "suspended", until=unit.registration.centre.today + timedelta(days=9))
    stand(unit.registration, cora, "transferred")
    stand(unit.registration, cora, "active")
    for number in ("UC 8", "UC 9"):
        row = unit_certificate(unit.versions.get(number=1), cora, number=number)
        _tell(row, "unit_certificate.claimed", cora)
        if number == "UC 8":
            row.taken_back_at, row.taken_back_by, row.taken_back_why = timezone.now(), cora, "Typed wrongly."
            row.save()
            _tell(row, "unit_certificate.taken_back", cora)


def _tell(row: UnitCertificate, kind: str, cora: User) -> None:
    registration = row.unit_version.candidate_unit.registration
    with transaction.atomic():
        event_add(chain=registration.chain, kind=kind, actor=cora.uuid, row=row)


def _come_of_age(centre: Centre, cora: User, pat: User) -> None:
    """Pat is under 18; his mother consents to pictures, withdraws that, and consents again."""
    about: dict[str, Any] = {"centre": centre, "actor": cora, "person": pat}
    coming_of_age_set(**about, day=centre.today + timedelta(days=200))
    said: dict[str, Any] = {"guardian": "Gwen", "relation": "Mother", "given_on": centre.today, "shown_by": "Folder 3"}
    consent_withdraw(consent=consent_record(**about, **said), actor=cora, why="She thought again.")
    consent_record(**about, **said)
    numbered_add(centre=centre, actor=cora, name="Numa Numbered", number="0042")


def _declare(registration: Registration, bob: User, ann: User, cora: User) -> None:
    """Bob is Pat's brother, and assesses all the same for a while; that Ann manages Pat was wrong."""
    about: dict[str, Any] = {"registration": registration, "actor": cora}
    interest_declare(**about, person=bob, kind=InterestKind.FAMILY, words="His brother.")
    wrong = interest_declare(**about, person=ann, kind=InterestKind.LINE_MANAGEMENT, words="Leads the shop.")
    interest_withdraw(interest=wrong, actor=cora, why="Another Ann.")


def _keep_up(centre: Centre, cora: User, ann: User) -> None:
    about: dict[str, Any] = {"centre": centre, "person": ann, "actor": cora}
    competent = StaffDetails(what="Customer service", since=date(2010, 3, 2), shown_by="CV")
    shown = staff_record_add(**about, kind=StaffKind.COMPETENCE, details=competent)
    certificate(shown, cora, name="cv.pdf", content=b"%PDF-1.7 a CV")
    wrong = certificate(shown, cora, name="other.pdf", content=b"%PDF-1.7 somebody else's CV")
    staff_certificate_remove(certificate=wrong, actor=cora, password=PASSWORD, reason="Somebody else's.")
    course = StaffDetails(what="A course", since=date(2026, 3, 2), hours=Decimal("1.5"))
    staff_record_add(**about, kind=StaffKind.DEVELOPMENT, details=course)


def _settle(registration: Registration, cora: User, ann: User) -> None:
    """Adjustments, one of them ended, an induction in the centre's words, and the rules of the qualification."""
    more_time = {"kind": "extra_time", "what": "A quarter more", "helper": "", "until": date(2026, 12, 1)}
    ended = agree(registration, cora, **more_time)
    agree(registration, ann)
    adjustment_end(adjustment=ended, actor=ann, why="Typed wrongly.")
    say_other_words(registration.centre, cora, appeals="Write to Cora within a week.")
    induct(registration)
    assert registration.qualification
    days = {"register_by": date(2027, 3, 1), "certify_by": date(2028, 3, 1)}
    sanction = {"sanction": "More samples.", "sanction_since": date(2026, 3, 2), "sanction_until": date(2026, 4, 2)}
    set_rules(registration.centre, cora, registration.qualification, **days, **sanction)


def _collect(unit: CandidateUnit, pat: User) -> None:
    registration = unit.registration
    log, slip, talk = (_piece(registration, pat, title) for title in ("Desk log", "Slip", "Talk"))
    details = EvidenceDetails(
        title="Desk log, whole", kind="work_product", setting="real_job", happened_from=date(2026, 3, 2)
    )
    kept = list(log.versions.get().files.all())
    evidence_correct(evidence=log, actor=pat, seen=1, details=details, keep=kept, staged=[])
    evidence_remove(evidence=slip, actor=pat)
    for criterion in unit.revision.criteria.filter(kind="performance"):
        claim_make(unit=unit, evidence=log, criterion=criterion, where="page 3", actor=pat)
    claim = claim_make(unit=unit, evidence=talk, criterion=criterion, where="", actor=pat)
    claim_move(unit=unit, evidence=talk, actor=pat, criterion=claim.criterion, where="minute 2")
    claims_withdraw(unit=unit, evidence=talk, actor=pat)


def _testify(unit: CandidateUnit, pat: User, ann: User) -> None:
    """Two witnesses give something, and two requests wait: one to confirm what was taken down."""
    criteria = [str(unit.revision.criteria.get(position=1).uuid)]
    for name in ("Dave Smith", "Mary Jones"):
        testimony = give(ask(unit.registration, pat, name=name, criteria=criteria), name=name, criteria=criteria)
        testimony_note(testimony=testimony, actor=ann, words="So it is.", reached="email", reached_on=date(2026, 3, 5))
    assert testimony.evidence.witness
    standing_accept(witness=testimony.evidence.witness, actor=ann, reason="Twenty years at it.")
    ask(unit.registration, pat, witness=testimony.evidence.witness)
    take_down(unit.registration, ann, witness=testimony.evidence.witness, name=name)


def _record(unit: CandidateUnit, pat: User, ann: User) -> None:
    written = datetime(2026, 3, 3, 10, 45, tzinfo=UTC)  # on a device
    known = session_of(
        identity_checked=True, all_agreed=True, present="Mia", written_at=written, arrived_at=timezone.now()
    )
    drawn = {unit.registration: NameFromDevice(lines="M1 1L200 100", by_device_clock=written)}
    part = sign(ann, said_of(unit), session=known, drawn=drawn).parts.get()
    acknowledge(part=part, actor=pat, agrees=False, words="It was a toaster.")
    decision = said_of(unit, achieved_on=date(2024, 3, 1), is_current=False)
    sign(ann, decision, session=session_of(RecordKind.PRIOR_LEARNING))


def _plan(unit: CandidateUnit, pat: User, ann: User, cora: User) -> None:
    """Ann plans twice and reviews; Pat answers to the first plan."""
    headings: dict[str, Any] = {"title": "Form 7", "headings": [("Aims", "What do you want to show?")]}
    sheet_template_set(centre=unit.registration.centre, actor=cora, kind=SheetKind.PLAN, seen=0, **headings)
    soon = unit.registration.centre.today + timedelta(days=9)
    first = sign_sheet(ann, unit, next_review=soon)
    sheet_answer(sheet=first, actor=pat, agrees=False, words="The log is private.")
    sign_sheet(ann, unit, next_review=soon)
    sign_sheet(ann, unit, kind=SheetKind.REVIEW, lines=[])


def _piece(registration: Registration, pat: User, title: str) -> Evidence:
    with IncomingFile.from_content("log.txt", f"{title}: ham too small, exchanged it.\n".encode()) as incoming:
        staged = file_stage(registration=registration, user=pat, incoming=incoming)
    details = EvidenceDetails(
        title=title,
        kind="work_product",
        setting="real_job",
        happened_from=date(2026, 3, 2),
        location="At the desk",
        relevance="Shows how I serve",
    )
    return evidence_add(registration=registration, actor=pat, form_key=uuid.uuid4(), details=details, staged=[staged])


def _ask_of_staff(cora: User, bob: User, ann: User) -> None:
    """Bob is asked for something, leaves, and Ann gets it."""
    [centre] = {role.centre for role in cora.memberships.all()}
    asked = action_ask(
        actor=cora,
        asked_as=Role.COORDINATOR,
        owner=bob,
        owned_as=Role.ASSESSOR,
        centre=centre,
        wanted=ActionWanted(text="Renew your award.", binding=Binding.ADVICE),
    )
    role_end(membership=Membership.objects.get(user=bob), actor=cora)
    action_hand_over(action=asked, actor=cora, to=ann, seen=1)


def _say_more(unit: CandidateUnit, ann: User, ivy: User) -> None:
    """Ivy asks for something of which she reads the answer, and Ann praises a piece."""
    log = Evidence.objects.get(registration=unit.registration, number=1)
    today = timezone.localdate()
    asked = action_ask(
        actor=ivy,
        asked_as=Role.INTERNAL_VERIFIER,
        owner=ann,
        owned_as=Role.ASSESSOR,
        unit=unit,
        wanted=ActionWanted(
            text="Look at page 3.",
            binding=Binding.DATE,
            due=today + timedelta(days=9),
            evidence=log,
            criteria=[("performance", 1)],
        ),
    )
    action_answer(action=asked, actor=ann, words="It is right.", seen=1)
    action_refuse(action=asked, actor=ivy, words="And page 4?", seen=2)
    action_withdraw(action=asked, actor=ivy, seen=3)
    feedback_give(unit=unit, actor=ann, words="Clear and complete.", evidence=log)


def _assess(unit: CandidateUnit, pat: User, ann: User, ivy: User) -> None:
    unit_submit(unit=unit, actor=pat, password=PASSWORD, seen=seen(unit))
    _say_more(unit, ann, ivy)
    judge(unit=unit, actor=ann, answers=[answer(unit, 0, "not_yet", "Too short."), answer(unit, 1, "partly")])
    judge(unit=unit, actor=ann, answers=[answer(unit, 0), answer(unit, 1, None)])
    judge(unit=unit, actor=ann, answers=[answer(unit, 1)])
    for statements in ([MUST], [], [MUST]):
        statements_set(unit=unit, actor=ann, statements=statements)
    [item] = (item for item in published_content(unit.revision).unit.range)
    not_shown_end(said=not_shown_state(unit=unit, actor=ann, item=item, reason="No."), actor=ann)
    said = not_shown_state(unit=unit, actor=ann, item=item, reason="There is no telephone.")
    not_shown_answer(said=said, actor=ivy, agrees=False, why_not="Ask the back office.")
    said = not_shown_state(unit=unit, actor=ann, item=item, reason="There is none there either.")
    not_shown_answer(said=said, actor=ivy, agrees=True, reference="AB 12")
    unit_sign_off(unit=unit, actor=ann, password=PASSWORD, seen=seen(unit), comment="Sound work.")
    give_back(unit, ivy, reason="A date is wrong.")
    answer_all(unit)
    unit_sign_off(unit=unit, actor=ann, password=PASSWORD, seen=seen(unit))
    unit_countersign(unit=unit, actor=ivy, password=PASSWORD, seen=seen(unit))
    final_form_render(signature=Signature.objects.get(stage="countersignature").uuid)
    unit_reopen(unit=unit, actor=ivy, reason="A name is wrong.", stamp=open_version(unit).stamp)
    unit_submit(unit=unit, actor=pat, password=PASSWORD, seen=seen(unit))
    assert Claim.objects.filter(withdrawn_at=None).count() == 2


def _elsewhere(revision: UnitRevision) -> Registration:
    olga = _coordinator("Elsewhere Institute", "Olga Outsider", "olga@elsewhere.example")
    centre = olga.memberships.get().centre
    candidate = join(centre, olga, "Otto Outsider", "otto@elsewhere.example", Role.CANDIDATE)
    return registration_create(centre=centre, actor=olga, candidate=candidate, number="", revisions=[revision])


def _coordinator(centre: str, name: str, email: str) -> User:
    membership = centre_create(
        name=centre, number="90210", time_zone="Europe/London", coordinator_name=name, coordinator_email=email
    )
    return with_password(membership.user)
