"""The page of all components, for those who develop."""

import re

import pytest
from django.conf import settings as project

from assessments.grid.html import LETTERS

pytestmark = pytest.mark.django_db


def test_it_shows_every_component_while_somebody_develops(client, settings):
    settings.DEBUG = True
    html = client.get("/design/").content.decode()
    for name in (
        *("bar", "stepper", "timeline", "next", "thing", "card", "table", "heat-cell", "hint", "empty", "alert"),
        *("grid", "grid-dock", "problem", "grid-key", "grid-piece", "split", "answer", "viewer", "viewed", "drawn"),
    ):
        assert re.search(rf'class="[^"]*(?<![\w-]){name}(?![\w-])', html), name
    for state in ("collecting", "submitted", "assessed", "verified"):
        assert f"state-{state}" in html
    for outcome in ("empty", "claimed", "met", "partly", "not_yet"):
        assert f"outcome-{outcome}" in html
    for letter in filter(None, LETTERS.values()):
        for cell in (f'<td class="{letter}">', f'<td class="{letter} unsaved">', f'<li class="{letter}">'):
            assert cell in html


def test_it_links_every_sheet_that_its_components_take(client, settings):
    settings.DEBUG = True
    html = client.get("/design/").content.decode()
    for sheet in ("tokens", "countersign", "grid", "judge", "viewer"):
        assert f"css/{sheet}.css" in html


def test_there_is_no_such_page_elsewhere_and_no_link_to_it(client, settings):
    settings.DEBUG = False
    assert client.get("/design/").status_code == 404
    templates = (project.BASE_DIR / "templates").rglob("*.html")
    assert not [path for path in templates if "design" in path.read_text(encoding="utf-8") and path.stem != "design"]


def test_a_colour_is_named_in_one_sheet_alone():
    """Other sheets take the variables of tokens.css, so that the dark theme changes them all."""
    css = project.BASE_DIR / "static" / "css"
    for sheet in css.glob("*.css"):
        if sheet.name != "tokens.css":
            words = re.sub(r"url\([^)]*\)", "", sheet.read_text(encoding="utf-8"))
            assert not re.search(r":[^;{]*(#[0-9a-f]{3,8}\b|rgba?\()", words), sheet.name
