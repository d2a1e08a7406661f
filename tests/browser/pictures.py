"""`script/pictures`: a picture of every page in each width and colour scheme, in pictures/.

Fails with the names of the pages that scroll sideways, at 390 or 320 pixels, or whose console shows an error.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from tests.browser.chromium import DESK, PHONE, chromium, listen, sideways
from tests.browser.pages import PAGES, SitePage
from tests.browser.visitors import Visitors
from tests.site import CHECKOUT, running_site

FOLDER = CHECKOUT / "pictures"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main(names: list[str]) -> int:
    """Take them: all, or those of the pages with these names ("home" is home-assessor, too)."""
    wanted = [page for page in PAGES if not names or any(_is_called(page, name) for name in names)]
    if unknown := [name for name in names if not any(_is_called(page, name) for page in PAGES)]:
        sys.stderr.write(f"No page is called {', '.join(unknown)}. There are: {', '.join(p.name for p in PAGES)}.\n")
        return 2
    FOLDER.mkdir(exist_ok=True)
    is_any_wrong = False
    with demo() as visitors, chromium() as browser:
        for page in wanted:
            faults = _take(browser, visitors, page)
            is_any_wrong |= bool(faults)
            sys.stdout.write(f"{page.name}\t{'; '.join(faults) or 'ok'}\n")
            sys.stdout.flush()
    return 1 if is_any_wrong else 0


@contextmanager
def demo() -> Iterator[Visitors]:
    """A demo site of its own, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="countersign-pictures-") as folder:
        os.environ["XDG_CONFIG_HOME"] = f"{folder}/config"  # Chromium's, which would be in the home folder
        with running_site(data_dir=Path(folder) / "data", within_seconds=300, DEMO="1") as site:
            yield Visitors(site)


def _is_called(page: SitePage, name: str) -> bool:
    return page.name == name or page.name.startswith(f"{name}-")


def _take(browser: Browser, visitors: Visitors, wanted: SitePage) -> list[str]:
    """Take four pictures of a page; return what is wrong with it."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    faults = listen(page)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        context.set_offline(False)
        visitors.sign_in(context, wanted.who)
        page.goto(visitors.address(wanted))
        if wanted.then:  # at each width afresh: what can be pressed differs
            wanted.then(page)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate("document.fonts.ready.then(() => true)")
            name = f"{wanted.name}-{size['width']}-{scheme}.png"
            page.screenshot(path=FOLDER / name, full_page=True, animations="disabled")
    faults += [fault for width in (390, 320) if (fault := sideways(page, width))]
    context.close()
    return faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
