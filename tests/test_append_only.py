"""What the record says is never changed or taken away: the database refuses it, table by table.

A table of ours that is neither protected nor named here as one that may change fails the suite. The tables of
`record` and `standards` are looked at closely beside their apps.
"""

import datetime
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments.models import (
    Action,
    ActionStep,
    AssessorStatement,
    Feedback,
    FinalForm,
    Judgement,
    NotShown,
    NotShownAnswer,
    Opening,
    PinnedEvidence,
    Return,
    Sheet,
    SheetAnswer,
    SheetKind,
    SheetLine,
    SheetTemplate,
    Signature,
)
from assessments.plans.services import sheet_answer
from assessments.plans.templates import sheet_template_set
from assessments.steps_back.services import unit_reopen
from centres.guardians.models import ComingOfAge, GuardianConsent
from centres.guardians.services import coming_of_age_set, consent_record, consent_withdraw
from centres.models import CentrePolicy, Membership
from centres.policy.choices import LIMITS
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from centres.staff.services import StaffDetails, staff_record_add, staff_record_end
from portfolio.adjustments.services import adjustment_end
from portfolio.files.services import bytes_store
from portfolio.interests.services import interest_declare, interest_withdraw
from portfolio.models import (
    Access,
    AchievedBefore,
    Adjustment,
    Allocation,
    Capacity,
    Claim,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Induction,
    InductionText,
    Interest,
    InterestKind,
    Participation,
    QualificationRules,
    RegistrationParticulars,
    RegistrationStanding,
    RemovedFile,
    StaffCertificate,
    StoredFile,
    TakenDown,
    Testimony,
    TestimonyNote,
    TestimonyRequest,
    UnitCertificate,
    UnitVersion,
    Witness,
    WitnessStanding,
)
from portfolio.registrations.services import allocate
from portfolio.staff_certificates.services import staff_certificate_remove
from tests.append_only import assert_append_only, lifted
from tests.assessments.plans.sheets import sign as sign_sheet
from tests.assessments.steps import open_version, said_not_shown
from tests.cast import PASSWORD, add_evidence
from tests.centres.policies import choose
from tests.portfolio.achieved_before.achieved import achieved_before, checked, unit_certificate
from tests.portfolio.office import agree, an_award, induct, say_other_words, set_rules
from tests.portfolio.registrations.endings import stand
from tests.portfolio.registrations.particulars import WHOLE, say
from tests.portfolio.staff_certificates.certificates import certificate
from tests.portfolio.testimony.asked import told_by_a_witness
from tests.verification.sampling.whole import sampled
from tests.verification.visits.whole import visited
from verification.models import (
    PlannedSample,
    PlanStep,
    SampledClaim,
    SamplingPlan,
    SamplingPolicy,
    SamplingRecord,
    Visit,
    VisitAction,
    VisitAsk,
    VisitMark,
    VisitReport,
    VisitSample,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OURS = {"record", "standards", "centres", "portfolio", "assessments", "verification", "notices"}
MAY_CHANGE = {
    "centres_user",  # a name, a password
    "centres_centre",
    "standards_framework",
    "standards_unit",
    "portfolio_registration",
    "portfolio_candidateunit",
    "portfolio_stagedfile",  # kept for a day
    "portfolio_arrivingfile",  # while it arrives
    "portfolio_waitingwork",  # until it is done
    "portfolio_import",  # while it runs, and for a month
    "portfolio_importrow",
    "assessments_printjob",  # until it is printed, and for a week
    "assessments_printpart",
    "assessments_question",  # records keep the words in which it was asked
    "assessments_recorddraft",  # until it is signed or thrown away
    "assessments_sheetdraft",
    "assessments_centreday",  # worked out of the others, for two years
    "assessments_standing",  # worked out of the others
    "assessments_unitprogress",
    "notices_notice",  # until it is seen, and for a year
    "notices_noticechoice",
    "portfolio_requestletter",  # until it is sent: what was asked is on record
    "notices_letter",  # until it is sent, and for a year
    "verification_submissionpack",  # until it is made, and for a week: an event tells who took it away
    "verification_packfile",
    "verification_keptfigures",  # worked out of the others, for a quarter of an hour
    "centres_passwordtries",  # for an hour
    "centres_invitation",  # until it is answered, and for a month
    "centres_signincode",  # until it is used: no event tells of it
    "centres_correction",  # for a week, until it is confirmed: the site's chain tells of the person
    "centres_signin",  # for half a year, and no event tells of it
}


@pytest.fixture
def unit(verified_unit, evidence, candidate, assessor, verifier, centre, coordinator):
    """Pat's unit after a reopening, with a row in every table in which all that can be filled is filled."""
    now = timezone.now()
    stored = bytes_store(centre=centre, content=b"a letter")
    FinalForm.objects.update(stored_file=stored, rendered_at=now)
    with lifted():
        Signature.objects.filter(stage="countersignature").update(released_by_plan_of=now.date())
    version = open_version(verified_unit)
    unit_reopen(unit=verified_unit, actor=verifier, reason="A date is wrong.", stamp=version.stamp)
    sampled(verified_unit, verifier)
    for _ in range(2):
        sheet = sign_sheet(assessor, verified_unit, next_review=centre.today + datetime.timedelta(days=9))
        sheet_answer(sheet=sheet, actor=candidate, agrees=True, words="Yes.")
    headings: dict[str, Any] = {"title": "Plan", "headings": [("Aims", "")]}
    sheet_template_set(centre=centre, actor=coordinator, kind=SheetKind.PLAN, seen=0, **headings)
    first = evidence.versions.get()
    handed_over = add_evidence(verified_unit.registration, assessor, author=candidate)
    copy = {field.name: getattr(handed_over, field.name) for field in Evidence._meta.concrete_fields}
    testimony = told_by_a_witness(verified_unit.registration, candidate, assessor)
    witness = testimony.evidence.witness
    TestimonyRequest.objects.update(withdrawn_at=now, refused_at=now)
    told = {"words": "So it was.", "place": "Here", "reached": "telephone"}
    days = dict.fromkeys(("happened_from", "happened_to", "reached_on"), first.happened_from)
    TakenDown.objects.create(request=TestimonyRequest.objects.get(), **told, **days)
    copy |= {"id": None, "uuid": uuid.uuid4(), "form_key": uuid.uuid4(), "number": 4}
    copy |= {"taken_from": first, "witness": witness}
    Evidence.objects.create(**copy)
    second = EvidenceVersion.objects.create(
        evidence=evidence,
        number=2,
        title=first.title,
        kind=first.kind,
        setting=first.setting,
        happened_from=first.happened_from,
        happened_to=first.happened_from,
        author=candidate,
        put_in_by=assessor,
        made_at=now,
    )
    EvidenceFile.objects.create(
        version=second, stored_file=stored, name="letter.txt", content_type="text/plain", position=1
    )
    RemovedFile.objects.create(
        evidence=evidence, stored_file=stored, name="letter.txt", reason="A name.", removed_by=candidate, removed_at=now
    )
    author = Participation.objects.get(candidate_unit=verified_unit, user=candidate)
    claim = Claim.objects.filter(candidate_unit=verified_unit).first()
    assert claim
    Claim.objects.filter(pk=claim.pk).update(withdrawn_at=now, withdrawn_by=author)
    AssessorStatement.objects.update(withdrawn_at=now)
    not_shown = said_not_shown(verified_unit)
    NotShown.objects.filter(pk=not_shown.pk).update(ended_at=now)
    cover = Allocation(candidate_unit=verified_unit, user=candidate, capacity="assessor", leads=False, began_at=now)
    cover.until = now + datetime.timedelta(days=1)
    cover.save()
    Allocation.objects.update(ended_at=now)
    visited(verified_unit, coordinator)
    Access.objects.update(ended_at=now)
    choose(centre, coordinator, **dict.fromkeys(LIMITS, 5))
    Membership.objects.update(ended_at=now)
    Opening.objects.create(person=candidate, version=second, position=1, at=now)
    everything = {
        "owner": candidate,
        "owned_as": "candidate",
        "asker": assessor,
        "asked_as": "assessor",
        "text": "More.",
    }
    everything |= {"binding": "date", "due": now.date(), "asked_at": now, "ended_at": now}
    Action.objects.create(centre=centre, **everything)
    of_the_unit = {"registration": verified_unit.registration, "candidate_unit": verified_unit, "evidence": evidence}
    action = Action.objects.create(**everything, **of_the_unit)
    given = {"person": candidate, "acted_as": "assessor", "words": "To Pat.", "made_at": now}
    ActionStep.objects.create(action=action, number=1, kind="handed_over", to=candidate, **given)
    judged = Participation.objects.get(candidate_unit=verified_unit, user=assessor)
    said = {"candidate_unit": verified_unit, "evidence": evidence, "author": judged}
    Feedback.objects.create(**said, words="Sound.", made_at=now)
    Evidence.objects.update(removed_at=now)
    return verified_unit


def protected_tables() -> set[str]:
    """The tables on which the database refuses updates."""
    sql = {
        "postgresql": "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_append\\_only\\_update'",
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_append_only_update'",
    }
    with connection.cursor() as cursor:
        cursor.execute(sql[connection.vendor])
        return {table for (table,) in cursor.fetchall()}


def test_every_table_is_protected_or_named_as_one_that_may_change():
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS]
    assert {model._meta.db_table for model in ours} == protected_tables() | MAY_CHANGE
    assert not protected_tables() & MAY_CHANGE


@pytest.mark.usefixtures("unit")
def test_nothing_of_what_was_said_or_signed_changes_or_goes():
    for model in (
        Participation,
        Allocation,
        Evidence,
        EvidenceVersion,
        RemovedFile,
        TestimonyRequest,
        TakenDown,
        Testimony,
        TestimonyNote,
        WitnessStanding,
        Judgement,
        AssessorStatement,
        NotShown,
        NotShownAnswer,
        Signature,
        PinnedEvidence,
        Opening,
        Return,
        CentrePolicy,
        SamplingPolicy,
        SamplingPlan,
        PlanStep,
        SamplingRecord,
        SampledClaim,
        Access,
        VisitSample,
        VisitMark,
        VisitReport,
        VisitAction,
        VisitAsk,
        ActionStep,
        Feedback,
        SheetTemplate,
        SheetLine,
        SheetAnswer,
    ):
        assert_append_only(model.objects.order_by("pk").reverse()[0])
    of_themselves = ["name", "role", "relation", "is_expert", "contact"]
    assert_append_only(Witness.objects.get(), may_change=of_themselves)
    assert_append_only(FinalForm.objects.get(), may_change=["attempts"])
    assert_append_only(PlannedSample.objects.get(), may_change=["due", "left_out_at"])
    assert_append_only(Visit.objects.get(), may_change=["until", "ended_at"])
    # Either the centre is named, or the other three.
    assert_append_only(Action.objects.filter(centre=None).latest("pk"), may_change=["owner_id", "centre_id"])
    others = ["registration_id", "candidate_unit_id", "evidence_id"]
    assert_append_only(Action.objects.exclude(centre=None).latest("pk"), may_change=["owner_id", *others])
    assert_append_only(Sheet.objects.earliest("pk"))
    assert_append_only(Membership.objects.order_by("pk").reverse()[0])


def test_of_what_is_on_record_of_staff_the_end_alone_is_added(centre, coordinator, assessor):
    details = StaffDetails(what="A1", role="assessor", since=datetime.date(2010, 5, 3), until=centre.today)
    about: dict[str, Any] = {"centre": centre, "person": assessor, "actor": coordinator}
    row = staff_record_add(**about, kind=StaffKind.AWARD, details=details)
    for more in ({"what": "A2"}, {"hours": 3}, {"ended_at": None}):
        end = {"ended_at": timezone.now(), "ended_by": coordinator, "ended_why": "x"}
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            StaffRecord.objects.filter(pk=row.pk).update(**end | more)
    staff_record_end(record=row, actor=coordinator, why="Typed wrongly.")
    assert_append_only(StaffRecord.objects.get(pk=row.pk), may_change=["hours"])


def test_of_a_guardian_s_consent_the_withdrawal_alone_is_added(centre, coordinator, candidate):
    about: dict[str, Any] = {"centre": centre, "person": candidate, "actor": coordinator}
    coming_of_age_set(**about, day=centre.today + datetime.timedelta(days=9))
    assert_append_only(ComingOfAge.objects.get())
    row = consent_record(**about, guardian="Gwen", relation="Mother", given_on=centre.today, shown_by="Folder 3")
    for more in ({"guardian": "Other"}, {"withdrawn_at": None}):
        withdrawal = {"withdrawn_at": timezone.now(), "withdrawn_by": coordinator, "withdrawn_why": "x"}
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            GuardianConsent.objects.filter(pk=row.pk).update(**withdrawal | more)
    consent_withdraw(consent=row, actor=coordinator, why="She asked.")
    assert_append_only(GuardianConsent.objects.get())


def test_of_a_certificate_of_staff_the_removal_alone_is_added(centre, coordinator, assessor):
    row = certificate(StaffRecord.objects.get(user=assessor), coordinator)
    removal = {"removed_at": timezone.now(), "removed_by": coordinator, "removed_why": "x"}
    for more in ({"name": "other.pdf"}, {"removed_at": None}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            StaffCertificate.objects.filter(pk=row.pk).update(**removal | more)
    staff_certificate_remove(certificate=row, actor=coordinator, password=PASSWORD, reason="Somebody else's.")
    assert_append_only(StaffCertificate.objects.get(pk=row.pk))


def test_of_the_particulars_of_a_registration_the_end_alone_is_added(registration, coordinator):
    row = say(registration, coordinator, **WHOLE)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        RegistrationParticulars.objects.filter(pk=row.pk).update(replaced_at=timezone.now(), site="Elsewhere")
    say(registration, coordinator, site="Harbour")
    assert_append_only(RegistrationParticulars.objects.get(pk=row.pk))


def test_of_an_adjustment_the_end_alone_is_added(registration, coordinator):
    row = agree(registration, coordinator, until=datetime.date(2027, 3, 2))
    end = {"ended_at": timezone.now(), "ended_by": coordinator, "ended_why": "x"}
    for more in ({"what": "Reads the first question"}, {"ended_at": None}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Adjustment.objects.filter(pk=row.pk).update(**end | more)
    adjustment_end(adjustment=row, actor=coordinator, why="Typed wrongly.")
    assert_append_only(Adjustment.objects.get(pk=row.pk))


def test_nothing_of_an_induction_or_the_rules_of_a_qualification_changes(registration, centre, coordinator, b10):
    say_other_words(centre, coordinator, appeals="Write to Cora.")
    induct(registration)
    day = datetime.date(2027, 3, 2)
    said = dict.fromkeys(("register_by", "certify_by", "sanction_since", "sanction_until"), day)
    set_rules(centre, coordinator, an_award(b10), sanction="More samples.", **said)
    for model in (Induction, InductionText, QualificationRules):
        assert_append_only(model.objects.get())


def test_of_how_a_registration_stands_the_end_alone_is_added(registration, coordinator):
    stand(registration, coordinator, "suspended", until=registration.centre.today)
    assert_append_only(RegistrationStanding.objects.get(), may_change=["ended_at"])
    stand(registration, coordinator, "active")
    assert_append_only(RegistrationStanding.objects.earliest("pk"))


def test_of_what_was_achieved_before_the_taking_back_alone_is_added(unit, coordinator, assessor):
    piece = Evidence.objects.filter(registration=unit.registration).earliest("pk")
    achieved = achieved_before(unit.registration, coordinator, unit.revision, evidence=piece)
    assert_append_only(checked(achieved, assessor))
    unit_certificate(unit.versions.get(number=1), coordinator)
    back = {"taken_back_at": timezone.now(), "taken_back_by": coordinator, "taken_back_why": "x"}
    for model in (AchievedBefore, UnitCertificate):
        for more in ({"day": datetime.date(2020, 1, 1)}, {"taken_back_at": None}):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                model.objects.update(**back | more)
        model.objects.update(**back)
        assert_append_only(model.objects.get())


def test_of_a_declared_interest_the_withdrawal_alone_is_added(registration, assessor, coordinator):
    about: dict[str, Any] = {"registration": registration, "actor": coordinator, "person": assessor}
    row = interest_declare(**about, kind=InterestKind.FAMILY, words="Her brother.")
    withdrawal = {"withdrawn_at": timezone.now(), "withdrawn_by": coordinator, "withdrawn_why": "x"}
    for more in ({"words": "Her cousin."}, {"withdrawn_at": None}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Interest.objects.filter(pk=row.pk).update(**withdrawal | more)
    unit = registration.candidate_units.get()
    despite: dict[str, Any] = {"unit": unit, "actor": coordinator, "user": assessor, "capacity": Capacity.ASSESSOR}
    assert_append_only(allocate(**despite, reason="Nobody else is here.").reason)
    interest_withdraw(interest=row, actor=coordinator, why="Another person.")
    assert_append_only(Interest.objects.get(pk=row.pk))


@pytest.mark.usefixtures("unit")
def test_nothing_of_a_file_changes_though_it_may_be_removed():
    assert_append_only(EvidenceFile.objects.get(name="letter.txt"), may_delete=True)
    assert_append_only(StoredFile.objects.earliest("pk"), may_delete=True)


def test_of_an_open_version_the_state_alone_changes_and_of_a_closed_one_nothing(unit):
    times = ["submitted_at", "assessed_at", "verified_at", "closed_at"]
    assert_append_only(open_version(unit), may_change=["state", "stamp", *times])
    assert_append_only(UnitVersion.objects.get(candidate_unit=unit, number=1))


def test_of_a_claim_that_stands_where_to_look_alone_changes_and_of_one_taken_back_nothing(unit):
    standing = Claim.objects.filter(candidate_unit=unit, withdrawn_at__isnull=True).first()
    assert standing
    assert_append_only(standing, may_change=["where", "withdrawn_at", "withdrawn_by_id"])
    assert_append_only(Claim.objects.get(candidate_unit=unit, withdrawn_at__isnull=False))
