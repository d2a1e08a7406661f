"""The pages on which an assessor judges the claims of a piece, and states what the unit asks for in words."""

import uuid

import pytest
from django.utils import timezone

from assessments.judging.next_evidence import next_to_judge
from assessments.models import AssessorStatement, Judgement
from assessments.standing.unit_record import unit_record
from assessments.standing.worked_out import bring_up_to_date
from portfolio.files.services import bytes_store
from portfolio.models import Claim, EvidenceFile, Participation
from tests.assessments.cells.test_judgements import correct
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.assessments.steps import answer, judge
from tests.cast import PASSWORD, add_evidence, claim_make, claims_make, judge_in_bulk

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(assessor):
    return signed_in(assessor)


def page(unit, place=0):
    return address("judge", unit, evidence=unit_record(unit).evidence[place].version.evidence.uuid)


def filled_in(unit, **answers):
    """What the page sends, with answers by the place of the claim: `a0="met"`, `a1=("not_yet", "Why")`."""
    sent: dict[str, str] = {}
    for place, record in enumerate(unit_record(unit).claims):
        said = answers.get(f"a{place}", "")
        outcome, reason = said if isinstance(said, tuple) else (said, "")
        prefix = record.claim.uuid
        sent |= {
            f"{prefix}-outcome": outcome,
            f"{prefix}-reason": reason,
            f"{prefix}-seen": record.stamp,
        }
    return sent


def test_it_shows_the_piece_its_files_and_every_claim_with_the_words_of_the_standard(
    submitted_unit, evidence, browser, centre
):
    stored = bytes_store(centre=centre, content=b"x")
    EvidenceFile.objects.create(
        version=evidence.versions.get(), stored_file=stored, name="log.txt", content_type="text/plain", position=1
    )
    response = browser.get(page(submitted_unit))
    words, html = text_of(response), html_of(response)
    assert "Complaints log of the counter, March" in words
    assert "Kind Work product Setting Real job, paid or voluntary When 2 March 2026 Added by Pat Candidate" in words
    assert f"/files/{EvidenceFile.objects.get().uuid}/" in html
    for record in unit_record(submitted_unit).claims:
        assert f"{record.criterion.full_code} {record.criterion.text}" in words
        assert f"Where to look: {record.claim.where}" in words
        assert f'name="{record.claim.uuid}-seen" value="{record.stamp}"' in html
    assert address("claims", submitted_unit, evidence=evidence.uuid) in html


def test_answers_are_saved_and_the_page_leads_back_to_the_unit(submitted_unit, browser):
    sent = filled_in(submitted_unit, a0="met", a1=("partly", "More."), a2=("not_yet", "Why not."))
    response = browser.post(page(submitted_unit), sent)
    assert response["Location"] == address("unit", submitted_unit)
    assert [(given.outcome, given.reason) for given in Judgement.objects.all()] == [
        ("met", ""),
        ("partly", "More."),
        ("not_yet", "Why not."),
    ]
    assert "Saved 3 judgements." in text_of(browser.get(response["Location"]))


def test_a_reason_of_several_lines_is_taken_as_the_browser_sends_it(submitted_unit, browser):
    browser.post(page(submitted_unit), filled_in(submitted_unit, a0=("not_yet", "No date.\r\nNo name.")))
    assert Judgement.objects.get().reason == "No date.\nNo name."


def test_one_button_judges_all_claims_of_the_piece_met(submitted_unit, browser, candidate):
    other = add_evidence(submitted_unit.registration, candidate)
    browser.post(page(submitted_unit), filled_in(submitted_unit, a0=("not_yet", "x")) | {"all_met": "1"})
    assert {record.status for record in unit_record(submitted_unit).claims} == {"met"}
    assert not Judgement.objects.filter(evidence_version__evidence=other).exists()


def test_what_was_said_of_a_claim_that_is_met_stays_when_the_others_are_met_too(submitted_unit, browser, assessor):
    judge(unit=submitted_unit, actor=assessor, answers=[answer(submitted_unit, reason="Shown twice.")])
    browser.post(page(submitted_unit), filled_in(submitted_unit, a0=("met", "Shown twice.")) | {"all_met": "1"})
    claims = unit_record(submitted_unit).claims
    assert {record.status for record in claims} == {"met"}
    assert [given.reason for given in Judgement.objects.all()] == ["Shown twice."] + [""] * (len(claims) - 1)


def test_saved_answers_and_refused_ones_are_told_apart_and_nothing_typed_is_lost(submitted_unit, browser):
    sent = filled_in(submitted_unit, a0="met", a1=("not_yet", "  "), a2=("", "A reason without an answer"))
    response = browser.post(page(submitted_unit), sent)
    words, html = text_of(response), html_of(response)
    assert "Saved 1 judgement." in words
    assert "2 answers were not saved. It says why below; what you typed is still there." in words
    assert "Say why it is not met yet." in words
    assert "Choose an answer too" in words
    assert ">\nA reason without an answer</textarea>" in html
    second = unit_record(submitted_unit).claims[1].claim
    radio = html.partition(f'name="{second.uuid}-outcome"')[2]
    assert 'value="not_yet" checked' in radio.partition("</fieldset>")[0]


@pytest.mark.parametrize("outcome", ["excellent", "MET", "met "])
def test_an_outcome_that_is_not_offered_is_refused(outcome, submitted_unit, browser):
    response = browser.post(page(submitted_unit), filled_in(submitted_unit, a0=outcome))
    assert "Choose met, met in part or not yet." in text_of(response)
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("tampered", [{"seen": "nonsense"}, {"seen": ""}, {"seen": "0" * 8}])
def test_a_page_that_was_tampered_with_saves_nothing_of_that_answer(tampered, submitted_unit, browser):
    claim = unit_record(submitted_unit).claims[0].claim
    sent = filled_in(submitted_unit, a0="met") | {f"{claim.uuid}-{name}": value for name, value in tampered.items()}
    assert browser.post(page(submitted_unit), sent).status_code == 200
    assert not Judgement.objects.exists()


def test_a_claim_of_another_piece_or_unit_is_refused_in_words(submitted_unit, browser):
    sent = filled_in(submitted_unit, a0="met") | {f"{uuid.uuid4()}-outcome": "met"}
    response = browser.post(page(submitted_unit), sent, follow=True)
    words = text_of(response)
    assert "Saved 1 judgement." in words
    assert "One claim was taken back since you opened the page, or is none of this evidence." in words
    assert Judgement.objects.count() == 1


def test_a_claim_that_was_taken_back_meanwhile_is_told(claimed_unit, browser, candidate):
    sent = filled_in(claimed_unit, a0="met", a1="met")
    first = unit_record(claimed_unit).claims[0].claim
    Claim.objects.filter(pk=first.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=Participation.objects.get(user=candidate)
    )
    bring_up_to_date([claimed_unit])
    assert "One claim was taken back" in text_of(browser.post(page(claimed_unit), sent, follow=True))
    assert Judgement.objects.count() == 1


def test_evidence_corrected_meanwhile_is_shown_anew_with_what_was_typed(claimed_unit, evidence, browser, candidate):
    sent = filled_in(claimed_unit, a0=("not_yet", "I miss the date."))
    correct(evidence, candidate, title="The log, with dates")
    response = browser.post(page(claimed_unit), sent)
    words = text_of(response)
    assert "The log, with dates" in words
    assert "B10.1.1 of evidence 1 was changed since you opened the page." in words
    assert "I miss the date.</textarea>" in html_of(response)
    assert not Judgement.objects.exists()
    browser.post(page(claimed_unit), filled_in(claimed_unit, a0=("not_yet", "I miss the date.")))
    assert Judgement.objects.get().evidence_version.number == 2


def test_a_judgement_from_another_window_is_not_overwritten(submitted_unit, browser, assessor):
    sent = filled_in(submitted_unit, a0=("not_yet", "From an old window."))
    judge(unit=submitted_unit, actor=assessor, answers=[answer(submitted_unit)])
    words = text_of(browser.post(page(submitted_unit), sent))
    assert "B10.1.1 of evidence 1 was changed since you opened the page. Ann Assessor judged it “met”." in words
    assert "Nothing was overwritten: look at it again, then decide." in words
    assert Judgement.objects.count() == 1


def test_the_judgement_that_stands_is_shown_and_one_on_an_older_version_as_such(
    claimed_unit, evidence, browser, assessor, candidate
):
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit)])
    assert "Met judged by Ann Assessor" in text_of(browser.get(page(claimed_unit)))
    correct(evidence, candidate, title="The log, with dates")
    words = text_of(browser.get(page(claimed_unit)))
    assert "Judged “met” before the correction, by Ann Assessor" in words
    assert 'value="met" checked' not in html_of(browser.get(page(claimed_unit)))


def test_a_barred_claim_is_not_offered_and_refused_when_sent_all_the_same(claimed_unit, evidence, browser, candidate):
    correct(evidence, candidate, setting="simulation")
    records = unit_record(claimed_unit).claims
    barred = next(place for place, record in enumerate(records) if record.barred)
    response = browser.get(page(claimed_unit))
    assert f'name="{records[barred].claim.uuid}-outcome"' not in html_of(response)
    assert "this evidence is marked “simulation”" in text_of(response)
    browser.post(page(claimed_unit), filled_in(claimed_unit, **{f"a{barred}": "met"}))
    assert not Judgement.objects.exists()


@pytest.mark.long
def test_all_met_leaves_out_what_is_barred(claimed_unit, evidence, browser, candidate):
    correct(evidence, candidate, setting="simulation")
    kept = {
        name: value
        for name, value in filled_in(claimed_unit).items()
        if not any(record.barred and str(record.claim.uuid) in name for record in unit_record(claimed_unit).claims)
    }
    response = browser.post(page(claimed_unit), kept | {"all_met": "1"}, follow=True)
    assert unit_record(claimed_unit).claims[-1].status == "barred"
    assert "Saved 8 judgements." in text_of(response)
    assert "not saved" not in text_of(response)


def test_a_claim_made_after_the_page_was_shown_is_not_judged_unseen(submitted_unit, evidence, browser, assessor):
    sent = filled_in(submitted_unit, a0="met")
    first = unit_record(submitted_unit).claims[0].claim
    Claim.objects.filter(pk=first.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=Participation.objects.get(user=submitted_unit.registration.candidate)
    )
    bring_up_to_date([submitted_unit])
    again = claim_make(
        unit=submitted_unit, evidence=evidence, criterion=first.criterion, where="page 9", actor=assessor
    )
    browser.post(page(submitted_unit), sent | {"all_met": "1"})
    assert Judgement.objects.count() == 29
    assert not Judgement.objects.filter(claim=again).exists()


def test_after_the_sign_off_it_is_only_shown(assessed_unit, browser):
    html = html_of(browser.get(page(assessed_unit)))
    assert "judgements cannot be changed now" in html
    assert 'type="radio"' not in html
    before = Judgement.objects.count()
    response = browser.post(page(assessed_unit), filled_in(assessed_unit, a0=("not_yet", "Too late.")))
    assert "cannot be changed any more" in text_of(response)
    assert Judgement.objects.count() == before


def test_a_piece_that_claims_nothing_says_so(submitted_unit, browser, candidate):
    other = add_evidence(submitted_unit.registration, candidate)
    words = text_of(browser.get(address("judge", submitted_unit, evidence=other.uuid)))
    assert "Nothing is claimed from this evidence in this unit" in words


@pytest.mark.parametrize("who", ["candidate", "verifier", "coordinator"])
def test_nobody_but_the_assessor_comes_here(who, submitted_unit, request):
    client = signed_in(request.getfixturevalue(who))
    for path in (page(submitted_unit), address("statements", submitted_unit)):
        assert client.get(path).status_code == 403
        assert client.post(path, {"all_met": "1"}).status_code == 403
    assert not Judgement.objects.exists()


def test_the_piece_of_another_portfolio_is_not_found(submitted_unit, browser):
    assert browser.get(address("judge", submitted_unit, evidence=uuid.uuid4())).status_code == 404


def test_what_was_typed_before_the_session_ended_comes_back(submitted_unit, browser, assessor):
    path, sent = page(submitted_unit), filled_in(submitted_unit, a0=("not_yet", "A long reason."))
    browser.get(path)
    browser.cookies.pop("sessionid")
    assert browser.post(path, sent)["Location"].startswith("/accounts/login/")
    assert not Judgement.objects.exists()
    browser.post("/accounts/login/", {"login": assessor.email, "password": PASSWORD})
    response = browser.get(path)
    assert "What you typed is back; it is not saved yet." in text_of(response)
    assert "A long reason.</textarea>" in html_of(response)


# --- Statements -----------------------------------------------------------------------------------------------


def test_the_musts_stand_in_the_units_words_and_are_ticked(submitted_unit, browser):
    path = address("statements", submitted_unit)
    [must] = submitted_unit.revision.rules["statements"]
    assert must in text_of(browser.get(path))
    response = browser.post(path, {"statements": [must]}, follow=True)
    assert f"“{must}”: stated by Ann Assessor" in text_of(response)
    assert " checked" in html_of(browser.get(path)).partition("<fieldset>")[2]
    browser.post(path, {"seen": [must]})
    assert not AssessorStatement.objects.filter(withdrawn_at=None).exists()


def test_a_page_that_is_out_of_date_takes_no_statement_back(submitted_unit, browser):
    path = address("statements", submitted_unit)
    [must] = submitted_unit.revision.rules["statements"]
    browser.post(path, {"statements": [must]})
    browser.post(path, {})  # another window, in which nothing was stated yet and nothing was ticked
    assert AssessorStatement.objects.filter(withdrawn_at=None).count() == 1
    assert f'name="seen" value="{must}"' in html_of(browser.get(path))


def test_other_words_are_refused(submitted_unit, browser):
    response = browser.post(address("statements", submitted_unit), {"statements": ["The candidate is nice."]})
    assert "This unit asks for no such statement." in text_of(response)
    assert not AssessorStatement.objects.exists()


def test_after_the_sign_off_nothing_is_stated(assessed_unit, browser):
    path = address("statements", assessed_unit)
    assert "this cannot be changed now" in text_of(browser.get(path))
    browser.post(path, {"seen": assessed_unit.revision.rules["statements"]})
    assert AssessorStatement.objects.filter(withdrawn_at=None).count() == 1


def test_the_next_piece_is_one_with_a_claim_that_can_be_judged(claimed_unit, evidence, candidate, assessor):
    barred, counts = (add_evidence(claimed_unit.registration, candidate) for _ in range(2))
    criterion = claimed_unit.revision.criteria.get(kind="performance", position=1)
    for piece in (barred, counts):
        claims_make(unit=claimed_unit, evidence=piece, actor=candidate, wanted={criterion: ""})
    correct(barred, candidate, setting="simulation")

    assert next_to_judge(claimed_unit, after=evidence) == counts
    assert next_to_judge(claimed_unit, after=counts) == evidence
    judge_in_bulk(claimed_unit, assessor)
    assert next_to_judge(claimed_unit, after=evidence) is None
