"""Every constraint of every table refuses what breaks it. A constraint that is not here fails the suite.

Each line takes a good row and writes it once more with these changes, past all forms and services: the constraint
of that name must refuse it. Where two rows may not say the same, nothing need be changed.
"""

import datetime
import re
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint
from django.utils import timezone

from assessments.actions.services import ActionWanted, action_ask
from assessments.feedback.services import feedback_give
from assessments.models import (
    Acknowledgement,
    Action,
    ActionStep,
    AssessorRecord,
    AssessorStatement,
    Binding,
    CentreDay,
    DrawnName,
    Feedback,
    FinalForm,
    Judgement,
    NotShown,
    NotShownAnswer,
    PinnedEvidence,
    PrintJob,
    PrintPart,
    Question,
    RecordDraft,
    Return,
    Sheet,
    SheetAnswer,
    SheetDraft,
    SheetKind,
    SheetLine,
    SheetTemplate,
    Signature,
    Standing,
    UnitProgress,
)
from assessments.observations.from_device import NameFromDevice
from assessments.observations.services import acknowledge, draft_save, name_draw
from assessments.plans.services import draft_save as sheet_draft_save
from assessments.plans.services import sheet_answer
from assessments.plans.templates import sheet_template_set
from assessments.questions.services import question_add
from centres.corrections.models import Correction
from centres.corrections.services import own_correction_ask
from centres.guardians.models import GuardianConsent
from centres.guardians.services import consent_record
from centres.invitations.models import Invitation
from centres.invitations.services import person_invite
from centres.models import Centre, CentrePolicy, Membership, Role, User
from centres.policy.choices import LIMITS, FileGroup
from centres.sign_in.models import SignIn
from centres.staff.models import StaffRecord
from notices.models import Letter, Notice, NoticeChoice
from portfolio.files.services import bytes_store
from portfolio.interests.services import interest_declare
from portfolio.models import (
    Access,
    AchievedBefore,
    AchievedBeforeCheck,
    Adjustment,
    Allocation,
    AllocationReason,
    ArrivingFile,
    CandidateUnit,
    Claim,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Import,
    ImportRow,
    InductionText,
    Interest,
    InterestKind,
    Participation,
    QualificationRules,
    RegistrationParticulars,
    RegistrationStanding,
    RemovedFile,
    RequestLetter,
    StaffCertificate,
    StagedFile,
    StoredFile,
    TakenDown,
    Testimony,
    TestimonyNote,
    TestimonyRequest,
    UnitCertificate,
    UnitVersion,
    WaitingWork,
    Witness,
    WitnessStanding,
)
from record.models import Chain, Event
from record.services.documents import document_freeze
from standards.content import GroupContent, QualificationContent
from standards.models import (
    Criterion,
    Element,
    Qualification,
    QualificationGroup,
    QualificationUnit,
    Unit,
    UnitProse,
    UnitRevision,
)
from standards.selectors import framework_content
from standards.services.combining import QualificationPublication, qualifications_publish
from tests.assessments.observations.records import said_of, sign
from tests.assessments.plans.sheets import sign as sign_sheet
from tests.assessments.steps import said_not_shown
from tests.centres.policies import choose
from tests.portfolio.achieved_before.achieved import achieved_before, checked, unit_certificate
from tests.portfolio.office import agree, say_other_words, set_rules
from tests.portfolio.registrations.endings import stand
from tests.portfolio.registrations.particulars import say
from tests.portfolio.staff_certificates.certificates import certificate
from tests.portfolio.testimony.asked import take_down, told_by_a_witness
from tests.verification.monitoring.whole import monitored
from tests.verification.sampling.whole import sampled
from tests.verification.visits.whole import visited
from verification.cases.services import CaseSaid, case_raise
from verification.models import (
    Case,
    CaseKind,
    CaseStep,
    KeptFigures,
    MeetingAttendance,
    MeetingMinutes,
    MonitoringAcknowledgement,
    MonitoringPoint,
    MonitoringRecord,
    PackFile,
    PlannedSample,
    PlanStep,
    SampledClaim,
    SamplingPlan,
    SamplingPolicy,
    SamplingRecord,
    SubmissionPack,
    Visit,
    VisitAction,
    VisitMark,
    VisitReport,
    VisitSample,
)
from verification.models.sampling_choices import LIMITS as SAMPLING_LIMITS

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OURS = {"record", "standards", "centres", "portfolio", "assessments", "verification", "notices"}
NOW = timezone.now()
BEFORE = NOW - datetime.timedelta(days=4000)
TIMES = ("submitted_at", "assessed_at", "verified_at")
COLLECTING: dict[str, Any] = {"state": "collecting", "submitted_at": None, "assessed_at": None, "verified_at": None}
SUBMITTED = COLLECTING | {"state": "submitted", "submitted_at": NOW}
ASSESSED = SUBMITTED | {"state": "assessed", "assessed_at": NOW}
VERIFIED = ASSESSED | {"state": "verified", "verified_at": NOW}

# What an interview is not: an observation.
OBSERVED: dict[str, Any] = {
    "kind": "observation", "registration": None, "assessor": "ann@harbour.example", "occasion": "At the desk.",
    "words": "Well done.",
}  # fmt: skip
COUNTS_NOT = {"version": 9, "replaced_at": NOW, "claimed_on": NOW.date()}
WITHDRAWN = {"withdrawn_at": NOW, "withdrawn_by": "cora@harbour.example", "withdrawn_why": "Somebody else."}
REMOVED = {"removed_at": NOW, "removed_by": "cora@harbour.example", "removed_why": "Somebody else's."}
SANCTIONED = {"number": 2, "sanction": "More samples.", "sanction_since": NOW.date()}

TAKEN_BACK = {"taken_back_at": NOW, "taken_back_by": "cora@harbour.example", "taken_back_why": "Typed wrongly."}
STANDS = {"ended_at": NOW}
TRANSFERRED = STANDS | {"state": "transferred"}

TAKES = [f"takes_{group}" for group in FileGroup.values]

BROKEN: list[tuple[str, type[models.Model], dict[str, Any]]] = [
    # --- record, standards, centres
    ("chain_kind_valid", Chain, {"kind": "house"}),
    ("one_chain_of_the_site", Chain, {"kind": "site"}),
    ("centre_candidate_word_valid", Centre, {"candidate_word": "pupil"}),
    ("centre_internal_verifier_word_valid", Centre, {"internal_verifier_word": "auditor"}),
    ("centre_external_verifier_word_valid", Centre, {"external_verifier_word": "auditor"}),
    ("event_sequence_once", Event, {}),
    ("event_sequence_from_one", Event, {"sequence": 0}),
    ("unit_code_once_a_framework", Unit, {}),
    ("revision_number_once_a_unit", UnitRevision, {}),
    ("prose_number_once_a_unit", UnitProse, {}),
    ("element_position_once_a_revision", Element, {}),
    ("element_kind_valid", Element, {"kind": "range"}),
    ("criterion_position_once_a_kind", Criterion, {}),
    ("criterion_kind_valid", Criterion, {"kind": "element"}),
    ("criterion_has_words", Criterion, {"text": ""}),
    ("qualification_number_once_a_code", Qualification, {}),
    ("group_position_once", QualificationGroup, {}),
    ("group_unit_position_once", QualificationUnit, {"unit": "B11"}),
    ("unit_once_a_group", QualificationUnit, {"position": 2}),
    ("user_email_once_whatever_the_case", User, {"email": "PAT@HARBOUR.EXAMPLE", "candidate_number": "other"}),
    ("user_candidate_number_once_a_centre", User, {"email": "", "candidate_number": "NUMA"}),
    ("user_candidate_number_length", User, {"candidate_number": "x" * 41}),
    ("user_has_an_address_or_a_number", User, {"candidate_number": ""}),
    ("user_has_an_address_or_a_number", User, {"candidate_number": "", "email": "", "number_centre": None}),
    ("invitation_name_length", Invitation, {"name": "x" * 201, "digest": "b", "email": "x@x.example"}),
    ("invitation_state_valid", Invitation, {"state": "lost", "answered_at": NOW, "digest": "b"}),
    ("invitation_answer_has_a_time", Invitation, {"state": "accepted", "digest": "b"}),
    ("invitation_waits_once", Invitation, {"digest": "b", "email": "NIA@harbour.example"}),
    ("guardian_consent_guardian_length", GuardianConsent, {"guardian": "x" * 201}),
    ("guardian_consent_relation_length", GuardianConsent, {"relation": "x" * 101}),
    ("guardian_consent_shown_by_length", GuardianConsent, {"shown_by": "x" * 301}),
    *(
        ("guardian_consent_says_who_and_how", GuardianConsent, {said: ""})
        for said in ("guardian", "relation", "shown_by")
    ),
    ("guardian_consent_withdrawal_whole", GuardianConsent, {"withdrawn_at": NOW}),
    ("guardian_consent_withdrawal_whole", GuardianConsent, {"withdrawn_why": "She asked."}),
    ("guardian_consent_stands_once", GuardianConsent, {}),
    ("user_name_length", User, {"email": "new@harbour.example", "name": "x" * 201}),
    ("centre_name_length", Centre, {"name": "x" * 201}),
    ("membership_once_at_a_time", Membership, {}),
    ("membership_role_valid", Membership, {"role": "king"}),
    ("correction_name_length", Correction, {"name": "x" * 201}),
    ("correction_was_name_length", Correction, {"was_name": "x" * 201}),
    ("correction_reason_length", Correction, {"reason": "x" * 301}),
    ("sign_in_what_valid", SignIn, {"what": "burgled"}),
    ("sign_in_device_length", SignIn, {"device": "x" * 101}),
    ("staff_record_kind_valid", StaffRecord, {"kind": "hobby", "role": ""}),
    ("staff_record_what_length", StaffRecord, {"what": "x" * 201}),
    ("staff_record_shown_by_length", StaffRecord, {"shown_by": "x" * 301}),
    ("staff_record_of_a_role", StaffRecord, {"role": "candidate"}),
    ("staff_record_of_a_role", StaffRecord, {"kind": "competence"}),
    ("staff_record_hours_of_development", StaffRecord, {"hours": 1}),
    ("staff_record_hours_of_development", StaffRecord, {"kind": "development", "role": ""}),
    ("staff_record_hours_of_development", StaffRecord, {"kind": "development", "role": "", "hours": 0}),
    ("staff_record_dated", StaffRecord, {"since": None}),
    ("staff_record_dated", StaffRecord, {"kind": "competence", "role": "", "author": None}),
    ("staff_record_until_of_its_kind", StaffRecord, {"kind": "towards"}),
    ("staff_record_until_of_its_kind", StaffRecord, {"kind": "competence", "role": "", "until": NOW.date()}),
    ("staff_record_ends_after_it_begins", StaffRecord, {"until": BEFORE.date(), "since": NOW.date()}),
    ("staff_record_end_whole", StaffRecord, {"ended_at": NOW}),
    ("staff_record_end_whole", StaffRecord, {"ended_why": "Typed wrongly."}),
    ("staff_certificate_once_a_record", StaffCertificate, {}),
    ("staff_certificate_has_a_type", StaffCertificate, REMOVED | {"content_type": ""}),
    ("staff_certificate_removed_why_length", StaffCertificate, REMOVED | {"removed_why": "x" * 501}),
    ("staff_certificate_removal_whole", StaffCertificate, {"removed_at": NOW}),
    ("staff_certificate_removal_whole", StaffCertificate, {"removed_why": "Somebody else's."}),
    ("adjustment_kind_valid", Adjustment, {"kind": "magic", "helper": ""}),
    ("adjustment_what_length", Adjustment, {"what": "x" * 201}),
    ("adjustment_helper_length", Adjustment, {"helper": "x" * 201}),
    ("adjustment_agreed_by_length", Adjustment, {"agreed_by": "x" * 201}),
    ("adjustment_says_what_why_and_by_whom", Adjustment, {"what": ""}),
    ("adjustment_says_what_why_and_by_whom", Adjustment, {"why": ""}),
    ("adjustment_says_what_why_and_by_whom", Adjustment, {"agreed_by": ""}),
    ("adjustment_helper_of_a_helping_kind", Adjustment, {"kind": "extra_time"}),
    ("adjustment_ends_after_it_begins", Adjustment, {"until": BEFORE.date()}),
    ("adjustment_end_whole", Adjustment, {"ended_at": NOW}),
    ("adjustment_end_whole", Adjustment, {"ended_why": "Typed wrongly."}),
    ("induction_text_number_once_a_centre", InductionText, {}),
    ("induction_text_has_all_sections", InductionText, {"number": 2, "data": ""}),
    *(
        (f"induction_text_{name}_length", InductionText, {"number": 2, name: "x" * 5001})
        for name in ("appeals", "complaints", "data", "adjustments")
    ),
    ("qualification_rules_number_once_a_centre", QualificationRules, {}),
    ("qualification_rules_address_length", QualificationRules, {"qualification": "x" * 61}),
    ("qualification_rules_sanction_length", QualificationRules, SANCTIONED | {"sanction": "x" * 1001}),
    ("certification_ends_after_registration", QualificationRules, {"number": 2, "certify_by": BEFORE.date()}),
    ("a_sanction_has_words_and_a_beginning", QualificationRules, SANCTIONED | {"sanction": ""}),
    ("a_sanction_has_words_and_a_beginning", QualificationRules, SANCTIONED | {"sanction_since": None}),
    ("a_sanction_ends_after_it_begins", QualificationRules, SANCTIONED | {"sanction_until": BEFORE.date()}),
    ("policy_number_once_a_centre", CentrePolicy, {}),
    ("policy_candidate_word_valid", CentrePolicy, {"number": 2, "candidate_word": "pupil"}),
    ("policy_internal_verifier_word_valid", CentrePolicy, {"number": 2, "internal_verifier_word": "auditor"}),
    ("policy_external_verifier_word_valid", CentrePolicy, {"number": 2, "external_verifier_word": "auditor"}),
    ("policy_second_step_roles_valid", CentrePolicy, {"number": 2, "second_step_roles": "candidate"}),
    ("policy_feedback_sentences_length", CentrePolicy, {"number": 2, "feedback_sentences": "x" * 5001}),
    ("policy_takes_some_files", CentrePolicy, {"number": 2} | dict.fromkeys(TAKES, False)),
    *(
        (f"policy_{limit}_valid", CentrePolicy, {"number": 2, limit: wrong})
        for limit, most in LIMITS.items()
        for wrong in (0, most + 1)
    ),
    ("policy_chosen_by_somebody", CentrePolicy, {"number": 2, "author": None}),
    ("policy_chosen_by_somebody", CentrePolicy, {"number": 0}),
    # --- portfolio
    ("unit_once_a_registration", CandidateUnit, {}),
    ("registration_state_follows", RegistrationStanding, STANDS | {"before": "withdrawn"}),
    ("one_standing_a_registration", RegistrationStanding, {}),
    ("only_a_suspension_has_a_last_day", RegistrationStanding, STANDS | {"until": NOW.date()}),
    ("only_a_suspension_has_a_last_day", RegistrationStanding, STANDS | {"state": "suspended", "until": BEFORE.date()}),
    ("only_a_transfer_names_a_centre", RegistrationStanding, STANDS | {"to_centre": "Elsewhere"}),
    ("only_a_transfer_names_a_centre", RegistrationStanding, STANDS | {"state": "transferred"}),
    ("registration_standing_has_a_reason", RegistrationStanding, STANDS | {"reason": ""}),
    ("registration_standing_reason_length", RegistrationStanding, STANDS | {"reason": "x" * 1001}),
    ("registration_standing_centre_length", RegistrationStanding, TRANSFERRED | {"to_centre": "x" * 201}),
    ("achieved_where_valid", AchievedBefore, TAKEN_BACK | {"where": "here"}),
    ("achieved_before_once", AchievedBefore, {}),
    ("certificate_has_a_number", AchievedBefore, TAKEN_BACK | {"certificate_number": ""}),
    ("achieved_before_is_shown", AchievedBefore, TAKEN_BACK | {"shown_by": ""}),
    ("achieved_shown_by_length", AchievedBefore, TAKEN_BACK | {"shown_by": "x" * 1001}),
    ("achieved_number_length", AchievedBefore, TAKEN_BACK | {"certificate_number": "x" * 61}),
    ("achieved_taken_back_length", AchievedBefore, TAKEN_BACK | {"taken_back_why": "x" * 501}),
    ("achieved_taken_back_whole", AchievedBefore, {"taken_back_why": "Typed wrongly."}),
    ("achieved_check_capacity_valid", AchievedBeforeCheck, {"capacity": "candidate", "person": "pat@harbour.example"}),
    ("one_check_a_capacity", AchievedBeforeCheck, {"person": "cora@harbour.example"}),
    ("one_check_a_person", AchievedBeforeCheck, {"capacity": "internal_verifier"}),
    ("one_certificate_a_unit", UnitCertificate, {}),
    ("unit_certificate_has_a_number", UnitCertificate, TAKEN_BACK | {"number": ""}),
    ("unit_certificate_number_length", UnitCertificate, TAKEN_BACK | {"number": "x" * 61}),
    ("unit_certificate_taken_back_length", UnitCertificate, TAKEN_BACK | {"taken_back_why": "x" * 501}),
    ("unit_certificate_taken_back_whole", UnitCertificate, {"taken_back_at": NOW}),
    # It agrees with no times either, and that constraint answers first.
    ("unit_state_valid", UnitVersion, {"state": "lost"}),
    ("version_number_once_a_unit", UnitVersion, VERIFIED | {"closed_at": NOW}),
    ("one_open_version", UnitVersion, {"number": 2}),
    *(
        ("state_agrees_with_times", UnitVersion, state | {time: None if state[time] else NOW})
        for state in (COLLECTING, SUBMITTED, ASSESSED, VERIFIED)
        for time in TIMES
    ),
    ("only_a_verified_version_is_closed", UnitVersion, ASSESSED | {"closed_at": NOW}),
    ("participation_capacity_valid", Participation, {"capacity": "coordinator"}),
    ("one_capacity_a_person_and_unit", Participation, {"capacity": "internal_verifier"}),
    ("one_candidate_a_unit", Participation, {"user": "cora@harbour.example"}),
    ("particulars_version_once_a_registration", RegistrationParticulars, {}),
    ("one_particulars_count", RegistrationParticulars, {"version": 9, "replaced_at": None}),
    *(
        (f"particulars_{name}_length", RegistrationParticulars, COUNTS_NOT | {name: "x" * (limit + 1)})
        for name, limit in (
            ("site", 60),
            ("cohort", 60),
            ("language", 60),
            ("number", 40),
            ("qualification_number", 40),
            ("awarding_body", 120),
            ("certificate_number", 60),
            ("reason", 300),
        )
    ),
    ("particulars_uln_whole", RegistrationParticulars, COUNTS_NOT | {"uln": "123"}),
    *(
        (
            f"particulars_{second}_after_{first}",
            RegistrationParticulars,
            COUNTS_NOT | {first: NOW.date(), second: BEFORE.date()},
        )
        for first, second in (
            ("started_on", "target_on"),
            ("started_on", "ended_on"),
            ("registered_on", "target_on"),
            ("registered_on", "ended_on"),
            ("registered_on", "claimed_on"),
        )
    ),
    (
        "particulars_certificate_claimed_on_a_day",
        RegistrationParticulars,
        COUNTS_NOT | {"certificate_number": "1", "claimed_on": None},
    ),
    ("allocation_capacity_valid", Allocation, {"capacity": "candidate"}),
    ("interest_kind_valid", Interest, {"kind": "friendship"}),
    ("interest_declared_once", Interest, {}),
    ("interest_in_words", Interest, {"kind": "business", "words": ""}),
    ("interest_words_length", Interest, {"kind": "business", "words": "x" * 1001}),
    ("interest_withdrawn_why_length", Interest, WITHDRAWN | {"withdrawn_why": "x" * 1001}),
    ("interest_withdrawal_whole", Interest, {"withdrawn_at": NOW}),
    ("interest_withdrawal_whole", Interest, {"withdrawn_why": "Somebody else."}),
    ("allocation_reason_given", AllocationReason, {"reason": ""}),
    ("allocation_reason_length", AllocationReason, {"reason": "x" * 1001}),
    ("one_allocation_a_person_and_unit", Allocation, {"capacity": "internal_verifier"}),
    ("one_leads_a_capacity_and_unit", Allocation, {"user": "cora@harbour.example"}),
    ("cover_ends_after_it_begins", Allocation, {"leads": False, "until": BEFORE}),
    ("only_cover_has_an_end", Allocation, {"until": NOW + datetime.timedelta(days=4000)}),
    ("allocation_ends_after_it_begins", Allocation, {"ended_at": BEFORE}),
    ("file_once_a_centre", StoredFile, {}),
    ("stored_file_is_not_empty", StoredFile, {"size": 0}),
    ("arriving_file_is_not_empty", ArrivingFile, {"size": 0}),
    # It agrees with no times either.
    ("import_state_valid", Import, {"state": "lost"}),
    ("import_name_length", Import, {"name": "x" * 201}),
    ("import_sentence_length", Import, {"sentence": "x" * 1001}),
    ("only_a_clean_import_starts", Import, {"faults": 1}),
    ("import_state_agrees_with_times", Import, {"ended_at": NOW}),
    ("one_import_runs_a_centre", Import, {}),
    ("import_row_state_valid", ImportRow, {"state": "lost"}),
    ("import_row_sentence_length", ImportRow, {"sentence": "x" * 1001}),
    ("import_row_number_once", ImportRow, {"position": 9}),
    ("import_row_position_once", ImportRow, {"number": 9}),
    ("work_kind_valid", WaitingWork, {"kind": "idling"}),
    ("work_lane_valid", WaitingWork, {"lane": "middle"}),
    ("work_state_valid", WaitingWork, {"state": "forgotten", "served_at": NOW}),
    ("work_waits_once", WaitingWork, {}),
    ("work_is_served_before_it_is_done", WaitingWork, {"state": "done"}),
    ("sha256_is_whole", StoredFile, {"sha256": "ab"}),
    ("evidence_number_once_a_portfolio", Evidence, {"form_key": uuid.uuid4()}),
    ("evidence_form_sent_once", Evidence, {"number": 9}),
    ("version_once_an_evidence", EvidenceVersion, {}),
    ("evidence_kind_valid", EvidenceVersion, {"kind": "rumour"}),
    ("evidence_setting_valid", EvidenceVersion, {"setting": "dream"}),
    ("evidence_people_valid", EvidenceVersion, {"people": "some"}),
    ("evidence_title_length", EvidenceVersion, {"title": "x" * 5001}),
    ("evidence_location_length", EvidenceVersion, {"location": "x" * 501}),
    ("evidence_relevance_length", EvidenceVersion, {"relevance": "x" * 2001}),
    ("evidence_has_a_title", EvidenceVersion, {"title": ""}),
    ("period_ends_after_it_begins", EvidenceVersion, {"happened_to": BEFORE.date()}),
    ("held_elsewhere_says_where_and_why", EvidenceVersion, {"location": ""}),
    ("held_elsewhere_says_where_and_why", EvidenceVersion, {"relevance": ""}),
    ("file_position_once_a_version", EvidenceFile, {}),
    ("evidence_file_has_a_type", EvidenceFile, {"content_type": ""}),
    ("file_removed_once_a_piece", RemovedFile, {}),
    ("file_removal_has_a_reason", RemovedFile, {"reason": ""}),
    ("file_removal_reason_length", RemovedFile, {"reason": "x" * 2001}),
    ("witness_relation_valid", Witness, {"relation": "king"}),
    ("witness_has_a_name", Witness, {"name": ""}),
    ("witness_name_length", Witness, {"name": "x" * 201}),
    ("witness_role_length", Witness, {"role": "x" * 201}),
    ("witness_contact_length", Witness, {"contact": "x" * 201}),
    ("request_setting_valid", TestimonyRequest, {"setting": "dream"}),
    ("request_words_length", TestimonyRequest, {"words": "x" * 2001}),
    ("request_has_words", TestimonyRequest, {"words": ""}),
    ("request_ends_after_it_was_made", TestimonyRequest, {"until": BEFORE}),
    ("request_token_is_whole", TestimonyRequest, {"token_digest": "ab"}),
    ("testimony_relation_valid", Testimony, {"relation": ""}),
    ("testimony_given_on_valid", Testimony, {"given_on": "moon"}),
    ("only_paper_answers_no_request", Testimony, {"given_on": "paper"}),
    ("only_paper_answers_no_request", Testimony, {"request": None}),
    ("taken_down_reached_valid", TakenDown, {"reached": ""}),
    ("taken_down_says_what_and_where", TakenDown, {"words": ""}),
    ("taken_down_says_what_and_where", TakenDown, {"place": ""}),
    ("taken_down_words_length", TakenDown, {"words": "x" * 20_001}),
    ("taken_down_place_length", TakenDown, {"place": "x" * 201}),
    ("staged_for_one", StagedFile, {"user_id": None}),
    *(
        ("testimony_says_who_and_where", Testimony, {said: ""})
        for said in ("name", "role", "contact", "place", "declaration")
    ),
    *((f"testimony_{said}_length", Testimony, {said: "x" * 201}) for said in ("name", "role", "contact", "place")),
    ("note_reached_valid", TestimonyNote, {"reached": "by pigeon"}),
    ("note_words_length", TestimonyNote, {"words": "x" * 2001}),
    ("reached_says_how_and_when", TestimonyNote, {"reached_on": None}),
    ("note_says_something", TestimonyNote, {"words": "", "reached": "", "reached_on": None}),
    ("standing_accepted_once", WitnessStanding, {}),
    ("standing_reason_length", WitnessStanding, {"reason": "x" * 2001}),
    ("standing_has_a_reason", WitnessStanding, {"reason": ""}),
    ("claim_stands_once", Claim, {}),
    ("withdrawal_says_who_and_when", Claim, {"withdrawn_at": NOW}),
    ("claim_where_length", Claim, {"where": "x" * 201}),
    ("one_access_a_person_and_portfolio", Access, {}),
    ("access_ends_after_it_begins", Access, {"ended_at": NOW, "until": BEFORE}),
    # --- assessments
    ("judgement_outcome_valid", Judgement, {"outcome": "perhaps"}),
    ("not_yet_has_a_reason", Judgement, {"outcome": "not_yet", "reason": ""}),
    ("judgement_reason_length", Judgement, {"reason": "x" * 5001}),
    ("standing_status_valid", Standing, {"status": "guessed"}),
    ("one_standing_a_cell", Standing, {"claim_id": 0, "judgement_id": None}),
    ("progress_state_valid", UnitProgress, {"state": "lost"}),
    ("progress_turn_valid", UnitProgress, {"turn": "yours"}),
    ("statement_stands_once", AssessorStatement, {}),
    ("not_shown_has_a_reason", NotShown, {"reason": ""}),
    ("not_shown_reason_length", NotShown, {"reason": "x" * 5001}),
    ("not_shown_stands_once", NotShown, {}),
    ("not_shown_is_agreed_with_a_reference", NotShownAnswer, {"reference": ""}),
    ("not_shown_is_agreed_with_a_reference", NotShownAnswer, {"why_not": "It can be."}),
    ("not_shown_is_agreed_with_a_reference", NotShownAnswer, {"agrees": False, "reference": ""}),
    ("not_shown_reference_length", NotShownAnswer, {"reference": "x" * 201}),
    ("not_shown_why_not_length", NotShownAnswer, {"agrees": False, "reference": "", "why_not": "x" * 5001}),
    ("signature_stage_valid", Signature, {"stage": "wish"}),
    # No stage but these two is confirmed; those that there are come from other capacities.
    ("sign_off_and_countersignature_are_confirmed", Signature, {"stage": "wish", "needs_confirmation": True}),
    ("one_standing_signature_a_stage", Signature, {}),
    ("signature_comment_length", Signature, {"comment": "x" * 5001}),
    ("pinned_once_a_signature", PinnedEvidence, {}),
    ("return_kind_valid", Return, {"kind": "lost"}),
    ("return_from_state_valid", Return, {"from_state": "collecting"}),
    ("return_has_a_reason", Return, {"reason": ""}),
    ("return_reason_length", Return, {"reason": "x" * 5001}),
    ("assessor_record_kind_valid", AssessorRecord, {"kind": "dream"}),
    ("assessor_record_medium_valid", AssessorRecord, {"medium": "fax", "identity_checked": True, "all_agreed": True}),
    ("assessor_record_sent_once", AssessorRecord, {}),
    ("a_session_has_place_and_hours", AssessorRecord, {"place": ""}),
    ("a_session_ends_after_it_begins", AssessorRecord, {"ended_at": BEFORE}),
    ("a_session_is_over_when_signed", AssessorRecord, {"ended_at": NOW + datetime.timedelta(days=1)}),
    ("who_was_not_met_was_identified_and_agreed", AssessorRecord, {"medium": "recording"}),
    ("assessor_record_place_length", AssessorRecord, {"place": "x" * 201}),
    ("assessor_record_present_length", AssessorRecord, {"present": "x" * 1001}),
    ("who_disagrees_says_why", Acknowledgement, {"agrees": False}),
    ("acknowledgement_words_length", Acknowledgement, {"words": "x" * 5001}),
    ("question_has_words", Question, {"words": ""}),
    ("question_words_length", Question, {"words": "x" * 501}),
    ("question_asked_once", Question, {}),
    ("a_name_is_drawn_or_typed", DrawnName, {"typed": "Pat Pike"}),
    ("drawn_name_lines_length", DrawnName, {"lines": "M" * 12_001}),
    ("drawn_name_typed_length", DrawnName, {"lines": "", "typed": "x" * 201}),
    ("draft_kind_valid", RecordDraft, {"kind": "dream"}),
    ("draft_kept_once", RecordDraft, {}),
    ("sheet_template_kind_valid", SheetTemplate, {"kind": "dream"}),
    ("sheet_template_number_once", SheetTemplate, {}),
    ("sheet_template_has_a_title", SheetTemplate, {"number": 9, "title": ""}),
    ("sheet_template_title_length", SheetTemplate, {"number": 9, "title": "x" * 101}),
    ("sheet_kind_valid", Sheet, {"form_key": uuid.uuid4(), "kind": "dream"}),
    ("sheet_how_valid", Sheet, {"form_key": uuid.uuid4(), "number": 9, "how": "by pigeon"}),
    ("sheet_sent_once", Sheet, {"number": 9}),
    ("sheet_number_once", Sheet, {"form_key": uuid.uuid4()}),
    ("next_review_is_after_this", Sheet, {"form_key": uuid.uuid4(), "number": 9, "next_review": BEFORE.date()}),
    ("only_a_plan_is_replaced", Sheet, {"form_key": uuid.uuid4(), "kind": "review", "replaced_by_id": 0}),
    ("sheet_has_a_title", Sheet, {"form_key": uuid.uuid4(), "number": 9, "title": ""}),
    ("sheet_title_length", Sheet, {"form_key": uuid.uuid4(), "number": 9, "title": "x" * 101}),
    ("sheet_present_length", Sheet, {"form_key": uuid.uuid4(), "number": 9, "present": "x" * 1001}),
    ("sheet_line_method_valid", SheetLine, {"action_id": 0, "position": 9, "method": "dream"}),
    ("sheet_line_position_once", SheetLine, {"action_id": 0}),
    ("sheet_line_place_length", SheetLine, {"action_id": 0, "position": 9, "place": "x" * 201}),
    ("sheet_line_bring_length", SheetLine, {"action_id": 0, "position": 9, "bring": "x" * 1001}),
    ("who_disagrees_with_a_sheet_says_why", SheetAnswer, {"agrees": False}),
    ("sheet_answer_words_length", SheetAnswer, {"words": "x" * 5001}),
    ("sheet_draft_kind_valid", SheetDraft, {"kind": "dream"}),
    ("sheet_draft_kept_once", SheetDraft, {}),
    ("a_rendered_form_has_its_file", FinalForm, {"rendered_at": NOW}),
    ("action_owned_as_valid", Action, {"owned_as": "king"}),
    ("action_asked_as_valid", Action, {"asked_as": "candidate"}),
    ("action_binding_valid", Action, {"binding": "perhaps"}),
    ("action_origin_valid", Action, {"origin": "a dream"}),
    ("action_of_a_portfolio_or_a_centre", Action, {"registration": None}),
    ("action_by_a_date_has_one", Action, {"binding": "date"}),
    ("only_a_unit_has_a_sign_off", Action, {"binding": "sign_off", "candidate_unit": None}),
    (
        "staff_actions_are_not_for_candidates",
        Action,
        {"for_candidate": True, "registration": None, "candidate_unit": None, "centre_id": 0},
    ),
    ("action_has_words", Action, {"text": ""}),
    ("action_text_length", Action, {"text": "x" * 5001}),
    ("step_number_once_an_action", ActionStep, {}),
    ("action_step_kind_valid", ActionStep, {"number": 9, "kind": "lost"}),
    ("action_step_acted_as_valid", ActionStep, {"number": 9, "acted_as": "king"}),
    ("answers_and_refusals_have_words", ActionStep, {"number": 9, "kind": "answered"}),
    ("handed_over_to_somebody", ActionStep, {"number": 9, "kind": "handed_over"}),
    ("action_step_words_length", ActionStep, {"number": 9, "words": "x" * 5001}),
    ("feedback_has_words", Feedback, {"words": ""}),
    ("feedback_words_length", Feedback, {"words": "x" * 5001}),
    # --- verification
    ("figures_kept_once_a_verifier", KeptFigures, {}),
    ("figures_kept_once_a_centre", KeptFigures, {"verifier": None}),
    ("sampling_policy_number_once_a_centre", SamplingPolicy, {}),
    *(
        (f"sampling_{name}_valid", SamplingPolicy, {"number": 9, name: wrong})
        for name, (_, high) in SAMPLING_LIMITS.items()
        for wrong in (high + 1,)
    ),
    ("sampling_policy_samples_something", SamplingPolicy, {"number": 9, "interim_share": 0, "every_months": None}),
    ("sampling_risk_notes_length", SamplingPolicy, {"number": 9, "risk_notes": "x" * 5001}),
    ("sampling_interview_questions_length", SamplingPolicy, {"number": 9, "interview_questions": "x" * 5001}),
    ("sampling_plan_period_valid", SamplingPlan, {"period": "11-2026"}),
    ("planned_sample_stage_valid", PlannedSample, {"stage": "wish"}),
    ("planned_once_a_stage", PlannedSample, {}),
    ("plan_step_kind_valid", PlanStep, {"kind": "wish"}),
    ("plan_step_has_a_reason", PlanStep, {"reason": ""}),
    ("plan_step_reason_length", PlanStep, {"reason": "x" * 5001}),
    ("sampling_record_stage_valid", SamplingRecord, {"stage": "wish", "form_key": uuid.uuid4()}),
    ("sampling_record_method_valid", SamplingRecord, {"method": "wish", "form_key": uuid.uuid4()}),
    ("what_does_not_hold_is_said", SamplingRecord, {"words": "", "agrees": False, "form_key": uuid.uuid4()}),
    ("sampling_record_words_length", SamplingRecord, {"words": "x" * 5001, "form_key": uuid.uuid4()}),
    ("claim_sampled_once_a_record", SampledClaim, {}),
    ("sampled_claim_exception_length", SampledClaim, {"exception": "x" * 5001}),
    ("monitoring_sent_once", MonitoringRecord, {}),
    *(
        (name, MonitoringRecord, {"form_key": uuid.uuid4()} | wrong)
        for name, wrong in (
            ("monitoring_kind_valid", {"kind": "wish"}),
            ("monitoring_method_valid", {"method": "pigeon"}),
            ("monitoring_has_what_its_kind_says", {"registration": None}),
            ("monitoring_has_what_its_kind_says", {"kind": "meeting"}),
            ("monitoring_has_what_its_kind_says", OBSERVED | {"words": ""}),
            ("monitoring_has_what_its_kind_says", OBSERVED | {"occasion": ""}),
            ("monitoring_has_what_its_kind_says", {"kind": "meeting", "registration": None, "place": "", "words": "x"}),
            ("nobody_observes_themselves", OBSERVED | {"assessor": "ivy@harbour.example"}),
            ("monitoring_place_length", {"place": "x" * 201}),
            ("monitoring_occasion_length", OBSERVED | {"occasion": "x" * 201}),
            ("monitoring_others_length", {"kind": "meeting", "registration": None, "place": "x", "others": "x" * 1001}),
            ("monitoring_words_length", {"words": "x" * 5001}),
        )
    ),
    ("monitoring_point_number_once", MonitoringPoint, {}),
    ("monitoring_point_says_what", MonitoringPoint, {"number": 9, "asked": ""}),
    ("monitoring_point_asked_length", MonitoringPoint, {"number": 9, "asked": "x" * 1001}),
    ("monitoring_point_said_length", MonitoringPoint, {"number": 9, "said": "x" * 5001}),
    ("at_a_meeting_once", MeetingAttendance, {}),
    ("an_assessor_who_disagrees_says_why", MonitoringAcknowledgement, {"words": ""}),
    ("monitoring_acknowledgement_length", MonitoringAcknowledgement, {"words": "x" * 5001}),
    ("minutes_once_a_meeting", MeetingMinutes, {}),
    ("visit_ends_after_it_begins", Visit, {"until": BEFORE}),
    ("unit_once_a_visit", VisitSample, {}),
    ("visit_mark_note_length", VisitMark, {"note": "x" * 2001}),
    ("report_once_a_visit", VisitReport, {}),
    ("visit_action_has_words", VisitAction, {"words": ""}),
    ("visit_action_words_length", VisitAction, {"words": "x" * 2001}),
    ("visit_action_done_words_length", VisitAction, {"done_words": "x" * 2001}),
    ("visit_action_done_says_how_by_whom_and_when", VisitAction, {"done_at": None}),
    ("visit_action_done_says_how_by_whom_and_when", VisitAction, {"done_words": ""}),
    ("case_raised_once", Case, {}),
    *(
        (name, Case, {"form_key": uuid.uuid4()} | wrong)
        for name, wrong in (
            ("case_kind_valid", {"kind": "wish"}),
            ("case_raised_as_valid", {"raised_as": "external_verifier"}),
            ("an_appeal_is_of_a_unit", {"candidate_unit": None}),
            ("case_of_a_unit_is_of_its_portfolio", {"registration": None, "raised_as": "coordinator"}),
            ("case_of_a_judgement_is_an_appeal", {"kind": "complaint"}),
            ("candidates_raise_for_themselves", {"on_behalf": "Her mother"}),
            ("nobody_raises_it_against_themselves", {"raised_by": "cora@harbour.example"}),
            ("case_that_ended_is_not_due", {"ended_at": NOW}),
            ("case_has_words", {"words": ""}),
            ("case_words_length", {"words": "x" * 5001}),
            ("case_on_behalf_length", {"raised_as": "coordinator", "on_behalf": "x" * 201}),
        )
    ),
    ("case_step_number_once", CaseStep, {}),
    *(
        (name, CaseStep, {"number": 9} | wrong)
        for name, wrong in (
            ("case_step_kind_valid", {"kind": "wish", "words": "x"}),
            ("case_step_role_valid", {"acted_as": "external_verifier"}),
            ("case_outcome_valid", {"outcome": "wish", "kind": "reviewed", "words": "x"}),
            ("case_answers_have_an_outcome", {"kind": "reviewed", "words": "x"}),
            ("case_answers_have_an_outcome", {"outcome": "upheld"}),
            ("case_steps_say_what_was_done", {"kind": "acknowledged"}),
            ("after_the_end_nothing_is_due", {"kind": "settled"}),
            ("given_to_somebody", {"kind": "given", "to": None}),
            ("case_step_words_length", {"words": "x" * 5001}),
        )
    ),
    ("centre_stands_once_a_day", CentreDay, {}),
    # --- printing many forms
    ("print_packing_valid", PrintJob, {"packing": "box"}),
    ("print_job_state_valid", PrintJob, {"state": "lost"}),
    ("print_job_fault_length", PrintJob, {"fault": "x" * 301}),
    ("one_print_job_a_person", PrintJob, {}),
    ("print_job_ends_with_its_state", PrintJob, {"ended_at": NOW}),
    ("print_part_state_valid", PrintPart, {"number": 2, "state": "lost"}),
    ("print_part_fault_length", PrintPart, {"number": 2, "fault": "x" * 301, "state": "failed"}),
    ("print_part_number_once_a_job", PrintPart, {}),
    ("print_part_is_one_form", PrintPart, {"number": 2, "unit_id": None}),
    ("print_part_that_failed_says_why", PrintPart, {"number": 2, "state": "failed"}),
    # --- submission packs
    ("pack_state_valid", SubmissionPack, {"state": "lost", "ended_at": NOW}),
    ("pack_fault_length", SubmissionPack, {"fault": "x" * 301, "state": "failed", "ended_at": NOW}),
    ("one_pack_is_made_a_person", SubmissionPack, {}),
    ("pack_ends_with_its_state", SubmissionPack, {"ended_at": NOW}),
    ("pack_that_failed_says_why", SubmissionPack, {"state": "failed", "ended_at": NOW}),
    ("pack_file_state_valid", PackFile, {"number": 2, "path": "b", "state": "late"}),
    ("pack_file_number_once", PackFile, {"path": "b"}),
    ("pack_file_path_once", PackFile, {"number": 2}),
    ("pack_file_that_is_there_has_a_digest", PackFile, {"number": 2, "path": "b", "state": "done"}),
    ("request_letter_ends_once", RequestLetter, {"sent_at": NOW, "given_up_at": NOW}),
    ("request_letter_problem_length", RequestLetter, {"problem": "x" * 301}),
    # --- notices
    ("notice_kind_valid", Notice, {"kind": "rumour"}),
    ("notice_about_length", Notice, {"about": "x" * 61}),
    ("notice_path_length", Notice, {"path": "x" * 201}),
    ("notice_choice_valid", NoticeChoice, {"how": "pigeon"}),
    ("letter_ends_once", Letter, {"sent_at": NOW, "given_up_at": NOW}),
    ("letter_problem_length", Letter, {"problem": "x" * 301}),
]


# On PostgreSQL, which goes by the alphabet.
ANSWERS_FIRST = {
    "unit_state_valid": "state_agrees_with_times",
    "import_state_valid": "import_state_agrees_with_times",
    "monitoring_kind_valid": "monitoring_has_what_its_kind_says",
}


def constraints() -> dict[str, Any]:
    """The constraints that the models of our apps name."""
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return {constraint.name: constraint for model in ours for constraint in model._meta.constraints}


@pytest.fixture
def _something_in_every_table(verified_unit, evidence, centre, candidate, assessor, coordinator, verifier):
    """Pat's verified unit; the first row of each table is about them."""
    stored = bytes_store(centre=centre, content=b"a letter")
    version = evidence.versions.get()
    choose(centre, coordinator, largest_file_mb=5)
    Unit.objects.create(framework=verified_unit.revision.unit.framework, code="B11")
    rule = QualificationContent(
        framework=framework_content(verified_unit.revision.unit.framework),
        code="Q1",
        title="An award",
        groups=(GroupContent(name="All", choose=1, units=("B10",)),),
    )
    qualifications_publish(publications=[QualificationPublication(content=rule)])
    EvidenceFile.objects.create(
        version=version, stored_file=stored, name="letter.txt", content_type="text/plain", position=1
    )
    RemovedFile.objects.create(
        evidence=evidence, stored_file=stored, name="letter.txt", reason="A name.", removed_by=candidate, removed_at=NOW
    )
    told_by_a_witness(verified_unit.registration, candidate, assessor)
    take_down(verified_unit.registration, assessor)
    StagedFile.objects.create(
        registration=verified_unit.registration,
        user=candidate,
        stored_file=stored,
        name="letter.txt",
        content_type="text/plain",
        staged_at=NOW,
    )
    ArrivingFile.objects.create(
        registration=verified_unit.registration, user=candidate, name="film.mp4", size=1, began_at=NOW
    )
    certificate(StaffRecord.objects.earliest("pk"), coordinator)
    say(verified_unit.registration, coordinator, "", site="Main site")
    agree(verified_unit.registration, assessor)
    say_other_words(centre, coordinator, appeals="Write to Cora.")
    set_rules(centre, coordinator, Qualification.objects.get(), register_by=NOW.date())
    checked(achieved_before(verified_unit.registration, coordinator, verified_unit.revision), assessor)
    unit_certificate(verified_unit.versions.get(), coordinator)
    Letter.objects.create(person=candidate, centre=centre)
    job = PrintJob.objects.create(centre=centre, by=coordinator, packing="pdf", state="printing", began_at=NOW)
    PrintPart.objects.create(job=job, number=1, unit=verified_unit)
    pack = SubmissionPack.objects.create(registration=verified_unit.registration, by=coordinator, events=1)
    PackFile.objects.create(pack=pack, number=1, path="a", what="summary")
    NoticeChoice.objects.create(person=candidate)
    consent_record(
        centre=centre,
        actor=coordinator,
        person=candidate,
        guardian="Gwen",
        relation="Mother",
        given_on=centre.today,
        shown_by="Folder 3",
    )
    User.objects.filter(pk=User.objects.earliest("pk").pk).update(candidate_number="numa", number_centre=centre)
    person_invite(centre=centre, actor=coordinator, name="Nia", email="nia@harbour.example", role=Role.ASSESSOR)
    own_correction_ask(person=candidate, name="Pat Pike", email=candidate.email)
    SignIn.objects.create(user=candidate, what="signed_in", at=NOW, device="Safari, iPhone")
    WaitingWork.objects.create(kind="drawing", what="film.mp4", person=candidate, centre=centre)
    running = {"state": "running", "checked_at": NOW, "started_at": NOW}
    of = Import.objects.create(centre=centre, by=coordinator, name="people.csv", sha256="ab", **running)
    ImportRow.objects.create(of=of, number=2, position=0)
    sampled(verified_unit, verifier)
    part = sign(assessor, said_of(verified_unit)).parts.get()
    acknowledge(part=part, actor=candidate, agrees=True)
    question_add(centre=centre, actor=assessor, revision=verified_unit.revision, words="What if it is urgent?")
    name_draw(part=part, actor=assessor, drawn=NameFromDevice(lines="M1 1L200 100"))
    draft_save(author=assessor, centre=centre, form_key=uuid.uuid4(), kind="observation", about="", fields={})
    action_ask(
        actor=assessor,
        asked_as=Role.ASSESSOR,
        owner=candidate,
        owned_as=Role.CANDIDATE,
        unit=verified_unit,
        wanted=ActionWanted(text="One more, please.", binding=Binding.ADVICE),
    )
    visited(verified_unit, coordinator)  # behind the action of a unit, which is the first so
    feedback_give(unit=verified_unit, actor=assessor, words="Sound.")
    monitored(verified_unit, verifier, assessor)
    sheet_answer(sheet=sign_sheet(assessor, verified_unit), actor=candidate, agrees=True)
    sheet_draft_save(
        author=assessor, registration=verified_unit.registration, form_key=uuid.uuid4(), kind="plan", fields={}
    )
    headings: dict[str, Any] = {"title": "Plan", "headings": [("Aims", "")]}
    sheet_template_set(centre=centre, actor=coordinator, kind=SheetKind.PLAN, seen=0, **headings)
    Allocation.objects.filter(capacity="internal_verifier").update(ended_at=timezone.now())
    interest = interest_declare(
        registration=verified_unit.registration,
        actor=coordinator,
        person=assessor,
        kind=InterestKind.FAMILY,
        words="Her brother.",
    )
    AllocationReason.objects.create(allocation=Allocation.objects.earliest("pk"), interest=interest, reason="Alone.")
    Return.objects.create(
        unit_version=verified_unit.versions.get(),
        kind=Return.Kind.RETURNED,
        from_state="submitted",
        author=Participation.objects.get(candidate_unit=verified_unit, user=candidate),
        reason="One more occasion.",
        made_at=NOW,
    )

    case_raise(
        centre=centre,
        actor=candidate,
        form_key=uuid.uuid4(),
        said=CaseSaid(
            kind=CaseKind.APPEAL,
            words="I showed this twice.",
            received_on=centre.today,
            unit=verified_unit,
            judgement=Judgement.objects.first(),
            about=coordinator,
        ),
    )
    CentreDay.objects.create(centre=centre, day=centre.today, made_at=NOW, numbers={})
    said_not_shown(verified_unit)
    stand(verified_unit.registration, coordinator, "withdrawn")


PERSONS = ("raised_by", "user", "assessor", "removed_by", "taken_back_by", "withdrawn_by", "person")


def written_once_more(model: type[models.Model], changes: dict[str, Any]) -> models.Model:
    """A copy of a good row that has not been saved; what is unique of itself is new in it."""
    row = model._default_manager.order_by("-pk" if model in {Signature, CentrePolicy} else "pk")[0]
    row._state.adding = True
    if not model._meta.pk.is_relation:  # what is one with another row stays so
        row.pk = None
    if hasattr(row, "uuid"):
        row.uuid = uuid.uuid4()
    if isinstance(row, Signature):
        row.document = document_freeze(document={})
    for field, value in changes.items():
        person = {name: lambda email: User.objects.get(email=email) for name in PERSONS}
        named = {**person, "unit": lambda code: Unit.objects.get(code=code)}
        setattr(row, field, named[field](value) if field in named else value)
    return row


def words_of_the_refusal(name: str, model: type[models.Model]) -> str:
    """What the database says when this constraint refuses a row, as a regular expression."""
    constraint = constraints()[name]
    if connection.vendor == "postgresql":
        # A line that is too long for its column does not get as far as the constraint, which is for SQLite.
        too_long = "|value too long" if name.endswith("_length") else ""
        return f'constraint "({name}|{ANSWERS_FIRST.get(name, name)})"{too_long}'
    if isinstance(constraint, CheckConstraint):
        return f"CHECK constraint failed: {name}$"
    columns_of = {field.name: f"{model._meta.db_table}.{field.column}" for field in model._meta.concrete_fields}
    columns = [columns_of[field] for field in constraint.fields]
    what = ", ".join(columns) or f"index '{name}'"
    return re.escape(f"UNIQUE constraint failed: {what}") + "$"


def test_every_constraint_has_a_row_that_breaks_it():
    assert {name for name, _, _ in BROKEN} == set(constraints())


@pytest.mark.usefixtures("_something_in_every_table")
def test_the_database_refuses_what_each_constraint_forbids():
    for name, model, changes in BROKEN:
        row = written_once_more(model, changes)
        with (
            pytest.raises((IntegrityError, DataError), match=words_of_the_refusal(name, model)),
            transaction.atomic(),
        ):
            row.save(force_insert=True)
            pytest.fail(f"{name} lets {changes or 'a second row'} pass")
