"""The number of an evidence is written in one way, wherever it stands: pages, sentences, and the form on paper."""

import re
from io import BytesIO
from uuid import uuid4

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assessments.models.judgements import Outcome
from assessments.signing.services import gone_in_words
from portfolio.evidence.services import evidence_remove
from portfolio.models import Evidence, evidence_number
from tests.assessments.pages import address, html_of, signed_in
from tests.assessments.printing_many.printed import do_all
from tests.cast import add_evidence, claim_in_bulk, judge_in_bulk

pytestmark = pytest.mark.django_db

NUMBER = 73917391  # so long that no uuid and no token of a page has it by chance
PLAIN = re.compile(rf"(?<!N0){NUMBER}")


@pytest.fixture(autouse=True)
def written_otherwise(monkeypatch):
    monkeypatch.setattr(evidence_number, "WRITTEN", "N0{}")


@pytest.fixture
def numbered(unit, candidate, assessor):
    """An evidence with this number, which claims all of B10 and needs more."""
    now = timezone.now()
    before = {"number": NUMBER - 1, "author": candidate, "form_key": uuid4(), "added_at": now, "removed_at": now}
    Evidence.objects.create(registration=unit.registration, **before)
    evidence = add_evidence(unit.registration, candidate)
    claim_in_bulk(unit, [evidence])
    judge_in_bulk(unit, assessor, Outcome.PARTLY)
    return evidence


def pages_of(unit, evidence):
    """The addresses that show the evidence, by name."""
    here, uuid = {"centre": unit.registration.centre.uuid}, evidence.uuid
    about = {name: reverse(f"portfolio:{name}", kwargs=here | {"evidence": uuid}) for name in ABOUT}
    return about | {
        "home": reverse("home"),
        "portfolio": reverse("assessments:portfolio", kwargs=here | {"portfolio": unit.registration.uuid}),
        "criterion": address("criterion", unit, criterion="performance-1"),
        "claims": address("claims", unit, evidence=uuid),
        "judge": address("judge", unit, evidence=uuid),
        **{name: address(name, unit) for name in ("unit", "grid", "sign", "form")},
    }


ABOUT = ("evidence", "evidence_correct", "evidence_remove")
SHOWN_TO = {
    "candidate": {*ABOUT, "home", "portfolio", "criterion", "claims", "unit", "grid", "sign", "form"},
    "assessor": {"evidence", "portfolio", "criterion", "claims", "judge", "unit", "grid", "form"},
}


@pytest.mark.long
@pytest.mark.parametrize("reader", SHOWN_TO)
def test_every_page_and_the_form_write_it_alike(reader, numbered, unit, request):
    browser, pages = signed_in(request.getfixturevalue(reader)), pages_of(unit, numbered)

    for name in SHOWN_TO[reader]:
        response = browser.get(pages[name])
        if name == "form":
            do_all()
            response = browser.get(pages[name])
            on_paper = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(response.content)).pages)
            words = re.sub(r"\s", "", on_paper)  # the column is too narrow for it on one line
        else:
            words = html_of(response)
        assert f"N0{NUMBER}" in words, name
        assert not PLAIN.search(words), (name, PLAIN.search(words))


def test_sentences_write_it_alike(numbered, candidate):
    with pytest.raises(ValidationError, match=f"Evidence N0{NUMBER} is claimed for"):
        evidence_remove(evidence=numbered, actor=candidate)
    assert f"of evidence N0{NUMBER}." in gone_in_words([(NUMBER, "letter.pdf")])
    assert str(numbered) == f"Evidence N0{NUMBER}"
