"""What a day costs in taps, on a phone: counted in a real browser, typing apart."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from assessments.models import Judgement
from centres.models import Role
from portfolio.models import Capacity, Claim, EvidenceVersion, State, TestimonyRequest
from portfolio.registrations.services import allocate, units_add
from standards.published import published_content
from standards.selectors import latest_revision, unit_by_address
from standards.services.publishing import Publication, units_publish
from tests.assessments.pages import address
from tests.assessments.steps import open_version
from tests.browser.chromium import chromium
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, join, judge_in_bulk, make_assessed, make_submitted
from tests.portfolio.files.arrivals import file_of, picture
from tests.portfolio.testimony.asked import ask
from tests.verification.sampling.conftest import CHOICES
from verification.models import SamplingRecord
from verification.sampling.planning import plan_make, plan_propose
from verification.sampling.policy import sampling_policy_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.long]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """It has a made-up microphone, and asks nobody whether a page may use it: a person is asked once."""
    flags = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with pytest.MonkeyPatch.context() as patch, chromium(*flags) as browser:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # as in conftest.py
        yield browser


class Thumb:
    """Taps, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, role, name):
        self.page.get_by_role(role, name=name).first.tap()
        self.taps += 1

    def choose_file(self, path):
        """The system's own camera or picker counts as one."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_label("Files", exact=True).tap()
        chooser.value.set_files(path)
        self.taps += 1


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "IMG_20260302_1412.jpg"
    path.write_bytes(picture())
    return path


def test_from_home_to_a_claimed_criterion_with_a_photo(context_of, unit, candidate, photo):
    add_evidence(
        unit.registration, candidate
    )  # a portfolio's first evidence asks of the setting, which is one tap more
    page = context_of(candidate, **PHONE).new_page()
    page.goto("/")
    thumb = Thumb(page)

    thumb.tap("link", re.compile("Add evidence"))
    thumb.choose_file(photo)
    expect(page.get_by_text("is here")).to_be_visible()
    thumb.tap("radio", "Nobody else is in it")
    thumb.tap("button", "Save evidence")
    thumb.tap("checkbox", re.compile(r"^B10\.1\.1 "))
    thumb.tap("button", "Save what is ticked")
    expect(page.get_by_text("Saved: 1 claimed.")).to_be_visible()

    assert thumb.taps <= 6  # one more than for other files: who else is in the picture
    claimed = Claim.objects.get()
    version = EvidenceVersion.objects.get(evidence=claimed.evidence)
    assert (version.kind, version.setting, version.title.split(",")[0]) == ("photo", "real_job", "Photo")
    assert version.people == "nobody"

    # A second criterion: one tap more, besides the one that saves.
    first = thumb.taps
    thumb.tap("checkbox", re.compile(r"^B10\.1\.2 "))
    thumb.tap("button", "Save what is ticked")
    assert thumb.taps - first <= 2
    expect(page.get_by_text("Saved: 1 claimed.")).to_be_visible()
    assert Claim.objects.count() == 2


def test_from_home_to_three_claimed_criteria_with_a_spoken_statement(context_of, unit, candidate):
    add_evidence(unit.registration, candidate)  # as above
    page = context_of(candidate, **PHONE).new_page()
    page.goto("/")
    thumb = Thumb(page)

    thumb.tap("link", re.compile("Add evidence"))
    thumb.tap("button", "Record sound")
    expect(page.get_by_text("0:01")).to_be_visible()  # a minute takes no more taps
    thumb.tap("button", "Stop")
    thumb.tap("button", "Me telling of it")
    thumb.tap("button", "Save evidence")
    for code in ("1", "2", "3"):
        thumb.tap("checkbox", re.compile(rf"^B10\.1\.{code} "))
    thumb.tap("button", "Save what is ticked")
    expect(page.get_by_text("Saved: 3 claimed.")).to_be_visible()

    assert thumb.taps <= 9
    versions = {claim.evidence.versions.get() for claim in Claim.objects.all()}
    [(kind, setting, title)] = [(version.kind, version.setting, version.title) for version in versions]
    assert (kind, setting) == ("personal_statement", "real_job")
    assert title.startswith("Recording ")


def test_from_home_to_a_signed_observation_of_eight_criteria(context_of, unit, assessor):
    page = context_of(assessor, **PHONE).new_page()
    page.goto("/")
    thumb = Thumb(page)

    thumb.tap("link", re.compile("Record an observation"))
    page.get_by_label("Where", exact=True).fill("Returns desk")
    for field, typed in (("Day", "2026-03-03"), ("From", "10:00"), ("To", "10:40")):
        page.get_by_label(field, exact=True).fill(typed)
    page.get_by_label("What was seen").fill("Pat asked what had happened, and offered a new kettle.")
    page.get_by_label("Where does it come from?").select_option("real_job")
    thumb.taps += 1  # the first record in a portfolio asks, as the first evidence does
    for code in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2"):
        thumb.tap("checkbox", re.compile(rf"^B10\.{code} "))
    page.get_by_label("Your password").fill(PASSWORD)
    thumb.tap("button", re.compile("^Sign$"))
    expect(page.get_by_text("Signed. It is evidence 1.")).to_be_visible()

    assert thumb.taps <= 14
    assert Judgement.objects.filter(outcome="met").count() == 8


def test_head_and_foot_leave_the_page_to_what_is_on_it(context_of, unit, candidate, coordinator):
    evidence = add_evidence(unit.registration, candidate)
    page = context_of(candidate, **PHONE).new_page()
    page.goto(address("unit", unit))
    assert bottom(page, ".site-nav") <= 100
    assert height(page, ".thumb-bar") <= 64

    page.goto(address("claims", unit, evidence=evidence.uuid))
    assert height(page, ".save-bar") <= 96  # what saving confirms, in two lines at most, and a row of buttons

    page = context_of(coordinator, **PHONE).new_page()  # who has the most links
    page.goto("/")
    assert bottom(page, ".site-nav") <= 100


def box_of(page, selector):
    return page.locator(selector).bounding_box()


def bottom(page, selector):
    box = box_of(page, selector)
    return box["y"] + box["height"]


def height(page, selector):
    return box_of(page, selector)["height"]


def test_six_units_of_a_candidate_are_sampled_and_countersigned(context_of, unit, coordinator, assessor, verifier):
    six = signed_off_with_photo([unit, *units_like(unit, 5, coordinator, assessor, verifier)], assessor)
    choices = replace(CHOICES, summative_share=100)
    sampling_policy_set(centre=unit.registration.centre, actor=coordinator, seen=0, choices=choices)
    proposal = plan_propose(centre=unit.registration.centre, verifier=verifier)
    assert proposal
    plan_make(centre=unit.registration.centre, actor=verifier, seen=proposal.digest)
    page = context_of(verifier, **PHONE).new_page()
    page.goto("/")
    thumb = Thumb(page)

    thumb.tap("link", "Sampling")
    thumb.tap("link", re.compile("^B10 "))
    for number in range(1, 7):
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sample")
        thumb.tap("button", re.compile("^Agree"))
        expect(page.get_by_text("Recorded: you agree")).to_be_visible()
        assert SamplingRecord.objects.count() == number
    page.get_by_label("Your password").fill(PASSWORD)
    thumb.tap("button", "Sign what is ticked")
    expect(page.get_by_text("Signed 6 units.")).to_be_visible()

    assert thumb.taps <= 20
    assert {open_version(one).state for one in six} == {State.VERIFIED}


def units_like(unit, number, coordinator, assessor, verifier):
    """Register its candidate on so many units more, with the same wording under other codes."""
    content = published_content(unit.revision).unit
    units_publish(publications=[Publication(content=replace(content, code=f"B{10 + n}")) for n in range(1, number + 1)])
    found = [latest_revision(unit_by_address(f"nvq:B{10 + n}")) for n in range(1, number + 1)]
    revisions = [revision for revision in found if revision]
    added = units_add(registration=unit.registration, actor=coordinator, revisions=revisions)
    for one in added:
        allocate(unit=one, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
        allocate(unit=one, actor=coordinator, user=verifier, capacity=Capacity.INTERNAL_VERIFIER)
    return added


def signed_off_with_photo(units, assessor):
    """Claim all of them from one photo, and let them be judged met, submitted and signed off."""
    candidate = units[0].registration.candidate
    file = file_of(units[0].registration, candidate, "photo.jpg", picture(), "image/jpeg")
    for one in units:
        claim_in_bulk(one, [file.version.evidence])
        make_submitted(one, candidate)
        judge_in_bulk(one, assessor)
        make_assessed(one, assessor)
    return units


def test_a_visit_is_opened_from_home(context_of, centre, coordinator):
    join(centre, coordinator, "Eve Lashley", "eve@harbour.example", Role.EXTERNAL_VERIFIER)
    page = context_of(coordinator, **PHONE).new_page()
    page.goto("/")
    thumb = Thumb(page)

    thumb.tap("link", re.compile("^Centre$"))
    thumb.tap("link", "Open the visits")
    thumb.tap("link", "Open a visit")
    thumb.tap("button", "Open the visit")  # who comes, from today on for a week, stands there already
    expect(page.get_by_text("The visit is open to Eve Lashley")).to_be_visible()

    assert thumb.taps <= 6


def test_from_home_to_a_witness_who_is_asked(context_of, unit, candidate):
    known = ask(unit.registration, candidate).witness
    add_evidence(unit.registration, candidate)  # a portfolio's first evidence asks of the setting
    page = context_of(candidate, **PHONE).new_page()
    thumb = Thumb(page)
    for name, taps in ((known.name, 6), ("", 5)):  # somebody new is typed, four fields at most
        page.goto("/")
        thumb.taps = 0
        thumb.tap("link", "Your portfolio")
        thumb.tap("link", "Ask a witness")
        if name:
            thumb.tap("radio", name)
        else:
            page.get_by_label("Their name").fill("Mary Jones")
            page.get_by_label("Their e-mail address").fill("mary@shop.example")
        for code in ("B10.1.1", "B10.1.2"):
            thumb.tap("checkbox", re.compile(rf"^{re.escape(code)} "))
        thumb.tap("button", "Ask them")
        expect(page.get_by_role("heading", name="The link")).to_be_visible()
        assert thumb.taps <= taps
    assert {one.witness.name for one in TestimonyRequest.objects.all()} == {known.name, "Mary Jones"}
