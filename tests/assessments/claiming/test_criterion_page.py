"""The page of a criterion: its words, what is claimed for it, and what was said."""

import pytest
from django.urls import reverse

from assessments.standing.worked_out import bring_up_to_date
from portfolio.models import Claim
from standards.models import Criterion
from tests.assessments.cells.test_judgements import correct
from tests.assessments.grid.test_grid_page import many_pieces
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.assessments.steps import answer, judge
from tests.cast import add_evidence, claim_in_bulk
from tests.portfolio.files.typed import queries_of

pytestmark = pytest.mark.django_db


def url(unit, anchor="performance-1"):
    return address("criterion", unit, criterion=anchor)


def address_of_adding(unit):
    where = {"centre": unit.registration.centre.uuid, "portfolio": unit.registration.uuid}
    return reverse("portfolio:evidence_add", kwargs=where)


def judged(unit, assessor, *answers):
    for one in answers:
        assert [marked.did for marked in judge(unit=unit, actor=assessor, answers=[one])] == ["judged"]


def test_it_shows_the_words_what_claims_it_and_all_that_was_said(claimed_unit, candidate, assessor):
    judged(claimed_unit, assessor, answer(claimed_unit, 0, "not_yet", "Which products were they?"))
    judged(claimed_unit, assessor, answer(claimed_unit, 0, "met"))
    text = text_of(signed_in(candidate).get(url(claimed_unit)))
    for words in (
        "You must consistently: B10.1.1 Plan, prepare and organise everything you need",
        "B10.1 Plan and organise the delivery of reliable customer service",
        "Complaints log of the counter, March",
        "Claimed by Pat Candidate",
        "Look at: page 1",
        "Which products were they?",
    ):
        assert words in text
    assert text.index("Met by Ann Assessor") < text.index("Not yet by Ann Assessor")  # the latest first
    claimed_from = text.partition("Claimed from")[2]
    assert claimed_from.count("Met") == 1  # the answer says how the claim stands, and whose it is


def test_a_claim_that_waits_again_says_so_beside_what_was_said_before(claimed_unit, candidate, assessor, evidence):
    judged(claimed_unit, assessor, answer(claimed_unit, 0, "met"))
    correct(evidence, candidate, title="Complaints log, corrected")
    text = text_of(signed_in(candidate).get(url(claimed_unit)))
    assert "Waiting Met by Ann Assessor" in text


def test_a_judgement_that_was_taken_back_stays_to_be_read(claimed_unit, candidate, assessor):
    judged(claimed_unit, assessor, answer(claimed_unit, 0, "met"))
    judged(claimed_unit, assessor, answer(claimed_unit, 0, None))
    text = text_of(signed_in(candidate).get(url(claimed_unit)))
    assert "Taken back by Ann Assessor" in text
    assert "Met by Ann Assessor" in text


def test_a_candidate_ticks_pieces_and_takes_ticks_back(unit, evidence, candidate):
    other = add_evidence(unit.registration, candidate, title="Another piece")
    client = signed_in(candidate)
    response = client.post(url(unit), {"pieces": [str(evidence.uuid), str(other.uuid)]}, follow=True)
    assert "Saved: 2 changed." in text_of(response)
    assert Claim.objects.filter(withdrawn_at__isnull=True).count() == 2
    stamps = {line.row.uuid: line.stamp for line in response.context["claimed"]}
    fields = {f"seen-{name}": stamp for name, stamp in stamps.items()}
    client.post(url(unit), fields | {"pieces": [str(other.uuid)]})
    assert [claim.evidence for claim in Claim.objects.filter(withdrawn_at__isnull=True)] == [other]


def test_saving_what_stands_changes_nothing(claimed_unit, evidence, candidate):
    client = signed_in(candidate)
    [line] = client.get(url(claimed_unit)).context["claimed"]
    fields = {"pieces": [str(evidence.uuid)], f"seen-{evidence.uuid}": line.stamp}
    assert "Nothing was new" in text_of(client.post(url(claimed_unit), fields, follow=True))
    assert Claim.objects.filter(withdrawn_at__isnull=False).count() == 0


def test_what_somebody_judged_meanwhile_is_not_taken_back(claimed_unit, evidence, candidate, assessor):
    client = signed_in(candidate)
    [line] = client.get(url(claimed_unit)).context["claimed"]
    judged(claimed_unit, assessor, answer(claimed_unit, 0, "met"))
    text = text_of(client.post(url(claimed_unit), {f"seen-{evidence.uuid}": line.stamp}, follow=True))
    assert "B10.1.1 of evidence 1 was changed since you opened the page. Ann Assessor judged it “met”." in text
    assert Claim.objects.filter(withdrawn_at__isnull=False).count() == 0


def test_what_the_unit_does_not_take_says_why_and_cannot_be_ticked(unit, candidate):
    simulated = add_evidence(unit.registration, candidate, setting="simulation")
    html = html_of(signed_in(candidate).get(url(unit)))
    assert "takes evidence of this from a real job, paid or voluntary only" in html
    assert html.partition(f'id="piece-{simulated.uuid}"')[2].partition(">")[0].strip() == "disabled"
    assert "disabled" not in html_of(signed_in(candidate).get(url(unit, "knowledge-1"))).partition("<form")[2]


def test_others_claims_stay_ticked_and_out_of_reach(claimed_unit, evidence, assessor):
    client = signed_in(assessor)
    html = html_of(client.get(url(claimed_unit)))
    assert html.partition(f'id="piece-{evidence.uuid}"')[2].partition(">")[0].split() == ["checked", "disabled"]
    client.post(url(claimed_unit), {})
    assert Claim.objects.filter(withdrawn_at__isnull=False).count() == 0


def test_a_piece_that_is_not_in_the_portfolio_is_refused_with_a_sentence(unit, evidence, candidate):
    response = signed_in(candidate).post(url(unit), {"pieces": ["3c1f8a4e-0000-4000-8000-000000000000"]})
    assert "Evidence is no longer in the portfolio." in text_of(response)
    assert not Claim.objects.exists()


def test_after_the_submission_the_ticks_are_refused(submitted_unit, evidence, candidate):
    text = text_of(signed_in(candidate).post(url(submitted_unit), {"seen-" + str(evidence.uuid): "x"}))
    assert "This unit is submitted now" in text
    assert Claim.objects.filter(withdrawn_at__isnull=False).count() == 0


@pytest.mark.parametrize("anchor", ["performance-99", "evidence-4", "x", "performance"])
def test_what_is_no_criterion_of_the_unit_is_not_found(unit, candidate, anchor):
    assert signed_in(candidate).get(url(unit, anchor)).status_code == 404


@pytest.mark.long
@pytest.mark.parametrize("who", ["candidate", "assessor", "verifier"])
def test_it_takes_as_many_queries_with_ten_times_the_data(who, request, unit, evidence, candidate):
    user = request.getfixturevalue(who)
    claim_in_bulk(unit, [evidence])
    few = queries_of(signed_in(user), url(unit))
    for piece in many_pieces(unit, candidate, 10):
        Claim.objects.create(
            candidate_unit=unit,
            evidence=piece,
            criterion=Criterion.objects.get(code="B10.1.1", revision=unit.revision),
            author=Claim.objects.all()[0].author,
            made_at=Claim.objects.all()[0].made_at,
        )
    bring_up_to_date([unit])
    assert queries_of(signed_in(user), url(unit)) == few <= 15


def test_a_correction_sends_the_claim_back_to_waiting_and_keeps_what_was_said(
    claimed_unit, evidence, candidate, assessor
):
    judged(claimed_unit, assessor, answer(claimed_unit, 0, "met"))
    correct(evidence, candidate, title="Complaints log, corrected")
    response = signed_in(candidate).get(url(claimed_unit))
    [line] = response.context["claimed"]
    assert (response.context["status"], line.row.title, len(line.said)) == ("claimed", "Complaints log, corrected", 1)


def test_a_candidate_saves_and_goes_on_to_add_evidence(unit, evidence, candidate):
    client = signed_in(candidate)
    assert "Save, then add evidence" in text_of(client.get(url(unit)))
    response = client.post(url(unit), {"pieces": [str(evidence.uuid)], "then_add": "1"})
    assert response["Location"] == f"{address_of_adding(unit)}?unit={unit.uuid}"
    assert Claim.objects.filter(withdrawn_at__isnull=True).count() == 1


@pytest.mark.parametrize(("who", "offered"), [("candidate", True), ("assessor", False), ("coordinator", False)])
def test_adding_evidence_is_one_thumb_away_where_nothing_can_be_ticked(who, offered, submitted_unit, request):
    text = text_of(signed_in(request.getfixturevalue(who)).get(url(submitted_unit)))
    assert ("Add evidence" in text) == offered
    assert "Save, then add evidence" not in text
