"""Every route × every role. A route that is not here fails the suite.

The unit is collecting, with one piece that claims all of it; Ann assesses it and Ivy verifies it. It is in the
sample of Vera's visit; Eve verifies from outside too, and has no visit. A number is
what a GET (for routes that only take a POST: a POST) answers: 200 yes, 302 led on, 403 seen but not allowed,
404 as if it were not there, 405 no such method.
"""

import datetime
from decimal import Decimal

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from assessments.actions.services import ActionWanted, action_ask
from assessments.models import Binding, PrintJob, Signature
from assessments.printing_many.packing import packed_path
from assessments.questions.services import question_add
from assessments.recording_form.drafts import write_whole
from background.worker import give_sign_of_life
from centres.invitations.services import person_invite
from centres.models import Centre, Membership, Role
from centres.staff.kinds import StaffKind
from centres.staff.services import StaffDetails, staff_record_add
from portfolio.files.previews import copy_path, page_path
from portfolio.files.services import bytes_store
from portfolio.files.uploads import IncomingFile
from portfolio.interests.services import interest_declare
from portfolio.models import EvidenceFile, InterestKind
from portfolio.registrations.services import registration_create
from portfolio.staff_certificates.services import staff_certificate_add
from record.models import Event
from standards.content import QualificationContent
from standards.selectors import framework_content
from standards.services.combining import QualificationPublication, qualifications_publish
from tests.assessments.plans.sheets import sign as sign_sheet
from tests.cast import add_evidence, claim_in_bulk, join
from tests.portfolio.achieved_before.achieved import achieved_before
from tests.portfolio.importing.spreadsheets import HEADINGS, PAT, checked, csv_file
from tests.portfolio.office import agree
from tests.portfolio.testimony.asked import ask
from tests.verification.monitoring.whole import meeting_of, signed
from tests.verification.visits.whole import asked_as_before
from verification.cases.services import CaseSaid, case_raise
from verification.models import CaseKind
from verification.monitoring.services import minutes_add
from verification.sampling.planning import planned_add
from verification.visits.services import report_add, sample_add, visit_open

ROLES = (
    "anonymous",
    "outsider",
    "candidate",
    "other_candidate",
    "assessor",
    "other_assessor",
    "verifier",
    "other_verifier",
    "coordinator",
    "external_verifier",
    "visiting_verifier",
)


def answers(default, **by_role):
    """What each role is answered; who is not signed in is led to the sign-in page."""
    return dict.fromkeys(ROLES, default) | {"anonymous": 302} | by_role


EVERYONE = answers(200)
# The people who work on the portfolio see it; nobody else knows that it is there.
PORTFOLIO = answers(404, candidate=200, assessor=200, verifier=200, coordinator=200, visiting_verifier=200)
SEE_IT = [role for role, answer in PORTFOLIO.items() if answer == 200]
COORDINATOR = answers(403, outsider=404, coordinator=200)
CENTRE = answers(200, outsider=404)  # everybody who has a role in it
VERIFIES = answers(403, outsider=404, verifier=200, other_verifier=200)
QUESTIONS = answers(403, outsider=404, assessor=200, other_assessor=200, verifier=200, other_verifier=200)
PRINTED = COORDINATOR | dict.fromkeys(("assessor", "other_assessor", "verifier", "other_verifier"), 404)
OVERSEES = VERIFIES | {"coordinator": 200}
READS_SAMPLING = OVERSEES | {"visiting_verifier": 200}  # while the visit is open
# Of staff, who verifies reads all, from outside during a visit; the coordinator keeps it.
READ_STAFF = OVERSEES | {"external_verifier": 404, "visiting_verifier": 200}
KEEP_STAFF = COORDINATOR | {"external_verifier": 404}


def portfolio_only(**by_role):
    """Everyone who sees the portfolio is refused, but for these roles."""
    seen = dict.fromkeys(SEE_IT, 403)
    return answers(404, **seen | by_role)


MONITORED_BY = ("assessor", "verifier", "other_verifier", "coordinator", "visiting_verifier")
MONITORED = answers(404, **dict.fromkeys(MONITORED_BY, 200))
NO_VISITOR = dict.fromkeys(("external_verifier", "visiting_verifier"), 403)
# A visit is the coordinators', and while it is open that of who visits.
VISIT = answers(404, coordinator=200, visiting_verifier=200)


MATRIX = {
    "home": EVERYONE,
    "health": answers(200, anonymous=200),
    "whose": answers(200, anonymous=200),
    "capture_worker": answers(200, anonymous=200),
    "testimony_give": answers(404, anonymous=404),  # for whoever has the link
    "design": answers(404, anonymous=404),  # for those who develop, with DEBUG
    "hint_dismiss": answers(302),
    "notices:notices": EVERYONE,
    "notices:notice": answers(404),  # but to whom it is for
    "notices:put_away": answers(302),
    "notices:choose": answers(302),
    "account_login": answers(302, anonymous=200),
    "account_logout": answers(200),
    "account_inactive": answers(200, anonymous=200),
    "account": EVERYONE,
    "account_change": EVERYONE,
    "correction_confirm": answers(200, anonymous=200),  # for whoever has the link
    "invitation_answer": answers(200, anonymous=200),  # for whoever has the link
    "account_change_password": EVERYONE,
    "account_reauthenticate": EVERYONE,
    "mfa_index": EVERYONE,
    # None of these people has a second step; what changes it asks for the password first.
    "mfa_authenticate": answers(302),
    "mfa_activate_totp": answers(302),
    "mfa_deactivate_totp": answers(404),
    "mfa_view_recovery_codes": answers(404),
    "mfa_generate_recovery_codes": answers(302),
    "mfa_add_webauthn": answers(302),
    "mfa_remove_webauthn": answers(302),
    "mfa_login_webauthn": answers(302),
    "account_reset_password": answers(200, anonymous=200),
    "account_reset_password_done": answers(200, anonymous=200),
    "account_reset_password_from_key": answers(200, anonymous=200),
    "account_reset_password_from_key_done": answers(200, anonymous=200),
    "demo_sign_in": answers(404, anonymous=404),
    "blank_form": EVERYONE,
    "standards:catalogue": EVERYONE,
    "standards:qualification": EVERYONE,
    "standards:unit": EVERYONE,
    "standards:unit_pdf": EVERYONE,
    "standards:revision": EVERYONE,
    "centres:centre": COORDINATOR,
    "centres:policy": COORDINATOR,
    "centres:people": COORDINATOR,
    "centres:person": COORDINATOR,
    "centres:person_add": COORDINATOR,
    "centres:invite": COORDINATOR | {"coordinator": 302},
    "centres:invitation": COORDINATOR,
    "centres:codes": COORDINATOR,
    "centres:under_age": COORDINATOR,
    "centres:sign_ins": COORDINATOR,
    "centres:person_correct": COORDINATOR,
    "centres:second_step_reset": COORDINATOR,
    "centres:role_end": COORDINATOR,
    "centres:staff": READ_STAFF,
    "centres:staff_csv": READ_STAFF,
    "centres:staff_pdf": READ_STAFF,
    # What is on record of Ann; it is her own development that she records and takes off.
    "centres:staff_person": READ_STAFF | {"assessor": 200},
    "centres:staff_record_add": KEEP_STAFF | {"assessor": 200},
    "centres:staff_record_end": KEEP_STAFF | {"assessor": 200},
    "portfolio:staff_certificate_add": KEEP_STAFF | {"assessor": 200},
    "portfolio:staff_certificate": READ_STAFF | {"assessor": 200},
    "portfolio:staff_certificate_remove": KEEP_STAFF,
    "portfolio:registrations": COORDINATOR,
    "portfolio:registration_add": COORDINATOR,
    "portfolio:imports": COORDINATOR,
    "portfolio:import_template": COORDINATOR,
    "portfolio:import": COORDINATOR,
    "portfolio:import_rows": COORDINATOR,
    "portfolio:adjustments": PORTFOLIO,
    "portfolio:adjustment_add": portfolio_only(assessor=200, coordinator=200),
    "portfolio:adjustment_end": portfolio_only(assessor=200, coordinator=200),
    "portfolio:induction": PORTFOLIO,
    "portfolio:inductions": COORDINATOR,
    "portfolio:induction_text": COORDINATOR,
    "portfolio:qualifications": COORDINATOR,
    "portfolio:qualification_rules": COORDINATOR,
    "portfolio:units": PORTFOLIO,
    "portfolio:unit_add": COORDINATOR,
    "portfolio:particulars": COORDINATOR,
    "portfolio:achieved_before_add": portfolio_only(assessor=200, coordinator=200),
    "portfolio:achieved_before": PORTFOLIO,
    "assessments:registration_standing": COORDINATOR,
    "assessments:unit_certificates": COORDINATOR,
    "assessments:unit_certificates_print": COORDINATOR,
    "portfolio:allocate": COORDINATOR,
    "portfolio:allocate_many": COORDINATOR,
    "portfolio:hand_over": COORDINATOR,
    "portfolio:interests": PORTFOLIO,
    "portfolio:interest_reason": portfolio_only(coordinator=200),
    # Ann's own: she assesses there, so the coordinator withdraws it.
    "portfolio:interest_withdraw": portfolio_only(coordinator=200),
    "portfolio:evidence_add": portfolio_only(candidate=200, assessor=200, coordinator=200),
    "portfolio:evidence_add_offline": portfolio_only(candidate=200, assessor=200, coordinator=200),
    # Whoever may add evidence is told that length and name of the file are missing. Each file is its sender's alone.
    "portfolio:arriving": portfolio_only(candidate=400, assessor=400, coordinator=400),
    "portfolio:arriving_file": answers(405),
    "portfolio:evidence": PORTFOLIO,
    "portfolio:evidence_correct": portfolio_only(candidate=200),
    "portfolio:evidence_remove": portfolio_only(candidate=200),
    "portfolio:evidence_take": portfolio_only(candidate=200, assessor=200, coordinator=200),
    "portfolio:witnesses": PORTFOLIO,
    "portfolio:witness_ask": portfolio_only(candidate=200, assessor=200),
    "portfolio:testimony_take_down": portfolio_only(assessor=200),
    "portfolio:testimony_from_paper": portfolio_only(assessor=200),
    "portfolio:testimony_blank": PORTFOLIO,
    "portfolio:witness_list": PORTFOLIO,
    "portfolio:testimony_request": PORTFOLIO,
    "portfolio:testimony_print": answers(404),  # this piece is no testimony
    "portfolio:testimony_note": answers(404),  # this piece is no testimony
    "portfolio:witness_accept": portfolio_only(assessor=200),
    "portfolio:file_cover": portfolio_only(candidate=404),  # this file is no picture
    "portfolio:file_remove": portfolio_only(coordinator=200),
    "portfolio:file_download": PORTFOLIO,
    "portfolio:file_open": PORTFOLIO,
    "portfolio:file_copy": PORTFOLIO,
    "portfolio:written_print": answers(404),  # what was not written in the page is not printed
    "portfolio:file_page": PORTFOLIO,
    "portfolio:file_viewer": PORTFOLIO,
    "portfolio:file_split": portfolio_only(candidate=200, assessor=200, coordinator=200),
    "assessments:portfolio": PORTFOLIO,
    "assessments:units_list": QUESTIONS | {"coordinator": 200},
    "assessments:evidence_list": CENTRE,
    "assessments:portfolio_evidence": PORTFOLIO,
    "assessments:actions_list": CENTRE,
    "assessments:unit": PORTFOLIO,
    "assessments:grid": PORTFOLIO,
    "assessments:criterion": PORTFOLIO,
    # Without a change to make, whoever may change is told that the page sent nothing it understands.
    "assessments:cells": answers(404, **dict.fromkeys(SEE_IT, 400)),
    "assessments:shows": PORTFOLIO,
    "assessments:claims": portfolio_only(**dict.fromkeys(SEE_IT, 307)),
    "assessments:judge": portfolio_only(assessor=200),
    "assessments:judge_same": portfolio_only(assessor=200),
    # Without saying which version was seen.
    "assessments:seen": portfolio_only(assessor=404),
    # The candidate's own looking proves nothing, and who visits leaves no trace.
    "assessments:file_opened": portfolio_only(assessor=204, verifier=204, coordinator=204),
    "assessments:questions": QUESTIONS,
    "assessments:questions_of_unit": QUESTIONS,
    "assessments:question": QUESTIONS,
    "assessments:observation_new": answers(403, outsider=404, assessor=200, other_assessor=200),
    "assessments:observation_offline": answers(403, outsider=404, assessor=200, other_assessor=200),
    # Nothing was sent.
    "assessments:observation_arrived": answers(403, outsider=404, assessor=400, other_assessor=400),
    # Nothing was typed on this form yet.
    "assessments:observation": answers(403, outsider=404, assessor=302, other_assessor=302),
    # This piece is no record of an assessor's.
    "assessments:acknowledge": answers(404),
    "assessments:handed_over": answers(404),
    "assessments:observation_pdf": answers(404),
    "assessments:observation_blank": PORTFOLIO,
    "assessments:sheets": PORTFOLIO,
    "assessments:sheet_new": portfolio_only(assessor=200),
    "assessments:sheet_write": portfolio_only(assessor=302),  # nothing was typed on this form yet
    "assessments:sheet_blank": PORTFOLIO,
    "assessments:sheet": PORTFOLIO,
    "assessments:sheet_pdf": PORTFOLIO,
    "assessments:sheet_handed_over": portfolio_only(assessor=200),
    "assessments:sheet_template": COORDINATOR,
    "assessments:statements": portfolio_only(assessor=200),
    "assessments:not_shown": portfolio_only(assessor=200),
    "assessments:not_shown_answer": portfolio_only(assessor=404, verifier=404),  # nothing was said
    "assessments:feedback": portfolio_only(assessor=200),
    "assessments:piece_feedback": portfolio_only(assessor=200),
    "assessments:feedback_print": PORTFOLIO,
    "assessments:portfolio_actions_print": PORTFOLIO,
    "assessments:centre_actions_print": CENTRE,
    "assessments:ask": portfolio_only(assessor=200, verifier=200),
    # Ivy asks Ann for something: the candidate does not know of it, and who visits reads it.
    "assessments:action": answers(404, assessor=200, verifier=200, coordinator=200, visiting_verifier=200),
    # Whose turn it may be one day is led back to the unit, which says where it stands now.
    "assessments:sign": portfolio_only(candidate=200, assessor=302, verifier=302),
    "assessments:return": portfolio_only(assessor=302, verifier=302),
    "assessments:take_back": portfolio_only(candidate=302),
    "assessments:withdraw": portfolio_only(assessor=302),
    "assessments:reopen": portfolio_only(verifier=302),
    "assessments:form": PORTFOLIO,
    "assessments:how_it_stands": COORDINATOR,
    "assessments:print_many": QUESTIONS | {"coordinator": 200},
    # A print of the coordinator.
    "assessments:print_job": PRINTED,
    "assessments:print_file": PRINTED,
    "portfolio:waiting": COORDINATOR,
    "assessments:final_form": answers(404),
    "verification:board": READS_SAMPLING,
    "verification:sampling_policy": READS_SAMPLING,
    "verification:figures": READS_SAMPLING,
    "verification:figures_file": READS_SAMPLING,
    "verification:plan": VERIFIES,
    # Whoever works at the centre finds there what they may read, and who visits it all.
    "verification:monitoring": OVERSEES | dict.fromkeys(("assessor", "other_assessor", "visiting_verifier"), 200),
    "verification:monitoring_new": VERIFIES,
    "verification:monitoring_blank": VERIFIES,
    # A meeting that Ann was at.
    "verification:monitoring_record": MONITORED,
    "verification:monitoring_print": MONITORED,
    "verification:monitoring_acknowledge": MONITORED | dict.fromkeys(MONITORED_BY, 403),
    "verification:monitoring_minutes": MONITORED | dict.fromkeys(("assessor", "coordinator", "visiting_verifier"), 403),
    "verification:monitoring_minutes_file": MONITORED,
    "verification:plan_print": READS_SAMPLING,
    "verification:cases": CENTRE,  # each finds there what they may read
    # A complaint of the centre as a whole; a candidate complains of their own portfolio.
    "verification:case_new": answers(200, outsider=404, other_candidate=403, **NO_VISITOR),
    # Pat's complaint: Vera has a unit of the portfolio in her sample.
    "verification:case": answers(404, candidate=200, coordinator=200, visiting_verifier=200),
    "verification:paper": CENTRE,
    "verification:blank": CENTRE,
    "verification:countersign": VERIFIES,
    # Who sees the portfolio reads what was sampled, but for the candidate.
    # The candidate's own, any of the coordinator's centre, those of a visit.
    "verification:pack": portfolio_only(candidate=200, coordinator=200, visiting_verifier=200),
    # Nobody has had one made yet.
    "verification:pack_file": portfolio_only(candidate=302, coordinator=302, visiting_verifier=302),
    "verification:sample": PORTFOLIO | {"candidate": 403},
    "verification:sample_print": PORTFOLIO | {"candidate": 403},
    "verification:planned": portfolio_only(verifier=200),
    "verification:plan_add": portfolio_only(verifier=200),
    "verification:visits": COORDINATOR,
    "verification:visit_open": COORDINATOR,
    "verification:visit": VISIT,
    "verification:visit_print": VISIT,
    "verification:visit_candidates": VISIT,
    "verification:visit_mark": VISIT | {"coordinator": 403},
    "verification:visit_extend": VISIT | {"visiting_verifier": 403},
    "verification:visit_end": VISIT | {"visiting_verifier": 403},
    "verification:visit_report": VISIT | {"visiting_verifier": 403},
    "verification:visit_report_file": VISIT,
    "verification:visit_action": VISIT | {"visiting_verifier": 403},
    "verification:visit_action_done": VISIT | {"visiting_verifier": 403},
}
ONLY_POST = {
    "assessments:observation_arrived",
    "demo_sign_in",
    "hint_dismiss",
    "notices:put_away",
    "notices:choose",
    "centres:invite",
    "assessments:cells",
    "assessments:seen",
    "assessments:file_opened",
    "portfolio:arriving",
    "verification:pack_file",
}


def all_route_names():
    """The names of all routes, with their namespaces."""

    def names(patterns, prefix):
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from names(one.url_patterns, f"{prefix}{one.namespace}:" if one.namespace else prefix)
            elif isinstance(one, URLPattern):
                yield f"{prefix}{one.name}"

    return names(get_resolver().url_patterns, "")


@pytest.fixture
def people(centre, coordinator, candidate, assessor, verifier, outsider, unit):
    """One person for each role; the others hold the role in the same centre and have nothing to do with the unit."""
    return {
        "anonymous": None,
        "outsider": outsider,
        "candidate": candidate,
        "other_candidate": join(centre, coordinator, "Otto", "otto@harbour.example", Role.CANDIDATE),
        "assessor": assessor,
        "other_assessor": join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR),
        "verifier": verifier,
        "other_verifier": join(centre, coordinator, "Ida", "ida@harbour.example", Role.INTERNAL_VERIFIER),
        "coordinator": coordinator,
        "external_verifier": join(centre, coordinator, "Eve", "eve@harbour.example", Role.EXTERNAL_VERIFIER),
        "visiting_verifier": join(centre, coordinator, "Vera", "vera@harbour.example", Role.EXTERNAL_VERIFIER),
    }


@pytest.fixture
def named(claimed_unit, evidence, centre, people, b10):
    """What the routes name."""
    stored = bytes_store(centre=centre, content=b"a letter")
    file = EvidenceFile.objects.create(
        version=evidence.versions.get(),
        stored_file=stored,
        name="letter.pdf",
        content_type="application/pdf",
        position=1,
    )
    drawn = page_path(file, 1)
    drawn.parent.mkdir(parents=True, exist_ok=True)
    drawn.write_bytes(b"its first page")
    copy_path(file).write_bytes(b"its copy, if it were a film")
    membership = Membership.objects.get(user=people["other_candidate"])
    development = StaffDetails(what="A course", since=centre.today, hours=Decimal(2))
    about = {"centre": centre, "person": people["assessor"], "actor": people["assessor"]}
    done = staff_record_add(**about, kind=StaffKind.DEVELOPMENT, details=development)
    with IncomingFile.from_content("course.pdf", b"%PDF-1.7 a course") as incoming:
        certificate = staff_certificate_add(record=done, actor=people["assessor"], incoming=incoming)
    asked = ask(claimed_unit.registration, people["candidate"])
    action = action_ask(
        actor=people["verifier"],
        asked_as=Role.INTERNAL_VERIFIER,
        owner=people["assessor"],
        owned_as=Role.ASSESSOR,
        unit=claimed_unit,
        wanted=ActionWanted(text="Look at page 3.", binding=Binding.ADVICE),
    )
    # Called like the unit, as the routes name both alike.
    rule = QualificationContent(framework=framework_content(b10.unit.framework), code="B10", title="An award")
    qualifications_publish(publications=[QualificationPublication(content=rule)])
    question = question_add(centre=centre, actor=people["assessor"], revision=b10, words="What if it is urgent?")
    planned = planned_add(unit=claimed_unit, actor=people["verifier"], reason="A new workplace.")
    cora, vera = people["coordinator"], people["visiting_verifier"]
    now, day = timezone.now(), datetime.timedelta(days=1)
    visit = visit_open(centre=centre, actor=cora, verifier=vera, begins_at=now - day, until=now + day)
    sample_add(visit=visit, actor=vera, units=[claimed_unit])
    with IncomingFile.from_content("report.txt", b"All is well.") as incoming:
        report = report_add(visit=visit, actor=cora, incoming=incoming)
    invitation = person_invite(centre=centre, actor=cora, name="N", email="n@x.example", role=Role.CANDIDATE)
    to_do = asked_as_before(visit, cora)
    interest = interest_declare(
        registration=claimed_unit.registration,
        actor=people["assessor"],
        person=people["assessor"],
        kind=InterestKind.LINE_MANAGEMENT,
        words="We work in one shop.",
    )
    meeting = signed(people["verifier"], claimed_unit, meeting_of(claimed_unit, people["assessor"]))
    with IncomingFile.from_content("minutes.txt", b"We met.") as incoming:
        minutes = minutes_add(record=meeting, actor=people["verifier"], incoming=incoming)
    complaint = case_raise(
        centre=centre,
        actor=people["candidate"],
        form_key=claimed_unit.uuid,
        said=CaseSaid(
            kind=CaseKind.COMPLAINT,
            words="Nobody answered for weeks.",
            received_on=centre.today,
            registration=claimed_unit.registration,
        ),
    )
    imported = checked(centre, cora, csv_file(PAT[:2], headings=HEADINGS[:2]))
    job = PrintJob.objects.create(centre=centre, by=cora, packing="pdf", state="done", ended_at=now)
    write_whole(packed_path(job), b"%PDF-1.7 their forms")
    return {
        "centre": centre.uuid,
        "of": imported.uuid,
        "invitation": invitation.uuid,
        "monitoring": meeting.uuid,
        "minutes": minutes.uuid,
        "job": job.uuid,
        "what": "meeting",
        "procedure": "complaint",
        "case": complaint.uuid,
        "planned": planned.uuid,
        "question": question.uuid,
        "revision": b10.uuid,
        "blank": "visit",
        "visit": visit.uuid,
        "report": report.uuid,
        "to_do": to_do.uuid,
        "portfolio": claimed_unit.registration.uuid,
        "achieved": achieved_before(claimed_unit.registration, people["coordinator"], b10).uuid,
        "unit": claimed_unit.uuid,
        "interest": interest.uuid,
        "evidence": evidence.uuid,
        "action": action.uuid,
        "sheet": sign_sheet(people["assessor"], claimed_unit).uuid,
        "adjustment": agree(claimed_unit.registration, people["assessor"]).uuid,
        "criterion": "performance-1",
        "file": file.uuid,
        "arriving": file.uuid,
        "notice": file.uuid,
        "page": 1,
        "form_key": claimed_unit.uuid,
        "membership": membership.uuid,
        "said": claimed_unit.uuid,  # nothing was
        "person": people["assessor"].uuid,
        "kind": "development",
        "record": done.uuid,
        "certificate": certificate.uuid,
        "asked": asked.uuid,
        "witness": asked.witness.uuid,
        "signature": claimed_unit.uuid,  # there is none yet
        "framework": "nvq",
        "code": "B10",
        "number": b10.number,
        "hint": "candidate",
        "uidb36": "1",
        "pk": 1,
        "key": "wrong",
    }


def address(route, named):
    pattern = next(one for name, one in _patterns(get_resolver().url_patterns, "", {}) if name == route)
    return reverse(route, kwargs={key: named[key] for key in pattern})


def _patterns(patterns, prefix, outer):
    for one in patterns:
        inner = outer | one.pattern.converters | dict.fromkeys(one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns, f"{prefix}{one.namespace}:" if one.namespace else prefix, inner)
        else:
            yield f"{prefix}{one.name}", inner


def test_every_route_is_in_the_matrix():
    assert set(MATRIX) == set(all_route_names())


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_answered_as_the_matrix_says(client, people, named, role, settings):
    settings.DEMO = False
    (settings.DATA_DIR / "run").mkdir(exist_ok=True)
    give_sign_of_life()  # as the worker does while it lives
    person = people[role]
    found = {}
    for route in MATRIX:
        client.logout()
        if person:
            client.force_login(person)
        send = client.post if route in ONLY_POST else client.get
        found[route] = send(address(route, named)).status_code
    assert found == {route: expected[role] for route, expected in MATRIX.items()}


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_a_post_opens_nothing_that_a_get_does_not(client, people, named, role):
    """An action that the page does not offer is refused when it is sent all the same, and nothing is signed."""
    person = people[role]
    if person:
        client.force_login(person)
    for route, expected in MATRIX.items():
        if expected[role] in {403, 404} and route not in ONLY_POST:
            answer = client.post(address(route, named), {"reason": "x", "stamp": "0", "password": "x"})
            assert answer.status_code in {expected[role], 405}, route
    assert not Signature.objects.exists()


@pytest.mark.long
def test_who_visits_changes_nothing_but_the_sample_and_the_marks(client, people, named, evidence, unit):
    """Whatever Vera sends to whichever address: nothing happens that is not hers to do, and nothing is said to be."""
    client.force_login(people["visiting_verifier"])
    before = Event.objects.count()
    cell = {"evidence": str(evidence.uuid), "criterion": "performance-1", "to": "empty", "seen": ""}
    sent = {"reason": "x", "stamp": "0", "password": "x", "claimed": "performance-1", "action": "claim"}
    own = {"verification:visit_mark", "verification:visit_candidates", "home", "hint_dismiss"}
    own |= {"notices:put_away", "notices:choose", "account", "account_change", "correction_confirm"}
    own |= {"invitation_answer", "verification:pack", "verification:pack_file"}
    own |= {route for route in MATRIX if route.startswith("notices:")}  # what is told to her
    for route, expected in MATRIX.items():
        if expected["visiting_verifier"] == 404 or route in own or route.startswith(("account_", "mfa_")):
            continue
        answer = client.post(address(route, named), sent)
        # Pages that are read and filled in alike show what stands; 307 leads on to such a page.
        pages = {"assessments:action", "verification:case", "portfolio:units"}
        looks = route in pages | {"assessments:shows", "assessments:criterion", "assessments:claims"}
        assert answer.status_code in ({200, 307, 403} if looks else {400, 403, 405}), (route, answer.status_code)
    answer = client.post(address("assessments:cells", named), {"changes": [cell]}, content_type="application/json")
    assert answer.status_code in {400, 403}
    assert Event.objects.count() == before
    client.post(address("verification:visit_candidates", named), {"units": [str(unit.uuid)]})
    assert Event.objects.count() == before  # it is in the sample already


@pytest.mark.long
def test_a_centre_in_the_address_that_is_not_the_things_own_leads_nowhere(client, people, named, outsider):
    """Olga puts her own centre's id before somebody else's portfolio."""
    client.force_login(outsider)
    own = Centre.objects.visible_to(outsider).get()
    for route in MATRIX:
        of_the_centre = {
            "portfolio",
            "unit",
            "evidence",
            "file",
            "membership",
            "person",
            "action",
            "planned",
            "visit",
            "case",
        }
        if of_the_centre & set(_names_of(route)):
            client_address = address(route, named | {"centre": own.uuid})
            assert client.get(client_address).status_code in {404, 405}, route


def _names_of(route):
    return next(one for name, one in _patterns(get_resolver().url_patterns, "", {}) if name == route)


def test_two_things_of_different_portfolios_in_one_address_lead_nowhere(
    client, people, named, centre, coordinator, candidate, b10
):
    """A piece of one of Pat's portfolios does not claim in a unit of another candidate's, and the reverse."""
    other = registration_create(
        centre=centre, actor=coordinator, candidate=people["other_candidate"], number="", revisions=[b10]
    )
    piece = add_evidence(other, people["other_candidate"])
    claim_in_bulk(other.candidate_units.get(), [piece])
    for person in (candidate, people["assessor"]):
        client.force_login(person)
        for route in ("assessments:claims", "assessments:judge", "assessments:piece_feedback"):
            assert client.get(address(route, named | {"evidence": piece.uuid})).status_code in {403, 404}, route
    # Cora sees both portfolios; the two still do not belong together.
    client.force_login(coordinator)
    assert client.get(address("assessments:claims", named | {"evidence": piece.uuid})).status_code == 404
