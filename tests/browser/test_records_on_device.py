"""An assessor records without a connection: the page opens, what is typed stays, and it is signed on the site later."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import AssessorRecord, DrawnName, Judgement, RecordDraft
from centres.models import Role
from portfolio.models import Capacity
from portfolio.registrations.services import allocate
from tests.browser.test_on_device import until
from tests.cast import PASSWORD, join

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

IS_KEPT = "await navigator.serviceWorker.ready && await caches.match(location.href)"
ON_THE_DEVICE = """await new Promise(done => {
  const opening = indexedDB.open("on_device", 1);
  opening.onsuccess = () => {
    const asking = opening.result.transaction("entries").objectStore("entries").getAll();
    asking.onsuccess = () => done(JSON.stringify(asking.result));
  };
})"""
BACK = "What you recorded here is back."


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR, settings.INCOMING_DIR = tmp_path / "files", tmp_path / "incoming"


@pytest.fixture
def allocated(unit, coordinator, assessor):
    if not unit.allocations.filter(user=assessor).exists():
        allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    return unit


@pytest.fixture
def context(context_of, assessor):
    return context_of(assessor)


def address(unit, kind="observation"):
    where = {"centre": unit.registration.centre.uuid}
    return reverse("assessments:observation_new", kwargs=where, query={"kind": kind, "unit": unit.uuid})


def opened_once(context, unit, kind="observation"):
    page = context.new_page()
    page.goto(address(unit, kind))
    until(page, IS_KEPT)
    return page


@pytest.fixture
def page(context, allocated):
    """The page, opened once with a connection, and then again without one."""
    page = opened_once(context, allocated)
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("There is no connection. What you record is kept")).to_be_visible()
    return page


def write(page, words="Pat offered a new kettle."):
    for name, value in {"place": "Returns desk", "day": "2026-03-03", "begins": "10:00", "ends": "10:40"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_label("What was seen", exact=True).fill(words)
    page.get_by_label("Where does it come from?").select_option("real_job")


def draw(page):
    page.get_by_role("button", name="read it and draw their name").click()
    box = page.locator(".name-pad svg").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 20, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Put my name under it").click()


def send(page):
    page.get_by_role("button", name="Send when there is a connection").click()


def test_it_is_written_without_a_connection_and_signed_on_the_site(page, context, allocated):
    write(page)
    page.locator("input[name=claimed]").first.check()
    page.get_by_role("button", name="read it and draw their name").click()
    expect(page.get_by_role("dialog")).to_contain_text("Pat offered a new kettle.")
    page.get_by_role("button", name="Not now").click()
    draw(page)
    until(page, f"({ON_THE_DEVICE}).includes('drawn-')")
    page.reload()
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("What was seen", exact=True)).to_have_value("Pat offered a new kettle.")
    expect(page.locator("input[name=claimed]").first).to_be_checked()
    expect(page.get_by_role("button", name="Take it off")).to_be_visible()
    send(page)
    expect(page.get_by_text("It is sent by itself when there is a connection")).to_be_visible()
    assert not RecordDraft.objects.exists()

    context.set_offline(False)
    expect(page.get_by_text("From a device, not signed yet")).to_be_visible()
    expect(page.get_by_role("img", name="The name as it was drawn")).to_be_visible()
    assert not Judgement.objects.exists()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed. It is evidence")).to_be_visible()
    assert AssessorRecord.objects.get().written_at
    name = DrawnName.objects.get()
    assert name.lines.startswith("M")
    assert name.before_changes is False
    assert Judgement.objects.get().outcome == "met"

    page.goto(address(allocated))
    until(page, "await caches.match(location.href)")
    expect(page.get_by_label("What was seen", exact=True)).to_have_value("")
    expect(page.locator(".on-device li")).to_have_count(0)
    assert not RecordDraft.objects.exists()


def test_several_wait_and_are_drafts_when_the_page_is_opened_again(page, context, allocated):
    write(page, "The first")
    page.get_by_role("button", name="Record another").click()
    expect(page.get_by_text("Kept on this device, and not sent yet: 1")).to_be_visible()
    write(page, "The second")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_label("What was seen", exact=True)).to_have_value("The first")

    context.set_offline(False)
    page.goto(address(allocated))
    expect(page.get_by_text("Written on this device, here now, and not signed yet:")).to_be_visible()
    expect(page.locator(".on-device li")).to_have_count(2)
    drafts = [draft.fields[f"{allocated.registration.uuid}-seen"] for draft in RecordDraft.objects.all()]
    assert sorted(drafts) == [["The first"], ["The second"]]


def test_another_on_the_device_neither_sees_nor_sends_it(page, context, context_of, allocated, coordinator, centre):
    other = join(centre, coordinator, "Olu Other", "olu@harbour.example", Role.ASSESSOR)
    write(page)
    context.clear_cookies()
    context.add_cookies(context_of(other).cookies())
    context.set_offline(False)
    send(page)
    expect(page.get_by_text("You were signed out.")).to_be_visible()
    page.goto(address(allocated))
    expect(page.get_by_text("Pat offered a new kettle.")).to_have_count(0)
    until(page, "(await caches.keys()).length === 0")
    assert not RecordDraft.objects.exists()
