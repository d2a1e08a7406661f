"""What holds for every template, whatever it shows and in whichever state."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
EMAILS = sorted((settings.BASE_DIR / "templates").rglob("*.txt"))
LINE_LENGTH = 160  # what two editors beside each other show; a tag of Django's cannot be broken to keep 120
# The secret in the address of this page proves it: portfolio/testimony/giving_views.py.
PROVED_OTHERWISE = {settings.BASE_DIR / "templates/portfolio/testimony/give.html"}
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL | re.IGNORECASE)
UNESCAPED = re.compile(r"\|\s*safe(seq)?\b|{%-?\s*autoescape\s+off")
FROM_PYTHON = re.compile(r"\bmark_safe\(|\bSafeString\(|\bformat_html\(")


def forms_without_token(source: str) -> list[str]:
    """The forms that send something and do not prove that they are ours."""
    return [form for form in FORM.findall(source) if "post" in form.lower() and "{% csrf_token %}" not in form]


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_every_form_that_sends_something_proves_that_it_is_ours(template: Path):
    assert forms_without_token(template.read_text(encoding="utf-8")) == [] or template in PROVED_OTHERWISE


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_whatever_somebody_typed_is_shown_as_words(template: Path):
    assert not UNESCAPED.search(template.read_text(encoding="utf-8"))


@pytest.mark.parametrize("template", TEMPLATES + EMAILS, ids=name)
def test_no_line_runs_out_of_the_editor(template: Path):
    lines = template.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, start=1) if len(line) > LINE_LENGTH] == []


def test_no_code_makes_html_past_the_templates():
    apps = ("record", "standards", "centres", "portfolio", "assessments", "verification", "notices", "config")
    sources = [path for app in apps for path in (settings.BASE_DIR / app).rglob("*.py")]
    assert len(sources) > 50
    found = [name(path) for path in sources if FROM_PYTHON.search(path.read_text(encoding="utf-8"))]
    # Too many cells or lines for templates (grid/test_grid_page.py, test_home.py, claiming/test_claims_page.py,
    # signing/test_sign_page.py, centres/lists); a word of a list that stands out; and the tags of a script.
    assert sorted(found) == [
        "assessments/grid/html.py",
        "assessments/home/heat_map.py",
        "assessments/lists/action_list.py",
        "assessments/templatetags/claim_lines.py",
        "assessments/templatetags/signed_pieces.py",
        "centres/lists/tables.py",
        "config/scripts.py",
    ]


def test_the_searches_would_find_it():
    assert forms_without_token('<form\n method="POST"><button>Go</button></form>')
    assert not forms_without_token('<form method="post">{% csrf_token %}</form><form action="/find"></form>')
    assert UNESCAPED.search("{{ title|safe }}")
    assert UNESCAPED.search("{% autoescape off %}")
    assert not UNESCAPED.search("{{ title|truncatechars:9 }} safe")
    assert len(TEMPLATES) > 40
