"""The pages of printing many forms: who is chosen and how many, how far a job is, and the file."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import PrintJob
from assessments.printing_many import services
from assessments.printing_many.packing import packed_path
from assessments.recording_form.drafts import write_whole
from portfolio.models import WaitingWork
from tests.assessments.pages import html_of, signed_in, text_of
from tests.assessments.printing_many.printed import ask, cohort

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "run").mkdir()


@pytest.fixture
def url(centre):
    return reverse("assessments:print_many", args=[centre.uuid])


@pytest.fixture
def three(centre, coordinator, b10, unit):
    """Three more candidates beside Pat."""
    return cohort(centre, coordinator, b10, "Ada", "Ben", "Cid")


def sent(**said):
    return {"key": uuid.uuid4(), "what": "filled", "packing": "pdf"} | said


def whose(job: PrintJob) -> list[str]:
    return [str(part.unit.registration.candidate) for part in job.parts.all() if part.unit]


def test_the_coordinator_is_told_how_many_and_has_all_found_printed(three, coordinator, url):
    client = signed_in(coordinator)
    assert "4 forms of 4 portfolios" in text_of(client.get(url))
    assert "1 form of 1 portfolio" in text_of(client.get(url, {"find": "ben", "unit": "nvq:B10"}))
    led_on = client.post(f"{url}?find=b", sent())["Location"]
    job = PrintJob.objects.get()
    assert led_on == reverse("assessments:print_job", args=[job.centre.uuid, job.uuid])
    assert whose(job) == ["Ben"]
    assert "0 of 1 form" in text_of(client.get(led_on))


def test_who_is_ticked_is_printed_alone_and_the_button_counts_once(three, coordinator, url):
    client, form = signed_in(coordinator), sent(portfolio=[one.registration.uuid for one in three[1:]])
    client.post(url, form)
    client.post(url, form)
    assert whose(PrintJob.objects.get()) == ["Ben", "Cid"]


def test_state_and_assessor_choose_units(three, coordinator, url, assessor):
    client = signed_in(coordinator)
    assert "There is nobody with a unit" in text_of(client.get(url, {"state": "verified"}))
    assert "1 form of 1 portfolio" in text_of(client.get(url, {"assessor": str(assessor.uuid)}))
    assert "3 forms of 3 portfolios" in text_of(client.get(url, {"assessor": "nobody"}))
    assert "There is nobody with a unit" in text_of(client.get(url, {"unit": "no such unit"}))


def test_an_assessor_prints_those_allocated_to_them(three, assessor, url):
    page = text_of(signed_in(assessor).get(url))
    assert "1 form of 1 portfolio" in page


@pytest.mark.parametrize(
    "wrong", [{"key": "x"}, {"packing": "box"}, {"what": ""}, {"portfolio": ["x"]}, {"portfolio": [uuid.uuid4()]}]
)
def test_what_cannot_be_meant_prints_nothing_and_says_so(three, coordinator, url, wrong):
    assert "Nothing is printed" in text_of(signed_in(coordinator).post(url, sent(**wrong)))
    assert not PrintJob.objects.exists()
    assert not WaitingWork.objects.filter(kind="printing").exists()


def test_of_too_many_some_can_be_ticked_and_blanks_are_one_for_each_unit(three, coordinator, url, monkeypatch):
    monkeypatch.setattr(services, "FORMS_AT_MOST", 2)
    client = signed_in(coordinator)
    assert "These are 4 forms, and at most 2 are printed at once." in text_of(client.get(url))
    assert "These are 4 forms" in text_of(client.post(url, sent()))
    assert not PrintJob.objects.exists()
    client.post(url, sent(portfolio=[one.registration.uuid for one in three[:2]]))
    client.post(url, sent(what="blank"))
    ticked, blank = PrintJob.objects.order_by("pk")
    assert whose(ticked) == ["Ada", "Ben"]
    assert [part.revision for part in blank.parts.all()] == [three[0].revision]


def test_many_candidates_take_no_more_queries(three, coordinator, centre, b10, url, django_assert_max_num_queries):
    client = signed_in(coordinator)
    cohort(centre, coordinator, b10, *(f"Candidate{number}" for number in range(5)))
    with django_assert_max_num_queries(20):
        client.get(url)


def test_the_page_of_a_job_says_how_far_it_is_and_who_failed_by_name(three, coordinator):
    job = ask(coordinator, three)
    PrintJob.objects.update(began_at=timezone.now() - timedelta(minutes=5))
    job.parts.filter(number=1).update(state="failed", fault="It could not be printed.")
    page = text_of(signed_in(coordinator).get(reverse("assessments:print_job", args=[job.centre.uuid, job.uuid])))
    assert "1 of 3 forms, about 10 minutes left" in page or "1 of 3 forms, about 11 minutes left" in page
    assert "Ada, B10 Organise the delivery of reliable customer service : It could not be printed." in page


def test_it_is_cancelled_on_its_page(three, coordinator):
    job = ask(coordinator, three)
    page = signed_in(coordinator).post(reverse("assessments:print_job", args=[job.centre.uuid, job.uuid]), follow=True)
    assert "You cancelled it." in text_of(page)
    assert not WaitingWork.objects.filter(kind="printing").exists()


def test_the_file_is_for_who_asked_as_long_as_all_in_it_is_open_to_them(unit, assessor, coordinator):
    job = ask(assessor, [unit])
    address = reverse("assessments:print_file", args=[job.centre.uuid, job.uuid])
    client = signed_in(assessor)
    assert client.get(address).status_code == 404  # not yet
    PrintJob.objects.update(state="done", ended_at=timezone.now())
    job.parts.update(state="done")
    assert "not on the server any more" in text_of(client.get(address, follow=True))
    write_whole(packed_path(job), b"%PDF-1.7")
    answer: Any = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="Recording forms, Harbour College, ')
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert signed_in(coordinator).get(address).status_code == 404
    unit.allocations.filter(user=assessor).update(ended_at=timezone.now())
    assert "not open to you any more" in text_of(client.get(address, follow=True))


def test_the_page_of_what_waits_tells_it_by_person_and_kind_in_the_centre_alone(three, coordinator, outsider):
    ask(coordinator, three)
    WaitingWork.objects.create(
        kind="letter", what="x", person=outsider, centre=outsider.memberships.earliest("pk").centre
    )
    page = html_of(signed_in(coordinator).get(reverse("portfolio:waiting", args=[three[0].registration.centre.uuid])))
    assert page.count("<tr>") == 2
    assert "Printing a form" in page
    assert '<td data-label="Waits">3</td>' in page
