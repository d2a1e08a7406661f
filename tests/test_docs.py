"""What the documentation names is there: paths, modules, and the words of the glossary."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings

from tests.test_architecture import BELOW, modules

ROOT = settings.BASE_DIR
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CONTRIBUTORS = ROOT / "docs" / "contributors"
IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FOLDERS = [*BELOW, "bench", "docs", "fixtures", "script", "static", "templates", "tests"]
# Of this repository, whole or from some folder on: "cells/", "tests/record", "js/grid.js", "services.py".
PATH = re.compile(r"[a-z_0-9][\w.-]*(/[\w.-]+)*(/|/[\w-]+|\.(py|html|css|js|md|conf|toml|txt))")
DOTTED = re.compile(rf"({'|'.join(BELOW)})(\.\w+)+")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*(\.\w+)?")


def named(page: Path) -> list[str]:
    return IN_BACKTICKS.findall(CODE_BLOCK.sub("", page.read_text(encoding="utf-8")))


@cache
def ours() -> set[str]:
    """Every file and folder of ours, from each folder on: "record/keys.py" and "keys.py"."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    found += [path for path in ROOT.iterdir() if path.is_file() or path.name in FOLDERS]
    parts = [path.relative_to(ROOT).parts for path in found]
    return {"/".join(part[start:]) for part in parts for start in range(len(part))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_is_there(page):
    words = chain.from_iterable(found.split() for found in named(page))
    paths = [word for word in words if PATH.fullmatch(word)]
    assert [path for path in paths if path.rstrip("/") not in ours()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_page_and_picture_that_a_page_links_to_is_there(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_every_heading_that_code_cites_is_there():
    cited = {
        (found["page"], " ".join(found["heading"].split()), str(path.relative_to(ROOT)))
        for path in chain.from_iterable(modules(app) for app in BELOW)
        for found in re.finditer(r'docs/(?P<page>[\w/-]+\.md), "(?P<heading>[^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert cited
    headings = {page: re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE) for page in PAGES}
    assert [one for one in cited if one[1] not in headings[ROOT / "docs" / one[0]]] == []


def defined(path: Path) -> Iterator[str]:
    """The names of a module, and "Class.name" for what its classes hold."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        yield from names_of(node)
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{name}" for inner in node.body for name in names_of(inner))


def names_of(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.ImportFrom(names=names):
            yield from (one.asname or one.name for one in names)


@cache
def names() -> set[str]:
    return {name for app in BELOW for path in modules(app) for name in defined(path)}


@pytest.mark.parametrize("page", sorted(CONTRIBUTORS.glob("*.md")), ids=lambda page: page.name)
def test_every_module_and_name_in_it_that_a_page_for_contributors_names_is_there(page):
    wrong = []
    for dotted in filter(DOTTED.fullmatch, named(page)):
        parts = dotted.split(".")
        rest: list[str] = []
        while not (path := ROOT.joinpath(*parts)).is_dir() and not path.with_suffix(".py").is_file():
            rest.insert(0, parts.pop())
        module = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if rest and ".".join(rest) not in set(defined(module)):
            wrong.append(dotted)
    assert wrong == []


ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)


def test_each_word_of_the_glossary_names_where_the_code_has_it():
    rows = ROW.findall((CONTRIBUTORS / "glossary.md").read_text(encoding="utf-8"))[1:]
    assert len(rows) > 50
    missing = {
        word: name
        for word, where in rows
        for name in IN_BACKTICKS.findall(where) or [where]
        if not (IDENTIFIER.fullmatch(name) and name in names()) and name.rstrip("/") not in ours()
    }
    assert missing == {}


def test_the_words_of_the_glossary_are_in_alphabetical_order():
    rows = ROW.findall((CONTRIBUTORS / "glossary.md").read_text(encoding="utf-8"))[1:]
    words = [word.lower() for word, _ in rows]
    assert words == sorted(words)
