"""The page of a unit: how it stands, and for each person exactly what they can do."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from assessments.grid.grid import PIECES_ON_A_PAGE
from assessments.models import FinalForm, Signature
from assessments.recording_form import services as final_forms
from assessments.recording_form.services import ATTEMPTS, final_form_render
from assessments.signing.services import unit_submit
from assessments.standing.unit_record import unit_record
from assessments.steps_back.services import unit_reopen, unit_return, unit_withdraw
from portfolio.files.services import bytes_store
from portfolio.models import Allocation, EvidenceFile
from tests.assessments.cells.test_judgements import correct
from tests.assessments.pages import address, html_of, signed_in, text_of, units_actions
from tests.assessments.steps import answer, give_back, judge, open_version
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, claim_make, judge_in_bulk, seen

pytestmark = pytest.mark.django_db

MOST_QUERIES = 19  # how the registration stands, interests, adjustments, and what the unit is about, among them

# What the head of the page offers, by state and person. The form is there for everybody.
ACTIONS = {
    ("claimed_unit", "candidate"): {"sign"},
    ("claimed_unit", "assessor"): set(),
    ("claimed_unit", "verifier"): set(),
    ("claimed_unit", "coordinator"): set(),
    ("submitted_unit", "candidate"): set(),
    ("submitted_unit", "assessor"): {"sign", "return"},
    ("submitted_unit", "verifier"): set(),
    ("submitted_unit", "coordinator"): set(),
    ("assessed_unit", "candidate"): set(),
    ("assessed_unit", "assessor"): {"withdraw"},
    ("assessed_unit", "verifier"): {"sign", "return"},
    ("assessed_unit", "coordinator"): set(),
    ("verified_unit", "candidate"): set(),
    ("verified_unit", "assessor"): set(),
    ("verified_unit", "verifier"): {"reopen"},
    ("verified_unit", "coordinator"): set(),
}
STEPS = {"sign", "return", "withdraw", "reopen"}


def page(unit, user):
    return signed_in(user).get(address("unit", unit))


@pytest.mark.long
def test_what_waits_on_another_page_of_the_list_is_judged_first_as_well(claimed_unit, candidate, assessor):
    first = claimed_unit.revision.criteria.get(kind="performance", position=1)
    pieces = [add_evidence(claimed_unit.registration, candidate) for _ in range(PIECES_ON_A_PAGE)]
    for piece in pieces[:-1]:
        claim_make(unit=claimed_unit, evidence=piece, criterion=first, where="", actor=candidate)
    judge_in_bulk(claimed_unit, assessor)
    claim_make(unit=claimed_unit, evidence=pieces[-1], criterion=first, where="", actor=candidate)
    assert main_thing(page(claimed_unit, assessor)) == f"Judge evidence {PIECES_ON_A_PAGE + 1}"


@pytest.mark.parametrize(("state", "who"), ACTIONS)
def test_adding_evidence_is_one_thumb_away_for_the_candidate_in_each_state(state, who, request):
    unit = request.getfixturevalue(state)
    add = rf"/portfolios/{unit.registration.uuid}/evidence/new/\?unit={unit.uuid}"
    bar = "actions" if state == "verified_unit" else "actions thumb-bar"  # who has finished comes for the form
    buttons = re.findall(
        rf'<div class="{bar}">\s*<a class="btn ([^"]*)"\s+href="[^"]*{add}"',
        html_of(page(unit, request.getfixturevalue(who))),
    )
    assert buttons == (["btn-outline-secondary"] if who == "candidate" else [])


def test_adding_evidence_is_the_main_thing_while_something_is_missing(unit, candidate):
    bars = re.findall(r'<div class="actions thumb-bar">\s*<a class="btn btn-primary"', html_of(page(unit, candidate)))
    assert len(bars) == 1


@pytest.mark.parametrize(("state", "who"), ACTIONS)
def test_each_person_is_offered_exactly_what_they_can_do_now(state, who, request):
    unit, user = request.getfixturevalue(state), request.getfixturevalue(who)
    response = page(unit, user)
    assert units_actions(response) & STEPS == ACTIONS[state, who]
    html = html_of(response)
    judges = who == "assessor" and state in {"claimed_unit", "submitted_unit"}
    claims = judges or (who == "candidate" and state == "claimed_unit")
    assert ('href="judge/' in html, f"/units/{unit.uuid}/statements/" in html) == (judges, judges)
    assert (f"/claims/?unit={unit.uuid}" in html) == claims


def main_thing(response):
    """The words of the one button that stands out."""
    [button] = re.findall(r'<a class="btn btn-primary"[^>]*>(.*?)</a>', html_of(response), re.DOTALL)
    return re.sub(r"<[^>]+>", "", button).strip()


def test_an_assessor_judges_first_and_signs_when_nothing_is_missing(submitted_unit, assessor):
    assert main_thing(page(submitted_unit, assessor)) == "Judge evidence 1"
    judge_in_bulk(submitted_unit, assessor)
    assert main_thing(page(submitted_unit, assessor)) == "Sign the unit off"


@pytest.mark.parametrize(("state", "who"), ACTIONS)
def test_what_is_not_offered_is_refused_when_it_is_sent_all_the_same(state, who, request):
    unit, user = request.getfixturevalue(state), request.getfixturevalue(who)
    client, version, signatures = signed_in(user), open_version(unit), Signature.objects.count()
    for step in STEPS - ACTIONS[state, who]:
        sent = {"password": PASSWORD, "seen": seen(unit), "reason": "Because.", "stamp": version.stamp}
        response = client.post(address(step, unit), sent)
        assert response.status_code in {200, 302, 403}
        assert (open_version(unit).pk, open_version(unit).state) == (version.pk, version.state), step
    assert Signature.objects.count() == signatures


@pytest.mark.parametrize("name", ["unit", "sign", "return", "withdraw", "reopen", "statements", "form"])
def test_an_outsider_finds_nothing_there(name, submitted_unit, outsider):
    assert signed_in(outsider).get(address(name, submitted_unit)).status_code == 404


def test_the_unit_of_another_centre_is_not_found_under_ones_own(submitted_unit, outsider, coordinator):
    other = outsider.memberships.first().centre
    path = address("unit", submitted_unit).replace(str(submitted_unit.registration.centre.uuid), str(other.uuid))
    assert signed_in(coordinator).get(path).status_code == 404


def test_it_shows_each_criterion_with_what_claims_it_and_how_it_stands(claimed_unit, assessor, candidate):
    answers = [answer(claimed_unit, 0), answer(claimed_unit, 1, "not_yet", "Too short.")]
    judge(unit=claimed_unit, actor=assessor, answers=answers)
    words = text_of(page(claimed_unit, candidate))
    for criterion in claimed_unit.revision.criteria.all():
        assert criterion.text in words
    first, second = (record.claim for record in unit_record(claimed_unit).claims[:2])
    assert f"{first.criterion.text} Met Evidence 1, {first.where}" in words
    assert f"{second.criterion.text} Not yet Evidence 1, {second.where} Not yet Too short." in words
    assert words.count("Waiting Evidence 1,") == 28


def test_criteria_are_folded_but_for_the_parts_in_which_something_came_back(claimed_unit, assessor, candidate):
    folded = html_of(page(claimed_unit, candidate))
    assert "<details class=key-part open>" not in folded
    assert "<small>0 of 8 met, 8 waiting</small>" in folded
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, "not_yet", "Which day was it?")])
    opened = html_of(page(claimed_unit, candidate)).split("<details class=key-part open>")
    assert len(opened) == 2
    assert "<small>0 of 3 met, 2 waiting, 1 not yet</small></summary>" in opened[1].partition("<ul>")[0]


def test_it_says_what_does_not_count_and_why(claimed_unit, evidence, candidate):
    correct(evidence, candidate, setting="simulation")
    words = text_of(page(claimed_unit, candidate))
    assert "Does not count" in words
    assert "this evidence is marked “simulation”" in words
    assert "Claimed only from evidence that this unit does not take for it: B10.1.1 to B10.1.3," in words


@pytest.mark.parametrize(
    ("state", "missing"),
    [
        ("unit", "Before it is submitted Not claimed: B10.1.1 to B10.1.3, B10.2.1 to B10.2.8,"),
        ("claimed_unit", "Before it is submitted Nothing is missing."),
        ("submitted_unit", "Before it is signed off Waiting for a judgement: B10.1.1 to B10.1.3,"),
        ("judged_unit", "Before it is signed off Nothing is missing."),
        ("assessed_unit", "Before it is countersigned Nothing is missing."),
    ],
)
def test_it_says_what_is_missing_for_the_next_signature(state, missing, request, coordinator):
    assert missing in text_of(page(request.getfixturevalue(state), coordinator))


def test_it_says_who_assesses_and_verifies(submitted_unit, candidate):
    assert "Assessor: Ann Assessor Internal verifier: Ivy Verifier" in text_of(page(submitted_unit, candidate))
    Allocation.objects.update(ended_at=timezone.now())
    assert "Assessor: nobody yet Internal verifier: nobody yet" in text_of(page(submitted_unit, candidate))


def test_it_tells_what_happened_the_newest_first(verified_unit, verifier, candidate):
    unit_reopen(unit=verified_unit, actor=verifier, reason="Not seen.", stamp=open_version(verified_unit).stamp)
    words = text_of(page(verified_unit, candidate))
    order = [
        words.index(step)
        for step in (
            "Reopened by Ivy Verifier",
            "Countersigned by Ivy Verifier",
            "Signed off by Ann Assessor",
            "Submitted by Pat Candidate",
        )
    ]
    assert order == sorted(order)
    assert words.count("counts no more") == 3
    assert "Sound work." in words
    for given in Signature.objects.select_related("document"):
        assert given.document.digest[:12] in words


def test_a_return_tells_to_whom(assessed_unit, verifier, assessor, candidate):
    give_back(assessed_unit, verifier)
    give_back(assessed_unit, assessor)
    words = text_of(page(assessed_unit, candidate))
    assert words.index("Returned to the candidate by Ann") < words.index("Returned to the assessor by Ivy")


def test_why_it_came_back_stands_before_everything_else_until_somebody_signs(submitted_unit, assessor, candidate):
    give_back(submitted_unit, assessor, reason="For B10.1.2 one more occasion.")
    words = text_of(page(submitted_unit, candidate))
    assert words.index("For B10.1.2 one more occasion.") < words.index("Complaints log of the counter")
    unit_submit(unit=submitted_unit, actor=candidate, password=PASSWORD, seen=seen(submitted_unit))
    words = text_of(page(submitted_unit, candidate))
    assert words.index("For B10.1.2 one more occasion.") > words.index("Complaints log of the counter")


@pytest.mark.parametrize("step", ["returned", "withdrawn"])
def test_what_passes_between_assessor_and_verifier_is_for_them_to_read(
    step, assessed_unit, verifier, assessor, candidate
):
    said = {"unit": assessed_unit, "reason": "You were too kind.", "stamp": open_version(assessed_unit).stamp}
    if step == "returned":
        unit_return(**said, actor=verifier)
    else:
        unit_withdraw(**said, actor=assessor)
    times = {"returned": 3, "withdrawn": 2}[step]  # a return is also something to be done
    for person, read in ((verifier, times), (assessor, times), (candidate, 0)):
        words = text_of(page(assessed_unit, person))
        assert words.count("You were too kind.") == read
        assert {"returned": "Returned to the assessor by Ivy", "withdrawn": "Sign-off withdrawn by Ann"}[step] in words


def test_times_are_those_of_the_centre(submitted_unit, candidate, centre):
    centre.time_zone = "Pacific/Kiritimati"
    centre.save()
    at = Signature.objects.get().document.created_at.astimezone(ZoneInfo("Pacific/Kiritimati"))
    assert f"{at:%H:%M}" in text_of(page(submitted_unit, candidate))


def test_a_draft_is_offered_until_the_unit_is_verified(assessed_unit, candidate):
    html = html_of(page(assessed_unit, candidate))
    assert "Recording form (draft)" in html


def test_it_says_that_the_form_is_being_prepared_then_offers_it(verified_unit, candidate):
    waiting = text_of(page(verified_unit, candidate))
    assert "The final form is being prepared. Look again in a moment." in waiting
    assert "form.pdf" not in html_of(page(verified_unit, candidate))
    final_form_render(signature=Signature.objects.get(stage="countersignature").uuid)
    response = page(verified_unit, candidate)
    assert address("form", verified_unit) in html_of(response)
    assert "being prepared" not in text_of(response)


def test_it_says_when_the_form_was_given_up(verified_unit, candidate):
    FinalForm.objects.update(attempts=ATTEMPTS)
    assert "The final form is late: it could not be made yet." in text_of(page(verified_unit, candidate))


def test_it_says_when_nobody_makes_the_form(verified_unit, candidate, monkeypatch):
    monkeypatch.setattr(final_forms, "LATE_AFTER", timedelta(seconds=-1))
    assert "The final form is late: it could not be made yet." in text_of(page(verified_unit, candidate))


def test_the_form_of_an_earlier_version_stays_within_reach(verified_unit, verifier, candidate):
    signature = Signature.objects.get(stage="countersignature")
    final_form_render(signature=signature.uuid)
    unit_reopen(unit=verified_unit, actor=verifier, reason="Not seen.", stamp=open_version(verified_unit).stamp)
    html = html_of(page(verified_unit, candidate))
    assert address("final_form", verified_unit, signature=signature.uuid) in html


def test_every_id_on_the_page_is_there_once(submitted_unit, assessor):
    ids = re.findall(r'\bid="([^"]+)"', html_of(page(submitted_unit, assessor)))
    assert len(ids) == len(set(ids))


def test_it_tells_folded_what_the_unit_is_about(unit, candidate):
    html = html_of(page(unit, candidate))
    about = html.partition("What this unit is about</h2></summary>")[2].partition("</details>")[0]
    assert "This Theme covers Customer Service behaviours and processes" in about
    assert "This Unit is about how you deliver and maintain excellent and reliable customer service." in about


@pytest.mark.long
@pytest.mark.parametrize(
    "who", ["assessor", *(pytest.param(other, marks=pytest.mark.long) for other in ("candidate", "coordinator"))]
)
@pytest.mark.parametrize("name", ["unit", "sign", "judge", "return", "statements"])
def test_its_pages_take_few_queries_however_much_there_is(
    name, who, request, claimed_unit, evidence, centre, candidate, assessor, django_assert_max_num_queries
):
    client = signed_in(request.getfixturevalue(who))
    path = address(name, claimed_unit, **({"evidence": evidence.uuid} if name == "judge" else {}))
    come_back_once(claimed_unit, candidate, assessor)  # a unit that was never signed is not asked for signatures
    client.get(path)
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        before = client.get(path).status_code
    stored = bytes_store(centre=centre, content=b"x")
    for _ in range(10):
        piece = add_evidence(claimed_unit.registration, candidate)
        claim_in_bulk(claimed_unit, [piece])
        EvidenceFile.objects.create(
            version=piece.versions.get(), stored_file=stored, name="a.txt", content_type="text/plain", position=1
        )
    for _ in range(3):
        come_back_once(claimed_unit, candidate, assessor)
    with django_assert_max_num_queries(MOST_QUERIES) as many:
        assert client.get(path).status_code == before
    assert len(many) == len(few)


def come_back_once(unit, candidate, assessor):
    judge_in_bulk_again(unit, assessor)
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    give_back(unit, assessor)


def judge_in_bulk_again(unit, assessor):
    unit.statements.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    judge_in_bulk(unit, assessor)
