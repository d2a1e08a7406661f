"""What people are told of a piece that a unit takes all the same."""

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings

from portfolio.models import Capacity
from portfolio.remarks import AgeAsked, remarks_on
from standards.evidence_kinds import EvidenceKind
from standards.fixtures import read_fixtures
from tests.standards.shapes import EVERY_SHAPE

[UNIT_323] = [fixture.content for fixture in read_fixtures(settings.BASE_DIR / "fixtures", frameworks=["cg"]).units]


ANY_AGE = AgeAsked(months=None, before=date(2026, 6, 15), is_submitted=False)
LONG_AGO = date(2001, 1, 31)


def said(
    unit=UNIT_323, *, kind="work_product", title="", author=Capacity.CANDIDATE, is_elsewhere=True,
    happened=LONG_AGO, age=ANY_AGE,
) -> list[str]:  # fmt: skip
    found = remarks_on(
        unit, kind=kind, title=title, author=author, is_elsewhere=is_elsewhere, happened=happened, age=age
    )
    return [one.sentence for one in found]


# As 323 prints them: with an asterisk, and without.
STARRED = [
    "organisational processes and procedures", "organisation chart", "marketing materials", "rotas", "schedules",
    "internal documentation", "service offer", "standards", "targets", "customer feedback",
]  # fmt: skip
WITHOUT = ["report on research into customer service delivery", "customer journey 'map'.", "appraisal."]


@pytest.mark.parametrize("document", STARRED)
def test_a_document_with_an_asterisk_may_stay_at_the_workplace(document):
    assert document in UNIT_323.rules.held_elsewhere
    for title in (document, document.capitalize(), f"The {document} of our branch, 2026"):
        assert said(title=title) == []


@pytest.mark.parametrize(
    "title",
    ["Rota of the counter for May", "Complaints procedure", "Organisational chart", "Customers' feedback, in cards",
     "SERVICE OFFER", "Schedule of deliveries", "Waiting times: our target"],
)  # fmt: skip
def test_a_description_names_a_document_in_its_own_way(title):
    assert said(title=title) == []


@pytest.mark.parametrize("title", [*WITHOUT, "My appraisal in June", "Minutes of the meeting", "Customer letters", "…"])
def test_a_document_without_one_is_remarked_and_the_assessor_decides(title):
    [sentence] = said(title=title)
    assert sentence.startswith("323 lets some documents stay at the workplace, and this description names none of them")
    assert "The assessor decides" in sentence
    assert said(title=title, is_elsewhere=False) == []  # its file is there


@pytest.mark.parametrize("kind", EvidenceKind)
def test_what_is_no_document_of_the_workplace_is_remarked_whatever_it_is_called(kind):
    sentences = said(kind=kind, title="Rotas", author=Capacity.ASSESSOR)
    if kind in {"work_product", "photo", "audio", "video"}:
        assert sentences == []
    else:
        assert f"this is marked “{kind.label.lower()}”" in sentences[0]
        assert said(kind=kind, title="Rotas", author=Capacity.ASSESSOR, is_elsewhere=False) == []


def test_a_unit_that_says_nothing_of_it_lets_everything_stay():
    assert said(EVERY_SHAPE, kind="witness_testimony", title="Appraisal") == []


def test_an_observation_that_no_assessor_wrote_is_remarked_where_the_unit_asks_for_one_that_they_did():
    [sentence] = said(kind="observation", is_elsewhere=False)
    assert sentence.startswith("323 asks for an observation that an assessor wrote. No assessor wrote this one")
    assert said(kind="observation", author=Capacity.ASSESSOR, is_elsewhere=False) == []
    assert said(kind="witness_testimony", is_elsewhere=False) == []
    before = replace(UNIT_323, rules=replace(UNIT_323.rules, observed_elements=()))
    assert said(before, kind="observation", is_elsewhere=False) == []


def test_a_remark_brings_the_units_own_words():
    [place, author] = remarks_on(
        UNIT_323, kind="observation", title="Rotas", author=Capacity.CANDIDATE, is_elsewhere=True,
        happened=LONG_AGO, age=ANY_AGE,
    )  # fmt: skip
    assert place.words[0].startswith("*Internal/organisational documentation need not be held in the candidate's")
    assert author.words[0].startswith("Note: the candidate must be observed at least on one occasion")


@pytest.mark.parametrize(
    ("happened", "months", "before", "is_older"),
    [
        (date(2024, 6, 15), 24, date(2026, 6, 15), False),  # to the day
        (date(2024, 6, 14), 24, date(2026, 6, 15), True),
        (date(2025, 12, 31), 2, date(2026, 2, 28), False),
        (date(2025, 12, 31), 2, date(2026, 3, 1), True),
        (date(2027, 1, 1), 1, date(2026, 6, 15), False),  # a slip, which other rules refuse
        (LONG_AGO, None, date(2026, 6, 15), False),
    ],
)
def test_evidence_that_is_older_than_its_centre_asks_is_remarked(happened, months, before, is_older):
    age = AgeAsked(months=months, before=before, is_submitted=False)
    assert bool(said(is_elsewhere=False, happened=happened, age=age)) == is_older


def test_the_remark_says_the_day_and_whether_it_is_counted_to_today_or_to_the_submission():
    for is_submitted, since in ((False, "24 months ago"), (True, "24 months before the unit was submitted")):
        age = AgeAsked(months=24, before=date(2026, 6, 15), is_submitted=is_submitted)
        [sentence] = said(is_elsewhere=False, age=age)
        assert sentence.startswith(f"This happened on 31 January 2001, more than {since}. The centre asks for newer")
