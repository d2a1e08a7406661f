"""The pages of appeals, complaints and malpractice: what each person finds, types and is told."""

import re
import uuid

import pytest
from django.urls import reverse

from assessments.models import Judgement, Outcome
from tests.assessments.pages import html_of, signed_in, text_of
from tests.cast import judge_in_bulk
from verification.cases.services import CaseSaid, case_raise
from verification.models import Case, CaseKind, CaseStep

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8  # of the list


def new(centre, kind, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse('verification:case_new', args=[centre.uuid, kind])}?{query}"


def page_of(case):
    return reverse("verification:case", args=[case.centre.uuid, case.uuid])


def form_key(answer):
    [key] = re.findall(r'name="form_key" value="([^"]+)"', html_of(answer))
    return key


def raised(kind, actor, centre, **more):
    said = CaseSaid(kind=kind, words="Nobody answered.", received_on=centre.today, **more)
    return case_raise(centre=centre, actor=actor, form_key=uuid.uuid4(), said=said)


def test_a_candidate_appeals_from_the_page_of_the_unit_and_reads_the_answer(
    claimed_unit, candidate, assessor, coordinator, centre
):
    judge_in_bulk(claimed_unit, assessor, Outcome.PARTLY)
    pat = signed_in(candidate)
    address = new(centre, "appeal", unit=claimed_unit.uuid)
    assert address in html_of(pat.get(reverse("assessments:unit", args=[centre.uuid, claimed_unit.uuid])))
    shown = pat.get(address)
    assert "Met in part" in text_of(shown)
    judgement = Judgement.objects.earliest("pk")
    typed = {"form_key": form_key(shown), "judgement": judgement.uuid, "words": ""}
    assert "Say what happened, in your own words." in text_of(pat.post(address, typed))
    assert not Case.objects.exists()
    answer = pat.post(address, typed | {"words": "It was consistent."}, follow=True)
    assert "Against the judgement of Ann Assessor" in text_of(answer)
    case = Case.objects.get()
    assert (case.judgement, case.handler, case.raised_as) == (judgement, assessor, "candidate")
    ann = signed_in(assessor)
    step = {"do": "reconsidered", "seen": 1, "words": "I was too strict.", "outcome": "upheld"}
    assert "Say what came of it." in text_of(ann.post(page_of(case), step | {"outcome": ""}))
    answer = ann.post(page_of(case), step, follow=True)
    assert "Noted." in text_of(answer)
    assert "judges anew, returns it or reopens it" in text_of(answer)
    assert f'href="{reverse("assessments:unit", args=[centre.uuid, claimed_unit.uuid])}">Go on there' in html_of(answer)
    assert "You pressed the button twice" in text_of(ann.post(page_of(case), step, follow=True))
    assert case.steps.count() == 2
    read = pat.get(page_of(case))
    assert re.search("Reconsidered by the assessor ?: Upheld by Ann Assessor", text_of(read))
    stale = {"do": "withdrawn", "seen": 1, "words": "Never mind."}
    refused = text_of(pat.post(page_of(case), stale))
    assert "somebody took another step meanwhile" in refused
    assert "Never mind." in refused
    pat.post(page_of(case), {"do": "settled", "seen": 2, "words": ""})
    case.refresh_from_db()
    assert case.ended_at


def test_the_coordinator_finds_what_is_open_on_their_home_and_gives_it_to_somebody(
    registration, candidate, coordinator, verifier, centre
):
    raised(CaseKind.COMPLAINT, candidate, centre, registration=registration)
    case = Case.objects.get()
    cora = signed_in(coordinator)
    assert "Appeals, complaints and malpractice: 1 open case" in text_of(cora.get("/"))
    listed = cora.get(reverse("verification:cases", args=[centre.uuid]) + "?state=nobody&find=pat")
    assert page_of(case) in html_of(listed)
    given = {"do": "given", "seen": 1, "words": "", "to": verifier.uuid, "due": ""}
    assert "Choose one of these." in text_of(cora.post(page_of(case), given | {"to": candidate.uuid}))
    assert "from today on, within a year" in text_of(cora.post(page_of(case), given | {"due": "2020-01-01"}))
    cora.post(page_of(case), given)
    case.refresh_from_db()
    assert case.handler == verifier
    file = cora.get(reverse("verification:cases", args=[centre.uuid]) + "?as=csv").content.decode()
    assert "Complaint" in file
    assert "Ivy Verifier" in file
    assert "Nothing here is like that" in text_of(
        cora.get(reverse("verification:cases", args=[centre.uuid]) + "?state=nobody")
    )


def test_who_reports_malpractice_is_told_who_reads_it_and_reads_it_no_more(unit, centre, assessor, candidate):
    ann = signed_in(assessor)
    address = new(centre, "malpractice", portfolio=unit.registration.uuid)
    shown = ann.get(address)
    typed = {
        "form_key": form_key(shown), "words": "Copied.", "about": candidate.uuid, "received_on": str(centre.today)
    }  # fmt: skip
    answer = ann.post(address, typed, follow=True)
    assert "only coordinators and whom they name read it" in text_of(answer)
    case = Case.objects.get()
    assert (case.about, case.registration) == (candidate, unit.registration)
    for person in (assessor, candidate):
        assert signed_in(person).get(page_of(case)).status_code == 404
    assert signed_in(candidate).get(new(centre, "malpractice")).status_code == 403


@pytest.mark.parametrize(("kind", "asked"), [("appeal", {"unit": uuid.uuid4()}), ("rumour", {})])
def test_what_the_address_does_not_name_is_not_there(kind, asked, unit, centre, candidate):
    assert signed_in(candidate).get(new(centre, kind, **asked)).status_code == 404


def test_an_appeal_without_a_unit_leads_to_where_it_is_raised(unit, centre, candidate):
    answer = signed_in(candidate).get(new(centre, "appeal"), follow=True)
    assert "raise it from the page of that unit" in text_of(answer)


def test_a_list_takes_few_queries_however_long(
    registration, candidate, coordinator, centre, django_assert_max_num_queries
):
    cora = signed_in(coordinator)
    page = reverse("verification:cases", args=[centre.uuid])
    for number in (1, 5):
        for _ in range(number):
            raised(CaseKind.COMPLAINT, candidate, centre, registration=registration)
        with django_assert_max_num_queries(MOST_QUERIES):
            assert cora.get(page).status_code == 200
    assert CaseStep.objects.count() == 6


def test_a_visitor_reads_and_takes_no_step(unit, candidate, centre, sampled, eve):
    raised(CaseKind.APPEAL, candidate, centre, unit=unit)
    vera = signed_in(eve)
    shown = vera.get(page_of(Case.objects.get()))
    assert "Note this step" not in text_of(shown)
    assert vera.post(page_of(Case.objects.get()), {"do": "withdrawn", "seen": 1}).status_code == 200
    assert CaseStep.objects.count() == 1
