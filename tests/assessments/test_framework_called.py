"""What a framework is called may change at any time, also in another process: it is shown and signed at once.

This process has read every wording before the change, as one that has served pages for a while.
"""

import json
from io import BytesIO

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Signature
from assessments.recording_form.drafts import draft_print
from assessments.signing.services import unit_submit
from standards.models import Framework, UnitRevision
from standards.published import published_content, revision_row
from tests.cast import PASSWORD, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

HERE = {"framework": "nvq", "code": "B10"}


@pytest.fixture
def pages(client: Client, candidate) -> Client:
    client.force_login(candidate)
    return client


@pytest.fixture(autouse=True)
def read_before(claimed_unit, pages) -> None:
    """Have everything read once under the old name, which is on every page."""
    for said in _said(pages, claimed_unit).values():
        assert "Otherwise" not in said


def call_it_otherwise() -> None:
    """As an import in another process does: nothing of this one hears of it."""
    Framework.objects.filter(code="nvq").update(title="Otherwise called", publisher="Otherwise published")


def text_of(pdf: bytes) -> str:
    """The words of a PDF, whatever lines they stand on."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).split())


def _said(pages: Client, unit) -> dict[str, str]:
    number = {"number": unit.revision.number}
    return {
        "catalogue": pages.get(reverse("standards:catalogue")).content.decode(),
        "search": pages.get(reverse("standards:catalogue"), {"q": "reliable"}).content.decode(),
        "unit": pages.get(reverse("standards:unit", kwargs=HERE)).content.decode(),
        "revision": pages.get(reverse("standards:revision", kwargs=HERE | number)).content.decode(),
        "unit on paper": text_of(pages.get(reverse("standards:unit_pdf", kwargs=HERE | number)).content),
        "blank form": text_of(pages.get(reverse("blank_form", kwargs=HERE | number)).content),
        "draft": text_of(draft_print(unit)),
    }


@pytest.mark.long
def test_it_is_shown_at_once_wherever_it_is_named(pages, claimed_unit):
    call_it_otherwise()
    assert [where for where, said in _said(pages, claimed_unit).items() if "Otherwise called" not in said] == []


@pytest.mark.long
def test_it_is_signed_at_once(claimed_unit, candidate):
    call_it_otherwise()
    unit_submit(unit=claimed_unit, actor=candidate, password=PASSWORD, seen=seen(claimed_unit))
    signed = json.loads(Signature.objects.get().document.body)["unit"]
    assert (signed["framework_title"], signed["publisher"]) == ("Otherwise called", "Otherwise published")


@pytest.mark.long
def test_what_is_kept_of_a_wording_tells_nothing_that_may_change(b10: UnitRevision):
    assert published_content(b10).unit.framework == published_content(b10).unit.framework.nameless
    row = revision_row(b10.pk)
    assert row.unit.framework.title == "Customer Service NVQ"
    call_it_otherwise()
    assert revision_row(b10.pk).unit.framework.title == "Otherwise called"


@pytest.mark.long
def test_naming_it_costs_no_query(pages, django_assert_num_queries):
    with django_assert_num_queries(5):  # the session, the person, their roles, the unit, and what it is about
        pages.get(reverse("standards:unit", kwargs=HERE))
