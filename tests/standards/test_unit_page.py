"""The page of a unit."""

import re
from dataclasses import replace
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from standards.content import Related, RevisionContent
from standards.services.prose import ProsePublication, prose_publish
from standards.services.publishing import unit_publish
from tests.standards.shapes import EVERY_PROSE, EVERY_SHAPE

pytestmark = pytest.mark.django_db

B10_PAGE = "/standards/nvq/B10/"


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(get_user_model().objects.create(email="anyone@example.org"))
    return client


def page(client: Client, path: str = B10_PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_it_stands_under_its_framework_and_code() -> None:
    assert reverse("standards:unit", args=["nvq", "B10"]) == B10_PAGE


def test_it_shows_every_word_of_the_unit(signed_in: Client, b10: RevisionContent) -> None:
    html = page(signed_in)
    unit = b10.unit
    for words in [unit.title, unit.theme, unit.purpose, unit.framework.title]:
        assert words in html
    for element in unit.elements:
        assert f"{element.number} {element.title}" in html
    for criterion in unit.criteria:
        assert criterion.text in html
        assert f">{criterion.full_code}</a>" in html


def test_it_shows_the_rules_with_the_words_they_come_from(signed_in: Client, b10: RevisionContent) -> None:
    asked = page(signed_in).partition("What this unit asks of the evidence")[2]
    assert "Real job, paid or voluntary" in asked
    assert b10.unit.rules.statements[0] in asked
    assert "Simulation is not allowed for any performance evidence within this Unit." in asked


def test_it_names_what_the_unit_names_as_related_and_leads_there(signed_in: Client, b10: RevisionContent) -> None:
    other = replace(EVERY_SHAPE, related=(Related(words="Organise it", unit="nvq:B10"), Related(words="Not here")))
    unit_publish(content=other)
    html = page(signed_in, "/standards/made-up/X1/")
    assert f'<a href="{B10_PAGE}">Organise it</a>' in html
    assert "<div>Not here</div>" in html


def test_it_says_for_whom_it_is_and_folds_what_it_is_about(signed_in: Client) -> None:
    unit_publish(content=EVERY_SHAPE)
    prose_publish(publications=[ProsePublication(framework="made-up", code="X1", prose=EVERY_PROSE)])
    unit_publish(content=replace(EVERY_SHAPE, title="Every other shape"))
    for path in ["/standards/made-up/X1/", "/standards/made-up/X1/1/"]:
        html = page(signed_in, path)
        open_to_all, about, folded = html.partition("What this unit is about</h2></summary>")
        assert about
        assert "Do not use this unit if you have none.</p>" in open_to_all
        told = folded.partition("</details>")[0]
        for words in ["This theme covers shapes.", "<strong>Aim:</strong> It shows shapes.", "<li>squares.</li>"]:
            assert words in told
        assert "The full stop is kept." in html


def test_it_shows_the_rulings(signed_in: Client, b10: RevisionContent) -> None:
    html = page(signed_in)
    for ruling in b10.unit.rulings:
        assert ruling.text in html
    assert "<dt>Title</dt>" in html
    assert "<dt>B10.1.2</dt>" in html


def test_each_criterion_has_an_address_of_its_own(signed_in: Client, b10: RevisionContent) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page(signed_in))
    assert len(ids) == len(set(ids))
    assert {criterion.anchor for criterion in b10.unit.criteria} <= set(ids)


def test_an_older_revision_can_still_be_read(signed_in: Client) -> None:
    unit_publish(content=EVERY_SHAPE)
    unit_publish(content=replace(EVERY_SHAPE, title="Every other shape"))
    assert "Every other shape" in page(signed_in, "/standards/made-up/X1/")
    assert "X1 Every shape" in page(signed_in, "/standards/made-up/X1/1/")


def test_every_shape_has_a_place_on_it(signed_in: Client) -> None:
    unit_publish(content=EVERY_SHAPE)
    html = page(signed_in, "/standards/made-up/X1/")
    for words in ["Nobody", "A/123/4567", "40", "Carefully.", "Law", ">2a</a>", ">Ai</a>", "Bring records."]:
        assert words in html


NOT_IN_POSTGRESQL = [
    "/standards/%00/B10/",
    "/standards/nvq/B10%00/1/",
    "/standards/nvq/B10%00/1/unit.pdf",
    "/standards/nvq/B10%00/1/form.pdf",
    "/standards/qualifications/nvq/%00/",
]


@pytest.mark.parametrize(
    "path", ["/standards/nvq/B11/", "/standards/nos/B10/", "/standards/nvq/B10/2/", *NOT_IN_POSTGRESQL]
)
def test_what_does_not_exist_is_not_found(signed_in: Client, b10: RevisionContent, path: str) -> None:
    assert signed_in.get(path).status_code == 404


def test_it_is_for_people_who_are_signed_in(client: Client, b10: RevisionContent) -> None:
    response = client.get(B10_PAGE)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_it_can_only_be_read(signed_in: Client, b10: RevisionContent) -> None:
    assert signed_in.post(B10_PAGE).status_code == 405


@pytest.mark.long
def test_it_takes_few_queries(
    signed_in: Client, b10: RevisionContent, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(10):
        page(signed_in)
