"""When a phone has painted a page: four times slower than this machine, over a line of 1.6 Mbit/s.

The demo's pages, in Chromium on the site as people run it. What is timed is the largest contentful paint from the
beginning of the navigation, with an empty cache and a full one; the time from pressing a key to the paint that answers
it; and how far things moved meanwhile. The median of a few rounds counts: unlike all other measures these are times, so
a machine that is busy with other things shows more than there is.
"""

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.pairs import Found
from tests.browser.chromium import PHONE, SHIFTED, chromium
from tests.browser.pages import PAGES, SitePage
from tests.browser.visitors import Visitors
from tests.site import running_site

EMPTY, FULL, PRESS = 1.2, 0.5, 0.1  # seconds at most
SHIFT = 0.001  # of the screen: less is rounding
ROUNDS = 3
SLOWER = 4
BYTES_A_SECOND = 1_600_000 / 8
WORKING = (
    "home-candidate", "portfolio", "unit-collecting", "evidence-add", "evidence", "claims", "grid", "criterion",
    "sign-submission", "home-assessor", "unit-to-assess", "judge", "grid-assessor", "sign-off",
)  # fmt: skip
PAINTED = {f"paint-{page.name}": page for page in PAGES if page.name in WORKING}

LARGEST = """() => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().at(-1).startTime / 1000))
    .observe({type: "largest-contentful-paint", buffered: true});
})"""
# From now on the longest time between a press and its paint; Chromium tells of those from 16 ms on.
LISTEN = """() => {
  window.longestPress = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.longestPress = Math.max(window.longestPress, entry.duration / 1000);
  }).observe({type: "event", durationThreshold: 16});
}"""


def painted(names: Sequence[str]) -> Iterator[Found]:
    """Measure these pages on a demo site of their own, started for them."""
    with tempfile.TemporaryDirectory() as folder, running_site(data_dir=Path(folder), DEMO="1") as site:
        visitors = Visitors(site)
        with chromium() as browser:
            for name in names:
                yield _found(name, [_round(browser, visitors, PAINTED[name]) for _ in range(ROUNDS)])


def _found(name: str, rounds: Sequence[tuple[float, float, float, float]]) -> Found:
    empty, full, press, shift = (statistics.median(values) for values in zip(*rounds, strict=True))
    notes = (
        f"s with an empty cache; {full:.2f} s with a full one, of {FULL:.2f}",
        f"{press:.3f} s to a press, of {PRESS:.3f}",
        f"{shift:.3f} of the screen moved",
    )
    return Found(name, empty, EMPTY, notes, full > FULL or press > PRESS or shift > SHIFT)


def _round(browser: Browser, visitors: Visitors, what: SitePage) -> tuple[float, float, float, float]:
    """The seconds to the largest paint with an empty cache, with a full one and to a press; how far things moved."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2)
    try:
        visitors.sign_in(context, what.who)
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        devtools.send("Network.enable")
        line = {
            "offline": False,
            "latency": 0,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        }
        devtools.send("Network.emulateNetworkConditions", line)
        address = visitors.address(what)
        empty, moved = _shown(page, address)
        full, moved_again = _shown(page, address)
        return empty, full, _pressed(page), moved + moved_again
    finally:
        context.close()


def _shown(page: Page, address: str) -> tuple[float, float]:
    page.goto("about:blank")
    page.goto(address)
    moved, _ = page.evaluate(SHIFTED)
    return float(page.evaluate(LARGEST)), float(moved)


def _pressed(page: Page) -> float:
    """Move the focus three times, which every page shows."""
    page.evaluate(LISTEN)
    for _ in range(3):
        page.keyboard.press("Tab")
        page.wait_for_timeout(200)
    return float(page.evaluate("window.longestPress"))
