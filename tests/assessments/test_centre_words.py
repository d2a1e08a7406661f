"""A centre that says learner, internal quality assurer and external quality assurer reads these on all its pages."""

import re
from html import unescape
from io import BytesIO

import pypdf
import pytest
from django.urls import reverse

from assessments.recording_form.document import DECLARATIONS
from centres.models import Role
from tests.assessments.pages import address, signed_in
from tests.assessments.printing_many.printed import do_all
from tests.cast import join
from tests.centres.policies import choose

pytestmark = pytest.mark.django_db

OF_THE_DOMAIN = re.compile(r"\b(?:candidates?|internal verifiers?|external verifiers?|IV|EV)\b", re.IGNORECASE)
NAMES = re.compile(r"Candidate Recording Forms?|Pat Candidate|Ivy Verifier|Cora Coordinator|Ann Assessor")
SAID = re.compile(r'(?:aria-label|title|data-label|data-candidate|placeholder)="([^"]*)"')


@pytest.fixture
def _says_otherwise(centre, coordinator):
    choose(centre, coordinator, candidate_word="learner", internal_verifier_word="IQA", external_verifier_word="EQA")


def said_on(html):
    """What a page says, to who sees it and to who hears it."""
    without_script = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    return unescape(" ".join([*SAID.findall(without_script), re.sub(r"<[^>]+>", " ", without_script)]))


def pages_of(unit, evidence):
    """The addresses of the centre's pages about people, and of all about a unit."""
    here = {"centre": unit.registration.centre.uuid}
    portfolio = here | {"portfolio": unit.registration.uuid}
    of_unit = ("unit", "grid", "statements", "sign", "return", "withdraw", "reopen")
    return [
        reverse("home"),
        *(reverse(f"centres:{name}", kwargs=here) for name in ("people", "person_add")),
        *(reverse(f"verification:{name}", kwargs=here) for name in ("visits", "visit_open")),
        *(reverse(f"portfolio:{name}", kwargs=here) for name in ("registrations", "registration_add")),
        reverse("portfolio:registration_add", kwargs=here) + "?framework=nvq",
        *(reverse(f"portfolio:{name}", kwargs=portfolio) for name in ("units", "unit_add", "evidence_add")),
        reverse("portfolio:allocate", kwargs=here | {"unit": unit.uuid}),
        reverse("portfolio:evidence", kwargs=here | {"evidence": evidence.uuid}),
        reverse("assessments:portfolio", kwargs=portfolio),
        *(address(name, unit) for name in of_unit),
        *(address(name, unit, evidence=evidence.uuid) for name in ("claims", "judge")),
        address("criterion", unit, criterion="performance-1"),
    ]


@pytest.mark.long
@pytest.mark.usefixtures("_says_otherwise")
@pytest.mark.parametrize("state", ["claimed_unit", "submitted_unit", "assessed_unit", "verified_unit"])
def test_no_page_says_the_words_that_the_centre_does_not_use(
    state, request, evidence, coordinator, candidate, assessor
):
    unit = request.getfixturevalue(state)
    verifier = request.getfixturevalue("verifier")
    join(unit.registration.centre, coordinator, "Eve", "eve@harbour.example", Role.EXTERNAL_VERIFIER)
    shown, said = 0, ""

    for person in (coordinator, candidate, assessor, verifier):
        browser = signed_in(person)
        for url in pages_of(unit, evidence):
            response = browser.get(url)
            if response.status_code == 200:
                words = NAMES.sub("", said_on(response.content.decode()))
                for declaration in DECLARATIONS.values():  # what is signed keeps its words
                    words = words.replace(declaration, "")
                assert not (found := OF_THE_DOMAIN.search(words)), (url, words[found.start() - 80 : found.end() + 80])
                assert "{" not in words, url
                shown, said = shown + 1, said + words

    assert shown > 40
    for word in ("Learners", "a learner", "Internal quality assurer", "External quality assurer"):
        assert word in said, word


@pytest.mark.usefixtures("_says_otherwise")
def test_the_form_on_paper_keeps_the_words_of_the_domain(assessed_unit, assessor):
    browser = signed_in(assessor)
    browser.get(address("form", assessed_unit))
    do_all()
    form = pypdf.PdfReader(BytesIO(browser.get(address("form", assessed_unit)).content))
    words = " ".join(" ".join(page.extract_text() for page in form.pages).split())

    assert "Candidate Recording Form" in words
    assert "Internal verifier’s signature" in words
    assert not re.search("learner|quality assurer", words, re.IGNORECASE)
