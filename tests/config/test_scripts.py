"""Scripts import each other: as they are served they find each other, and a page asks for all of them at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from centres.management.commands.prepare import UNUSED_STATIC_FILES
from config import settings as product
from config.scripts import imports_of, script

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
ENTRIES = sorted({name for path in TEMPLATES for name in re.findall(r"{% script '([^']+)' %}", path.read_text())})
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
IMPORT = re.compile(r"""\b(?:from|import)\b\s*\(?\s*["'](\.[^"']+)["']""")


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Iterator[Path]:
    """The static files as a site in use has them, while its settings hold."""
    root: Path = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=root, STORAGES=product.STORAGES):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED_STATIC_FILES)
        yield root


def served(root: Path, url: str) -> Path:
    return root / url.removeprefix("/static/")


def brought_along(path: Path) -> set[Path]:
    """Every file that is fetched once this script runs."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        importing = waiting.pop()
        for address in IMPORT.findall(COMMENT.sub("", importing.read_text(encoding="utf-8"))):
            imported = (importing.parent / address).resolve()
            if imported not in found:
                found.add(imported)
                waiting.append(imported)
    return found


@pytest.mark.parametrize("name", ENTRIES)
def test_a_page_asks_at_once_for_all_that_its_script_brings_along(name, collected):
    tags = script(name)
    preloads = re.findall(r'<link rel="modulepreload" fetchpriority="low" href="([^"]+)">', tags)
    [entry] = re.findall(r'<script type="module" fetchpriority="low" src="([^"]+)"></script>', tags)
    paths = brought_along(served(collected, entry))

    for path in {served(collected, entry), *paths}:
        assert re.search(r"\.[0-9a-f]{12}\.js$", path.name), path
        assert path.is_file(), path
    assert len(preloads) == len(set(preloads))
    assert {served(collected, url) for url in preloads} == paths


def test_there_are_pages_whose_scripts_import_others():
    assert {"js/dom.js", "js/presses/unsent.js"} <= set(imports_of("js/grid/page.js")) & set(
        imports_of("js/judging/page.js")
    )


def test_each_script_is_of_some_page():
    static = settings.BASE_DIR / "static"
    used = {name for entry in ENTRIES for name in (entry, *imports_of(entry))}

    unused = {str(path.relative_to(static)) for path in static.rglob("*.js")} - used
    assert unused == {"js/remembered_page.js", "js/on_device/whose.js", "js/on_device/worker.js"}  # no modules


def test_a_script_that_is_not_there_is_an_error():
    with pytest.raises(FileNotFoundError, match=r"js/none\.js"):
        imports_of("js/none.js")
