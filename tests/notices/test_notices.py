"""Who is told of what, and how it reaches them: in the site, and by letters that are tried until they go."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.actions.services import ActionWanted, action_ask, action_hand_over, action_refuse, action_withdraw
from assessments.models import Action, Binding, SheetKind
from assessments.plans.services import sheet_answer
from assessments.signing.services import sign_off_confirm
from assessments.steps_back.services import unit_reopen, unit_take_back
from centres.models import Role
from centres.services.people import role_end
from notices.models import How, Letter, Notice, NoticeChoice, NoticeKind
from notices.services import Told, last_morning, letters_make, notice_choice_set, notices_write
from notices.telling import about_unit
from portfolio.models import Capacity
from portfolio.registrations.services import allocate
from tests.assessments.observations.records import said_of, sign
from tests.assessments.pages import html_of, signed_in, text_of
from tests.assessments.plans.sheets import line_of
from tests.assessments.plans.sheets import sign as sign_sheet
from tests.assessments.steps import answer_all, give_back, open_version
from tests.cast import (
    PASSWORD,
    disqualify,
    join,
    make_assessed,
    make_submitted,
    make_verified,
    qualify,
    seen,
    with_password,
)
from tests.notices.post import deliver, told
from tests.portfolio.testimony.asked import ask, give
from tests.verification.sampling.whole import sampled
from tests.verification.visits.whole import visited
from verification.visits.services import visit_extend

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def _nobody_knows_yet(unit):
    Notice.objects.all().delete()


def test_each_is_told_of_what_the_others_did_from_the_submission_to_the_reopening(
    judged_unit, candidate, assessor, verifier
):
    Notice.objects.all().delete()
    unit = judged_unit
    make_assessed(unit, assessor)
    make_verified(unit, verifier)
    unit_reopen(unit=unit, actor=verifier, reason="A date is wrong.", stamp=open_version(unit).stamp)

    assert told(candidate) == ["signed_off", "countersigned", "reopened"]
    assert told(verifier) == ["to_verify"]
    assert told(assessor) == ["countersigned", "reopened"]


def test_a_return_reaches_whom_the_unit_goes_back_to(judged_unit, candidate, assessor, verifier):
    make_assessed(judged_unit, assessor)
    Notice.objects.all().delete()
    give_back(judged_unit, verifier)
    assert (told(assessor), told(candidate)) == (["returned"], [])
    give_back(judged_unit, assessor)
    assert told(candidate) == ["returned"]


def test_a_confirmation_is_asked_of_who_can_give_it_and_told_before_the_verifier_is(
    judged_unit, centre, coordinator, assessor, verifier
):
    unit, mentor = judged_unit, join(centre, coordinator, "Mo Mentor", "mo@harbour.example", Role.ASSESSOR)
    allocate(unit=unit, actor=coordinator, user=mentor, capacity=Capacity.ASSESSOR, leads=False)
    disqualify(coordinator, assessor)
    Notice.objects.all().delete()
    make_assessed(unit, assessor)
    assert (told(mentor), told(verifier)) == (["to_confirm"], [])
    qualify(centre, coordinator, mentor, Role.ASSESSOR)
    sign_off_confirm(unit=unit, actor=mentor, password=PASSWORD, seen=seen(unit))
    assert (told(assessor), told(verifier)) == (["confirmed"], ["to_verify"])


@pytest.mark.usefixtures("_nobody_knows_yet")
def test_what_is_taken_back_is_told_to_the_assessor(claimed_unit, candidate, assessor):
    make_submitted(claimed_unit, candidate)
    unit_take_back(unit=claimed_unit, actor=candidate, stamp=open_version(claimed_unit).stamp)
    assert told(assessor) == ["submitted", "taken_back"]


def want(unit, verifier, assessor, **said):
    return action_ask(
        actor=verifier,
        asked_as=Role.INTERNAL_VERIFIER,
        owner=assessor,
        owned_as=Role.ASSESSOR,
        unit=unit,
        wanted=ActionWanted(text="See her on a Saturday.", **said),
    )


def test_what_somebody_is_asked_is_told_and_so_is_the_answer(unit, assessor, verifier):
    Notice.objects.all().delete()
    action = want(unit, verifier, assessor, binding=Binding.ADVICE)
    answer_all(unit)
    assert (told(assessor), told(verifier)) == (["asked"], ["answered"])
    action_refuse(action=action, actor=verifier, words="On a Saturday, please.", seen=2)
    assert told(assessor) == ["asked", "refused"]
    action_withdraw(action=action, actor=verifier, seen=3)
    assert not Notice.objects.unseen().filter(person=assessor).exists()
    asked = Notice.objects.get(kind="asked")
    assert asked.path == f"/c/{unit.registration.centre.uuid}/actions/{action.uuid}/"
    assert asked.seen_at  # it is answered
    Notice.objects.update(seen_at=None)
    assert "Ivy Verifier asked you for something in B10 of Pat Candidate" in text_of(signed_in(assessor).get("/"))


@pytest.mark.long
def test_a_record_a_testimony_a_sampling_and_a_visit_are_told(judged_unit, candidate, coordinator, assessor, verifier):
    Notice.objects.all().delete()
    part = sign(assessor, said_of(judged_unit)).parts.get()
    give(ask(judged_unit.registration, assessor))
    sampled(judged_unit, verifier)
    visit = visited(judged_unit, coordinator)
    visit_extend(visit=visit, actor=coordinator, until=visit.until + datetime.timedelta(days=7))

    assert told(candidate) == ["recorded", "testimony"]
    assert told(assessor) == ["testimony", "sampled"]
    assert told(visit.verifier) == ["visit", "extended"]
    recorded = Notice.objects.get(kind="recorded")
    assert (recorded.about, recorded.by) == (f"evidence {part.evidence.number}", assessor)
    for notice in Notice.objects.select_related("person"):
        browser = signed_in(notice.person)
        page = browser.get(f"/notices/{notice.uuid}/", follow=True)
        assert page.status_code == 200
        assert page.redirect_chain[0][0] == notice.path


def test_who_is_handed_an_action_is_told_even_where_a_return_asked_it(
    assessed_unit, centre, coordinator, assessor, verifier
):
    bob = join(centre, coordinator, "Bob", "bob@harbour.example", Role.ASSESSOR)
    give_back(assessed_unit, verifier)
    role_end(membership=assessor.memberships.get(), actor=coordinator)
    allocate(unit=assessed_unit, actor=coordinator, user=bob, capacity=Capacity.ASSESSOR)
    action_hand_over(action=Action.objects.get(), actor=coordinator, to=bob, seen=1)
    assert told(bob) == ["allocated", "asked"]


def test_a_review_is_told_to_its_candidate_by_what_it_asks_of_them_or_by_itself(unit, assessor, candidate):
    Notice.objects.all().delete()
    words = {"method": "", "covers": (), "place": "", "bring": "", "text": "Ask Mia for a statement."}
    sign_sheet(assessor, unit, kind=SheetKind.REVIEW, lines=[line_of(unit, **words)])
    assert told(candidate) == ["asked"]
    review = sign_sheet(assessor, unit, kind=SheetKind.REVIEW, lines=[line_of(unit, **words, by=Role.ASSESSOR)])
    assert told(candidate) == ["asked", "sheet"]
    assert "Ann Assessor signed review 2. Say whether you agree" in text_of(signed_in(candidate).get("/"))
    sheet_answer(sheet=review, actor=candidate, agrees=True)
    assert not Notice.objects.unseen().filter(kind="sheet").exists()


def test_an_allocation_is_told_to_whom_it_was_given(unit, assessor, verifier, candidate):
    assert (told(assessor), told(verifier), told(candidate)) == (["allocated"], ["allocated"], [])


def test_home_says_what_is_new_until_it_is_put_away(submitted_unit, assessor):
    browser = signed_in(assessor)
    page = browser.get("/")
    assert "Pat Candidate submitted B10 of Pat Candidate" in text_of(page)
    until = Notice.objects.filter(person=assessor).latest("pk").made_at

    later = Notice.objects.create(
        person=assessor, centre=submitted_unit.registration.centre, kind="reopened", about="B10", path="/"
    )
    browser.post("/notices/seen/", {"until": until.isoformat()})

    assert [*Notice.objects.unseen().filter(person=assessor)] == [later]  # it came after the page was shown
    assert "submitted B10" not in text_of(browser.get("/"))
    assert "submitted B10" in text_of(browser.get("/notices/"))


def test_a_link_leads_to_its_page_after_the_sign_in(submitted_unit, assessor):
    with_password(assessor)
    notice = Notice.objects.get(person=assessor, kind="submitted")
    browser, link = Client(), f"/notices/{notice.uuid}/"
    asked_to_sign_in = browser.get(link)["Location"]
    page = browser.post(asked_to_sign_in, {"login": assessor.email, "password": PASSWORD}, follow=True)
    assert [url for url, _ in page.redirect_chain] == [link, notice.path]


def test_a_link_leads_to_the_unit_only_whom_it_is_for_and_while_it_is_open_to_them(submitted_unit, assessor, verifier):
    notice = Notice.objects.get(person=assessor, kind="submitted")
    unit_page = f"/c/{submitted_unit.registration.centre.uuid}/units/{submitted_unit.uuid}/"
    assert signed_in(assessor).get(f"/notices/{notice.uuid}/")["Location"] == unit_page
    assert signed_in(verifier).get(f"/notices/{notice.uuid}/").status_code == 404

    assessor.memberships.update(ended_at=timezone.now())
    page = signed_in(assessor).get(f"/notices/{notice.uuid}/", follow=True)
    assert "not open to you any more" in text_of(page)


@pytest.mark.usefixtures("_nobody_knows_yet")
def test_what_happens_meanwhile_goes_in_one_letter_that_names_nobody(claimed_unit, candidate, assessor):
    make_submitted(claimed_unit, candidate)
    unit_take_back(unit=claimed_unit, actor=candidate, stamp=open_version(claimed_unit).stamp)
    deliver()
    deliver()

    (letter,) = mail.outbox
    assert letter.to == [assessor.email]
    assert letter.subject == "2 things for you in Countersign"
    assert "B10 was submitted to you." in letter.body
    assert str(Notice.objects.get(kind="taken_back").uuid) in letter.body
    assert "Pat" not in letter.body


@pytest.mark.usefixtures("_nobody_knows_yet")
def test_each_chooses_how_it_comes(claimed_unit, candidate, assessor):
    browser = signed_in(assessor)
    assert "By e-mail at once" in html_of(browser.get("/notices/"))
    browser.post("/notices/how/", {"how": "site_only"})
    make_submitted(claimed_unit, candidate)
    deliver()
    assert mail.outbox == []

    assert "Nothing was changed" in text_of(browser.post("/notices/how/", {"how": "pigeon"}, follow=True))
    assert NoticeChoice.objects.get(person=assessor).how == "site_only"

    browser.post("/notices/how/", {"how": "daily"})
    made = Notice.objects.get(person=assessor).made_at
    morning = last_morning(made, "Europe/London") + datetime.timedelta(days=1)
    assert letters_make(morning - datetime.timedelta(minutes=1)) == 0
    assert letters_make(morning + datetime.timedelta(minutes=1)) == 1


def test_the_morning_is_that_of_the_centre():
    now = datetime.datetime(2026, 7, 1, 6, 30, tzinfo=ZoneInfo("UTC"))  # 7:30 in London, 1:30 in Belize
    assert last_morning(now, "Europe/London") == datetime.datetime(2026, 7, 1, 6, tzinfo=ZoneInfo("UTC"))
    assert last_morning(now, "America/Belize") == datetime.datetime(2026, 6, 30, 13, tzinfo=ZoneInfo("UTC"))


@pytest.mark.usefixtures("_nobody_knows_yet")
def test_nobody_gets_letters_of_the_demo_nor_of_what_is_old(submitted_unit, assessor):
    centre = submitted_unit.registration.centre
    old = timezone.now() - datetime.timedelta(days=3)
    Notice.objects.create(person=assessor, centre=centre, kind="reopened", about="B10", path="/", made_at=old)
    letters_make()
    assert old not in {notice.made_at for notice in Notice.objects.filter(letter__isnull=False)}
    centre.is_demo = True
    centre.save()
    Notice.objects.update(letter=None)
    assert letters_make() == 0


def test_whoever_has_not_come_in_yet_has_their_invitation_and_gets_no_letter(submitted_unit, assessor):
    assessor.set_unusable_password()
    assessor.save()
    letters_make()
    assert not Letter.objects.filter(person=assessor).exists()
    with_password(assessor)
    letters_make()
    assert Letter.objects.filter(person=assessor).exists()


@pytest.mark.parametrize("how", How.values[:2])
def test_as_many_queries_for_one_letter_as_for_many(submitted_unit, centre, coordinator, how):
    def queries(number):
        Notice.objects.all().delete()
        people = [
            join(centre, coordinator, f"A {n}", f"a{n}-{number}@harbour.example", Role.ASSESSOR) for n in range(number)
        ]
        notices_write(
            Told(kind=NoticeKind.REOPENED, person=person, by=None, about=about_unit(submitted_unit))
            for person in people
        )
        for person in people:
            notice_choice_set(person=person, how=how)
        tomorrow = timezone.now() + datetime.timedelta(days=1)
        with CaptureQueriesContext(connection) as asked:
            assert letters_make(tomorrow) == number
        return len(asked)

    assert queries(1) == queries(12)
