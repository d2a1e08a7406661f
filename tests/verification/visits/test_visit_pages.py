"""The pages of visits: what each person reads on them, and what becomes of what they send."""

import re
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.actions.services import action_accept, action_answer
from assessments.models import Action
from assessments.proof.rows import row_faults
from centres.models import Role
from portfolio.registrations.particulars import ParticularsSaid
from portfolio.registrations.services import registration_create
from portfolio.registrations.unit_choice import unit_set_aside
from tests.assessments.pages import address, html_of, links_of, signed_in, text_of
from tests.cast import join
from tests.notices.post import told
from tests.verification.visits.whole import asked_as_before
from verification.models import Visit, VisitMark, VisitReport
from verification.visits import candidates as candidates_module
from verification.visits.services import action_add, sample_add, unit_mark, visit_end, visit_open

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def at(name, centre, **named):
    return reverse(f"verification:{name}", kwargs={"centre": centre.uuid, **named})


def of(name, visit, **named):
    return at(name, visit.centre, visit=visit.uuid, **named)


def in_words(day):
    return f"{day.day} {day:%B %Y}"


def days(first, last):
    today = timezone.localdate()
    return {"first": (today + first * DAY).isoformat(), "last": (today + last * DAY).isoformat()}


def key_of(page):
    [key] = re.findall(r'name="form_key" value="([^"]+)"', html_of(page))
    return key


# --- The coordinator -------------------------------------------------------------------------------


def test_a_coordinator_opens_a_visit_and_is_told_from_when_until_when(centre, coordinator, eve):
    browser = signed_in(coordinator)
    page = browser.get(at("visit_open", centre))
    sent = {"form_key": key_of(page), "verifier": eve.uuid, **days(0, 6)}
    answer = browser.post(at("visit_open", centre), sent, follow=True)
    assert f"open to Eve Lashley from {in_words(timezone.localdate())} until the end of" in text_of(answer)
    browser.post(at("visit_open", centre), sent)  # pressed twice
    visit = Visit.objects.get()
    assert visit.is_open
    assert visit.until - visit.begins_at in {7 * DAY, 7 * DAY + timedelta(hours=1), 7 * DAY - timedelta(hours=1)}
    assert "Open until the end of" in text_of(browser.get(at("visits", centre)))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"first": "", "last": ""}, "Give a date."),
        ({"first": "soon", "last": "later"}, "Give a date, such as 22/11/2026."),
        (days(3, 2), "The last day is before the first."),
        (days(-3, -2), "This day is over."),
        (days(0, 400), "A visit lasts a year at most."),
        ({**days(0, 2), "verifier": "00000000-0000-0000-0000-000000000000"}, "not one of the available choices"),
    ],
)
def test_a_visit_that_makes_no_sense_is_refused_with_a_sentence(centre, coordinator, eve, sent, said):
    browser = signed_in(coordinator)
    key = key_of(browser.get(at("visit_open", centre)))
    answer = browser.post(at("visit_open", centre), {"form_key": key, "verifier": eve.uuid} | sent)
    assert said in text_of(answer)
    assert not Visit.objects.exists()


def test_without_anybody_to_let_in_the_page_says_whom_to_add(centre, coordinator):
    assert "Nobody has the role of external verifier yet." in text_of(
        signed_in(coordinator).get(at("visit_open", centre))
    )


def test_a_coordinator_extends_ends_and_opens_a_visit_again(visit, sampled, coordinator, unit, eve):
    browser = signed_in(coordinator)
    last = timezone.localdate() + 5 * DAY
    answer = browser.post(of("visit_extend", visit), {"last": last.isoformat()}, follow=True)
    assert f"The visit lasts, until the end of {in_words(last)}." in text_of(answer)
    assert "Nothing is open to Eve Lashley any more." in text_of(browser.post(of("visit_end", visit), follow=True))
    assert signed_in(eve).get(address("unit", unit)).status_code == 404
    answer = browser.post(of("visit_extend", visit), {"last": last.isoformat()}, follow=True)
    assert "The visit had ended and is open again" in text_of(answer)
    assert signed_in(eve).get(address("unit", unit)).status_code == 200


def test_the_report_and_its_actions_are_kept_with_the_visit(visit, coordinator, eve):
    browser = signed_in(coordinator)
    assert "Choose the file with the report." in text_of(browser.post(of("visit_report", visit)))
    report = {"file": SimpleUploadedFile("report.txt", b"All is well.\n")}
    assert "“report.txt” is with the visit." in text_of(browser.post(of("visit_report", visit), report, follow=True))
    file = browser.get(of("visit_report_file", visit, report=VisitReport.objects.get().uuid))
    assert b"".join(file) == b"All is well.\n"
    assert "attachment" in file["Content-Disposition"]

    action = asked_as_before(visit, coordinator)
    done = of("visit_action_done", visit, to_do=action.uuid)
    assert "Say what was done." in text_of(browser.post(done, {"words": ""}))
    assert "Planned for May. Cora Coordinator" in text_of(
        browser.post(done, {"words": "Planned for May."}, follow=True)
    )
    assert "noted this as done on" in text_of(browser.post(done, {"words": "Again."}))
    assert "Planned for May." in text_of(signed_in(eve).get(of("visit", visit)))


def test_what_the_report_asks_for_is_an_action_like_any_other(visit, coordinator, assessor, eve):
    browser, page = signed_in(coordinator), of("visit_action", visit)
    due = timezone.localdate() + DAY
    sent = {"form_key": key_of(browser.get(page)), "words": "More observations.", "due": due.isoformat()}
    for said, sentence in (
        ({}, "Say who is to do it."),
        ({"owner": f"candidate:{assessor.uuid}"}, "Choose somebody of the centre."),
        ({"owner": f"assessor:{assessor.uuid}", "due": "2020-01-01"}, "This day is over."),
    ):
        assert sentence in text_of(browser.post(page, sent | said))
    for _ in range(2):
        browser.post(page, sent | {"owner": f"assessor:{assessor.uuid}"})
    action = Action.objects.get()
    assert (action.owner, action.asker, action.origin, action.due) == (assessor, coordinator, "visit", due)
    assert told(assessor)[-1] == "asked"
    assert "More observations." in text_of(signed_in(assessor).get("/"))
    action_answer(action=action, actor=assessor, words="Two a month.", seen=1)
    assert "More observations." in text_of(signed_in(coordinator).get("/"))
    theirs = text_of(signed_in(eve).get(of("visit", visit)))
    assert "Answered For Ann Assessor" in theirs
    assert "Two a month." in theirs
    action_accept(action=action, actor=coordinator, seen=2)
    assert "Done For Ann Assessor" in text_of(browser.get(of("visit", visit)))
    assert [*row_faults(visit.centre.chain, visit.centre)] == []


# --- The external verifier -------------------------------------------------------------------------


def test_home_says_when_the_visit_is(centre, coordinator, eve):
    home = signed_in(eve)
    assert "No visit is open to you." in text_of(home.get("/"))
    now = timezone.now()
    visit = visit_open(centre=centre, actor=coordinator, verifier=eve, begins_at=now + DAY, until=now + 3 * DAY)
    assert "Your next visit to Harbour College begins on" in text_of(home.get("/"))
    assert "Your visit begins on" in home.get(of("visit", visit)).content.decode()
    visit_end(visit=visit, actor=coordinator)  # before it began
    assert "No visit is open to you." in text_of(home.get("/"))
    assert "Your visit ended" not in home.get(of("visit", visit)).content.decode()
    visit_open(centre=centre, actor=coordinator, verifier=eve, begins_at=now - DAY, until=now + DAY)
    assert "Open until the end of" in text_of(home.get("/"))


def test_the_external_verifier_picks_reads_and_marks(visit, eve, coordinator, unit):
    sample_add(visit=visit, actor=coordinator, units=[unit])
    browser = signed_in(eve)
    page = text_of(browser.get(of("visit", visit)))
    assert "Proposed by the centre 1" in page
    assert "Nothing is in the sample yet." in page
    assert browser.get(address("unit", unit)).status_code == 404

    answer = browser.post(of("visit_candidates", visit), {"units": [str(unit.uuid)]}, follow=True)
    assert "1 unit added to the sample." in text_of(answer)
    for url in (address("unit", unit), address("grid", unit), address("form", unit)):
        assert browser.get(url).status_code == 200

    mark = of("visit_mark", visit, unit=unit.uuid)
    sent = {"form_key": key_of(browser.get(mark)), "note": "Sound."}
    for _ in range(2):
        page = text_of(browser.post(mark, sent, follow=True))
    assert "1 of 1 looked at" in page
    assert VisitMark.objects.count() == 1
    assert "Sound." in text_of(signed_in(coordinator).get(of("visit", visit)))


def test_nothing_ticked_is_said(visit, eve):
    browser = signed_in(eve)
    for sent in ({}, {"units": ["rubbish"]}, {"units": ["00000000-0000-0000-0000-000000000000"]}):
        assert "Tick at least one unit." in text_of(browser.post(of("visit_candidates", visit), sent))


def test_a_visit_that_ends_while_a_page_is_open_answers_with_a_sentence(visit, sampled, eve, coordinator, unit):
    browser = signed_in(eve)
    sent = {"form_key": key_of(browser.get(of("visit_mark", visit, unit=unit.uuid))), "note": "Sound."}
    visit_end(visit=visit, actor=coordinator)
    said = f"Your visit ended on {in_words(timezone.localdate())}."
    for answer in (
        browser.post(of("visit_mark", visit, unit=unit.uuid), sent),
        browser.get(of("visit", visit)),
        browser.get(of("visit_candidates", visit)),
        browser.get(address("unit", unit)),
        browser.get(address("form", unit)),
    ):
        assert answer.status_code == 404
        assert said in answer.content.decode()
        assert "Pat Candidate" not in answer.content.decode()
    assert not VisitMark.objects.exists()
    # Whoever is no external verifier reads what they always read.
    assert said not in signed_in(coordinator).get(address("unit", unit) + "x/").content.decode()


def test_the_page_of_a_sampled_unit_leads_who_visits_to_their_mark(visit, sampled, eve, coordinator, unit):
    mark, page = of("visit_mark", visit, unit=unit.uuid), address("unit", unit)
    assert (mark, "Mark as looked at") in links_of(signed_in(eve).get(page))
    unit_mark(sample=sampled, actor=eve, note="")
    marked = signed_in(eve).get(page)
    assert (mark, "Mark again") in links_of(marked)
    assert f"You marked this unit as looked at: E. L., {in_words(timezone.localdate())}." in text_of(marked)
    assert mark not in dict(links_of(signed_in(coordinator).get(page)))


def test_the_print_has_the_sample_the_marks_and_the_dates(visit, sampled, eve, coordinator):
    unit_mark(sample=sampled, actor=eve, note="Sound.")
    owner = {"owner": coordinator, "owned_as": Role.COORDINATOR}
    action_add(visit=visit, actor=coordinator, words="More observations.", due=timezone.localdate(), **owner)
    answer = signed_in(eve).get(of("visit_print", visit))
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
    for words in (
        "Eve Lashley",
        "Pat Candidate",
        "Ann Assessor",
        "Ivy Verifier",
        "E. L.",
        "Sound.",
        "More observations.",
    ):
        assert words in " ".join(text.split()), words


# --- The list of candidates ------------------------------------------------------------------------


@pytest.fixture
def _three_on_a_page(monkeypatch):
    monkeypatch.setattr(candidates_module, "UNITS_ON_A_PAGE", 3)


@pytest.fixture
def several(centre, coordinator, b10, unit):
    """Pat, and four more candidates, two of one name."""
    for number, name in enumerate(("Ada", "Bea", "Bea", "Zoe")):
        person = join(centre, coordinator, name, f"{name}{number}@harbour.example", Role.CANDIDATE)
        where = ParticularsSaid(site=f"Quay {number}", cohort="Spring")
        about = {"centre": centre, "actor": coordinator, "candidate": person, "number": f"N-{number}"}
        registration_create(**about, revisions=[b10], particulars=where)


def named_on(page):
    return re.findall(r'<th scope="row"[^>]*>\s*(\w+)', html_of(page))


@pytest.mark.usefixtures("_three_on_a_page", "several")
def test_the_list_goes_on_behind_the_last_unit_whoever_is_registered_meanwhile(visit, eve, centre, coordinator, b10):
    browser = signed_in(eve)
    first = browser.get(of("visit_candidates", visit))
    assert named_on(first) == ["Ada", "Bea", "Bea"]
    late = join(centre, coordinator, "Abe", "abe@harbour.example", Role.CANDIDATE)
    registration_create(centre=centre, actor=coordinator, candidate=late, number="", revisions=[b10])
    [onward] = re.findall(r'href="(\?after=[^"]+)"', html_of(first))
    second = browser.get(of("visit_candidates", visit) + onward)
    assert named_on(second) == ["Pat", "Zoe"]
    assert "Next units" not in text_of(second)
    assert named_on(browser.get(of("visit_candidates", visit) + "?after=nonsense")) == ["Abe", "Ada", "Bea"]


@pytest.mark.long
def test_who_visits_reads_the_board_and_the_figures_and_opens_what_they_sampled(
    visit, sampled, eve, centre, coordinator, b10
):
    otto = join(centre, coordinator, "Otto", "otto@harbour.example", Role.CANDIDATE)
    registration_create(centre=centre, actor=coordinator, candidate=otto, number="", revisions=[b10])
    browser = signed_in(eve)
    board = browser.get(at("board", centre))
    assert "Otto" in text_of(board)
    links = re.findall(r'href="([^"]+/(?:portfolios|units)/[^"]+)"', html_of(board))
    assert len(links) == 2  # Pat's portfolio and its unit, and nothing of Otto's
    for page in (*links, at("figures", centre)):
        assert browser.get(page).status_code == 200
    visit_end(visit=visit, actor=coordinator)
    assert browser.get(at("board", centre)).status_code == 403


def test_nonsense_in_an_address_or_a_form_gets_an_answer(visit, sampled, eve):
    browser = signed_in(eve)
    for said in ("", "x", "\0", "9" * 30, "%", "a" * 5000):
        for name, named in (("visit_candidates", {}), ("visit_mark", {"unit": sampled.candidate_unit.uuid})):
            page = of(name, visit, **named)
            assert browser.get(page, {"find": said, "after": said}).status_code == 200
            assert browser.post(page, {"units": said, "note": said, "form_key": said}).status_code in {200, 302}


@pytest.mark.usefixtures("_three_on_a_page", "several")
def test_who_is_registered_without_a_unit_is_named_on_the_last_page(visit, eve, centre, coordinator, b10):
    otto = join(centre, coordinator, "Otto", "otto@harbour.example", Role.CANDIDATE)
    empty = registration_create(centre=centre, actor=coordinator, candidate=otto, number="N-9", revisions=[b10])
    unit_set_aside(unit=empty.candidate_units.get(), actor=coordinator)
    browser, page = signed_in(eve), of("visit_candidates", visit)
    first = browser.get(page)
    assert "Registered without a unit" not in text_of(first)
    [onward] = re.findall(r'href="(\?after=[^"]+)"', html_of(first))
    for shown in (browser.get(page + onward), browser.get(page, {"find": "otto n-9"})):
        [one] = shown.context["without"]
        assert (one.candidate, one.number) == ("Otto", "N-9")
        assert "Registered without a unit" in text_of(shown)
    assert not browser.get(page, {"find": "zoe"}).context["without"]


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("zoe", ["Zoe"]),
        ("n-1", ["Bea"]),
        ("ann b10", ["Pat"]),
        ("ivy", ["Pat"]),
        ("quay 3", ["Zoe"]),
        ("nobody", []),
        ("%", []),
    ],
)
def test_the_list_is_searched_by_who_what_and_whose_work_it_is(visit, eve, words, found):
    assert named_on(signed_in(eve).get(of("visit_candidates", visit), {"find": words})) == found


@pytest.mark.usefixtures("several")
def test_the_pages_ask_few_questions_however_many_there_are(
    visit, sampled, eve, coordinator, django_assert_max_num_queries
):
    for person in (eve, coordinator):
        browser = signed_in(person)
        for url in (
            of("visit_candidates", visit),
            of("visit_candidates", visit) + "?find=b10",
            of("visit", visit),
            "/",
        ):
            browser.get(url)
            with django_assert_max_num_queries(15):
                browser.get(url)
