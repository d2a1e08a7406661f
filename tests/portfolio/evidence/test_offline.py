"""The page that a browser keeps for when there is no connection, and what the page of the site tells it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from portfolio.files.arriving import arriving_begin, arriving_path
from portfolio.files.services import text_stage
from portfolio.models import Evidence
from tests.cast import add_evidence

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def address(name, registration):
    return reverse(f"portfolio:{name}", args=[registration.centre.uuid, registration.uuid])


@pytest.mark.parametrize("who", ["candidate", "assessor"])
def test_the_page_that_is_kept_names_nobody_and_holds_nothing_of_theirs(client, unit, candidate, who, request):
    person = request.getfixturevalue(who)
    text_stage(registration=unit.registration, user=person, text="Only for me.")
    client.force_login(person)
    page = client.get(address("evidence_add_offline", unit.registration)).content.decode()

    for name in (person.name, candidate.name, unit.registration.centre.name, "Written here.txt", "Sign out"):
        assert name not in page
    assert f'data-person="{person.uuid}"' in page


def test_the_page_says_which_forms_are_saved_and_which_files_are_not_whole(client, unit, candidate, assessor):
    registration = unit.registration
    piece, others = add_evidence(registration, candidate), add_evidence(registration, assessor)
    for name, who, here in (("mine.mov", candidate, 3), ("gone.mov", candidate, None), ("theirs.mov", assessor, 1)):
        file = arriving_begin(registration=registration, user=who, name=name, size=10)
        if here is None:
            arriving_path(file).unlink()
        else:
            arriving_path(file).write_bytes(b"a" * here)
    client.force_login(candidate)
    page = client.get(address("evidence_add", registration)).content.decode().replace("\xa0", " ")

    assert f'data-saved="{piece.form_key}"' in page
    assert str(others.form_key) not in page
    assert "3 bytes of 10 bytes here." in page
    assert "gone.mov" not in page
    assert "theirs.mov" not in page


def test_a_form_that_comes_again_from_the_device_saves_one_piece(client, unit, candidate):
    said = {
        "form_key": str(uuid4()),
        "title": "A call",
        "kind": "case_history",
        "setting": "real_job",
        "happened_from": "2026-03-02",
        "written": "I rang them.",
    }
    client.force_login(candidate)
    first, second = (client.post(address("evidence_add", unit.registration), said) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Evidence.objects.count() == 1


def test_anybody_s_browser_has_the_worker_and_asks_for_it_again(client):
    answer = client.get(reverse("capture_worker"))
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert answer.wsgi_request.path.count("/") == 1  # a worker serves what lies below it
