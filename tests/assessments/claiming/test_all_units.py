"""The page that asks what a piece shows, across the units of a portfolio: what comes first, and what is saved."""

from dataclasses import replace

import pytest
from django.urls import reverse

from assessments.models import Outcome
from assessments.signing.services import unit_submit
from assessments.signing.shown_digest import content_digest
from portfolio.addresses import claims_address
from portfolio.registrations.services import registration_create, units_add
from portfolio.registrations.unit_choice import unit_set_aside
from standards.evidence_kinds import EvidenceKind
from tests.assessments.claiming.test_also_answers import GREET, SAFETY, another, claimed, criterion, ticks
from tests.assessments.claiming.test_claims_page import line, page_of
from tests.assessments.steps import answer, judge
from tests.cast import PASSWORD, add_evidence, claims_make
from tests.portfolio.files.typed import words
from tests.portfolio.qualified import revision_of, unit_in
from tests.standards.shapes import EVERY_SHAPE

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins(qualified):
    return unit_in(qualified, "M1"), unit_in(qualified, "M2")


@pytest.fixture
def piece(qualified, candidate):
    return add_evidence(qualified, candidate, kind=EvidenceKind.OBSERVATION)


@pytest.fixture
def signed_in(client, candidate, qualified):
    client.force_login(candidate)
    return client


def blocks_on(page, place=0) -> dict[str, list[str]]:
    """What stands in each block of a unit of the page: the codes of its criteria, by the block's heading."""
    return {
        block.heading: [line.criterion.full_code for group in block.groups for line in group.lines]
        for block in page.context["units"][place].shown.blocks
    }


def units_on(page) -> list[tuple[str, bool]]:
    return [(one.shown.claiming.name, one.shown.is_open) for one in page.context["units"]]


# --- What comes first -----------------------------------------------------------------------------------


def test_the_unit_one_came_from_is_first_and_open_and_the_others_are_folded(signed_in, twins, piece):
    first, second = twins
    assert units_on(signed_in.get(page_of(first, piece))) == [("M1", True), ("M2", False)]
    assert units_on(signed_in.get(page_of(second, piece))) == [("M2", True), ("M1", False)]
    assert units_on(signed_in.get(claims_address(piece.registration.centre.uuid, piece.uuid))) == [
        ("M1", True),
        ("M2", False),
    ]


def test_what_is_missing_comes_first_then_what_waits_and_what_is_met_is_marked_so(
    client, unit, evidence, candidate, assessor
):
    """By other evidence: the new piece is claimed for nothing, and a criterion that is met looks met."""
    rows = {row.full_code: row for row in unit.revision.criteria.select_related("parent")}
    wanted = dict.fromkeys([rows["B10.1.1"], rows["B10.1.2"], rows["B10.1.3"]], "")
    claims_make(unit=unit, evidence=evidence, actor=candidate, wanted=wanted)
    for place, outcome in ((0, Outcome.MET), (1, Outcome.PARTLY)):
        judge(unit=unit, actor=assessor, answers=[answer(unit, place, outcome, "Once more.")])
    client.force_login(candidate)
    page = client.get(page_of(unit, add_evidence(unit.registration, candidate, kind="photo")))
    found = blocks_on(page)
    assert list(found) == ["Missing", "Waiting: claimed from other evidence", "Met already"]
    assert found["Missing"][0] == "B10.1.2"
    assert found["Waiting: claimed from other evidence"] == ["B10.1.3"]
    assert found["Met already"] == ["B10.1.1"]
    assert "28 missing, 1 waiting, 1 met" in words(page)
    assert 'class="outcome outcome-met">Met<' in page.content.decode()
    assert 'class="outcome outcome-partly">Met in part<' in page.content.decode()


def test_what_stands_beside_what_other_evidence_of_the_kind_shows_is_most_likely(client, unit, candidate):
    rows = {row.full_code: row for row in unit.revision.criteria.select_related("parent")}
    photos = [add_evidence(unit.registration, candidate, kind="photo", title=f"Photo {place}") for place in range(2)]
    claims_make(unit=unit, evidence=photos[0], actor=candidate, wanted={rows["B10.2.1"]: ""})
    client.force_login(candidate)
    likely = blocks_on(client.get(page_of(unit, photos[1])))["Most likely"]
    assert likely == ["B10.2.2", "B10.2.3", "B10.2.4", "B10.2.5", "B10.2.6", "B10.2.7"]
    letter = add_evidence(unit.registration, candidate, kind="witness_testimony")
    assert "Most likely" not in blocks_on(client.get(page_of(unit, letter)))


def test_words_that_the_piece_answers_elsewhere_are_the_most_likely(signed_in, twins, piece, candidate):
    claims_make(unit=twins[0], evidence=piece, actor=candidate, wanted={criterion(twins[0], SAFETY): ""})
    assert blocks_on(signed_in.get(page_of(twins[1], piece)))["Most likely"] == [SAFETY]


def test_nearly_the_same_words_are_suggested_with_the_reason_and_claimed_by_themselves_alone(
    signed_in, qualified, coordinator, piece, candidate
):
    greet = EVERY_SHAPE.criteria[0]
    one, other = (
        another(qualified, coordinator, code, criteria=(replace(greet, text=text),))
        for code, text in [("M7", "Defuse a stressful situation well"), ("M8", "Diffuse a stressful situation well")]
    )
    claims_make(unit=one, evidence=piece, actor=candidate, wanted={criterion(one, GREET): "page 3"})
    page = signed_in.get(page_of(other, piece))
    assert blocks_on(page) == {"Most likely": [GREET]}
    assert "Nearly the same words as M7 1.1, which this evidence answers" in words(page)
    assert line(page, GREET).also.found == ()
    assert claimed() == {("M7", GREET, "page 3")}


def test_the_same_words_are_offered_once_and_the_others_name_that_line(signed_in, twins, piece):
    page = signed_in.get(unfolded(twins, piece))
    html = page.content.decode()
    anchor = f"#{line(page, SAFETY).anchor}"
    assert html.count("Also answers") == len(page.context["units"][0].shown.claiming.content.unit.claimable)
    assert f'The same words as <a href="{anchor}">M1 knowledge 2a</a>' in html
    assert "The same words as M2" not in words(page)


# --- Folded ---------------------------------------------------------------------------------------------


def unfolded(twins, piece) -> str:
    """The address of the page of the first with the second unfolded."""
    return f"{page_of(twins[0], piece)}&unfolded={twins[1].uuid}"


def test_the_criteria_of_a_folded_unit_come_when_it_is_unfolded(signed_in, twins, piece, candidate):
    claims_make(unit=twins[1], evidence=piece, actor=candidate, wanted={criterion(twins[1], SAFETY): "page 1"})
    address = page_of(twins[0], piece)
    folded = signed_in.get(address)
    assert blocks_on(folded, 1) == {}
    assert "unfolded=" + str(twins[1].uuid) in folded.content.decode()
    whole = signed_in.get(unfolded(twins, piece))
    assert units_on(whole) == [("M1", True), ("M2", True)]
    assert blocks_on(whole, 1)["Claimed from this evidence"] == [SAFETY]
    assert "unfolded=" not in whole.content.decode()


def test_what_is_saved_leaves_the_criteria_that_were_folded_as_they_are(signed_in, twins, piece, candidate):
    claims_make(unit=twins[1], evidence=piece, actor=candidate, wanted={criterion(twins[1], SAFETY): "page 1"})
    signed_in.post(page_of(twins[0], piece), ticks(twins[0], GREET))
    assert claimed() == {("M1", GREET, "page 3"), ("M2", SAFETY, "page 1")}


# --- Search ---------------------------------------------------------------------------------------------


def test_a_search_shows_what_has_all_the_words_in_any_unit(signed_in, twins, piece):
    page = signed_in.get(page_of(twins[1], piece) + "&find=SAFE")
    assert [name for name, _ in units_on(page)] == ["M2", "M1"]
    assert all(is_open for _, is_open in units_on(page))
    assert {code for place in (0, 1) for found in blocks_on(page, place).values() for code in found} == {SAFETY}
    nothing = signed_in.get(page_of(twins[1], piece) + "&find=<b>zebra")
    assert "No criterion has “ <b>zebra ” in its words." in words(nothing)


def test_what_is_saved_from_a_page_of_what_was_found_takes_nothing_else_back(signed_in, twins, piece, candidate):
    claims_make(unit=twins[0], evidence=piece, actor=candidate, wanted={criterion(twins[0], GREET): "page 1"})
    signed_in.post(page_of(twins[0], piece) + "&find=safety", ticks(twins[0], SAFETY))
    assert claimed() == {("M1", GREET, "page 1"), ("M1", SAFETY, "page 3")}


# --- What is saved --------------------------------------------------------------------------------------


def together(*fields) -> dict:
    """What is ticked in several units, as one form."""
    return {name: value for one in fields for name, value in one.items()} | {
        "claimed": [name for one in fields for name in one["claimed"]]
    }


def test_ticks_in_several_units_are_saved_together(signed_in, twins, piece):
    fields = together(ticks(twins[0], SAFETY, GREET), ticks(twins[1], GREET, where="page 9"))
    page = signed_in.post(page_of(twins[0], piece), fields, follow=True)
    assert "Saved: in M1 2 claimed; in M2 1 claimed." in words(page)
    assert claimed() == {("M1", SAFETY, "page 3"), ("M1", GREET, "page 3"), ("M2", GREET, "page 9")}


def test_what_is_ticked_in_its_own_place_goes_by_the_place_to_look_that_stands_there(signed_in, twins, piece):
    value = str(criterion(twins[1], GREET).uuid)
    fields = together(ticks(twins[0], GREET, also={GREET: value}), ticks(twins[1], GREET, where="page 9"))
    signed_in.post(page_of(twins[0], piece), fields)
    assert claimed() == {("M1", GREET, "page 3"), ("M2", GREET, "page 9")}


def test_where_one_unit_was_closed_meanwhile_the_others_are_saved_and_nothing_typed_is_lost(
    signed_in, twins, piece, candidate
):
    first, second = twins
    claims_make(unit=second, evidence=piece, actor=candidate, wanted={criterion(second, SAFETY): ""})
    unit_submit(unit=second, actor=candidate, password=PASSWORD, seen=content_digest(second))
    fields = together(ticks(first, GREET), ticks(second, GREET, where="page 9"))
    page = signed_in.post(page_of(first, piece), fields)
    assert "Saved: 1 claimed." in words(page)
    assert "M2 is submitted and stays as it is." in words(page)
    assert "What you had ticked 1.1: page 9" in words(page)
    assert claimed() == {("M1", GREET, "page 3"), ("M2", SAFETY, "")}


def test_what_was_ticked_in_a_unit_that_was_set_aside_meanwhile_is_told_and_the_rest_is_saved(
    signed_in, qualified, piece, coordinator, candidate, twins
):
    [optional] = units_add(registration=qualified, actor=coordinator, revisions=[revision_of("O1")])
    fields = together(ticks(twins[0], GREET), ticks(optional, GREET, where="page 9"))
    assert "O1" in dict(units_on(signed_in.get(page_of(twins[0], piece))))
    unit_set_aside(unit=optional, actor=candidate)
    assert "O1" not in dict(units_on(signed_in.get(page_of(twins[0], piece))))
    page = signed_in.post(page_of(twins[0], piece), fields)
    assert "Saved: 1 claimed." in words(page)
    assert "O1 was set aside and stays as it is." in words(page)
    assert "What you had ticked 1.1: page 9" in words(page)
    assert claimed() == {("M1", GREET, "page 3")}


def test_a_note_that_cannot_be_saved_in_a_folded_unit_opens_it(signed_in, twins, piece):
    page = signed_in.post(page_of(twins[0], piece), ticks(twins[1], SAFETY, where="x" * 201))
    assert units_on(page) == [("M1", True), ("M2", True)]
    assert claimed() == set()


# --- Addresses ------------------------------------------------------------------------------------------


def test_an_address_that_names_a_unit_leads_to_the_one_page_and_takes_along_what_was_sent(signed_in, twins, piece):
    named = {"centre": piece.registration.centre.uuid, "unit": twins[1].uuid, "evidence": piece.uuid}
    old = reverse("assessments:claims", kwargs=named)
    assert signed_in.get(old).url == page_of(twins[1], piece)
    signed_in.post(old, ticks(twins[1], SAFETY), follow=True)
    assert claimed() == {("M2", SAFETY, "page 3")}


def test_a_unit_of_another_portfolio_is_not_found(signed_in, twins, piece, candidate, coordinator):
    other = registration_create(
        centre=piece.registration.centre,
        actor=coordinator,
        candidate=candidate,
        number="",
        revisions=[twins[0].revision],
    )
    assert signed_in.get(page_of(other.candidate_units.get(), piece)).status_code == 404
    assert signed_in.get(f"{claims_address(piece.registration.centre.uuid, piece.uuid)}?unit=x").status_code == 404
