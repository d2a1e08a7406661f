"""The main job from an empty installation to a countersigned form, in a browser, as people do it.

Each step leaves a picture in pictures/walk/. The long run walks it in Firefox and WebKit too, with everybody at a
phone, and with everybody at a desk.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize
from pypdf import PdfReader

from tests.browser.chromium import DESK, PHONE
from tests.browser.files import real_files
from tests.browser.screens import Screen, screens
from tests.site import CHECKOUT, Site, create_centre, link_in, postgresql_database, running_site

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.sqlite]

PASSWORD = "a password of their own"
PICTURES = CHECKOUT / "pictures" / "walk"
STEP = "[aria-current=step]"
ELSEWHERE = [pytest.mark.long, pytest.mark.engines]


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

    def __init__(self, new_screen: Callable[[ViewportSize], Screen], site: Site, pictures: Path) -> None:
        self._new_screen, self.site, self._pictures, self._steps = new_screen, site, pictures, 0
        self.screens: list[Screen] = []

    def picture(self, screen: Screen, name: str) -> None:
        self._steps += 1
        self._pictures.mkdir(parents=True, exist_ok=True)
        screen.picture(self._pictures / f"{self._steps:02} {name}.png")

    def come_in_by(self, link: str, size: ViewportSize) -> Screen:
        """Open the link of an invitation on a screen of one's own and set a password."""
        screen = self._new_screen(size)
        self.screens.append(screen)
        screen.open(link)
        screen.fill("New password", PASSWORD)
        screen.fill("The same again", PASSWORD)
        is_invited = "/invitation/" in link  # else it is the operator's, for the first coordinator
        screen.press("Accept and go in" if is_invited else "Save and go in")
        screen.sees("You are in Harbour College now." if is_invited else "Your new password is saved.")
        return screen

    def link_for(self, address: str) -> str:
        """The link in the invitation that was sent to this address."""
        for _ in range(60):  # the worker writes it after the page has answered
            for letter in (self.site.data_dir / "outbox").glob("*"):
                text = letter.read_text(encoding="utf-8")
                if f"To: {address}" in text and "invites you" in text:
                    return link_in(text)
            time.sleep(1)
        raise AssertionError(f"No letter to {address}")


def words_of(form: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(form).pages)


@pytest.fixture(
    params=[
        pytest.param(("chromium", PHONE, DESK), id="chromium"),
        *[
            pytest.param(
                (engine, size, size), id=f"{engine}-{size['width']}", marks=[pytest.mark.long, pytest.mark.engines]
            )
            for engine in ("firefox", "webkit")
            for size in (PHONE, DESK)
        ],
    ]
)
def played(request) -> tuple[str, ViewportSize, ViewportSize]:
    """The engine, the candidate's screen, and that of everybody else."""
    return request.param


def test_from_an_empty_installation_to_a_countersigned_form(played, site, tmp_path):
    engine, phone, desk = played
    pictures = PICTURES if engine == "chromium" else PICTURES / f"{engine}-{desk['width']}"
    with screens(engine, tmp_path) as new_screen:
        walk_to_the_form(Walk(new_screen, site, pictures), phone, desk, real_files(tmp_path))


def walk_to_the_form(walk: Walk, phone: ViewportSize, desk: ViewportSize, files: list[Path]) -> None:
    site = walk.site

    # The coordinator adds the people, registers the candidate and allocates who assesses and verifies.
    cora = walk.come_in_by(create_centre(site, "Harbour College", "Cora Lane", "cora@harbour.example"), desk)
    for name, role in (("Pat Joseph", "Candidate"), ("Ann Prowse", "Assessor"), ("Ivy Grey", "Internal verifier")):
        cora.follow("People")
        cora.follow("Add a person")
        cora.fill("Name", name)
        cora.fill("E-mail address", f"{name.split()[0].lower()}@harbour.example")
        cora.choose("Role", role)
        cora.press("Add")
        cora.sees(f"Give {name} this link")
        if role != "Candidate":
            cora.follow("Record an award")
            cora.tick(role)
            cora.fill("Award", "TAQA")
            cora.fill("Date of the certificate", "2015-03-02")
            cora.press("Save")
            cora.sees("TAQA")
    walk.picture(cora, "the coordinator has added the people")
    cora.follow("Candidates")
    cora.follow("Register a candidate")
    cora.follow("Customer Service NVQ (NVQ)", exact=True)
    cora.choose("Candidate", "Pat Joseph")
    cora.fill("Candidate number", "1007-33")
    cora.tick("B10")
    cora.press("Register")
    cora.choose("Lead assessor", "Ann Prowse (0 open)")
    cora.choose("Internal verifier", "Ivy Grey (0 open)")
    cora.press("Save")
    cora.sees("Pat Joseph, B10: Ann Prowse assesses, Ivy Grey verifies.")
    walk.picture(cora, "the candidate is registered and allocated")

    # The candidate adds four real files and a piece that stays at work.
    pat = walk.come_in_by(walk.link_for("pat@harbour.example"), phone)
    walk.picture(pat, "what next for the candidate")
    pat.follow("Add evidence")
    pat.attach(files)
    pat.fill("Description of evidence", "A complaint about a late order, from the call to the letter")
    pat.choose("What kind of evidence is it?", "Work product")
    pat.choose("Where does it come from?", "Real job, paid or voluntary")
    pat.fill("When did it happen?", "2026-03-02")
    walk.picture(pat, "evidence before it is saved")
    pat.press("Save evidence")

    # What it shows: everything that can be ticked, with where to look.
    pat.sees("What does evidence 1 show?")
    pat.tick_all("claimed")
    pat.fill("Where to look", "letter, second paragraph")
    walk.picture(pat, "the criteria it meets")
    pat.press("Save what is ticked")
    pat.sees("30 claimed")

    # What the unit does not take is said when it bites, and the page of another kind of evidence still works.
    pat.follow("Your portfolio")
    pat.follow("Add evidence")
    pat.fill("Description of evidence", "Role play in the training room")
    pat.choose("What kind of evidence is it?", "Work product")
    pat.choose("Where does it come from?", "Simulation")
    pat.fill("When did it happen?", "2026-03-09")
    pat.fill("Where is it kept", "Training office, folder 7")
    pat.fill("Why does it matter", "Shows what I know of complaints")
    pat.press("Save evidence")
    pat.sees("B10 takes evidence of this from a real job")
    walk.picture(pat, "a rule that bites says why")

    # Submitted with a declaration and a signature; a wrong password signs nothing.
    pat.open(site.url)
    pat.follow("Submit")
    pat.fill("Your password", "not this one")
    pat.press("Sign", last=True)
    pat.sees("That is not your password")
    pat.fill("Your password", PASSWORD)
    walk.picture(pat, "the declaration")
    pat.press("Sign", last=True)
    pat.sees("Submitted", at=STEP)
    assert "DRAFT" in words_of(pat.download("Recording form (draft)"))

    # The assessor opens each file, judges the claims, and returns the unit once.
    ann = walk.come_in_by(walk.link_for("ann@harbour.example"), desk)
    walk.picture(ann, "what waits for the assessor")
    ann.follow("B10")
    ann.follow("Judge")
    for file in files:
        downloaded = ann.download(f"Download {file.name}")
        assert downloaded.read_bytes() == file.read_bytes()
        assert downloaded.name == file.name
    ann.press("All of these are met")
    ann.sees("Saved at", at="#saved")
    ann.tick("Not yet", among="B10.1.1")
    reason = "Which products did you prepare for whom? One more occasion, please."
    ann.fill("Reason", reason, among="B10.1.1", save=True)
    ann.sees("B10.1.1", at="fieldset:not(.unsaved)")
    walk.picture(ann, "the claims of one piece")
    ann.follow("Back to the unit")
    ann.sees("Not yet", at=".grid-key li", among="B10.1.1")
    ann.follow("Return it")
    ann.fill("What is to be done", "Say more about B10.1.1, please.")
    walk.picture(ann, "the unit is returned with a reason")
    ann.press("Return")
    ann.sees("Collecting", at=STEP)

    # The candidate reads why, corrects the piece, and submits again.
    pat.open(site.url)
    pat.sees("Say more about B10.1.1, please.")
    walk.picture(pat, "it came back with a reason")
    pat.follow("B10")
    pat.follow("A complaint about a late order")
    pat.follow("Correct")
    pat.fill("Description of evidence", "A complaint about a late order; whom I prepared what for")
    pat.press("Save")
    pat.sees("Saved as version 2.")
    walk.picture(pat, "the corrected piece")
    pat.open(site.url)
    pat.follow("Submit")
    pat.fill("Your password", PASSWORD)
    pat.press("Sign", last=True)
    pat.sees("Submitted", at=STEP)

    # The assessor judges the corrected piece, states, and signs off.
    ann.open(site.url)
    ann.follow("B10")
    ann.follow("Judge")
    ann.sees("before the correction")
    ann.press("All of these are met")
    ann.sees("Saved at", at="#saved")
    ann.follow("Back to the unit")
    ann.follow("Make your statements", last=True)
    ann.tick("over a sufficient period of time")
    ann.press("Save")
    ann.sees("Nothing is missing.")
    walk.picture(ann, "nothing is missing")
    ann.follow("Sign")
    ann.fill("Notes or comments", "Sound work; the letter is a model.")
    ann.fill("Your password", PASSWORD)
    walk.picture(ann, "what the assessor signs")
    ann.press("Sign", last=True)
    ann.sees("Assessed", at=STEP)
    assert "DRAFT" in words_of(ann.download("Recording form (draft)"))

    # The internal verifier looks at the form as it will print, and countersigns.
    ivy = walk.come_in_by(walk.link_for("ivy@harbour.example"), desk)
    walk.picture(ivy, "what waits for the internal verifier")
    ivy.follow("B10")
    ivy.sees("Assessed", at=STEP)  # else it might be the link of the page before
    ivy.follow("Countersign", last=True)  # the first is the name of the site
    as_it_prints = words_of(ivy.download("See the form as it will print"))
    assert "Sound work; the letter is a model." in as_it_prints
    ivy.fill("Your password", PASSWORD)
    walk.picture(ivy, "what the internal verifier signs")
    ivy.press("Sign", last=True)
    ivy.sees("Verified", at=STEP)

    # Each of them downloads the same final form.
    forms = []
    for screen in (ivy, ann, pat):
        screen.open(ivy.url)
        for _ in range(120):
            if screen.has("Candidate Recording Form"):
                break
            time.sleep(0.25)
            screen.open(ivy.url)
        forms.append(screen.download("Candidate Recording Form"))
    walk.picture(pat, "the verified unit for the candidate")
    assert len({form.read_bytes() for form in forms}) == 1
    words = words_of(forms[0])
    assert "DRAFT" not in words
    for wanted in ("Pat Joseph", "Ann Prowse", "Ivy Grey", "Harbour College", "B10.3.4", "B10h", "4a", "5c"):
        assert wanted in words, wanted
    assert [screen.complaints for screen in walk.screens] == [[]] * 4
