"""The page of a qualification: which units make it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from standards.content import GroupContent, QualificationContent
from standards.in_words import combination_in_words, group_in_words
from standards.models import Qualification, QualificationGroup, QualificationUnit
from standards.selectors import qualification_contents
from standards.services.combining import QualificationPublication, qualifications_publish
from standards.services.publishing import unit_publish
from tests.append_only import assert_append_only
from tests.standards.shapes import EVERY_SHAPE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CVQ_PAGE = "/standards/qualifications/cvq/CCA010-02/"
RULE = QualificationContent(
    framework=EVERY_SHAPE.framework,
    code="Q1",
    title="Shapes",
    level=2,
    minimum_units=1,
    minimum_credit=6,
    groups=(GroupContent(name="Any", choose=0, credits=1, units=("X1",)),),
)


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(get_user_model().objects.create(email="anyone@example.org"))
    return client


@pytest.fixture
def published() -> Qualification:
    unit_publish(content=EVERY_SHAPE)
    [row] = publish(RULE)
    return row


def publish(*contents: QualificationContent) -> Sequence[Qualification]:
    return qualifications_publish(publications=[QualificationPublication(content=content) for content in contents])


def test_it_shows_the_rule_and_each_unit_in_its_group(
    signed_in: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    call_command("sync_standards", "--framework", "cvq", verbosity=0)
    with django_assert_max_num_queries(12):
        html = signed_in.get(CVQ_PAGE).content.decode()
    for words in (
        "At least 6 units.",
        "Mandatory: all 5 units.",
        "Optional: 1 of 4 units.",
        "No awarding body is named",
        "<dt>How many units make it</dt>",
        "<dt>Publisher</dt>",
    ):
        assert words in html
    assert "minimum_units" not in html
    mandatory, _, optional = html.partition("Optional: 1 of 4 units</h2>")
    assert "/standards/cvq/U00306/" in mandatory
    assert "/standards/cvq/U13502/" in optional


def test_one_that_does_not_exist_is_not_found(signed_in: Client) -> None:
    assert signed_in.get("/standards/qualifications/nvq/B10/").status_code == 404


def test_it_comes_back_as_it_was_published(published: Qualification) -> None:
    assert list(qualification_contents(Qualification.objects.all()).values()) == [RULE]
    assert combination_in_words(RULE) == [
        "At least 1 unit.",
        "At least 6 credits.",
        "Any: 0 of 1 unit, worth at least 1 credit.",
    ]


def test_a_group_of_one_unit_is_not_all_of_several() -> None:
    group = RULE.groups[0]
    assert len(group.units) == 1
    assert group_in_words(replace(group, choose=1, credits=None)) == "1 unit"


def test_the_same_again_publishes_nothing_and_a_change_a_new_wording(published: Qualification) -> None:
    assert publish(RULE) == []
    [second] = publish(replace(RULE, minimum_units=0))
    assert (published.number, second.number) == (1, 2)


def test_the_database_refuses_to_change_a_rule(published: Qualification) -> None:
    assert_append_only(published)
    assert_append_only(QualificationGroup.objects.get())
    assert_append_only(QualificationUnit.objects.get())


def test_a_unit_stands_once_in_a_group(published: Qualification) -> None:
    member = QualificationUnit.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        QualificationUnit.objects.create(group=member.group, unit=member.unit, position=2)
