"""One tick claims the same words in the other units of the portfolio, and each of them is claimed by itself."""

from dataclasses import replace

import pytest

from assessments.models import Signature
from assessments.signing.services import unit_submit
from assessments.signing.shown_digest import content_digest
from centres.models import Role
from portfolio.models import Capacity, Claim
from portfolio.registrations.services import allocations_set, units_add
from portfolio.services.participations import participation_begin
from standards.content import CriterionContent
from standards.evidence_kinds import EvidenceKind
from standards.models import Criterion
from standards.services.publishing import unit_publish
from standards.unit_rules import UnitRules
from tests.assessments.cells.test_judgements import correct
from tests.assessments.claiming.test_claims_page import line, page_of
from tests.assessments.steps import events
from tests.cast import PASSWORD, add_evidence, claims_make, join
from tests.portfolio.files.typed import another_unit, queries_of, words
from tests.portfolio.qualified import revision_of, unit_in
from tests.standards.shapes import EVERY_SHAPE

pytestmark = pytest.mark.django_db

GREET, SAFETY = "1.1", "2a"  # criteria of M1, whose words stand in M2 too, and in what `another` adds


@pytest.fixture
def unit(qualified):
    return unit_in(qualified, "M1")


@pytest.fixture
def twin(qualified):
    return unit_in(qualified, "M2")


@pytest.fixture
def piece(qualified, candidate):
    return add_evidence(qualified, candidate, kind=EvidenceKind.OBSERVATION)


@pytest.fixture
def signed_in(client, candidate, qualified):
    client.force_login(candidate)
    return client


def criterion(unit, code: str) -> Criterion:
    return next(row for row in unit.revision.criteria.select_related("parent") if row.full_code == code)


def ticks(unit, *codes, where="page 3", also=(), seen=None) -> dict:
    """The fields of the page: what is ticked, and where `also` is ticked, what the page offered with it."""
    named = {code: str(criterion(unit, code).uuid) for code in {*codes, *also, *(seen or {})}}
    return (
        {"claimed": [named[code] for code in codes]}
        | {f"where-{named[code]}": where for code in codes}
        | {f"also-{named[code]}": value for code, value in dict(also).items()}
        | {f"seen-{named[code]}": shown for code, shown in (seen or {}).items()}
    )


def uuids(*criteria) -> str:
    return " ".join(str(one.uuid) for one in criteria)


def claimed() -> set[tuple[str, str, str]]:
    rows = Claim.objects.filter(withdrawn_at__isnull=True).select_related(
        "criterion__parent", "candidate_unit__revision__unit"
    )
    return {(row.candidate_unit.revision.unit.code, row.criterion.full_code, row.where) for row in rows}


def another(registration, coordinator, code: str, **content):
    """Another unit in the portfolio, like the others but for `content`."""
    made = replace(EVERY_SHAPE, framework=replace(EVERY_SHAPE.framework, code="cvq"), code=code, title=code)
    revision = unit_publish(content=replace(made, **content))
    assert revision is not None
    [added] = units_add(registration=registration, actor=coordinator, revisions=[revision])
    return added


# --- What is offered ----------------------------------------------------------------------------------


def test_the_page_offers_the_same_words_of_the_other_unit_and_ticks_nothing(signed_in, unit, twin, piece):
    page = signed_in.get(page_of(unit, piece))
    assert "Also answers M2 1.1: claim it too, with the same place to look" in words(page)
    assert "Also answers M2 knowledge 2a" in words(page)
    tick = f'name="also-{criterion(unit, GREET).uuid}" value="{criterion(twin, GREET).uuid}">'
    assert tick in page.content.decode()


def test_words_that_stand_in_no_other_unit_offer_nothing(signed_in, unit, qualified, coordinator, piece):
    only = CriterionContent(kind="performance", position=1, code="1.1", full_code="1.1", text="Sing.", element="1")
    added = another(qualified, coordinator, "M9", criteria=(only,))
    assert line(signed_in.get(page_of(added, piece)), "1.1").also.found == ()
    offered = line(signed_in.get(page_of(unit, piece)), GREET).also.offered
    assert [one.other.name for one in offered] == ["M2"]


def test_what_the_other_unit_bars_is_not_offered_and_its_reason_is_said(
    signed_in, unit, qualified, coordinator, candidate
):
    rules = UnitRules(knowledge_by=(EvidenceKind.QUESTIONING,))
    added = another(qualified, coordinator, "M9", rules=rules)
    log = add_evidence(qualified, candidate, kind=EvidenceKind.OBSERVATION)
    safety = line(signed_in.get(page_of(unit, log)), SAFETY)
    assert [str(one) for one in safety.also.offered] == ["M2 knowledge 2a"]
    assert "M9 takes knowledge from evidence of the kind" in safety.also.barred[0]
    assert safety.also.barred[0] in words(signed_in.get(page_of(unit, log)))
    answer = signed_in.post(
        page_of(unit, log), ticks(unit, SAFETY, also={SAFETY: uuids(criterion(added, SAFETY))}), follow=True
    )
    assert "M9: knowledge 2a: M9 takes knowledge from" in words(answer)
    assert claimed() == {("M1", "2a", "page 3")}


def test_what_is_claimed_already_is_said_and_not_offered(signed_in, unit, twin, piece, candidate):
    claims_make(unit=twin, evidence=piece, actor=candidate, wanted={criterion(twin, SAFETY): "page 1"})
    page = signed_in.get(page_of(unit, piece))
    assert "Claimed already from this evidence: M2 knowledge 2a" in words(page)
    assert line(page, SAFETY).also.offered == []
    other = add_evidence(unit.registration, candidate, kind=EvidenceKind.OBSERVATION, title="Another log")
    of_other = line(signed_in.get(page_of(unit, other)), SAFETY).also
    assert [str(one) for one in of_other.offered] == ["M2 knowledge 2a"]
    assert of_other.claimed == []


def test_a_unit_that_is_out_of_the_candidates_hands_is_not_offered(
    signed_in, unit, twin, qualified, coordinator, piece, candidate
):
    another(qualified, coordinator, "M9")
    claims_make(unit=twin, evidence=piece, actor=candidate, wanted={criterion(twin, GREET): ""})
    unit_submit(unit=twin, actor=candidate, password=PASSWORD, seen=content_digest(twin))
    safety = line(signed_in.get(page_of(unit, piece)), SAFETY)
    assert [str(one) for one in safety.also.offered] == ["M9 knowledge 2a"]
    assert safety.also.barred == []


def test_an_assessor_is_offered_the_units_they_are_allocated_to(
    client, unit, twin, qualified, coordinator, centre, piece
):
    added = another(qualified, coordinator, "M9")
    for role in (Role.ASSESSOR, Role.INTERNAL_VERIFIER):
        judge = join(centre, coordinator, "Abe Assessor", "abe@harbour.example", role)
    for one, capacity in ((unit, Capacity.ASSESSOR), (added, Capacity.ASSESSOR), (twin, Capacity.INTERNAL_VERIFIER)):
        allocations_set(
            unit=one,
            actor=coordinator,
            assessor=judge if capacity == Capacity.ASSESSOR else None,
            internal_verifier=judge if capacity == Capacity.INTERNAL_VERIFIER else None,
        )
    client.force_login(judge)
    page = client.get(page_of(unit, piece))
    assert [str(one) for one in line(page, SAFETY).also.offered] == ["M9 knowledge 2a"]
    both = uuids(criterion(added, SAFETY), criterion(twin, SAFETY))
    answer = client.post(page_of(unit, piece), ticks(unit, SAFETY, also={SAFETY: both}), follow=True)
    assert "Saved: 1 claimed. Also claimed in M9. You do not claim criteria in M2, so it stays as it is." in words(
        answer
    )
    assert claimed() == {("M1", "2a", "page 3"), ("M9", "2a", "page 3")}


def test_units_that_share_a_code_are_told_apart(signed_in, unit, qualified, coordinator, piece):
    framework = replace(EVERY_SHAPE.framework, code="nos")
    revision = unit_publish(content=replace(EVERY_SHAPE, framework=framework, code="M1"))
    assert revision is not None
    units_add(registration=qualified, actor=coordinator, revisions=[revision])
    offered = line(signed_in.get(page_of(unit, piece)), SAFETY).also.offered
    assert [str(one) for one in offered] == ["M1 (NOS) knowledge 2a", "M2 knowledge 2a"]


def test_those_who_only_look_are_offered_nothing(client, unit, piece, verifier):
    client.force_login(verifier)
    assert "Also answers" not in words(client.get(page_of(unit, piece)))


# --- What one tick saves ------------------------------------------------------------------------------


def test_one_tick_claims_them_all_each_in_its_own_unit(signed_in, unit, twin, qualified, coordinator, piece):
    added = another(qualified, coordinator, "M9")
    both = line(signed_in.get(page_of(unit, piece)), SAFETY).also.value
    assert both == uuids(criterion(twin, SAFETY), criterion(added, SAFETY))
    fields = ticks(unit, SAFETY, where="  page 3\t", also={SAFETY: both})
    answer = signed_in.post(page_of(unit, piece), fields, follow=True)
    assert "Saved: 1 claimed. Also claimed in M2 and M9." in words(answer)
    assert claimed() == {(code, "2a", "page 3") for code in ("M1", "M2", "M9")}
    assert events(unit).count("claim.made") == 3
    again = signed_in.get(page_of(unit, piece))
    assert "Claimed already from this evidence: M2 knowledge 2a, M9 knowledge 2a" in words(again)


def test_without_the_tick_only_the_unit_of_the_page_is_claimed(signed_in, unit, piece):
    signed_in.post(page_of(unit, piece), ticks(unit, SAFETY, GREET))
    assert {code for code, _, _ in claimed()} == {"M1"}


def test_it_can_be_ticked_later_for_a_claim_that_stands(signed_in, unit, twin, piece, candidate):
    claims_make(unit=unit, evidence=piece, actor=candidate, wanted={criterion(unit, SAFETY): "page 3"})
    shown = line(signed_in.get(page_of(unit, piece)), SAFETY)
    fields = ticks(unit, SAFETY, also={SAFETY: shown.also.value}, seen={SAFETY: shown.seen})
    answer = signed_in.post(page_of(unit, piece), fields, follow=True)
    assert "Also claimed in M2." in words(answer)
    assert "Saved:" not in words(answer)
    assert claimed() == {("M1", "2a", "page 3"), ("M2", "2a", "page 3")}


def test_sent_twice_it_claims_once(signed_in, unit, twin, piece):
    fields = ticks(unit, SAFETY, also={SAFETY: uuids(criterion(twin, SAFETY))})
    signed_in.post(page_of(unit, piece), fields)
    assert "There was nothing new to save." in words(signed_in.post(page_of(unit, piece), fields, follow=True))
    assert Claim.objects.count() == 2


def test_what_is_not_ticked_here_takes_nothing_with_it(signed_in, unit, twin, piece):
    fields = ticks(unit, also={SAFETY: uuids(criterion(twin, SAFETY))})
    assert "There was nothing new to save." in words(signed_in.post(page_of(unit, piece), fields, follow=True))
    assert claimed() == set()


def test_an_assessor_claims_elsewhere_what_the_candidate_claimed_here(client, unit, twin, piece, candidate, assessor):
    claims_make(unit=unit, evidence=piece, actor=candidate, wanted={criterion(unit, SAFETY): "page 7"})
    client.force_login(assessor)
    client.post(page_of(unit, piece), ticks(unit, also={SAFETY: uuids(criterion(twin, SAFETY))}))
    assert claimed() == {("M1", "2a", "page 7"), ("M2", "2a", "page 7")}
    assert Claim.objects.get(candidate_unit=twin).author.user == assessor


def test_two_criteria_that_say_the_same_claim_the_other_once(signed_in, unit, twin, qualified, coordinator, piece):
    greet = EVERY_SHAPE.criteria[0]
    repeated = replace(greet, position=3, code="1.2", full_code="1.2", text="greet your customers")
    added = another(qualified, coordinator, "M9", criteria=(*EVERY_SHAPE.criteria, repeated))
    value = uuids(criterion(twin, GREET))
    fields = ticks(added, GREET, "1.2", also={GREET: value, "1.2": value})
    assert "Also claimed in M2." in words(signed_in.post(page_of(added, piece), fields, follow=True))
    assert Claim.objects.filter(candidate_unit=twin).count() == 1


# --- What became different meanwhile, and what does not belong here -------------------------------------


def test_a_unit_that_was_submitted_meanwhile_stays_as_it_is(
    signed_in, unit, twin, qualified, coordinator, piece, candidate
):
    another(qualified, coordinator, "M9")
    both = line(signed_in.get(page_of(unit, piece)), SAFETY).also.value
    claims_make(unit=twin, evidence=piece, actor=candidate, wanted={criterion(twin, GREET): ""})
    unit_submit(unit=twin, actor=candidate, password=PASSWORD, seen=content_digest(twin))
    answer = signed_in.post(page_of(unit, piece), ticks(unit, SAFETY, also={SAFETY: both}), follow=True)
    assert "Saved: 1 claimed. Also claimed in M9. M2 is submitted and stays as it is." in words(answer)
    assert claimed() == {("M1", "2a", "page 3"), ("M9", "2a", "page 3"), ("M2", "1.1", "")}
    assert Signature.objects.get(unit_version__candidate_unit=twin).superseded_at is None


def test_what_was_claimed_meanwhile_is_not_overwritten(signed_in, unit, twin, piece, candidate):
    value = line(signed_in.get(page_of(unit, piece)), SAFETY).also.value
    claims_make(unit=twin, evidence=piece, actor=candidate, wanted={criterion(twin, SAFETY): "minute 2"})
    answer = signed_in.post(page_of(unit, piece), ticks(unit, SAFETY, also={SAFETY: value}))
    assert "M2: knowledge 2a of evidence 1 was changed since you opened the page." in words(answer)
    assert claimed() == {("M1", "2a", "page 3"), ("M2", "2a", "minute 2")}


def test_a_unit_whose_verifier_wrote_the_piece_refuses_and_the_others_do_not(
    signed_in, unit, twin, qualified, assessor
):
    record = add_evidence(qualified, assessor, kind=EvidenceKind.OBSERVATION)
    participation_begin(unit=twin, person=assessor, capacity=Capacity.INTERNAL_VERIFIER)
    fields = ticks(unit, SAFETY, also={SAFETY: uuids(criterion(twin, SAFETY))})
    answer = signed_in.post(page_of(unit, record), fields)
    assert "Saved: 1 claimed." in words(answer)
    assert "M2: Ann Assessor wrote evidence 1 and has acted in this unit as its" in words(answer)
    assert claimed() == {("M1", "2a", "page 3")}
    assert events(unit).count("claim.made") == 1


@pytest.mark.parametrize("value", ["x", "", "' OR 1=1", "x " * 10_000], ids=["x", "empty", "sql", "long"])
def test_what_names_no_criterion_of_the_same_words_claims_nothing(value, signed_in, unit, piece):
    answer = signed_in.post(page_of(unit, piece), ticks(unit, SAFETY, also={SAFETY: value}), follow=True)
    assert "Saved: 1 claimed." in words(answer)
    assert claimed() == {("M1", "2a", "page 3")}


def test_other_words_cannot_be_sent_along(signed_in, unit, twin, piece):
    signed_in.post(page_of(unit, piece), ticks(unit, SAFETY, also={SAFETY: uuids(criterion(twin, GREET))}))
    assert claimed() == {("M1", "2a", "page 3")}


def test_a_tick_of_a_foreign_criterion_is_refused(signed_in, unit, piece):
    foreign = another_unit().criteria.get(code="1.1")
    fields = ticks(unit, SAFETY) | {f"also-{foreign.uuid}": "x"}
    answer = signed_in.post(page_of(unit, piece), fields)
    assert "This page names a criterion that no unit of this portfolio has. Nothing was saved." in words(answer)
    assert claimed() == set()


def test_a_note_that_cannot_be_saved_claims_nothing_anywhere_and_keeps_the_tick(signed_in, unit, piece):
    value = line(signed_in.get(page_of(unit, piece)), SAFETY).also.value
    page = signed_in.post(page_of(unit, piece), ticks(unit, SAFETY, where="x" * 201, also={SAFETY: value}))
    assert "cannot be saved; it is marked below" in words(page)
    assert line(page, SAFETY).also_ticked
    assert not line(page, GREET).also_ticked
    assert claimed() == set()


# --- How much it costs ----------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("person", ["candidate", "assessor", "verifier", "coordinator"])
def test_it_takes_as_many_queries_with_four_times_the_units(
    person, client, unit, piece, qualified, coordinator, candidate, request
):
    correct(piece, candidate)  # which costs one query more
    client.force_login(request.getfixturevalue(person))
    before = queries_of(client, page_of(unit, piece))
    units_add(registration=qualified, actor=coordinator, revisions=[revision_of("O1"), revision_of("O2")])
    for code in ("M7", "M8", "M9"):
        added = another(qualified, coordinator, code)
        claims_make(unit=added, evidence=piece, actor=candidate, wanted={criterion(added, GREET): ""})
    assert queries_of(client, page_of(unit, piece)) == before <= 15
