"""A file goes from the moment it is chosen, while the form is filled in; what breaks it off loses nothing."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from portfolio.files import arriving, arriving_views
from portfolio.models import ArrivingFile, EvidenceFile, StagedFile
from tests.portfolio.files.arrivals import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.long]

PIECE = 8 * 1024 * 1024  # bytes: what static/js/arriving/sending.js sends at once


@pytest.fixture
def film(tmp_path):
    """A text of three pieces: no film would be quicker."""
    path = tmp_path / "Talk & film.txt"
    path.write_bytes(b"All that was said.\n" * (PIECE * 5 // 2 // 19))
    return path


def opened(context, registration):
    page = context.new_page()
    where = {"centre": registration.centre.uuid, "portfolio": registration.uuid}
    page.goto(reverse("portfolio:evidence_add", kwargs=where))
    return page


def fill_in(page):
    page.get_by_label("Description of evidence").fill("What was said on a Monday")
    page.get_by_label("What kind of evidence").select_option("personal_statement")
    page.get_by_label("Where does it come from?").select_option("real_job")
    page.get_by_label("When did it happen?").fill("2026-03-02")


def test_files_are_there_before_the_form_is_sent_and_are_saved_with_it(context_of, registration, candidate, tmp_path):
    letters = [tmp_path / f"letter {number}.pdf" for number in (1, 2, 3)]
    for number, letter in enumerate(letters):
        letter.write_bytes(pdf(f"Letter {number}"))
    empty = tmp_path / "empty.pdf"
    empty.touch()
    page = opened(context_of(candidate), registration)
    page.get_by_label("Files", exact=True).set_input_files([*letters, empty])

    lines = page.get_by_label("Files that you have chosen").get_by_role("listitem")
    expect(lines.filter(has_text="is here")).to_have_count(3)
    expect(lines.filter(has_text="empty.pdf")).to_contain_text("It is empty.")
    assert StagedFile.objects.count() == 3
    lines.filter(has_text="letter 2.pdf").get_by_role("button", name="Remove").click()
    lines.filter(has_text="empty.pdf").get_by_role("button", name="Cancel").click()
    fill_in(page)
    page.get_by_role("button", name="Save evidence").click()

    expect(page.get_by_text("Evidence 1 is saved.")).to_be_visible()
    assert [*EvidenceFile.objects.order_by("position").values_list("name", flat=True)] == [
        "letter 1.pdf",
        "letter 3.pdf",
    ]


def test_the_form_waits_for_a_file_that_is_still_on_its_way(context_of, registration, candidate, film):
    page = opened(context_of(candidate), registration)
    page.get_by_label("Files", exact=True).set_input_files(film)
    page.get_by_role("button", name="Pause").click()
    fill_in(page)
    page.get_by_role("button", name="Save evidence").click()
    expect(page.get_by_text("A file is still on the way. It is saved by itself when it is here.")).to_be_visible()

    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_text("Evidence 1 is saved.")).to_be_visible()
    assert EvidenceFile.objects.get().stored_file.size == film.stat().st_size


def test_a_closed_tab_goes_on_where_it_was_when_the_same_file_is_chosen_again(
    context_of, registration, candidate, film, monkeypatch
):
    context = context_of(candidate)
    page = opened(context, registration)
    offsets = []
    receive = arriving.arriving_receive

    def noted(*, offset, **rest):
        offsets.append(offset)
        if offset and len(offsets) == 2:
            page_is_closed.append(True)
            raise FileExistsError("the second piece never comes in")
        return receive(offset=offset, **rest)

    page_is_closed: list[bool] = []
    monkeypatch.setattr(arriving_views, "arriving_receive", noted)
    page.get_by_label("Files", exact=True).set_input_files(film)
    expect(page.get_by_text(re.compile("No connection|of 20"))).to_be_visible()
    while not page_is_closed:
        page.wait_for_timeout(50)
    page.close(run_before_unload=False)

    page = opened(context, registration)
    page.get_by_label("Files", exact=True).set_input_files(film)
    expect(page.get_by_text("is here")).to_be_visible()

    assert offsets[0] == 0
    assert all(offset >= PIECE for offset in offsets[1:])
    assert ArrivingFile.objects.count() == 1


def test_without_a_connection_it_waits_and_goes_on_by_itself(context_of, registration, candidate, film):
    context = context_of(candidate)
    page = opened(context, registration)
    context.set_offline(True)
    page.get_by_label("Files", exact=True).set_input_files(film)
    expect(page.get_by_text("It is kept on this device. It goes on by itself, where it was.")).to_be_visible()

    context.set_offline(False)

    expect(page.get_by_text("is here")).to_be_visible()


def test_another_person_at_the_same_browser_goes_on_with_nothing_of_theirs(
    context_of, registration, unit, candidate, assessor, film
):
    context = context_of(candidate)
    page = opened(context, registration)
    page.get_by_label("Files", exact=True).set_input_files(film)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused")).to_be_visible()
    kept = page.evaluate("JSON.stringify(localStorage)")

    other = context_of(assessor)
    page = opened(other, registration)
    page.evaluate("kept => Object.entries(JSON.parse(kept)).forEach(([key, value]) => localStorage[key] = value)", kept)
    page.get_by_label("Files", exact=True).set_input_files(film)
    expect(page.get_by_text("is here")).to_be_visible()

    assert [*StagedFile.objects.values_list("user", flat=True)] == [assessor.pk]


def test_signed_out_in_another_tab_it_says_so_and_goes_on_after_signing_in(context_of, registration, candidate, film):
    context = context_of(candidate)
    page = opened(context, registration)
    cookies = context.cookies()
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_label("Files", exact=True).set_input_files(film)
    expect(page.get_by_text("You were signed out. Sign in again in another tab")).to_be_visible()

    context.add_cookies(
        [one | ({"value": "b" * 32} if one["name"] == settings.CSRF_COOKIE_NAME else {}) for one in cookies]
    )
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("is here")).to_be_visible()
