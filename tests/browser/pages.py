"""Every page of the site in the demo: its name, who looks at it, and how they get there. One list for all who look.

A new page is one entry in PAGES. `script/pictures` takes its picture and test_accessibility.py tests it. visitors.py
goes the way there.
"""

import base64
import hmac
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from playwright.sync_api import Page

FOUNDER = "founder"  # coordinates a centre of their own, with nobody else in it
INVITED = "invited"  # holds the link by which one chooses a password, and is nobody yet
DEMO_PASSWORD = "countersign demo"  # of everybody in it
GOOD_ROWS = "Name,E-mail address,Roles\nPat Pike,pat@new.example,\nAbe Anker,abe@new.example,assessor\n"
BAD_ROWS = "Name,E-mail address,Roles\n,pat@new.example,\n=A2,nowhere,king\n"
ROLELESS = "roleless"  # had a role in that centre, and holds none any more


@dataclass(frozen=True, kw_only=True)
class SitePage:
    """One page in one state.

    `steps` lead there from the home page: each takes the first link that has these words in it or, where the
    step begins with a slash, whose address fits it as a pattern; with a question mark, it is what a form of the page
    asks for. `last` is joined to the address where the steps
    end, and `instead` of one part of it another is put, where no link leads. `then` is done in the browser once the
    page is there, for a state that only an answer shows. What is `lost` is a file, taken out of the store before, and
    `without` is a table, taken out of the database.
    """

    name: str
    who: str = ""  # the first name of a person of the demo; nobody has signed in
    steps: tuple[str, ...] = ()
    last: str = ""
    instead: tuple[str, str] = ("", "")
    then: Callable[[Page], None] | None = None
    lost: bool = False
    without: str = ""


def press(button: str, **typed: str) -> Callable[[Page], None]:
    """Fill fields (by name) and press a button, past what the browser itself would refuse."""

    def act(page: Page) -> None:
        page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
        for name, words in typed.items():
            page.locator(f"main [name={name}]").first.fill(words)
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=button).last.click()

    return act


def send(to: str, **typed: str) -> Callable[[Page], None]:
    """Send a form to an address as a page that is out of date would."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.evaluate(SEND, [to, typed])

    return act


def change_password_too_often(page: Page) -> None:
    """Try wrong passwords until no more are taken."""
    while not page.get_by_role("heading", name="too many tries").is_visible():
        send(page.url, oldpassword="wrong", password1="x", password2="x")(page)


def give_the_password(page: Page) -> None:
    """Give it once more, where it is asked for."""
    if page.get_by_role("heading", name="Your password once more").is_visible():
        press("Go on", password=DEMO_PASSWORD)(page)


def type_a_wrong_code(page: Page) -> None:
    """Press the button with a code that is not the app's."""
    give_the_password(page)
    press("Set up", code="000000")(page)


def set_up_an_app(page: Page) -> None:
    """Set up an app where there is none, and look at the recovery codes."""
    page.goto(urljoin(page.url, f"{STEP}app/"))
    give_the_password(page)
    if page.get_by_role("heading", name="Set up an authenticator app").is_visible():
        secret = "".join(page.locator("main .code").all_inner_texts())
        press("Set up", code=_code_of(secret))(page)
    page.goto(urljoin(page.url, f"{STEP}codes/"))
    give_the_password(page)
    page.get_by_role("heading", name="Recovery codes").wait_for()


def _code_of(secret: str) -> str:
    """What an app shows now (RFC 6238), without the site's own code for it."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def take_the_app_away(page: Page) -> None:
    """Look at what asks whether to."""
    set_up_an_app(page)
    page.goto(urljoin(page.url, f"{STEP}app/remove/"))


def sign_in_again(page: Page) -> None:
    """Sign in by password, in a browser that nobody is signed in with, as far as the code."""
    set_up_an_app(page)
    page.goto(urljoin(page.url, "/accounts/"))
    email = page.locator("main .lead-in").inner_text().rpartition(", ")[2]
    page.context.clear_cookies()
    page.goto(urljoin(page.url, "/accounts/login/"))
    press("Sign in", login=email, password=DEMO_PASSWORD)(page)


def check_a_file(rows: str) -> Callable[[Page], None]:
    """Choose a CSV file with these rows, and have it checked."""

    def act(page: Page) -> None:
        page.locator("input[type=file]").set_input_files(
            {"name": "people.csv", "mimeType": "text/csv", "buffer": rows.encode()}
        )
        press("Check the file")(page)

    return act


def ask_a_witness(page: Page) -> None:
    """Ask somebody what they saw, and look at the link."""
    press("Ask them", name="Moira Bannerman", email="")(page)
    page.get_by_role("heading", name="The link").wait_for()


def open_the_link(page: Page) -> None:
    """Ask somebody, and hand over the device."""
    ask_a_witness(page)
    page.goto(page.locator("input[readonly]").input_value())


def open_invitation(page: Page) -> None:
    """Sign out, and open the link that the coordinator hands over."""
    link = page.locator("[data-link]").inner_text()
    page.context.clear_cookies()
    page.goto(link)


def give_half_a_testimony(page: Page) -> None:
    """Press the button with nothing but the words."""
    open_the_link(page)
    press("Give this testimony", words="I saw it.")(page)


def look_at_a_testimony(page: Page) -> None:
    """Ask somebody, answer for them, and look at what came of it."""
    ask_a_witness(page)
    asked = page.url
    page.goto(page.locator("input[readonly]").input_value())
    page.get_by_label("A member of their family").check()
    page.get_by_label("I am an expert").check()
    page.get_by_label("What I say here is true").check()
    said = {"words": "She stayed calm.", "happened_from": "2026-03-02", "place": "The counter"}
    press("Give this testimony", **said, role="Supervisor", contact="020 7946 0000")(page)
    page.goto(asked)
    page.get_by_role("link", name="what they gave").click()
    page.get_by_text("She stayed calm.").wait_for()


def open_what_was_taken_down(page: Page) -> None:
    """Take down what somebody said, and look at the page on which they confirm it."""
    page.get_by_label("Their manager or supervisor").check()
    page.get_by_label("How did they tell you?").select_option("telephone")
    page.get_by_label("Where does it come from?").select_option("real_job")
    said = {"words": "He stayed calm.", "happened_from": "2026-03-02", "place": "The ward", "name": "Moira Bannerman"}
    press("Save it, and ask them to confirm it", **said, role="Ward sister", contact="020 7946 0000")(page)
    page.goto(page.locator("input[readonly]").input_value())
    page.get_by_role("heading", name="Is this what you said?").wait_for()


def note_on_a_testimony(page: Page) -> None:
    """Press the button of an empty note."""
    look_at_a_testimony(page)
    page.get_by_role("link", name="Note how you reached them").click()
    press("Save")(page)


def accept_an_expert(page: Page) -> None:
    """Accept a witness as an expert, without a reason."""
    look_at_a_testimony(page)
    page.get_by_role("link", name="Accept them as an expert").click()
    press("Accept them")(page)


def add_a_piece_and_remove_it(page: Page) -> None:
    """Look at what is left of a piece that nothing was claimed from."""
    said = {"title": "Put in twice", "kind": "work_product", "setting": "real_job", "happened_from": "2026-03-02"}
    key = page.locator("[name=form_key]").input_value()
    send(page.url, **said, form_key=key, location="Filing cabinet 3", relevance="Shows a delivery")(page)
    page.get_by_role("link", name="All about this evidence").click()
    here = page.url
    page.get_by_role("link", name="Remove").click()
    press("Remove it")(page)
    page.goto(here)
    page.get_by_text("This evidence was removed").wait_for()


def unfold(words: str) -> Callable[[Page], None]:
    """Open what is folded under these words."""

    def act(page: Page) -> None:
        page.locator("summary").get_by_text(words).click()

    return act


def disagree_without_a_word(page: Page) -> None:
    """Record a sample without saying what was found."""
    unfold("Something does not hold")(page)
    press("Record this")(page)


def judge_without_reason(page: Page) -> None:
    """Say “not yet” and not why."""
    page.locator("main input[type=radio][value=not_yet]").first.check()
    page.locator("main textarea:focus").wait_for()


def take_in_several_cells(page: Page) -> None:
    """Choose four cells of the grid, so that the words of the one at hand show; on a phone open a criterion."""
    if not page.locator("table.grid").is_visible():
        open_a_criterion(page)
        return
    page.locator("table.grid td[tabindex='0']").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.locator("#grid-dock").get_by_text("4 cells taken in").wait_for()


def open_a_criterion(page: Page) -> None:
    """Unfold a line of the grid as it stands on a phone."""
    page.locator(".grid-key a").nth(2).click()
    page.locator(".grid-piece").first.wait_for()


def ask_why(page: Page) -> None:
    """Answer “not yet” to a claim in the grid, which asks why; on a phone a criterion is opened instead."""
    if not page.locator("table.grid").is_visible():
        open_a_criterion(page)
        return
    page.locator("table.grid td.c").first.click()
    page.keyboard.press("n")
    page.locator("#grid-dock textarea:focus").wait_for()


def claim_in_the_grid(page: Page) -> None:
    """Press a cell that is empty, and read what the page says then; on a phone its criterion is opened first."""
    if page.locator("table.grid").is_visible():
        page.locator("table.grid td:not([class])").first.click()
    else:
        open_a_criterion(page)
        page.locator(".grid-piece[aria-pressed=false]").first.click()
    page.locator("#grid-unsaved").wait_for()


def choose_who_was_observed(page: Page) -> None:
    """Go on to the form about an assessor."""
    page.locator("select[name=assessor]").select_option(label="Helen Prowse")
    press("Go on")(page)


def press_without_connection(page: Page) -> None:
    """Press a cell while nothing can be sent. Who opens the next page connects the browser again."""
    page.context.set_offline(True)
    claim_in_the_grid(page)


def send_without_connection(page: Page) -> None:
    """Press the button of a form while nothing can be sent. Who opens the next page connects the browser again."""
    page.context.set_offline(True)
    page.get_by_role("button", name="Save evidence").click()
    page.get_by_text("No connection, so nothing was sent.").wait_for()


def press_and_do_not_send(page: Page) -> None:
    """Press a cell without a connection, and give it up."""
    page.context.set_offline(True)
    claim_in_the_grid(page)
    page.get_by_role("button", name="Do not send").click()
    page.locator("#grid-unsaved").get_by_text("Not saved:").wait_for()
    page.context.set_offline(False)


def press_when_signed_out(page: Page) -> None:
    """Press a cell after one has signed out elsewhere."""
    page.context.clear_cookies()
    claim_in_the_grid(page)


def press_what_has_changed(page: Page) -> None:
    """Take back a claim that is not any more as the page shows it: it stays, and the page says why."""
    page.evaluate("for (const cell of document.querySelectorAll('.grid td[data-s]')) cell.dataset.s = 'other'")
    if page.locator("table.grid").is_visible():
        page.locator("table.grid td.c").first.click()
    else:
        page.locator(".grid-key li.c > a").first.click()
        page.locator(".grid-piece[aria-pressed=true]").first.click()
    page.locator("#grid-unsaved:visible, #grid-dock .problem:visible").first.wait_for()


def claim_with_too_long_a_place(page: Page) -> None:
    """Say where to look in more words than are kept."""
    page.locator("main input[name=claimed]:not(:disabled)").first.check()
    page.locator("main input[name^=where-]").first.fill("page " * 60)
    press("Save what is ticked")(page)


SEND = """([to, typed]) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const form = Object.assign(document.createElement("form"), { method: "post", action: to });
  form.addEventListener("formdata", ({ formData }) => {  // thousands of elements would take seconds
    for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, ...typed })) formData.append(name, value);
  });
  document.body.append(form);
  form.submit();
}"""

UNIT = r"/units/[^/]+/$"
PORTFOLIO = r"/portfolios/[^/]+/$"
GRID = r"/grid/$"
NOT_SHOWN = ("?find=Jermaine", "Jermaine Cox", PORTFOLIO, "U12902", "/not-shown/.")
ACHIEVED_NEW, STANDING = "/achieved-before/new/$", "/standing/$"
LEFT = ("Candidates", "?standing=withdrawn", "Camille Best")
UNITS = r"/portfolios/[^/]+/units/$"
REGISTER = ("Candidates", "Register a candidate")
VISITS, VISIT = ("Centre", "Open the visits"), ("Your visit to",)
FILE_REMOVAL = r"/files/[^/]+/remove/$"
UNIT_SAMPLING = r"/units/[^/]+/sampling/$"
OBSERVED = ("Observed of you, and meetings", "Observation of an assessor: Helen Prowse")
MEETING = ("Monitoring", "/monitoring/[^/]{36}/$")
HELEN = ("People", "Staff and their awards", "Helen Prowse")
PICTURE = "Photo of the collection board"
STEP = "/accounts/second-step/"
INTERESTS = "Declared interests"
PIECE = r"/evidence/[0-9a-f-]{36}/$"

PAGES = (
    # Coming in
    SitePage(name="sign-in", last="/accounts/login/"),
    SitePage(name="sign-in-error", then=press("Sign in", login="nobody@example.org", password="wrong")),
    SitePage(name="password-reset", last="/accounts/password/reset/"),
    SitePage(name="password-reset-error", last="/accounts/password/reset/", then=press("Send the link")),
    SitePage(name="password-reset-sent", last="/accounts/password/reset/done/"),
    SitePage(name="password-link-old", last="/accounts/password/reset/key/1-wrong/"),
    SitePage(name="invitation-new", who=INVITED),
    SitePage(
        name="invitation-new-error", who=INVITED, then=press("Accept and go in", password1="short", password2="other")
    ),
    SitePage(name="password-new-done", last="/accounts/password/reset/key/done/"),
    SitePage(name="account-closed", last="/accounts/inactive/"),
    SitePage(name="password-change", who="Leon", last="/accounts/password/change/"),
    SitePage(
        name="password-change-error", who="Leon", last="/accounts/password/change/", then=press("Change password")
    ),
    SitePage(name="sign-out", who="Leon", last="/accounts/logout/"),
    SitePage(name="password-once-more", who="Leon", last="/accounts/password/"),
    SitePage(name="second-step", who="Leon", last="/accounts/second-step/"),
    SitePage(name="passkey-add", who="Leon", last=f"{STEP}passkeys/new/", then=give_the_password),
    SitePage(name="recovery-codes-new", who="Leon", last=f"{STEP}codes/new/", then=give_the_password),
    SitePage(name="app-set-up", who="Leon", last=f"{STEP}app/", then=give_the_password),
    SitePage(name="app-set-up-error", who="Leon", last=f"{STEP}app/", then=type_a_wrong_code),
    # Whoever looks at these has an app from then on.
    SitePage(name="recovery-codes", who="Leon", last=STEP, then=set_up_an_app),
    SitePage(name="app-remove", who="Leon", last=STEP, then=take_the_app_away),
    SitePage(name="second-step-code", who="Leon", last=STEP, then=sign_in_again),
    # A candidate, from the first day to the last
    SitePage(name="home-begun", who="Tamika"),
    SitePage(name="portfolio-empty", who="Tamika", steps=(PORTFOLIO,)),
    SitePage(name="unit-empty", who="Tamika", steps=(UNIT,)),
    SitePage(name="sign-empty", who="Tamika", steps=(UNIT,), last="sign/"),
    SitePage(name="evidence-add", who="Tamika", steps=("Add evidence",)),
    SitePage(name="evidence-add-offline", who="Tamika", steps=("Add evidence",), last="offline/"),
    SitePage(name="evidence-add-error", who="Tamika", steps=("Add evidence",), then=press("Save evidence")),
    SitePage(name="evidence-add-unsent", who="Tamika", steps=("Add evidence",), then=send_without_connection),
    SitePage(name="home-candidate", who="Leon"),
    SitePage(name="notices", who="Desmond", steps=("All notices",)),
    SitePage(name="portfolio", who="Leon", steps=(PORTFOLIO,)),
    SitePage(name="unit-collecting", who="Leon", steps=(UNIT,)),
    SitePage(name="evidence", who="Leon", steps=(PORTFOLIO, PIECE)),
    SitePage(name="evidence-correct", who="Leon", steps=(PORTFOLIO, PIECE, "/correct/$")),
    SitePage(
        name="evidence-correct-error",
        who="Leon",
        steps=(PORTFOLIO, PIECE, "/correct/$"),
        then=press("Save correction", title=""),
    ),
    SitePage(name="evidence-remove", who="Leon", steps=(PORTFOLIO, PIECE, "/remove/$")),
    SitePage(name="file-cover", who="Leon", steps=(PORTFOLIO, PICTURE, "/cover/$")),
    SitePage(
        name="file-cover-error",
        who="Leon",
        steps=(PORTFOLIO, PICTURE, "/cover/$"),
        then=press("Cover these areas"),
    ),
    SitePage(name="witnesses", who="Imran", steps=(PORTFOLIO, "Witnesses")),
    SitePage(name="witness-ask", who="Imran", steps=(PORTFOLIO, "Ask a witness")),
    SitePage(
        name="witness-ask-error", who="Imran", steps=(PORTFOLIO, "Ask a witness"), then=press("Ask them", words="")
    ),
    SitePage(name="testimony-request", who="Imran", steps=(PORTFOLIO, "Ask a witness"), then=ask_a_witness),
    SitePage(name="testimony-give", who="Imran", steps=(PORTFOLIO, "Ask a witness"), then=open_the_link),
    SitePage(name="testimony-given", who="Priya", steps=(PORTFOLIO, "Testimony of Kelvin Joseph")),
    SitePage(name="witnesses-with-some", who="Priya", steps=(PORTFOLIO, "Witnesses")),
    SitePage(name="testimony-give-error", who="Imran", steps=(PORTFOLIO, "Ask a witness"), then=give_half_a_testimony),
    SitePage(name="plans", who="Leon", steps=(PORTFOLIO, "Plans and reviews")),
    SitePage(name="plan-answered", who="Leon", steps=(PORTFOLIO, "Plans and reviews", "Assessment plan 1")),
    SitePage(name="submission-pack", who="Leon", steps=(PORTFOLIO, "Submission pack")),
    SitePage(name="submission-pack-making", who="Leon", steps=(PORTFOLIO, "Submission pack"), then=send("", do="make")),
    SitePage(name="adjustments", who="Leon", steps=(PORTFOLIO, "Adjustments")),
    SitePage(
        name="adjustment-add-error",
        who="Desmond",
        steps=("Leon Carrington", PORTFOLIO, "Adjustments", "Add an adjustment"),
        then=press("Save", since="2026-03-02", until="2026-03-01"),
    ),
    SitePage(name="adjustment-end", who="Desmond", steps=("Leon Carrington", PORTFOLIO, "Adjustments", "/end/$")),
    SitePage(name="induction", who="Tamika", steps=("Read and sign your induction",)),
    SitePage(name="inductions", who="Marva", steps=("Induction not signed",)),
    SitePage(name="induction-text", who="Marva", steps=("Induction not signed", "What they read")),
    SitePage(name="qualifications", who="Marva", steps=("Centre", "Open the qualifications")),
    SitePage(
        name="qualification-rules", who="Marva", steps=("Centre", "Open the qualifications", "/qualifications/cvq/")
    ),
    SitePage(name="appeal", who="Leon", steps=(UNIT, "Appeal")),
    SitePage(name="appeal-error", who="Leon", steps=(UNIT, "Appeal"), then=press("Appeal", words="")),
    SitePage(name="case", who="Leon", steps=(UNIT, "Appeal"), then=press("Appeal", words="I showed this twice.")),
    SitePage(name="cases-none", who="Leon", steps=(PORTFOLIO, "Appeals and complaints", "?find=Nobody")),
    SitePage(name="review", who="Leon", steps=("Review 1 by Desmond",)),
    SitePage(name="acknowledge", who="Leon", steps=("Observation by Desmond",)),
    SitePage(name="evidence-recorded", who="Leon", steps=("Observation by Desmond", PIECE)),
    SitePage(name="claims", who="Leon", steps=(PORTFOLIO, PIECE, "/claims/")),
    SitePage(name="claims-error", who="Leon", steps=(PORTFOLIO, PIECE, "/claims/"), then=claim_with_too_long_a_place),
    SitePage(name="sign-submission", who="Leon", steps=(UNIT, "/sign/$")),
    SitePage(name="sign-error", who="Leon", steps=(UNIT, "/sign/$"), then=press("Sign", password="wrong")),
    SitePage(name="grid", who="Leon", steps=(UNIT, GRID), then=take_in_several_cells),
    SitePage(name="grid-unsaved", who="Priya", steps=(UNIT, GRID), then=press_without_connection),
    SitePage(name="grid-signed-out", who="Priya", steps=(UNIT, GRID), then=press_when_signed_out),
    SitePage(name="grid-given-back", who="Leon", steps=(UNIT, GRID), then=press_and_do_not_send),
    SitePage(name="grid-refused", who="Leon", steps=(UNIT, GRID), then=press_what_has_changed),
    SitePage(name="grid-missing", who="Leon", steps=(UNIT, GRID), last="?show=missing"),
    SitePage(name="grid-empty", who="Tamika", steps=(UNIT, GRID)),
    SitePage(name="criterion", who="Leon", steps=(UNIT, GRID, "/criteria/")),
    SitePage(name="criterion-empty", who="Tamika", steps=(UNIT,), last="criteria/performance-1/"),
    SitePage(name="evidence-removed", who="Esi", steps=("Add evidence",), then=add_a_piece_and_remove_it),
    SitePage(name="home-returned", who="Priya"),
    SitePage(name="unit-returned", who="Priya", steps=(UNIT,)),
    SitePage(name="home-submitted", who="Callum"),
    SitePage(name="unit-submitted", who="Callum", steps=(UNIT,)),
    SitePage(name="claims-closed", who="Callum", steps=(PORTFOLIO, PIECE, "/claims/")),
    SitePage(name="unit-sent-back", who="Nadia", steps=(UNIT,)),
    SitePage(name="home-assessed", who="Marcus"),
    SitePage(name="unit-assessed", who="Marcus", steps=(UNIT,)),
    SitePage(name="file-split", who="Marcus", steps=(PORTFOLIO, PIECE, "/open/$"), instead=("/open/", "/split/")),
    SitePage(name="evidence-take", who="Marcus", steps=(PORTFOLIO, PIECE), last="take/"),
    SitePage(name="home-unconfirmed", who="Denzil"),
    SitePage(name="unit-unconfirmed", who="Denzil", steps=(UNIT,)),
    SitePage(name="home-verified", who="Rosalind"),
    SitePage(name="unit-verified", who="Rosalind", steps=(UNIT,)),
    SitePage(name="unit-verified-twice", who="Winston", steps=(UNIT,)),
    SitePage(name="unit-reopened", who="Aisha", steps=(UNIT,)),
    # A candidate on a qualification
    SitePage(name="home-qualification", who="Keisha"),
    SitePage(name="portfolio-qualification", who="Keisha", steps=(PORTFOLIO,)),
    SitePage(name="portfolio-months", who="Keisha", steps=(PORTFOLIO,), then=unfold("What happened, month by month")),
    SitePage(name="units-chosen", who="Keisha", steps=(PORTFOLIO, UNITS)),
    SitePage(name="units-missing", who="Jermaine", steps=(PORTFOLIO, UNITS)),
    SitePage(name="unit-set-aside", who="Keisha", steps=(PORTFOLIO, "U13402")),
    SitePage(name="unit-largest", who="Keisha", steps=("U00306",)),
    SitePage(name="grid-largest", who="Keisha", steps=("U00306", GRID)),
    SitePage(name="grid-range", who="Keisha", steps=("U12902", GRID)),
    SitePage(name="criterion-range", who="Keisha", steps=("U12902",), last="criteria/range-2/"),
    SitePage(name="claims-range", who="Keisha", steps=("U13002", "/claims/")),
    SitePage(name="claims-found", who="Keisha", steps=("U13002", "/claims/"), last="?find=conflict"),
    # The assessor
    SitePage(name="home-assessor", who="Desmond"),
    SitePage(name="unit-to-assess", who="Desmond", steps=("Leon Carrington",)),
    SitePage(name="unit-judged", who="Desmond", steps=("Shanice Alleyne",)),
    SitePage(name="portfolio-assessor", who="Desmond", steps=("Leon Carrington", PORTFOLIO)),
    SitePage(name="evidence-assessor", who="Desmond", steps=("Leon Carrington", PIECE)),
    SitePage(
        name="evidence-testimony",
        who="Desmond",
        steps=("Imran Sayed", PORTFOLIO, "Ask a witness"),
        then=look_at_a_testimony,
    ),
    SitePage(name="testimony-take-down", who="Desmond", steps=("Imran Sayed", PORTFOLIO, "Witnesses", "Take down")),
    SitePage(
        name="testimony-take-down-error",
        who="Desmond",
        steps=("Imran Sayed", PORTFOLIO, "Witnesses", "Take down"),
        then=press("Save it, and ask them to confirm it"),
    ),
    SitePage(
        name="testimony-confirm",
        who="Desmond",
        steps=("Imran Sayed", PORTFOLIO, "Witnesses", "Take down"),
        then=open_what_was_taken_down,
    ),
    SitePage(name="testimony-from-paper", who="Desmond", steps=("Imran Sayed", PORTFOLIO, "Witnesses", "signed paper")),
    SitePage(
        name="testimony-from-paper-error",
        who="Desmond",
        steps=("Imran Sayed", PORTFOLIO, "Witnesses", "signed paper"),
        then=press("Save the testimony"),
    ),
    SitePage(
        name="testimony-note",
        who="Desmond",
        steps=("Imran Sayed", PORTFOLIO, "Ask a witness"),
        then=note_on_a_testimony,
    ),
    SitePage(
        name="witness-accept",
        who="Desmond",
        steps=("Imran Sayed", PORTFOLIO, "Ask a witness"),
        then=accept_an_expert,
    ),
    SitePage(
        name="plan-new",
        who="Desmond",
        steps=("Leon Carrington", PORTFOLIO, "Plans and reviews", "Write a plan"),
    ),
    SitePage(
        name="plan-refused",
        who="Desmond",
        steps=("Leon Carrington", PORTFOLIO, "Plans and reviews", "Write a plan"),
        then=press("Sign", password="wrong"),
    ),
    SitePage(
        name="review-new",
        who="Desmond",
        steps=("Leon Carrington", PORTFOLIO, "Plans and reviews", "Write a review"),
    ),
    SitePage(name="record-whom", who="Desmond", steps=("Record an observation",)),
    SitePage(name="record", who="Desmond", steps=("Leon Carrington", "Record an observation")),
    SitePage(
        name="record-refused",
        who="Desmond",
        steps=("Leon Carrington", "Record an observation"),
        then=press("Sign", place="Trade counter", password="wrong"),
    ),
    SitePage(
        name="record-questioning",
        who="Desmond",
        steps=("Leon Carrington", "Record an observation"),
        instead=("?", "?kind=questioning&"),
    ),
    SitePage(name="questions", who="Desmond", steps=("Question bank",)),
    SitePage(name="questions-of-unit", who="Desmond", steps=("Question bank", "B10")),
    SitePage(name="question", who="Desmond", steps=("Question bank", "B10", "Change")),
    SitePage(
        name="record-offline",
        who="Desmond",
        steps=("Leon Carrington", "Record an observation"),
        instead=("?", "offline/?"),
    ),
    SitePage(
        name="hand-over",
        who="Desmond",
        steps=("Leon Carrington", PORTFOLIO, "Observation at Trade counter"),
        last="handed-over/",
    ),
    SitePage(
        name="plan-hand-over",
        who="Desmond",
        steps=("Leon Carrington", PORTFOLIO, "Plans and reviews", "Assessment plan 1"),
        last="handed-over/",
    ),
    SitePage(name="judge", who="Desmond", steps=("Leon Carrington", "Judge evidence 1")),
    SitePage(
        name="judge-same",
        who="Desmond",
        steps=(
            "Keisha Maynard",
            PORTFOLIO,
            "U09602",
            GRID,
            "Questions and answers on rights, rules and the limits of my job",
        ),
        last="same/",
        instead=("/claims/", "/judge/"),
    ),
    SitePage(name="judge-same-nothing", who="Desmond", steps=("Leon Carrington", "Judge evidence 1"), last="same/"),
    SitePage(name="grid-assessor", who="Desmond", steps=("Leon Carrington", GRID)),
    SitePage(name="grid-why", who="Desmond", steps=("Leon Carrington", GRID), then=ask_why),
    SitePage(name="criterion-assessor", who="Desmond", steps=("Shanice Alleyne", GRID, "/criteria/")),
    SitePage(name="judge-error", who="Helen", steps=("Callum Reid", "/judge/"), then=judge_without_reason),
    SitePage(name="judge-outcomes", who="Desmond", steps=("Imran Sayed", "/judge/")),
    SitePage(name="judge-knowledge", who="Helen", steps=("Tomas Ferreira", "/judge/")),
    SitePage(
        name="judge-nothing",
        who="Desmond",
        steps=("Keisha Maynard", PORTFOLIO, "U12902", GRID, "Film of the fire drill"),
    ),
    SitePage(
        name="judge-closed",
        who="Desmond",
        steps=("Marcus Obi", UNIT, GRID, "/claims/"),
        instead=("/claims/", "/judge/"),
    ),
    SitePage(name="sign-nothing", who="Desmond", steps=("Leon Carrington",), then=send("sign/", comment="Well done.")),
    SitePage(name="claims-assessor", who="Helen", steps=("Callum Reid", "/claims/")),
    SitePage(name="statements", who="Desmond", steps=("Leon Carrington", "/statements/$")),
    SitePage(name="sign-off-held-up", who="Helen", steps=("Callum Reid", "/sign/$")),
    SitePage(name="sign-off", who="Desmond", steps=("Shanice Alleyne", "/sign/$")),
    SitePage(name="return", who="Desmond", steps=("Shanice Alleyne", "/return/$")),
    SitePage(
        name="return-error", who="Desmond", steps=("Shanice Alleyne", "/return/$"), then=press("Return this unit")
    ),
    SitePage(name="action", who="Desmond", steps=("/actions/",)),
    SitePage(name="action-error", who="Desmond", steps=("/actions/",), then=press("Answer")),
    SitePage(name="ask", who="Desmond", steps=("Shanice Alleyne", "/ask/$")),
    SitePage(name="ask-error", who="Desmond", steps=("Shanice Alleyne", "/ask/$"), then=press("Ask")),
    SitePage(name="feedback", who="Desmond", steps=("Shanice Alleyne", "/feedback/$")),
    SitePage(name="feedback-piece", who="Desmond", steps=("Leon Carrington", "Judge evidence 1"), last="feedback/"),
    SitePage(name="unit-to-confirm", who="Desmond", steps=("Denzil Ifill",)),
    SitePage(name="confirm", who="Desmond", steps=("Denzil Ifill", "/sign/$")),
    SitePage(name="not-shown", who="Desmond", steps=("Jermaine Cox", "U12902", "/not-shown/$")),
    SitePage(
        name="not-shown-error",
        who="Desmond",
        steps=("Jermaine Cox", "U12902", "/not-shown/$"),
        then=press("Save"),
    ),
    SitePage(name="take-back", who="Callum", steps=(UNIT, "/take-back/$")),
    SitePage(name="withdraw", who="Desmond", steps=("Marcus Obi", UNIT, "/withdraw/$")),
    # The internal verifier
    SitePage(name="home-verifier", who="Joycelyn"),
    SitePage(name="units-list-verifier", who="Joycelyn", steps=("Units", "?find=Winston")),
    SitePage(name="home-verifier-empty", who="Owen"),
    SitePage(name="unit-to-verify", who="Joycelyn", steps=("Marcus Obi",)),
    SitePage(name="not-shown-answer", who="Joycelyn", steps=NOT_SHOWN),
    SitePage(name="not-shown-answer-error", who="Joycelyn", steps=NOT_SHOWN, then=press("Save the answer")),
    SitePage(name="grid-verifier", who="Joycelyn", steps=("Marcus Obi", GRID)),
    SitePage(name="countersign", who="Joycelyn", steps=("Marcus Obi", "/sign/$")),
    SitePage(name="countersign-outcomes", who="Joycelyn", steps=("Grace Mensah", "/sign/$")),
    SitePage(name="sampling-board", who="Joycelyn", steps=("Sampling",)),
    SitePage(name="sampling-board-none", who="Joycelyn", steps=("Sampling", "?find=Nobody")),
    SitePage(name="sampling-policy", who="Joycelyn", steps=("Sampling", "Policy")),
    SitePage(
        name="sampling-policy-error",
        who="Joycelyn",
        steps=("Sampling", "Policy"),
        then=press("Save", summative_share="200"),
    ),
    SitePage(name="sampling-plan", who="Joycelyn", steps=("Sampling", "Plan what to sample")),
    SitePage(name="sampling-figures", who="Joycelyn", steps=("Sampling", "Figures")),
    SitePage(name="countersign-several", who="Joycelyn", steps=("Countersign several",)),
    SitePage(
        name="countersign-several-error",
        who="Joycelyn",
        steps=("Countersign several",),
        then=press("Sign what is ticked", password="wrong"),
    ),
    SitePage(name="sample", who="Joycelyn", steps=("Marcus Obi", "Sampling")),
    SitePage(name="sample-error", who="Joycelyn", steps=("Marcus Obi", "Sampling"), then=disagree_without_a_word),
    SitePage(name="planned", who="Joycelyn", steps=("Sampling", "?show=planned", UNIT_SAMPLING, "Change the plan")),
    SitePage(name="plan-add", who="Joycelyn", steps=("Marcus Obi", "Sampling"), last="plan/"),
    SitePage(name="monitoring", who="Joycelyn", steps=("Monitoring",)),
    SitePage(name="monitoring-none", who="Joycelyn", steps=("Monitoring", "?find=Nobody")),
    SitePage(name="monitoring-interview", who="Joycelyn", steps=("Monitoring", "Interview")),
    SitePage(name="monitoring-observation", who="Joycelyn", steps=("Monitoring", "Observation")),
    SitePage(
        name="monitoring-observed", who="Joycelyn", steps=("Monitoring", "Observation"), then=choose_who_was_observed
    ),
    SitePage(name="monitoring-meeting", who="Joycelyn", steps=("Monitoring", "Meeting")),
    SitePage(name="monitoring-meeting-error", who="Joycelyn", steps=("Monitoring", "Meeting"), then=press("Sign")),
    SitePage(name="monitoring-record", who="Joycelyn", steps=MEETING),
    SitePage(name="monitoring-minutes", who="Joycelyn", steps=(*MEETING, "Add the minutes")),
    SitePage(name="monitoring-own", who="Helen", steps=OBSERVED),
    SitePage(name="monitoring-acknowledge", who="Helen", steps=(*OBSERVED, "Say that you have read it")),
    SitePage(name="return-verifier", who="Joycelyn", steps=("Marcus Obi", "/return/$")),
    SitePage(name="reopen", who="Joycelyn", steps=("Units", "?find=Winston", "/units/[^/]{36}/$", "/reopen/$")),
    # The coordinator
    SitePage(name="home-coordinator", who="Marva"),
    SitePage(name="cases", who="Marva", steps=("Appeals, complaints",)),
    SitePage(name="malpractice", who="Marva", steps=("Appeals, complaints", "Report malpractice")),
    SitePage(name="how-it-stands", who="Marva", steps=("/how-it-stands/",)),
    SitePage(name="centre", who="Marva", steps=("Centre",)),
    SitePage(name="plan-headings", who="Marva", steps=("Centre", "Open their headings")),
    SitePage(
        name="plan-headings-error", who="Marva", steps=("Centre", "Open their headings"), then=press("Save", title="")
    ),
    SitePage(name="policy", who="Marva", steps=("Centre", "Open the policy")),
    SitePage(name="paper", who="Marva", steps=("Centre", "Open what can be printed")),
    SitePage(name="print-many", who="Marva", steps=("Centre", "Open what can be printed", "print many forms")),
    SitePage(
        name="print-many-none",
        who="Marva",
        steps=("Centre", "Open what can be printed", "print many forms"),
        last="?find=Nobody",
    ),
    SitePage(
        name="print-job",
        who="Marva",
        steps=("Centre", "Open what can be printed", "print many forms"),
        last="?find=Leon",
        then=press("Print"),
    ),
    SitePage(name="waiting", who="Marva", steps=("Centre", "Open what waits")),
    SitePage(name="people", who="Marva", steps=("People",)),
    SitePage(name="people-found", who="Marva", steps=("People",), last="?find=an&role=candidate&sort=-name"),
    SitePage(name="imports", who="Marva", steps=("People", "Import")),
    SitePage(name="imports-error", who="Marva", steps=("People", "Import"), then=check_a_file("Shoe size\n44\n")),
    SitePage(name="import-checked", who="Marva", steps=("People", "Import"), then=check_a_file(GOOD_ROWS)),
    SitePage(name="import-faults", who="Marva", steps=("People", "Import"), then=check_a_file(BAD_ROWS)),
    SitePage(name="account", who="Marva", steps=("Marva",)),
    SitePage(name="account-change", who="Marva", steps=("Marva", "Change your name or address")),
    SitePage(name="correction-link-old", last="/accounts/confirm/wrong/"),
    SitePage(name="invitation", who="Marva", steps=("People", "/people/invitations/")),
    SitePage(name="invitation-answer", who="Marva", steps=("People", "/people/invitations/"), then=open_invitation),
    SitePage(name="invitation-old", last="/invitation/wrong/"),
    SitePage(name="codes", who="Marva", steps=("People", "One-time codes")),
    SitePage(name="under-age", who="Marva", steps=("People", "?find=Zion", "Zion", "Age and consent of Zion")),
    SitePage(name="under-age-consent", who="Marva", steps=("People", "?find=Kayla", "Kayla", "Age and consent")),
    SitePage(name="evidence-add-under-age", who="Zion", steps=(PORTFOLIO, "Add evidence")),
    SitePage(name="person-correct", who="Marva", steps=("People", "Aisha", "Correct the name or address of Aisha")),
    SitePage(name="second-step-reset", who="Marva", steps=("People", "Aisha", "Second step of Aisha")),
    SitePage(name="sign-ins", who="Marva", steps=("People", "?find=Marva", "/people/[^/]{36}/$", "Sign-ins")),
    SitePage(name="staff", who="Marva", steps=("People", "Staff and their awards")),
    SitePage(name="staff-found", who="Marva", steps=("People", "Staff and their awards"), last="?find=TAQA"),
    SitePage(name="staff-person", who="Marva", steps=HELEN),
    SitePage(name="staff-record-add", who="Marva", steps=(*HELEN, "Record an award")),
    SitePage(name="staff-record-add-error", who="Marva", steps=(*HELEN, "Record an award"), then=press("Save")),
    SitePage(name="staff-record-end", who="Marva", steps=(*HELEN, "Take off")),
    SitePage(name="staff-certificate-add", who="Marva", steps=(*HELEN, "Add a file")),
    SitePage(name="staff-certificate-add-error", who="Marva", steps=(*HELEN, "Add a file"), then=press("Add it")),
    SitePage(name="staff-certificate-remove", who="Marva", steps=(*HELEN, "/staff-certificates/.*/remove/$")),
    SitePage(name="staff-own", who="Helen", steps=("My awards",)),
    SitePage(name="staff-development-add", who="Helen", steps=("My awards", "Record development")),
    SitePage(name="person-add", who="Marva", steps=("People", "Add a person")),
    SitePage(name="person-add-error", who="Marva", steps=("People", "Add a person"), then=press("Add")),
    SitePage(name="person", who="Marva", steps=("People", "Aisha")),
    SitePage(name="role-end", who="Marva", steps=("People", "Aisha", "End this role")),
    SitePage(name="candidates", who="Marva", steps=("Candidates",)),
    SitePage(name="units-list", who="Marva", steps=("Units",)),
    SitePage(name="evidence-list", who="Marva", steps=("Evidence",)),
    SitePage(name="evidence-list-empty", who="Marva", steps=("Evidence", "?find=zebra")),
    SitePage(name="evidence-list-portfolio", who="Leon", steps=(PORTFOLIO, "Find and sort")),
    SitePage(name="actions-list", who="Marva", steps=("Actions",)),
    SitePage(name="registration-add", who="Marva", steps=REGISTER),
    SitePage(name="registration-units", who="Marva", steps=(*REGISTER, "Customer Service NVQ")),
    SitePage(name="registration-qualification", who="Marva", steps=(*REGISTER, "CCA010-02")),
    SitePage(
        name="registration-add-error", who="Marva", steps=(*REGISTER, "Customer Service NVQ"), then=press("Register")
    ),
    SitePage(name="units-coordinator", who="Marva", steps=("Candidates", UNITS)),
    SitePage(name="unit-add", who="Marva", steps=("Candidates", UNITS, "/units/new/$")),
    SitePage(name="particulars", who="Marva", steps=("Candidates", "Denzil Ifill", "Correct particulars")),
    SitePage(name="achieved-before-add", who="Marva", steps=("Candidates", UNITS, ACHIEVED_NEW)),
    SitePage(
        name="achieved-before-add-error",
        who="Marva",
        steps=("Candidates", UNITS, ACHIEVED_NEW),
        then=press("Record it"),
    ),
    SitePage(name="achieved-before", who="Marva", steps=("Candidates", "Jermaine Cox", UNITS, "/achieved-before/[^n]")),
    SitePage(name="registration-standing", who="Marva", steps=("Candidates", "Leon Carrington", STANDING)),
    SitePage(
        name="registration-standing-error",
        who="Marva",
        steps=("Candidates", "Leon Carrington", STANDING),
        then=press("Save", reason=""),
    ),
    SitePage(name="portfolio-withdrawn", who="Marva", steps=LEFT),
    SitePage(name="unit-certificates", who="Marva", steps=(*LEFT, STANDING, "Unit certificates")),
    SitePage(name="home-withdrawn", who="Camille"),
    SitePage(name="allocate", who="Marva", steps=("Candidates", "/allocate/$")),
    SitePage(name="allocate-several", who="Marva", steps=("Allocate 58A of Denzil Ifill",)),
    SitePage(name="interests", who="Marva", steps=("Candidates", "?find=Winston", "Winston Clarke", INTERESTS)),
    SitePage(
        name="interest-withdraw",
        who="Marva",
        steps=("Candidates", "?find=Winston", "Winston Clarke", INTERESTS, "Withdraw"),
    ),
    SitePage(
        name="interest-reason",
        who="Marva",
        steps=("Candidates", "?find=Winston", "Winston Clarke", INTERESTS, "Withdraw"),
        instead=("/withdraw/", "/reason/"),
        then=send("", reason=""),
    ),
    SitePage(name="allocate-many", who="Marva", steps=("Candidates", "Allocate several units")),
    SitePage(
        name="allocate-many-error",
        who="Marva",
        steps=("Candidates", "Allocate several units"),
        then=press("See what changes"),
    ),
    SitePage(name="hand-over-all", who="Marva", steps=("Candidates", "Allocate several units", "Hand over all units")),
    SitePage(name="portfolio-coordinator", who="Marva", steps=("Candidates", "Leon Carrington")),
    SitePage(name="evidence-coordinator", who="Marva", steps=("Candidates", "Leon Carrington", PIECE)),
    SitePage(name="file-remove", who="Marva", steps=("Candidates", "Leon Carrington", PIECE, FILE_REMOVAL)),
    SitePage(
        name="file-remove-error",
        who="Marva",
        steps=("Candidates", "Leon Carrington", PIECE, FILE_REMOVAL),
        then=press("Remove the file", password="wrong"),
    ),
    SitePage(name="visits", who="Marva", steps=VISITS),
    SitePage(name="visit-open", who="Marva", steps=(*VISITS, "Open a visit")),
    SitePage(name="visit-open-error", who="Marva", steps=(*VISITS, "Open a visit"), then=press("Open the visit")),
    SitePage(name="visit-coordinator", who="Marva", steps=(*VISITS, "Edmund Lashley")),
    SitePage(name="visit-propose", who="Marva", steps=(*VISITS, "Edmund Lashley", "Propose a sample")),
    SitePage(name="visit-extend", who="Marva", steps=(*VISITS, "Edmund Lashley", "Extend")),
    SitePage(name="visit-end", who="Marva", steps=(*VISITS, "Edmund Lashley", "End it")),
    SitePage(name="visit-report", who="Marva", steps=(*VISITS, "Edmund Lashley", "Add the report")),
    SitePage(
        name="visit-report-error",
        who="Marva",
        steps=(*VISITS, "Edmund Lashley", "Add the report"),
        then=press("Add it"),
    ),
    SitePage(name="visit-action", who="Marva", steps=(*VISITS, "Edmund Lashley", "Add an action")),
    SitePage(name="grid-coordinator", who="Marva", steps=("Candidates", "Leon Carrington", UNIT, GRID)),
    # The external verifier
    SitePage(name="home-external-verifier", who="Edmund"),
    SitePage(name="visit", who="Edmund", steps=VISIT),
    SitePage(name="visit-candidates", who="Edmund", steps=(*VISIT, "Pick the sample")),
    SitePage(name="visit-candidates-error", who="Edmund", steps=(*VISIT, "Pick the sample"), then=press("Add to the")),
    SitePage(name="visit-mark", who="Edmund", steps=(*VISIT, "Mark as looked at")),
    SitePage(name="visit-unit", who="Edmund", steps=(*VISIT, "B10 ")),
    SitePage(name="visit-refused", who="Edmund", steps=VISIT, last="end/"),
    # A centre that begins
    SitePage(name="empty-home", who=FOUNDER),
    SitePage(name="empty-people", who=FOUNDER, steps=("People",)),
    SitePage(name="empty-candidates", who=FOUNDER, steps=("Candidates",)),
    SitePage(name="empty-visits", who=FOUNDER, steps=VISITS),
    SitePage(name="empty-registration-add", who=FOUNDER, steps=("Candidates", "Register a candidate")),
    SitePage(name="home-without-role", who=ROLELESS),
    # For everybody
    SitePage(name="standards", who="Leon", steps=("Standards",)),
    SitePage(name="standards-found", who="Leon", steps=("Standards",), last="?q=complaints"),
    SitePage(name="standards-not-found", who="Leon", steps=("Standards",), last="?q=zeppelin"),
    SitePage(name="standards-unit", who="Leon", last="/standards/nvq/B10/"),
    SitePage(name="standards-revision", who="Leon", last="/standards/nvq/B10/1/"),
    SitePage(name="standards-unit-cvq", who="Leon", last="/standards/cvq/U00306/"),
    SitePage(name="standards-unit-ocr", who="Leon", last="/standards/ocr/58A/"),
    SitePage(name="standards-unit-cg", who="Leon", last="/standards/cg/323/"),
    SitePage(name="standards-unit-nos", who="Leon", last="/standards/nos/D6/"),
    SitePage(name="standards-qualification", who="Leon", last="/standards/qualifications/cvq/CCA010-02/"),
    SitePage(
        name="error-400",
        who="Leon",
        last="/accounts/password/change/",
        then=send("/accounts/password/change/", **{f"field{number}": "x" for number in range(5001)}),
    ),
    SitePage(name="error-403", who="Leon", steps=(UNIT,), last="statements/"),
    SitePage(name="error-404", who="Leon", last="/nothing/is/here/"),
    SitePage(name="error-405", who="Leon", last="/demo/sign-in/"),
    SitePage(name="error-429", who="Esi", last="/accounts/password/change/", then=change_password_too_often),
    SitePage(name="old-page", then=send("/demo/sign-in/", csrfmiddlewaretoken="of another day")),
    # What is lost here shows on other pages too, so these are the last
    SitePage(name="file-lost", who="Jermaine", steps=(PORTFOLIO, PIECE, "/files/[^/]+/$"), lost=True),
    SitePage(name="form-lost", who="Winston", steps=(UNIT,), last="form.pdf", lost=True),
    SitePage(name="error-500", who="Leon", steps=("Add evidence",), without="portfolio_stagedfile"),
)
