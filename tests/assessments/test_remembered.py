import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.remembered import Remembered
from portfolio.services.claims import claim_make
from tests.assessments.pages import address, html_of, signed_in


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["grid", "unit", "sign", "claims", "criterion", "portfolio"])
def test_a_page_reads_a_portfolio_again_only_when_something_happened_in_it(name, unit, evidence, candidate):
    criterion = unit.revision.criteria.filter(is_tickable=True).first()
    path = {
        "claims": lambda: address("claims", unit, evidence=evidence.uuid),
        "criterion": lambda: address("criterion", unit, criterion=f"{criterion.kind}-{criterion.position}"),
        "portfolio": lambda: address("unit", unit).split("/units/")[0] + f"/portfolios/{unit.registration.uuid}/",
    }.get(name, lambda: address(name, unit))()
    client = signed_in(candidate)
    with CaptureQueriesContext(connection) as at_first:
        before = html_of(client.get(path))
    with CaptureQueriesContext(connection) as again:
        client.get(path)
    assert len(again) <= len(at_first) - 3
    claim_make(unit=unit, evidence=evidence, criterion=criterion, where="page 9", actor=candidate)
    after = html_of(client.get(path))
    assert shown_of(after) != shown_of(before)


def shown_of(html):
    """The main part without what differs in every answer."""
    return [line for line in html.partition("<main")[2].splitlines() if "csrfmiddlewaretoken" not in line]


def test_nothing_is_kept_without_a_head():
    found = iter("abc")
    kept: Remembered[str] = Remembered(at_most=5)
    assert [kept.at("unit", "", lambda: next(found)) for _ in range(2)] == ["a", "b"]


def test_what_was_found_first_makes_room():
    kept: Remembered[str] = Remembered(at_most=2)
    for key in ("one", "two", "three"):
        kept.at(key, "head", key.upper)
    assert kept.at("three", "head", lambda: "anew") == "THREE"
    assert kept.at("one", "head", lambda: "anew") == "anew"


def test_another_head_finds_anew():
    kept: Remembered[str] = Remembered(at_most=2)
    kept.at("unit", "head", lambda: "before")
    assert kept.at("unit", "other", lambda: "after") == "after"
    assert kept.at("unit", "other", lambda: "later") == "after"
