"""The page on which a unit is signed."""

import re
from collections import Counter

import pytest
from django.test import Client

from assessments.models import Signature, Stage
from assessments.recording_form.document import DECLARATIONS
from assessments.standing.worked_out import bring_up_to_date
from assessments.steps_back.services import unit_withdraw
from centres.sign_in.models import SignIn
from portfolio.files.services import bytes_store
from portfolio.models import Claim, EvidenceFile
from portfolio.models.evidence import stored_path
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.assessments.steps import answer, judge, open_version
from tests.cast import PASSWORD, claim_make, seen

pytestmark = pytest.mark.django_db

SIGNERS = {
    "claimed_unit": ("candidate", Stage.SUBMISSION, "submitted"),
    "judged_unit": ("assessor", Stage.SIGN_OFF, "assessed"),
    "assessed_unit": ("verifier", Stage.COUNTERSIGNATURE, "verified"),
}


@pytest.fixture(params=SIGNERS)
def to_sign(request):
    who, stage, state = SIGNERS[request.param]
    return request.getfixturevalue(request.param), signed_in(request.getfixturevalue(who)), stage, state


def sent(client, unit, password=PASSWORD, **more):
    """What the page sends: the digest that it showed, and the password."""
    shown = re.search(r'name="seen" value="([0-9a-f]{64})"', html_of(client.get(address("sign", unit))))
    assert shown
    return {"seen": shown[1], "password": password} | more


def test_it_shows_all_that_is_signed_and_in_which_words(to_sign):
    unit, client, stage, _ = to_sign
    words = text_of(client.get(address("sign", unit)))
    assert DECLARATIONS[stage] in words
    assert "1. Complaints log of the counter, March" in words
    for criterion in unit.revision.criteria.all():
        assert criterion.text in words
    for given in Signature.objects.select_related("document"):
        assert given.document.digest[:12] in words


def test_without_the_key_nothing_is_signed_and_the_comment_stays(judged_unit, assessor, settings, tmp_path):
    client = signed_in(assessor)
    said = sent(client, judged_unit, comment="Sound work.")
    settings.KEYS_DIR = tmp_path

    page = client.post(address("sign", judged_unit), said)

    assert "the server cannot use its key for signatures" in text_of(page).partition("What you sign")[0]
    assert "Sound work." in html_of(page)
    assert open_version(judged_unit).state == "submitted"


def test_a_claimed_file_whose_bytes_are_gone_is_named_before_anybody_signs(
    judged_unit, evidence, assessor, settings, tmp_path
):
    settings.FILES_DIR, settings.INCOMING_DIR = tmp_path / "files", tmp_path / "incoming"
    stored = bytes_store(centre=evidence.registration.centre, content=b"Thank you.")
    EvidenceFile.objects.create(
        version=evidence.versions.get(), stored_file=stored, name="thanks.txt", position=1, content_type="text/plain"
    )
    client = signed_in(assessor)
    said = sent(client, judged_unit, comment="Sound work.")
    stored_path(stored).unlink()

    page = text_of(client.get(address("sign", judged_unit)))
    assert "the server has lost the content of “thanks.txt” of evidence 1" in page
    assert "Your signature" not in page

    refused = client.post(address("sign", judged_unit), said)
    assert text_of(refused).count("“thanks.txt” of evidence 1") == 1
    assert "Sound work." in html_of(refused)
    assert open_version(judged_unit).state == "submitted"


def test_a_signature_moves_the_unit_on_and_its_code_is_told(to_sign):
    unit, client, stage, state = to_sign
    response = client.post(address("sign", unit), sent(client, unit, comment="Sound."), follow=True)
    signature = Signature.objects.get(stage=stage)
    assert open_version(unit).state == state
    assert f"Signed. The code of what you signed is {signature.document.digest[:12]}" in text_of(response)
    assert signature.comment == ("" if stage == Stage.SUBMISSION else "Sound.")


@pytest.mark.parametrize(("state", "who"), [("judged_unit", "assessor"), ("assessed_unit", "verifier")])
def test_a_comment_of_several_lines_is_signed_as_the_browser_sends_it(state, who, request):
    unit, client = request.getfixturevalue(state), signed_in(request.getfixturevalue(who))
    client.post(address("sign", unit), sent(client, unit, comment="Sound work.\r\n\r\nWell told."))
    assert Signature.objects.latest("pk").comment == "Sound work.\n\nWell told."


def test_a_wrong_password_is_told_and_the_comment_stays(judged_unit, assessor):
    client = signed_in(assessor)
    response = client.post(address("sign", judged_unit), sent(client, judged_unit, "wrong", comment="Sound work."))
    assert "That is not your password. Nothing was signed." in text_of(response)
    html = html_of(response)
    assert "Sound work.</textarea>" in html
    assert "wrong" not in html
    assert "Nothing was signed: look at what is marked below." in text_of(response).partition("What you sign")[0]
    [focused] = re.findall(r"<[^>]* autofocus[^>]*>", html)
    assert 'name="password"' in focused
    assert open_version(judged_unit).state == "submitted"


def test_guessing_passwords_is_slowed_down(judged_unit, assessor):
    client = signed_in(assessor)
    form = sent(client, judged_unit)
    for _ in range(10):
        client.post(address("sign", judged_unit), form | {"password": "guess"})
    response = client.post(address("sign", judged_unit), form)
    assert "That was a wrong password too often. Wait 5 minutes, then try again. Nothing was done." in text_of(response)
    assert open_version(judged_unit).state == "submitted"
    kept = SignIn.objects.filter(user=assessor).values_list("what", flat=True)
    assert Counter(kept) == {"wrong_password": 10, "too_many": 1}
    page = Client().post("/accounts/login/", {"login": assessor.email, "password": PASSWORD})
    assert "That was too many tries." in text_of(page)  # counted together with those of signing in


@pytest.mark.long
def test_whoever_types_the_right_password_is_not_slowed_down(judged_unit, assessor):
    client = signed_in(assessor)
    for _ in range(9):
        client.post(address("sign", judged_unit), sent(client, judged_unit, "guess"))
    for _ in range(3):
        client.post(address("sign", judged_unit), sent(client, judged_unit))
        version = open_version(judged_unit)
        assert version.state == "assessed"
        unit_withdraw(unit=judged_unit, actor=assessor, reason="A date.", stamp=version.stamp)


def test_a_unit_that_changed_meanwhile_is_shown_anew_before_it_is_signed(judged_unit, assessor):
    client = signed_in(assessor)
    form = sent(client, judged_unit, comment="Sound work.")
    Claim.objects.filter(candidate_unit=judged_unit).update(where="page 99")
    bring_up_to_date([judged_unit])
    response = client.post(address("sign", judged_unit), form)
    words = text_of(response)
    assert "This unit was changed since you opened the page." in words
    assert "page 99" in words
    assert "Sound work.</textarea>" in html_of(response)
    assert Signature.objects.count() == 1
    client.post(address("sign", judged_unit), sent(client, judged_unit))
    assert Signature.objects.count() == 2


@pytest.mark.parametrize("shown", ["", "0" * 64, "nonsense"])
def test_nobody_signs_what_no_page_has_shown(shown, judged_unit, assessor):
    signed_in(assessor).post(address("sign", judged_unit), {"seen": shown, "password": PASSWORD})
    assert Signature.objects.count() == 1


def test_a_unit_with_gaps_is_warned_of_at_its_submission(unit, evidence, candidate):
    criterion = unit.revision.criteria.filter(is_tickable=True).first()
    claim_make(unit=unit, evidence=evidence, criterion=criterion, where="", actor=candidate)
    client = signed_in(candidate)
    words = text_of(client.get(address("sign", unit)))
    assert "You may submit all the same" in words
    assert "Not claimed: B10.1.1 to B10.1.3," in words
    client.post(address("sign", unit), sent(client, unit))
    assert open_version(unit).state == "submitted"


def test_an_empty_unit_has_nothing_to_sign(unit, candidate):
    html = html_of(signed_in(candidate).get(address("sign", unit)))
    assert "Nothing is claimed in this unit yet, so there is nothing to sign." in html
    assert 'type="password"' not in html


def test_a_sign_off_is_held_up_by_what_is_missing_without_a_button(submitted_unit, assessor):
    response = signed_in(assessor).get(address("sign", submitted_unit))
    assert "Waiting for a judgement: B10.1.1 to B10.1.3," in text_of(response)
    assert 'type="password"' not in html_of(response)


def test_what_is_missing_holds_it_up_when_it_is_sent_all_the_same(judged_unit, assessor):
    client = signed_in(assessor)
    judge(unit=judged_unit, actor=assessor, answers=[answer(judged_unit, 0, "not_yet", "No.")])
    client.post(address("sign", judged_unit), {"seen": seen(judged_unit), "password": PASSWORD})
    assert open_version(judged_unit).state == "submitted"


def test_the_verifier_can_look_at_the_form_as_it_will_print(assessed_unit, verifier):
    html = html_of(signed_in(verifier).get(address("sign", assessed_unit)))
    assert f'href="{address("form", assessed_unit)}"' in html


def test_a_second_press_of_the_button_is_told_that_the_first_counted(to_sign):
    unit, client, stage, _ = to_sign
    form = sent(client, unit)
    client.post(address("sign", unit), form)
    words = text_of(client.post(address("sign", unit), form, follow=True))
    code = Signature.objects.get(stage=stage).document.digest[:12]
    assert f"Signed. The code of what you signed is {code}; it is on the form." in words
    assert "You pressed the button twice; it was done once." in words
    assert Signature.objects.filter(stage=stage).count() == 1


def test_who_opens_the_page_again_is_told_that_they_have_signed(to_sign):
    unit, client, stage, _ = to_sign
    client.post(address("sign", unit), sent(client, unit))
    words = text_of(client.get(address("sign", unit), follow=True))
    code = Signature.objects.get(stage=stage).document.digest[:12]
    assert f"You have signed this unit already: the code is {code}." in words
    assert "twice" not in words


def test_a_comment_for_a_unit_that_moved_on_is_shown_to_be_copied(assessed_unit, assessor, verifier):
    client = signed_in(verifier)
    form = sent(client, assessed_unit, comment="I looked at all of it.")
    unit_withdraw(unit=assessed_unit, actor=assessor, reason="A date.", stamp=open_version(assessed_unit).stamp)
    words = text_of(client.post(address("sign", assessed_unit), form))
    assert "This unit is submitted now, so there is nothing for you to sign. Nothing was changed." in words
    assert "I looked at all of it." in words


def test_a_coordinator_signs_for_nobody(claimed_unit, coordinator):
    client = signed_in(coordinator)
    assert client.get(address("sign", claimed_unit)).status_code == 403
    assert client.post(address("sign", claimed_unit), {"password": PASSWORD, "seen": ""}).status_code == 403


def test_a_comment_typed_before_the_session_ended_comes_back_without_the_password(judged_unit, assessor):
    client = signed_in(assessor)
    form = sent(client, judged_unit, comment="Sound work.")
    client.cookies.pop("sessionid")
    assert client.post(address("sign", judged_unit), form).status_code == 302
    client.post("/accounts/login/", {"login": assessor.email, "password": PASSWORD})
    html = html_of(client.get(address("sign", judged_unit)))
    assert "Sound work.</textarea>" in html
    assert PASSWORD not in html
    assert Signature.objects.count() == 1
