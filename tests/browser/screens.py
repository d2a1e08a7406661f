"""One person's screen, in any of three engines, and what a person does there.

Playwright drives Chromium and the system's Firefox; the system's WebKit, which it cannot, is driven by Selenium. What
a person names is taken by the words in its name (a link, a button, a field's label); of several that are visible the
first, unless it is said otherwise.
"""

import os
import re
import shutil
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright
from selenium import webdriver
from selenium.common.exceptions import ElementNotInteractableException, StaleElementReferenceException
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.chromium import chromium

SECONDS = 30  # for what a page says when it is ready
PACKAGES = {"firefox-esr": "firefox-esr", "WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}
# WebKit's browser is as narrow as a phone only where the buttons beside its address take less room.
NARROW = "* { min-width: 0; padding: 0; margin: 0; border-width: 0; }"


class Screen(ABC):
    """One person's screen."""

    complaints: list[str]  # the browser's: a script that fails, what the policy stops. WebKit's driver hands on none

    @property
    @abstractmethod
    def url(self) -> str:
        """The address of what is shown."""

    @abstractmethod
    def open(self, url: str) -> None:
        """Show what is at an address."""

    @abstractmethod
    def follow(self, link: str, *, exact: bool = False, last: bool = False) -> None:
        """Follow a link."""

    @abstractmethod
    def press(self, button: str, *, last: bool = False) -> None:
        """Press a button."""

    @abstractmethod
    def fill(self, label: str, words: str, *, among: str = "", save: bool = False) -> None:
        """Type into a field, `among` what is in the fieldset with these words; then save with Control and Enter."""

    @abstractmethod
    def choose(self, label: str, option: str) -> None:
        """Choose what a list offers under these words."""

    @abstractmethod
    def tick(self, label: str, *, among: str = "") -> None:
        """Tick a box or take one of several answers, `among` those in the fieldset with these words."""

    @abstractmethod
    def tick_all(self, name: str) -> None:
        """Tick every box of this name."""

    @abstractmethod
    def click(self, selector: str) -> None:
        """Press with the mouse what is selected: a word, say, not the box beside it."""

    @abstractmethod
    def type(self, words: str) -> None:
        """Type into whatever has the focus."""

    @abstractmethod
    def attach(self, files: list[Path]) -> None:
        """Choose files of the machine to upload."""

    @abstractmethod
    def download(self, link: str) -> Path:
        """Follow a link to a file; return it, named as the site says."""

    @abstractmethod
    def sees(self, words: str, *, at: str = "main", among: str = "") -> None:
        """Wait until these words are visible, in one that `at` selects and that has the words `among`, too."""

    @abstractmethod
    def comes_to(self, address: str) -> None:
        """Wait until what is shown has these words in its address."""

    @abstractmethod
    def has(self, link: str) -> bool:
        """Whether there is such a link now."""

    @abstractmethod
    def ask(self, expression: str) -> Any:
        """What an expression in JavaScript comes to."""

    @abstractmethod
    def be(self, cookie: dict[str, str]) -> None:
        """Hold this cookie, with a `name` and `value`, for the site that is shown."""

    @abstractmethod
    def picture(self, path: Path) -> None:
        """Take a picture of what is shown."""


class PlaywrightScreen(Screen):
    """A page of Chromium or Firefox."""

    def __init__(self, page: Page, folder: Path) -> None:
        self._page, self._folder = page, folder
        self.complaints = []
        page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        page.on("dialog", lambda dialog: dialog.accept())  # whether to leave what was typed

    @property
    def url(self) -> str:
        return self._page.url

    def open(self, url: str) -> None:
        self._page.goto(url)

    def follow(self, link: str, *, exact: bool = False, last: bool = False) -> None:
        self._one(self._page.get_by_role("link", name=link if exact else _has(link), exact=exact), last).click()

    def press(self, button: str, *, last: bool = False) -> None:
        self._one(self._page.get_by_role("button", name=_has(button)), last).click()

    def fill(self, label: str, words: str, *, among: str = "", save: bool = False) -> None:
        field = self._one(self._within(among).get_by_label(_has(label)))
        if save:
            # Firefox tells the page of a change only in the window in front, and where it was typed key by key.
            self._page.bring_to_front()
            field.press_sequentially(words)
            field.press("Control+Enter")
        else:
            field.fill(words)

    def choose(self, label: str, option: str) -> None:
        self._one(self._page.get_by_label(_has(label))).select_option(label=option)

    def tick(self, label: str, *, among: str = "") -> None:
        self._one(self._within(among).get_by_label(_has(label))).check()

    def tick_all(self, name: str) -> None:
        for box in self._page.locator(f"input[name={name}]").all():
            box.check()

    def click(self, selector: str) -> None:
        self._page.locator(selector).click()

    def type(self, words: str) -> None:
        self._page.keyboard.type(words)

    def attach(self, files: list[Path]) -> None:
        self._page.locator("input[type=file]").set_input_files(files)

    def download(self, link: str) -> Path:
        with self._page.expect_download() as download:
            self.follow(link)
        path = self._folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def sees(self, words: str, *, at: str = "main", among: str = "") -> None:
        seen = self._page.locator(at).filter(has_text=among).first
        expect(seen).to_contain_text(words, use_inner_text=True, timeout=SECONDS * 1000)

    def comes_to(self, address: str) -> None:
        self._page.wait_for_url(lambda url: address in url)

    def has(self, link: str) -> bool:
        return self._page.get_by_role("link", name=_has(link)).count() > 0

    def ask(self, expression: str) -> Any:
        return self._page.evaluate(expression)

    def be(self, cookie: dict[str, str]) -> None:
        self._page.context.add_cookies(
            [{"name": cookie["name"], "value": cookie["value"], "url": urljoin(self.url, "/")}]
        )

    def picture(self, path: Path) -> None:
        self._page.screenshot(path=path, full_page=True)

    def _within(self, among: str) -> Page | Locator:
        return self._page.locator("fieldset").filter(has_text=among) if among else self._page

    def _one(self, found: Locator, last: bool = False) -> Locator:
        visible = found.filter(visible=True)
        return visible.last if last else visible.first


class WebKitScreen(Screen):
    """A window of WebKitGTK's own small browser."""

    def __init__(self, driver: webdriver.WebKitGTK, downloads: Path) -> None:
        self._driver, self._downloads = driver, downloads
        moving = [StaleElementReferenceException, ElementNotInteractableException]  # while a page gives way to the next
        self._wait = WebDriverWait(driver, SECONDS, ignored_exceptions=moving)
        self.complaints = []

    @property
    def url(self) -> str:
        return self._driver.current_url

    def open(self, url: str) -> None:
        self._driver.get(url)

    def follow(self, link: str, *, exact: bool = False, last: bool = False) -> None:
        page = self._driver.find_element(By.TAG_NAME, "html")
        self._do("a[href]", link, self._click, exact=exact, last=last)
        self._wait.until(staleness_of(page), f"{link!r} leads nowhere")  # the next page may have the same words

    def press(self, button: str, *, last: bool = False) -> None:
        self._do("button", button, self._click, last=last)

    def fill(self, label: str, words: str, *, among: str = "", save: bool = False) -> None:
        def fill(field: WebElement) -> None:
            if field.get_attribute("type") == "date":  # in which order it is typed is for each country to say
                self._driver.execute_script("arguments[0].value = arguments[1]", field, words)
                return
            field.clear()
            field.send_keys(words, *([Keys.CONTROL, Keys.ENTER] if save else []))

        self._do("input, textarea", label, fill, among=among)

    def choose(self, label: str, option: str) -> None:
        self._do("select", label, lambda found: Select(found).select_by_visible_text(option))

    def tick(self, label: str, *, among: str = "") -> None:
        self._do("[type=checkbox], [type=radio]", label, self._check, among=among)

    def tick_all(self, name: str) -> None:
        for box in self._driver.find_elements(By.CSS_SELECTOR, f"input[name={name}]"):
            self._check(box)

    def click(self, selector: str) -> None:
        self._click(self._driver.find_element(By.CSS_SELECTOR, selector))

    def type(self, words: str) -> None:
        ActionChains(self._driver).send_keys(words).perform()

    def attach(self, files: list[Path]) -> None:
        chosen = self._driver.find_element(By.CSS_SELECTOR, "input[type=file]")
        chosen.send_keys("\n".join(str(file) for file in files))

    def download(self, link: str) -> Path:
        before = set(self._downloads.iterdir())
        self._do("a[href]", link, self._click)

        def come(_: object) -> list[Path]:
            # Until all of it has come to a .wkdownload, an empty file keeps its place.
            new = set(self._downloads.iterdir()) - before
            return [path for path in new if path.suffix != ".wkdownload" and path.stat().st_size]

        [path] = self._wait.until(come, f"No file came by {link!r}")
        return path

    def sees(self, words: str, *, at: str = "main", among: str = "") -> None:
        def seen(_: object) -> bool:
            texts = [" ".join(one.text.split()) for one in self._driver.find_elements(By.CSS_SELECTOR, at)]
            return any(words in text and among in text for text in texts)

        self._wait.until(seen, f"{self.url} does not say {words!r} at {at!r}")

    def comes_to(self, address: str) -> None:
        self._wait.until(lambda _: address in self.url, f"{self.url} it is, not {address!r}")

    def has(self, link: str) -> bool:
        return bool(self._named("a[href]", link))

    def ask(self, expression: str) -> Any:
        return self._driver.execute_script(f"return {expression}")

    def be(self, cookie: dict[str, str]) -> None:
        self._driver.add_cookie(cookie)

    def picture(self, path: Path) -> None:
        self._driver.save_screenshot(str(path))

    def _do(
        self, kind: str, name: str, act: Callable[[WebElement], object], *, last: bool = False, **which: Any
    ) -> None:
        def find_and_act(_: object) -> bool:
            found = self._named(kind, name, **which)
            if found:
                act(found[-1 if last else 0])
            return bool(found)

        self._wait.until(find_and_act, f"{self.url} has no {kind} named {name!r}")

    def _click(self, element: WebElement) -> None:
        # The driver would scroll it to the edge, under a bar that stays there.
        self._driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def _check(self, box: WebElement) -> None:
        if not box.is_selected():
            self._click(box)

    def _named(self, kind: str, name: str, *, among: str = "", exact: bool = False) -> list[WebElement]:
        place = "fieldset" if among else "body"
        return [
            one
            for within in self._driver.find_elements(By.TAG_NAME, place)
            if among in within.text
            for one in within.find_elements(By.CSS_SELECTOR, kind)
            if one.is_displayed() and (one.accessible_name == name if exact else name in one.accessible_name)
        ]


@contextmanager
def screens(engine: str, folder: Path) -> Iterator[Callable[[ViewportSize], Screen]]:
    """Open screens of "chromium", "firefox" or "webkit", each a person's; what they save is in `folder`."""
    if engine == "webkit":
        with webkit(folder) as new_screen:
            yield new_screen
        return
    with chromium() if engine == "chromium" else firefox() as browser:

        def new_screen(size: ViewportSize) -> Screen:
            return PlaywrightScreen(browser.new_context(viewport=size).new_page(), _home(folder))

        yield new_screen


@contextmanager
def firefox() -> Iterator[Browser]:
    """Start the system's Firefox, headless, and stop it afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.firefox.launch(
            channel="moz-firefox",  # of those Playwright asks no more than a Firefox as it is published can do
            executable_path=_program("firefox-esr"),
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def webkit(folder: Path) -> Iterator[Callable[[ViewportSize], Screen]]:
    """Start the system's WebKit once for each screen, with a home of its own, and stop them all afterwards."""
    with ExitStack() as stack:
        display = stack.enter_context(_display())

        def new_screen(size: ViewportSize) -> Screen:
            home = _home(folder)
            downloads, look = home / "Downloads", home / ".config" / "gtk-3.0" / "gtk.css"
            downloads.mkdir()
            look.parent.mkdir(parents=True)
            look.write_text(NARROW)
            (home / ".config" / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{downloads}"')
            theirs = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
            service = Service(_program("WebKitWebDriver"), env=theirs | {"HOME": str(home), "DISPLAY": display})
            options = Options()
            options.add_argument("--automation")
            driver = webdriver.WebKitGTK(options, service)
            stack.callback(driver.quit)
            bar = driver.get_window_rect()["height"] - driver.execute_script("return innerHeight")
            driver.set_window_rect(width=size["width"], height=size["height"] + bar)
            as_wide = f"return innerWidth === {size['width']}"
            WebDriverWait(driver, SECONDS).until(lambda driver: driver.execute_script(as_wide), "not so narrow")
            return WebKitScreen(driver, downloads)

        yield new_screen


@contextmanager
def _display() -> Iterator[str]:
    """A display that nobody looks at; its name."""
    reading, writing = os.pipe()
    command = [_program("Xvfb"), "-displayfd", str(writing), "-screen", "0", "1400x1100x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as number:
            yield f":{number.readline().strip()}"
    finally:
        process.terminate()
        process.wait(timeout=SECONDS)


def _home(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix="screen-", dir=folder))


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"This machine has no {name}. It is in Debian's {PACKAGES[name]}; script/test --long installs it."
    return found


def _has(words: str) -> re.Pattern[str]:
    """Words for Playwright, which overlooks capitals in plain ones."""
    return re.compile(re.escape(words))
