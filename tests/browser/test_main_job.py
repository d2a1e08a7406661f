"""The main job from an empty installation to a countersigned form, in a browser, as people do it.

Each step leaves a picture in pictures/walk/.
"""

import os
import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pypdf import PdfReader

from tests.browser.files import real_files
from tests.site import CHECKOUT, Site, create_centre, link_in, postgresql_database, running_site

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

PASSWORD = "a password of their own"
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
PICTURES = CHECKOUT / "pictures" / "walk"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An installation of its own with nothing in it, on the database that the suite runs on."""
    on_postgresql = os.environ.get("TEST_DATABASE", "postgresql") == "postgresql"
    with (
        postgresql_database() if on_postgresql else nullcontext("") as url,
        running_site(data_dir=tmp_path / "data", DEMO="0", DATABASE_URL=url) as site,
    ):
        yield site


class Walk:
    """Several people at their own screens, and a picture of each step."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site, self.steps = browser, site, 0
        self.refused: list[str] = []  # what the browser complains of: a script or style that the policy stops

    def person(self, size: ViewportSize) -> Page:
        page = self.browser.new_context(viewport=size, accept_downloads=True).new_page()
        page.on("console", lambda message: self.refused.append(message.text) if message.type == "error" else None)
        return page

    def picture(self, page: Page, name: str) -> None:
        self.steps += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{self.steps:02} {name}.png", full_page=True)

    def come_in_by(self, link: str, size: ViewportSize) -> Page:
        """Open the link of an invitation on a screen of one's own and set a password."""
        page = self.person(size)
        page.goto(link)
        for field in page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        page.locator("main button").click()
        expect(page.get_by_role("heading", name="What next?")).to_be_visible()
        return page

    def link_for(self, address: str) -> str:
        """The link in the letter that was sent to this address."""
        for letter in (self.site.data_dir / "outbox").iterdir():
            text = letter.read_text(encoding="utf-8")
            if f"To: {address}" in text:
                return link_in(text)
        raise AssertionError(f"No letter to {address}")

    def download(self, page: Page, name: str) -> tuple[bytes, str]:
        """Press a link that downloads a PDF; return its bytes and words."""
        with page.expect_download() as download:
            page.get_by_role("link", name=name).first.click()
        path = Path(download.value.path())
        return path.read_bytes(), "\n".join(one.extract_text() for one in PdfReader(path).pages)


def test_from_an_empty_installation_to_a_countersigned_form(browser, site, tmp_path):
    walk = Walk(browser, site)

    # The coordinator adds the people, registers the candidate and allocates who assesses and verifies.
    cora = walk.come_in_by(create_centre(site, "Harbour College", "Cora Lane", "cora@harbour.example"), DESK)
    for name, role in (("Pat Joseph", "candidate"), ("Ann Prowse", "assessor"), ("Ivy Grey", "internal_verifier")):
        cora.get_by_role("link", name="People").first.click()
        cora.get_by_role("link", name="Add a person").click()
        cora.get_by_label("Name").fill(name)
        cora.get_by_label("E-mail address").fill(f"{name.split()[0].lower()}@harbour.example")
        cora.get_by_label("Role").select_option(role)
        cora.get_by_role("button", name="Add and send the link").click()
        expect(cora.get_by_text(f"{name} was sent a link")).to_be_visible()
    walk.picture(cora, "the coordinator has added the people")
    cora.get_by_role("link", name="Candidates").first.click()
    cora.get_by_role("link", name="Register a candidate").first.click()
    cora.get_by_role("link", name="Customer Service NVQ (NVQ)", exact=True).click()
    cora.locator("select[name=candidate]").select_option("Pat Joseph")
    cora.get_by_label("Candidate number").fill("1007-33")
    cora.get_by_label(re.compile("B10")).check()
    cora.get_by_role("button", name="Register").click()
    cora.get_by_label("Assessor").select_option("Ann Prowse")
    cora.get_by_label("Internal verifier").select_option("Ivy Grey")
    cora.get_by_role("button", name="Save").click()
    expect(cora.get_by_text("Pat Joseph, B10: Ann Prowse assesses, Ivy Grey verifies.")).to_be_visible()
    walk.picture(cora, "the candidate is registered and allocated")

    # The candidate, on a phone, adds four real files and a piece that stays at work.
    pat = walk.come_in_by(walk.link_for("pat@harbour.example"), PHONE)
    walk.picture(pat, "what next for the candidate")
    pat.get_by_role("link", name="Add evidence").first.click()
    files = real_files(tmp_path)
    pat.locator("input[type=file]").set_input_files(files)
    pat.get_by_label("Description of evidence").fill("A complaint about a late order, from the call to the letter")
    pat.get_by_label("What kind of evidence is it?").select_option("work_product")
    pat.get_by_label("When did it happen?").fill("2026-03-02")
    walk.picture(pat, "evidence before it is saved")
    pat.get_by_role("button", name="Save evidence").click()

    # What it shows: everything that can be ticked, with where to look.
    expect(pat.get_by_role("heading", name="What does evidence 1 show?")).to_be_visible()
    for box in pat.locator("input[name=claimed]").all():
        box.check()
    pat.locator("input[name^=where-]").first.fill("letter, second paragraph")
    walk.picture(pat, "the criteria it meets")
    pat.get_by_role("button", name="Save what is ticked").click()
    expect(pat.get_by_text("30 claimed")).to_be_visible()

    # What the unit does not take is said when it bites, and the page of another kind of evidence still works.
    pat.get_by_role("link", name="Your portfolio").first.click()
    pat.get_by_role("link", name="Add evidence").first.click()
    pat.get_by_label("Description of evidence").fill("Role play in the training room")
    pat.get_by_label("What kind of evidence is it?").select_option("observation")
    pat.get_by_label("Where does it come from?").select_option("simulation")
    pat.get_by_label("When did it happen?").fill("2026-03-09")
    pat.get_by_label(re.compile("Where is it kept")).fill("Training office, folder 7")
    pat.get_by_label(re.compile("Why does it matter")).fill("Shows what I know of complaints")
    pat.get_by_role("button", name="Save evidence").click()
    expect(pat.get_by_text(re.compile("B10 takes evidence of this from a real job")).first).to_be_visible()
    walk.picture(pat, "a rule that bites says why")

    # Submitted with a declaration and a signature; a wrong password signs nothing.
    pat.goto(site.url)
    pat.get_by_role("link", name=re.compile("Submit")).first.click()
    pat.get_by_label("Your password").fill("not this one")
    pat.get_by_role("button", name="Sign").last.click()
    expect(pat.get_by_text("That is not your password")).to_be_visible()
    pat.get_by_label("Your password").fill(PASSWORD)
    walk.picture(pat, "the declaration")
    pat.get_by_role("button", name="Sign").last.click()
    expect(pat.locator("[aria-current=step]")).to_have_text("Submitted")
    _, draft = walk.download(pat, "Recording form (draft)")
    assert "DRAFT" in draft

    # The assessor opens each file, judges the claims, and returns the unit once.
    ann = walk.come_in_by(walk.link_for("ann@harbour.example"), DESK)
    walk.picture(ann, "what waits for the assessor")
    ann.get_by_role("link", name=re.compile("B10")).first.click()
    ann.get_by_role("link", name=re.compile("Judge")).first.click()
    for file in files:
        with ann.expect_download() as download:
            ann.get_by_role("link", name=f"Download {file.name}").click()
        assert Path(download.value.path()).read_bytes() == file.read_bytes()
        assert download.value.suggested_filename == file.name
    ann.get_by_role("button", name="All of these are met").click()
    expect(ann.locator("#saved")).to_contain_text("Saved at")
    first = ann.locator("fieldset").filter(has_text="B10.1.1")
    first.get_by_role("radio", name="Not yet").check()
    first.get_by_label("Reason").fill("Which products did you prepare for whom? One more occasion, please.")
    first.get_by_label("Reason").press("Control+Enter")
    expect(first).not_to_have_class(re.compile("unsaved"))
    walk.picture(ann, "the claims of one piece")
    ann.get_by_role("link", name="Back to the unit").click()
    expect(ann.locator(".grid-key li").filter(has_text="B10.1.1")).to_contain_text("Not yet")
    return_the_unit(walk, ann)

    # The candidate reads why, corrects the piece, and submits again.
    pat.goto(site.url)
    expect(pat.get_by_text("Say more about B10.1.1, please.")).to_be_visible()
    walk.picture(pat, "it came back with a reason")
    pat.get_by_role("link", name=re.compile("B10")).first.click()
    pat.get_by_role("link", name=re.compile("A complaint about a late order")).first.click()
    pat.get_by_role("link", name="Correct").click()
    pat.get_by_label("Description of evidence").fill("A complaint about a late order; whom I prepared what for")
    pat.get_by_role("button", name=re.compile("Save")).click()
    expect(pat.get_by_text("Saved as version 2.")).to_be_visible()
    walk.picture(pat, "the corrected piece")
    pat.goto(site.url)
    pat.get_by_role("link", name=re.compile("Submit")).first.click()
    pat.get_by_label("Your password").fill(PASSWORD)
    pat.get_by_role("button", name="Sign").last.click()
    expect(pat.locator("[aria-current=step]")).to_have_text("Submitted")

    # The assessor judges the corrected piece, states, and signs off.
    ann.goto(site.url)
    ann.get_by_role("link", name=re.compile("B10")).first.click()
    ann.get_by_role("link", name=re.compile("Judge")).first.click()
    expect(ann.get_by_text(re.compile("before the correction")).first).to_be_visible()
    ann.get_by_role("button", name="All of these are met").click()
    expect(ann.locator("#saved")).to_contain_text("Saved at")
    ann.get_by_role("link", name="Back to the unit").click()
    ann.get_by_role("link", name="Make your statements").last.click()
    ann.get_by_label(re.compile("over a sufficient period of time")).check()
    ann.get_by_role("button", name="Save").click()
    expect(ann.get_by_text("Nothing is missing.")).to_be_visible()
    walk.picture(ann, "nothing is missing")
    ann.get_by_role("link", name=re.compile("Sign")).first.click()
    ann.get_by_label(re.compile("Notes or comments")).fill("Sound work; the letter is a model.")
    ann.get_by_label("Your password").fill(PASSWORD)
    walk.picture(ann, "what the assessor signs")
    ann.get_by_role("button", name="Sign").last.click()
    expect(ann.locator("[aria-current=step]")).to_have_text("Assessed")
    _, draft = walk.download(ann, "Recording form (draft)")
    assert "DRAFT" in draft

    # The internal verifier looks at the form as it will print, and countersigns.
    ivy = walk.come_in_by(walk.link_for("ivy@harbour.example"), DESK)
    walk.picture(ivy, "what waits for the internal verifier")
    ivy.get_by_role("link", name=re.compile("B10")).first.click()
    ivy.get_by_role("main").get_by_role("link", name=re.compile("ountersign")).first.click()
    _, as_it_prints = walk.download(ivy, "See the form as it will print")
    assert "Sound work; the letter is a model." in as_it_prints
    ivy.get_by_label("Your password").fill(PASSWORD)
    walk.picture(ivy, "what the internal verifier signs")
    ivy.get_by_role("button", name="Sign").last.click()
    expect(ivy.locator("[aria-current=step]")).to_have_text("Verified")

    # Each of them downloads the same final form.
    forms = []
    for page in (ivy, ann, pat):
        page.goto(ivy.url)
        final = page.get_by_role("link", name="Candidate Recording Form")
        for _ in range(120):
            if final.count():
                break
            page.wait_for_timeout(250)  # milliseconds
            page.reload()
        forms.append(walk.download(page, "Candidate Recording Form"))
    walk.picture(pat, "the verified unit on the phone")
    assert len({content for content, _ in forms}) == 1
    words = forms[0][1]
    assert "DRAFT" not in words
    for wanted in ("Pat Joseph", "Ann Prowse", "Ivy Grey", "Harbour College", "B10.3.4", "B10h", "4a", "5c"):
        assert wanted in words, wanted
    assert walk.refused == []


def return_the_unit(walk: Walk, ann: Page) -> None:
    ann.get_by_role("link", name="Return it").click()
    ann.get_by_label(re.compile("Why|What|reason", re.IGNORECASE)).fill("Say more about B10.1.1, please.")
    walk.picture(ann, "the unit is returned with a reason")
    ann.get_by_role("button", name=re.compile("Return")).click()
    expect(ann.locator("[aria-current=step]")).to_have_text("Collecting")
