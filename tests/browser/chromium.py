"""The system's Chromium, and what can be asked of a page that stands in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
NARROWEST = ViewportSize(width=320, height=256)  # 1280 × 1024 at 400%

# The pixels by which the page is wider than the screen, and what is to blame for it.
SIDEWAYS = """() => {
  const screen = document.documentElement.clientWidth, by = document.documentElement.scrollWidth - screen;
  if (by <= 0) return "";
  const wide = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > screen + 1);
  const blame = wide.filter(one => !wide.some(other => other !== one && one.contains(other)))[0];
  return `by ${by} pixels: ${blame ? blame.outerHTML.slice(0, 120) : "?"}`;
}"""
# How far things have moved since the page began to load (1 is the whole screen), with all fonts there.
SHIFTED = """async () => {
  await document.fonts.ready;
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const observer = new PerformanceObserver(() => {});
  observer.observe({type: "layout-shift", buffered: true});
  const moved = observer.takeRecords().filter(entry => !entry.hadRecentInput);
  const what = moved.flatMap(entry => entry.sources.map(source => source.node?.nodeName));
  return [moved.reduce((sum, entry) => sum + entry.value, 0), what.join(", ")];
}"""


@contextmanager
def chromium(*flags: str, **options: Any) -> Iterator[Browser]:
    """Start it, headless, and stop it afterwards. `flags` are Chromium's, `options` Playwright's own."""
    with sync_playwright() as playwright:
        args = ["--no-sandbox", *flags]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=args, **options)
        try:
            yield browser
        finally:
            browser.close()


def sideways(page: Page, width: int) -> str:
    """By how much the page scrolls sideways on a screen of this width; "" where it does not."""
    page.set_viewport_size({"width": width, "height": 844})
    found: str = page.evaluate(SIDEWAYS)
    return f"scrolls sideways at {width} {found}" if found else ""


def listen(page: Page) -> list[str]:
    """Collect from now on what the browser complains of: a script that fails, what the policy stops or is not there.

    That the page itself is answered with an error is no complaint, nor that a test has cut its connection, nor that
    what was pressed in a grid was not taken or a print has to wait: the page says so.
    """
    heard: list[str] = []

    def hear(url: str, words: str) -> None:
        told_there = url == page.url or url.endswith("/cells/") or "/form.pdf" in url
        expected = told_there or "ERR_INTERNET_DISCONNECTED" in words
        if not ("Failed to load resource" in words and expected):
            heard.append(f"console: {words}")

    page.on("console", lambda message: hear(message.location["url"], message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    return heard
