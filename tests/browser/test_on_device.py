"""What is chosen and typed is kept on the device until the site has it: after a reload, and without a connection."""

import pytest
from django.urls import reverse
from playwright.sync_api import Error, expect

from portfolio.files import arriving, arriving_views
from portfolio.models import ArrivingFile, EvidenceFile, EvidenceVersion, StagedFile

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

LOG = {"name": "log.txt", "mimeType": "text/plain", "buffer": b"What was said on Saturday.\n" * 100}
PIECE = 8 * 1024 * 1024  # bytes: what static/js/arriving/sending.js sends at once
IS_KEPT = "await navigator.serviceWorker.ready && await caches.match(location.pathname)"


def address(registration):
    where = {"centre": registration.centre.uuid, "portfolio": registration.uuid}
    return reverse("portfolio:evidence_add", kwargs=where)


def opened(context, registration):
    page = context.new_page()
    page.goto(address(registration))
    return page


def until(page, condition):
    """Wait until a script finds this to be so."""
    wait = "await new Promise(done => setTimeout(done, 50))"
    page.evaluate(f"async () => {{ for (let i = 0; i < 400; i++) {{ if ({condition}) return; {wait}; }} throw 0; }}")


@pytest.fixture
def context(context_of, candidate):
    return context_of(candidate)


@pytest.fixture
def page(context, registration):
    """The page, opened once with a connection, and then again without one."""
    page = opened(context, registration)
    until(page, IS_KEPT)
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("There is no connection. What you add here is kept")).to_be_visible()
    return page


def choose(page, file=LOG):
    page.get_by_label("Files", exact=True).set_input_files(file)


def fill_in(page, title="What was said on a Saturday"):
    page.get_by_label("Description of evidence").fill(title)
    page.get_by_label("What kind of evidence").select_option("personal_statement")
    page.get_by_label("Where does it come from?").select_option("real_job")
    page.get_by_label("When did it happen?").fill("2026-03-02")


def save(page):
    page.get_by_role("button", name="Save evidence").click()


def lines(page):
    return page.get_by_label("Files that you have chosen").get_by_role("listitem")


def test_what_is_made_without_a_connection_is_saved_when_there_is_one(page, context, candidate):
    assert candidate.name not in page.content()
    choose(page)
    fill_in(page)
    page.get_by_text("Write it here").click()
    page.get_by_label("What you write").fill("I rang them.")
    expect(lines(page)).to_contain_text("It is kept on this device.")

    page.reload()
    expect(page.get_by_text("is back. It is not saved yet.")).to_be_visible()
    expect(page.get_by_label("Description of evidence")).to_have_value("What was said on a Saturday")
    expect(page.get_by_label("What you write")).to_have_value("I rang them.")
    expect(lines(page)).to_contain_text("It is kept on this device.")
    assert not ArrivingFile.objects.exists()

    context.set_offline(False)
    expect(lines(page)).to_contain_text("is here")
    save(page)
    expect(page.get_by_text("Evidence 1 is saved.")).to_be_visible()
    assert {*EvidenceFile.objects.values_list("name", flat=True)} == {"log.txt", "Written here.txt"}
    assert EvidenceVersion.objects.get().title == "What was said on a Saturday"

    page.go_back()
    page.goto(page.url)
    expect(page.get_by_label("Description of evidence")).to_have_value("")
    expect(page.locator(".on-device")).to_have_count(0)


def test_a_pressed_button_is_remembered_until_there_is_a_connection(page, context):
    fill_in(page)
    choose(page)
    save(page)
    expect(page.get_by_text("It is saved by itself when there is a connection")).to_be_visible()

    context.set_offline(False)
    expect(page.get_by_text("Evidence 1 is saved.")).to_be_visible()
    assert EvidenceFile.objects.get().name == "log.txt"


def test_several_pieces_are_kept_each_by_itself(page, context, registration):
    fill_in(page, "The first")
    save(page)
    page.get_by_role("button", name="Add another").click()
    expect(page.get_by_text("Kept on this device, and not saved yet: 1")).to_be_visible()
    fill_in(page, "The second")
    page.reload()
    expect(page.get_by_label("Description of evidence")).to_have_value("The second")

    context.set_offline(False)
    page.goto(address(registration))
    expect(page.get_by_label("Description of evidence")).to_have_value("The second")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_label("Description of evidence")).to_have_value("The first")
    page.get_by_role("button", name="Throw it away").first.click()
    expect(page.get_by_text("not saved yet: 1")).to_be_visible()
    expect(page.get_by_label("Description of evidence")).to_have_value("")


def test_what_one_keeps_another_on_the_device_neither_sees_nor_sends(
    page, context, context_of, registration, unit, assessor, candidate
):
    choose(page)
    fill_in(page)
    expect(lines(page)).to_contain_text("It is kept on this device.")
    own = context.cookies()

    context.clear_cookies()
    context.add_cookies(context_of(assessor).cookies())
    context.set_offline(False)
    expect(page.get_by_text("You were signed out.")).to_be_visible()
    page.goto(address(registration))
    expect(page.get_by_label("Description of evidence")).to_have_value("")
    expect(page.get_by_text("log.txt")).to_have_count(0)
    until(page, "(await caches.keys()).length === 1")  # the candidate's page is gone
    assert not ArrivingFile.objects.exclude(user=candidate).exists()

    context.clear_cookies()
    context.add_cookies(own)
    page.goto(address(registration))
    expect(page.get_by_label("Description of evidence")).to_have_value("What was said on a Saturday")
    expect(lines(page)).to_contain_text("is here")
    assert StagedFile.objects.get().user == candidate


def test_a_new_version_of_the_site_takes_the_place_of_the_old_page(context, registration):
    page = opened(context, registration)
    until(page, IS_KEPT)
    page.evaluate("""async () => {
      const cache = await caches.open((await caches.keys())[0]);
      await cache.put("/static/js/old.js", new Response(""));
      await cache.put(location.pathname, new Response("The old page", { headers: { Date: new Date().toUTCString() } }));
    }""")
    page.reload()

    until(page, "(await (await caches.match(location.pathname)).text()).includes('data-offline')")
    until(page, "!(await caches.match('/static/js/old.js'))")


def test_no_other_page_opens_without_a_connection(page):
    with pytest.raises(Error, match="ERR_"):
        page.goto("/")


def test_signed_out_the_page_opens_no_more_without_a_connection(context, registration):
    page = opened(context, registration)
    until(page, IS_KEPT)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    until(page, "(await caches.keys()).length === 0")

    context.set_offline(True)
    with pytest.raises(Error, match="ERR_"):
        page.goto(address(registration))


def test_a_session_that_has_ended_loses_nothing(page, context, registration, candidate, context_of):
    fill_in(page)
    context.clear_cookies()
    context.set_offline(False)
    save(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    context.add_cookies(context_of(candidate).cookies())
    page.goto(address(registration))
    expect(page.get_by_label("Description of evidence")).to_have_value("What was said on a Saturday")


def test_a_reload_goes_on_by_itself_where_it_was(context, registration, tmp_path, monkeypatch):
    film = tmp_path / "film.txt"
    film.write_bytes(b"All that was said.\n" * (PIECE * 3 // 2 // 19))
    offsets = []
    receive = arriving.arriving_receive

    def broken(*, offset, **rest):
        offsets.append(offset)
        if offset and not is_reloaded:
            raise FileExistsError("the second piece never comes in")
        return receive(offset=offset, **rest)

    is_reloaded = []
    monkeypatch.setattr(arriving_views, "arriving_receive", broken)
    page = opened(context, registration)
    choose(page, film)
    for _ in range(200):
        if len(offsets) > 1:
            break
        page.wait_for_timeout(50)
    is_reloaded.append(True)
    del offsets[1:]
    page.reload()

    expect(lines(page)).to_contain_text("is here")
    assert offsets.count(0) == 1
    assert all(offset >= PIECE for offset in offsets[1:])
    assert StagedFile.objects.get().stored_file.size == film.stat().st_size


def test_two_tabs_do_not_take_the_same_piece(context, registration):
    one = opened(context, registration)
    choose(one)
    expect(one.get_by_text("is here")).to_be_visible()
    other = opened(context, registration)
    expect(other.get_by_label("Files that have arrived already")).to_have_count(0)
    expect(other.locator(".on-device")).to_have_count(0)
    choose(other)
    expect(lines(other)).to_contain_text("is here")

    one.close(run_before_unload=False)
    third = opened(context, registration)
    expect(third.get_by_text("is back. It is not saved yet.")).to_be_visible()
    fill_in(third)
    save(third)
    expect(third.get_by_text("Evidence 1 is saved.")).to_be_visible()
    assert EvidenceFile.objects.get().name == "log.txt"


def test_what_is_unfinished_elsewhere_is_listed_and_thrown_away(context, registration, candidate):
    file = arriving.arriving_begin(registration=registration, user=candidate, name="IMG_1.mov", size=60_000_000)
    arriving.arriving_path(file).write_bytes(b"a" * 40_000_000)
    page = opened(context, registration)
    line = page.get_by_role("region", name="Files that have not arrived whole").get_by_role("listitem")
    expect(line).to_contain_text("38.1 MB of 57.2 MB here. It was begun on another device.")

    line.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_text("Files that have not arrived whole")).to_be_hidden()
    assert not ArrivingFile.objects.exists()
