"""Units of every shape in a portfolio: their pages show each part in the unit's own words, and their rules bite."""

import json
import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Outcome, Stage
from assessments.signing.services import unit_sign_off, unit_submit
from assessments.standing.readiness import in_short, readiness
from assessments.standing.unit_record import unit_record
from portfolio.models import Capacity, Claim
from portfolio.registrations.services import allocate, units_add
from standards.fixtures import read_fixtures
from standards.models import Criterion
from standards.selectors import latest_revision, unit_by_address
from standards.services.publishing import unit_publish
from standards.services.syncing import standards_sync
from tests.assessments.cells.test_judgements import correct
from tests.assessments.grid.test_grid_page import codes, many_pieces
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, claims_make, judge_in_bulk, seen

pytestmark = [pytest.mark.django_db, pytest.mark.long]

FRAMEWORKS = {
    "cvq": read_fixtures(settings.BASE_DIR / "fixtures", frameworks=["cvq"]),
    "ocr": read_fixtures(settings.BASE_DIR / "fixtures", frameworks=["ocr"]),
    "cg": read_fixtures(settings.BASE_DIR / "fixtures", frameworks=["cg"]),
    "nos": read_fixtures(settings.BASE_DIR / "fixtures", frameworks=["nos"]),
}
SHAPES = (
    "cvq:U09602", "cvq:U12902", "cvq:U13002", "cvq:U00306", "cvq:U13202", "ocr:58A", "cg:323", "nos:F1", "nos:B10",
    "nvq:B10",
)  # fmt: skip


@pytest.fixture
def unit_of(unit, coordinator, assessor, verifier):
    """Registers Pat on another unit, with Ann and Ivy: `unit_of("cvq:U00306")`."""

    def register(where: str):
        if where == "nvq:B10":
            return unit
        standards_sync(fixtures=FRAMEWORKS[where.partition(":")[0]])
        revision = latest_revision(unit_by_address(where))
        assert revision is not None
        [added] = units_add(registration=unit.registration, actor=coordinator, revisions=[revision])
        allocate(unit=added, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
        allocate(unit=added, actor=coordinator, user=verifier, capacity=Capacity.INTERNAL_VERIFIER)
        return added

    return register


def claim(unit, piece, candidate, *wanted: tuple[str, int]) -> list[str]:
    """Claim criteria by kind and position; return what was refused."""
    rows = Criterion.objects.filter(revision=unit.revision).select_related("parent", "element")
    criteria = {row: "" for row in rows if (row.kind, row.position) in wanted}
    marked = claims_make(unit=unit, evidence=piece, actor=candidate, wanted=criteria)
    return [one.refused for one in marked if one.refused]


def position(unit, kind: str, words: str) -> tuple[str, int]:
    return kind, Criterion.objects.filter(revision=unit.revision, kind=kind, text__startswith=words)[0].position


def missing(unit, stage=Stage.SIGN_OFF) -> list[str]:
    facts = unit_record(unit).facts
    return in_short(readiness(facts, stage), facts)


@pytest.mark.parametrize("where", SHAPES)
def test_every_page_shows_it_in_few_queries(where, unit_of, candidate, assessor):
    found = unit_of(where)
    pieces = [
        add_evidence(found.registration, candidate, kind=kind)
        for kind in ("observation", "questioning", "work_product")
    ]
    claim_in_bulk(found, pieces)
    content = unit_record(found).content.unit
    for user, name, more in (
        (candidate, "unit", {}),
        (candidate, "grid", {}),
        (candidate, "claims", {"evidence": pieces[0].uuid}),
        (candidate, "criterion", {"criterion": content.claimable[-1].anchor}),
        (candidate, "sign", {}),
        (assessor, "judge", {"evidence": pieces[0].uuid}),
        (assessor, "unit", {}),
    ):
        client = signed_in(user)
        client.get(address(name, found, **more))
        with CaptureQueriesContext(connection) as captured:
            html = html_of(client.get(address(name, found, **more)))
        assert len(captured) <= 17, (name, len(captured))
        if name in {"unit", "claims", "sign"}:
            for item in content.criteria:
                assert item.text in html, (name, item.text)
            for element in content.elements:
                assert element.title in html
                assert all(line in html for line in element.guidance)


@pytest.mark.parametrize("where", SHAPES)
def test_it_goes_all_the_way_to_the_sign_off(where, unit_of, candidate, assessor):
    found = unit_of(where)
    observation = add_evidence(found.registration, assessor, kind="observation")
    questions = add_evidence(found.registration, candidate, kind="questioning")
    claim_in_bulk(found, [observation])
    claim_in_bulk(found, [questions])
    unit_submit(unit=found, actor=candidate, password=PASSWORD, seen=seen(found))
    judge_in_bulk(found, assessor)
    assert missing(found) == []
    unit_sign_off(unit=found, actor=assessor, password=PASSWORD, seen=seen(found))


def test_the_grid_tells_letters_apart_that_come_again(unit_of, candidate):
    found = unit_of("cvq:U00306")
    add_evidence(found.registration, candidate)
    html = html_of(signed_in(candidate).get(address("grid", found)))
    assert len(codes(html)) == 113
    head = html.partition("<thead>")[2].partition("</thead>")[0]
    kinds, over, _ = head.split("<tr>")[1:]
    for words in (
        "Performance criteria",
        "Underpinning knowledge",
        "Element 2, range statement",
        "Element 6, range statement",
    ):
        assert f">{words}" in kinds
    assert 'title="Element 2, range statement: B Fire Fighting Equipment">B' in over
    # Within a kind and a heading no code comes twice.
    spans = [(int(span), words) for span, words in re.findall(r"<th colspan=(\d+)[^>]*>([^<]*)", kinds)]
    at = 0
    for span, words in spans:
        under = codes(html)[at : at + span]
        assert len(set(under)) == span, words
        at += span
    assert at == 113


def test_what_repeats_a_range_item_is_ticked_with_it(unit_of, candidate, assessor):
    found = unit_of("cvq:U09602")
    piece = add_evidence(found.registration, candidate)
    client = signed_in(candidate)
    assert codes(html_of(client.get(address("grid", found))))[-2:] == ["l", "m"]
    _, angry = position(found, "range", "appear angry")
    repeats = Criterion.objects.get(revision=found.revision, kind="evidence", same_as__position=angry)
    page = text_of(client.get(address("claims", found, evidence=piece.uuid)))
    assert "Ticked with range A (ii)" in page
    [refused] = claim(found, piece, candidate, ("evidence", repeats.position))
    assert refused == "evidence i: This repeats range A (ii): claim that, and one tick serves both."
    assert claim(found, piece, candidate, ("range", angry)) == []
    assert client.get(address("criterion", found, criterion=f"evidence-{repeats.position}")).status_code == 404
    assert "Ticked with it: i of the evidence guide" in text_of(
        client.get(address("criterion", found, criterion=f"range-{angry}"))
    )


def test_the_range_is_wanted_for_each_element(unit_of, candidate, assessor):
    found = unit_of("cvq:U09602")
    first, second = (add_evidence(found.registration, candidate) for _ in range(2))
    _, telephone = position(found, "range", "using the telephone")
    claim(found, first, candidate, ("range", telephone), ("performance", 1), ("performance", 13))
    claim(found, second, candidate, ("performance", 8))
    wanting = "Not shown for element 2 by evidence that is claimed for a criterion there: range B (ii)."
    assert wanting in missing(found, Stage.SUBMISSION)
    assert wanting in text_of(signed_in(candidate).get(address("unit", found)))
    claim(found, second, candidate, ("range", telephone))
    assert wanting not in missing(found, Stage.SUBMISSION)


KIND_RULES = [
    ("5.2", "witness_testimony", "takes 5.2 from performance evidence"),
    ("1", "work_product", "takes knowledge from evidence of the kind “questioning record”"),
]


@pytest.mark.parametrize(("code", "kind", "why"), KIND_RULES)
def test_the_kind_of_a_piece_bars_a_claim_with_its_reason_and_the_units_words(code, kind, why, unit_of, candidate):
    found = unit_of("cvq:U00306")
    piece = add_evidence(found.registration, candidate, kind=kind)
    row = Criterion.objects.get(revision=found.revision, code=code, kind__in=["performance", "knowledge"])
    [refused] = claim(found, piece, candidate, (row.kind, row.position))
    assert why in refused
    assert not Claim.objects.exists()
    page = text_of(signed_in(candidate).get(address("claims", found, evidence=piece.uuid)))
    assert why in page
    said = found.revision.rule_words["performance_evidence_only" if code == "5.2" else "knowledge_by"][0]
    assert said in page


def test_a_correction_of_the_kind_marks_the_claims_that_no_longer_count(unit_of, candidate, assessor):
    found = unit_of("cvq:U00306")
    piece = add_evidence(found.registration, candidate, kind="observation")
    rows = Criterion.objects.filter(revision=found.revision, kind="performance", code__in=["5.1", "5.2", "5.3"])
    assert claim(found, piece, candidate, *[("performance", row.position) for row in rows]) == []
    correct(piece, candidate, kind="witness_testimony")
    assert [(one.criterion.code, one.status) for one in unit_record(found).claims] == [
        ("5.1", "claimed"),
        ("5.2", "barred"),
        ("5.3", "barred"),
    ]
    page = text_of(signed_in(candidate).get(address("grid", found)))
    assert page.count("Does not count") >= 2


def test_documents_that_may_stay_at_the_workplace_are_listed_when_claiming(unit_of, candidate):
    found = unit_of("cg:323")
    piece = add_evidence(found.registration, candidate)
    page = text_of(signed_in(candidate).get(address("claims", found, evidence=piece.uuid)))
    assert "What may stay at the workplace" in page
    assert "organisation chart" in page.partition("What may stay at the workplace")[2]
    registration = found.registration
    add = reverse("portfolio:evidence_add", args=[registration.centre.uuid, registration.uuid])
    assert "What may stay at the workplace, by 323" in text_of(signed_in(candidate).get(add))
    # Nothing else is barred for being kept elsewhere.
    assert claim(found, piece, candidate, ("performance", 7)) == []


NOT_OBSERVED = (
    "This unit asks for at least 1 observation that an assessor wrote, on a criterion of each of learning outcomes "
    "2 and 3: 0 judged met so far."
)


@pytest.mark.parametrize(
    ("kinds", "refused"),
    [
        (["work_product"], [NOT_OBSERVED, "This unit asks for at least 2 kinds of evidence: 1 judged met so far."]),
        (["work_product", "observation"], [NOT_OBSERVED]),  # the candidate's own word
    ],
)
def test_323_is_not_signed_off_before_an_assessor_has_observed(kinds, refused, unit_of, candidate, assessor):
    found = unit_of("cg:323")
    claim_in_bulk(found, [add_evidence(found.registration, candidate, kind=kind) for kind in kinds])
    unit_submit(unit=found, actor=candidate, password=PASSWORD, seen=seen(found))
    judge_in_bulk(found, assessor)
    with pytest.raises(ValidationError) as refusal:
        unit_sign_off(unit=found, actor=assessor, password=PASSWORD, seen=seen(found))
    assert refusal.value.messages == refused
    page = text_of(signed_in(assessor).get(address("sign", found)))
    assert all(sentence in page for sentence in refused)
    assert all(sentence in text_of(signed_in(candidate).get(address("unit", found))) for sentence in refused)


def test_the_pages_count_what_an_assessor_observed_and_not_what_the_candidate_did(unit_of, candidate, assessor):
    found = unit_of("cg:323")
    not_observed = NOT_OBSERVED.replace("judged met", "claimed")
    for author, is_missing in ((candidate, True), (assessor, False)):
        piece = add_evidence(found.registration, author, kind="observation")
        assert claim(found, piece, candidate, ("performance", 7), ("performance", 13)) == []
        for name in ("unit", "sign"):
            page = text_of(signed_in(candidate).get(address(name, found)))
            assert (not_observed in page) == is_missing, name


def test_who_registered_before_stays_on_what_323_asked_for_then(unit, coordinator, candidate, assessor):
    [fixture] = FRAMEWORKS["cg"].units
    rules = replace(fixture.content.rules, observed_elements=())
    first = unit_publish(content=replace(fixture.content, rules=rules))
    assert first is not None
    [found] = units_add(registration=unit.registration, actor=coordinator, revisions=[first])
    allocate(unit=found, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    standards_sync(fixtures=FRAMEWORKS["cg"])
    latest = latest_revision(unit_by_address("cg:323"))
    assert latest is not None
    assert (first.number, latest.number) == (1, 3)
    rows = json.loads((settings.BASE_DIR / "fixtures" / "cg" / "323.json").read_text(encoding="utf-8"))
    assert str(latest.uuid) in [row["fields"]["uuid"] for row in rows]  # as where it is the first
    claim_in_bulk(
        found, [add_evidence(found.registration, candidate, kind=kind) for kind in ("observation", "questioning")]
    )
    unit_submit(unit=found, actor=candidate, password=PASSWORD, seen=seen(found))
    judge_in_bulk(found, assessor)
    assert missing(found) == []
    page = text_of(signed_in(assessor).get(address("sign", found)))
    assert "asks for an observation that an assessor wrote" not in page


REMARKS = [
    ({"title": "My appraisal in June"}, "323 lets some documents stay at the workplace"),
    ({"title": "Talk with my manager", "kind": "professional_discussion"}, "323 lets only documents of the workplace"),
    ({"title": "How I planned the day", "kind": "observation"}, "323 asks for an observation that an assessor wrote"),
]


@pytest.mark.parametrize(("said", "remark"), REMARKS)
def test_what_may_not_count_is_told_to_whoever_claims_and_judges_and_nothing_is_refused(
    said, remark, unit_of, candidate, assessor
):
    found = unit_of("cg:323")
    piece = add_evidence(found.registration, candidate, **said)
    url = address("claims", found, evidence=piece.uuid)
    assert remark in text_of(signed_in(candidate).get(url))  # before anything is saved
    assert claim(found, piece, candidate, ("performance", 7)) == []
    for user, name in ((candidate, "claims"), (candidate, "sign"), (assessor, "judge")):
        more = {} if name == "sign" else {"evidence": piece.uuid}
        page = text_of(signed_in(user).get(address(name, found, **more)))
        assert remark in page, name
        assert name == "sign" or "What the unit says" in page
    starred = add_evidence(found.registration, candidate, title="Rota of the counter")
    assert "323 lets" not in text_of(signed_in(candidate).get(address("claims", found, evidence=starred.uuid)))


def test_a_statement_does_not_reach_the_minimum_of_u00306_and_every_page_says_so(unit_of, candidate, assessor):
    found = unit_of("cvq:U00306")
    statement = add_evidence(found.registration, candidate, kind="personal_statement")
    _, keys = position(found, "range", "missing keys")
    wanting = "Range A of element 6, Security risks: 0 of at least 1 shown by performance evidence."
    assert claim(found, statement, candidate, ("range", keys)) == []
    note = "At least 1 of these by performance evidence (observation, work product, photo"
    client = signed_in(candidate)
    assert note in text_of(client.get(address("claims", found, evidence=statement.uuid)))
    assert note in text_of(client.get(address("criterion", found, criterion=f"range-{keys}")))
    for name in ("unit", "sign"):
        page = text_of(client.get(address(name, found)))
        assert wanting in page, name
        assert note in page, name
    assert note in text_of(client.get(address("grid", found)))
    photo = add_evidence(found.registration, candidate, kind="photo")
    assert claim(found, photo, candidate, ("range", keys)) == []
    assert wanting not in text_of(client.get(address("unit", found)))
    assert wanting not in missing(found, Stage.SUBMISSION)


def test_an_outcome_of_the_kind_knowledge_takes_a_simulation(unit_of, candidate):
    found = unit_of("ocr:58A")
    piece = add_evidence(found.registration, candidate, setting="simulation")
    assert claim(found, piece, candidate, ("performance", 16)) == []  # 4.1, of "Understand how to …"
    assert len(claim(found, piece, candidate, ("performance", 1))) == 1


def test_the_grid_of_the_largest_unit_is_small_and_takes_ten_queries(unit_of, candidate, assessor):
    found = unit_of("cvq:U00306")
    pieces = many_pieces(found, candidate, 40, title="A letter to a customer whose order came late, and what I did")
    for offset in range(10):  # a quarter of the cells
        claim_in_bulk(found, pieces[offset:] + pieces[:offset])
    judge_in_bulk(found, assessor, Outcome.MET)
    client = signed_in(candidate)
    client.get(address("grid", found))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address("grid", found))
    assert len(response.content) <= 250_000
    assert len(captured) <= 10
