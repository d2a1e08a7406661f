"""Sound, films and photos are recorded in the page, by a made-up microphone and camera, and nothing of them is lost."""

import os
import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from portfolio.models import EvidenceFile, EvidenceVersion
from tests.browser.chromium import PHONE, chromium
from tests.browser.conftest import session_of

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

NAMED = r"\d{1,2} \w+ \d{4} \d\d\.\d\d"
DEVICES = ["microphone", "camera"]
PLAIN_HTTP = "portfolios.test"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    flags = ("--use-fake-device-for-media-stream", f"--host-resolver-rules=MAP {PLAIN_HTTP} 127.0.0.1")
    with pytest.MonkeyPatch.context() as patch, chromium(*flags) as browser:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # as in conftest.py
        yield browser


@pytest.fixture
def where(unit):
    return reverse("portfolio:evidence_add", args=[unit.registration.centre.uuid, unit.registration.uuid])


@pytest.fixture
def context(context_of, candidate):
    """A phone whose browser may use what it has."""
    return context_of(candidate, viewport=PHONE, permissions=DEVICES)


@pytest.fixture
def page(context, where):
    complaints = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(where)
    yield page
    assert complaints == []


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def record_sound(page, *, seconds=2):
    press(page, "Record sound")
    expect(page.get_by_text("It records.")).to_be_visible()
    page.wait_for_timeout(seconds * 1000)


def files_here(page):
    return page.get_by_label("Files that you have chosen").get_by_role("listitem").filter(has_text="is here")


def save(page):
    page.get_by_label("Where does it come from?").select_option("real_job")
    press(page, "Save evidence")
    expect(page.get_by_text("Evidence 1 is saved.")).to_be_visible()


def saved():
    version = EvidenceVersion.objects.get()
    return version.kind, [(file.name, file.content_type) for file in version.files.all()]


def test_sound_is_paused_stopped_listened_to_and_saved_and_goes_from_the_device(page, where):
    record_sound(page)
    assert page.get_by_label("How loud it is").evaluate("meter => meter.value") > 0
    expect(page.get_by_text(re.compile(r"KB of .* at most"))).to_be_visible()
    press(page, "Pause")
    before = page.locator(".recording-time").inner_text()
    page.wait_for_timeout(1200)
    assert page.locator(".recording-time").inner_text() == before
    press(page, "Go on")
    press(page, "Stop")
    sound = page.get_by_label("What was recorded")
    page.wait_for_function("sound => sound.duration < 60 && sound.currentTime === 0", arg=sound.element_handle())
    assert sound.evaluate("sound => sound.play().then(() => true)")  # the policy lets it
    press(page, "Me telling of it")
    expect(files_here(page)).to_have_count(1)
    expect(page.get_by_label("Description of evidence")).to_have_value(re.compile(f"Recording {NAMED}"))
    save(page)

    kind, [(name, content_type)] = saved()
    assert (kind, content_type) == ("personal_statement", "audio/webm")
    assert re.fullmatch(rf"Recording {NAMED}\.webm", name)
    page.goto(where)
    page.wait_for_timeout(500)
    expect(page.get_by_text("was not saved")).to_have_count(0)


def test_a_photo_is_looked_at_and_taken_again(page):
    press(page, "Take a photo")
    press(page, "Take the photo")
    press(page, "Throw it away")
    press(page, "Take a photo")
    press(page, "Take the photo")
    press(page, "Use it")
    expect(files_here(page)).to_have_count(1)
    save(page)

    kind, [(name, content_type)] = saved()
    assert (kind, content_type) == ("photo", "image/jpeg")
    assert re.fullmatch(rf"Photo {NAMED}\.jpg", name)


def test_a_film_is_filmed(page):
    press(page, "Film")
    press(page, "Start filming")
    page.wait_for_timeout(2000)
    press(page, "Stop")
    press(page, "Me at work")
    expect(files_here(page)).to_have_count(1)
    save(page)

    kind, [(name, content_type)] = saved()
    assert (kind, content_type) == ("video", "video/webm")
    assert re.fullmatch(rf"Film {NAMED}\.webm", name)


def test_after_a_reload_what_was_recorded_is_offered_and_used(page):
    record_sound(page, seconds=3)
    page.on("dialog", lambda dialog: dialog.accept())  # it asks first
    page.reload()
    expect(page.get_by_text(re.compile("A recording of .* was not saved"))).to_be_visible()
    press(page, "Later")
    expect(page.get_by_role("button", name="Record sound")).to_be_visible()
    page.reload()
    press(page, "Me at work")
    expect(files_here(page)).to_have_count(1)
    save(page)
    assert EvidenceFile.objects.get().stored_file.size > 5_000


def test_what_is_thrown_away_can_be_brought_back_and_is_else_gone(page):
    record_sound(page)
    press(page, "Throw away")
    press(page, "Bring it back")
    press(page, "Throw it away")
    expect(page.get_by_role("button", name="Bring it back")).to_be_visible()
    page.reload()
    page.wait_for_timeout(500)
    expect(page.get_by_role("button", name="Record sound")).to_be_visible()
    expect(page.get_by_text("was not saved")).to_have_count(0)


# What a tap on the first answer would hit: as soon as it stands there, where "Stop" was, and a second later.
TAPPED = """async () => {
  const hit = () => {
    const box = document.querySelector(".recording-question button").getBoundingClientRect();
    return document.elementFromPoint(box.x + 9, box.y + 9)?.textContent;
  };
  const answers = new Promise(come => new MutationObserver((_, observer) => {
    if (!document.querySelector(".recording-question")) return;
    observer.disconnect();
    come(hit());
  }).observe(document.querySelector(".recording-stage"), {childList: true}));
  [...document.querySelectorAll("button")].find(one => one.textContent === "Stop").click();
  const first = await answers;
  await new Promise(later => setTimeout(later, 1000));
  return [first, hit()];
}"""


def test_a_second_tap_on_stop_is_no_answer(page):
    record_sound(page, seconds=1)
    first, later = page.evaluate(TAPPED)
    assert later == "Me at work"
    assert first != "Me at work"


def test_the_form_is_not_sent_without_what_was_recorded(page):
    record_sound(page, seconds=1)
    press(page, "Save evidence")
    expect(page.get_by_text("What you record here is not among the files yet.")).to_be_visible()
    press(page, "Stop")
    expect(page.get_by_label("What was recorded")).to_be_visible()


def test_another_tab_does_not_have_it_and_another_account_never(context, page, where, assessor):
    record_sound(page)
    tab = context.new_page()
    tab.goto(where)
    tab.wait_for_timeout(500)
    expect(tab.get_by_text("was not saved")).to_have_count(0)
    page.close(run_before_unload=False)
    expect(tab.get_by_text("was not saved")).to_be_visible()

    context.clear_cookies()
    context.add_cookies([session_of(assessor) | {"url": tab.url}])
    tab.close()
    tab = context.new_page()
    tab.goto(where)
    expect(tab.get_by_text("Ann")).to_be_visible()
    tab.wait_for_timeout(500)
    expect(tab.get_by_role("button", name="Record sound")).to_be_visible()
    expect(tab.get_by_text("was not saved")).to_have_count(0)


def test_it_is_stopped_before_the_file_is_too_large(context, where, settings):
    settings.MAX_UPLOAD_BYTES = 60_000
    page = context.new_page()
    page.goto(where)
    press(page, "Record sound")
    expect(page.get_by_text("It was stopped, because a file may have")).to_be_visible()
    press(page, "Me at work")
    expect(files_here(page)).to_have_count(1)


def test_when_the_device_goes_away_what_there_is_is_kept(context, where):
    page = context.new_page()
    page.add_init_script("""
      const media = MediaDevices.prototype, ask = media.getUserMedia;
      media.getUserMedia = async function (what) { return (window.stream = await ask.call(this, what)); };
    """)
    page.goto(where)
    record_sound(page)
    # A browser stops the tracks of a page in this way when a call comes in.
    page.evaluate("""() => stream.getTracks().forEach(track => {
      track.stop();
      track.dispatchEvent(new Event("ended"));
    })""")
    expect(page.get_by_text("It ended by itself")).to_be_visible()
    press(page, "Me at work")
    expect(files_here(page)).to_have_count(1)


def test_a_refused_microphone_says_what_to_do(context_of, candidate, where):
    page = context_of(candidate, permissions=[]).new_page()
    page.goto(where)
    press(page, "Record sound")
    expect(page.get_by_text("The microphone is not allowed for this site.")).to_be_visible()
    expect(page.get_by_role("button", name="Take a photo")).to_be_visible()


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("delete window.MediaRecorder", "This browser cannot record sound."),
        ("delete MediaDevices.prototype.getUserMedia", "This browser gives no page the microphone or the camera."),
        ("delete window.indexedDB; delete Window.prototype.indexedDB", "This device cannot keep it meanwhile"),
    ],
)
def test_a_browser_that_cannot_says_so(context, where, without, said):
    page = context.new_page()
    page.add_init_script(without)
    page.goto(where)
    if "gives no page" not in said:
        press(page, "Record sound")
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_label("Files", exact=True)).to_be_visible()


def test_over_plain_http_the_page_says_why_and_what_else(context_of, candidate, where, live_server, settings):
    settings.ALLOWED_HOSTS = [PLAIN_HTTP]
    site = live_server.url.replace("localhost", PLAIN_HTTP)
    context = context_of(candidate, permissions=DEVICES)
    context.add_cookies([session_of(candidate) | {"url": site}])
    page = context.new_page()
    page.goto(site + where)
    expect(page.get_by_text("Recording in this page needs an address that begins with https://.")).to_be_visible()
    expect(page.get_by_role("button", name="Record sound")).to_have_count(0)


def test_without_scripts_nothing_of_it_shows(context_of, candidate, where):
    page = context_of(candidate, java_script_enabled=False).new_page()
    page.goto(where)
    expect(page.get_by_label("Files", exact=True)).to_be_visible()
    assert page.locator(".record-here").inner_text() == ""
