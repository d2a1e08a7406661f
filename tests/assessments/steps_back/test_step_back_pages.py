"""The pages on which a unit is returned, a sign-off withdrawn, and a verified unit reopened."""

import pytest

from assessments.models import Return
from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from assessments.steps_back.services import unit_reopen
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.assessments.steps import give_back, open_version
from tests.at_once import at_once
from tests.cast import PASSWORD, seen

pytestmark = pytest.mark.django_db

STEPS = {
    "return to the candidate": ("submitted_unit", "return", "assessor", "Your judgements stay.", "collecting"),
    "return to the assessor": ("assessed_unit", "return", "verifier", "The sign-off stays in the record", "submitted"),
    "withdraw": ("assessed_unit", "withdraw", "assessor", "Your sign-off stays in the record", "submitted"),
    "reopen": ("verified_unit", "reopen", "verifier", "The final form of this version stays as it is", "collecting"),
}


@pytest.fixture(params=STEPS.values(), ids=[*STEPS])
def step(request):
    state, name, who, words, to = request.param
    unit = request.getfixturevalue(state)
    return unit, address(name, unit), signed_in(request.getfixturevalue(who)), words, to


def test_it_says_what_will_happen_and_does_it(step):
    unit, path, client, words, to = step
    assert words in text_of(client.get(path))
    stamp = open_version(unit).stamp
    assert f'name="stamp" value="{stamp}"' in html_of(client.get(path))
    response = client.post(path, {"reason": "One more occasion.", "stamp": stamp})
    assert response["Location"] == address("unit", unit)
    assert open_version(unit).state == to
    assert Return.objects.get().reason == "One more occasion."


def test_a_reason_of_several_lines_is_taken_as_the_browser_sends_it(step):
    unit, path, client, *_ = step
    client.post(path, {"reason": "One more occasion.\r\nA date.", "stamp": open_version(unit).stamp})
    assert Return.objects.get().reason == "One more occasion.\nA date."


def test_it_asks_for_a_reason(step):
    unit, path, client, *_ = step
    version = open_version(unit)
    response = client.post(path, {"reason": "  ", "stamp": version.stamp})
    assert "Say why: the reason is part of the record." in text_of(response)
    assert (open_version(unit).state, Return.objects.count()) == (version.state, 0)


@pytest.mark.parametrize("stamp", ["", "nonsense", "99"])
def test_a_stamp_that_is_not_of_now_changes_nothing_and_keeps_what_was_typed(stamp, step):
    unit, path, client, *_ = step
    version = open_version(unit)
    response = client.post(path, {"reason": "One more occasion.", "stamp": stamp})
    assert "One more occasion.</textarea>" in html_of(response)
    assert (open_version(unit).state, Return.objects.count()) == (version.state, 0)


def test_a_second_press_of_the_button_is_told_that_it_was_done_once(step):
    unit, path, client, *_ = step
    form = {"reason": "One more occasion.", "stamp": open_version(unit).stamp}
    client.post(path, form)
    assert "You pressed the button twice; it was done once." in text_of(client.post(path, form, follow=True))
    assert Return.objects.count() == 1


def test_what_was_undone_since_is_not_said_to_be_done(submitted_unit, candidate, assessor):
    client, form = signed_in(assessor), {"reason": "See my notes.", "stamp": open_version(submitted_unit).stamp}
    client.post(address("return", submitted_unit), form)
    unit_submit(unit=submitted_unit, actor=candidate, password=PASSWORD, seen=seen(submitted_unit))
    said = text_of(client.post(address("return", submitted_unit), form, follow=True))
    assert "it was done once" not in said
    assert "This unit was changed since you opened the page. It is submitted now." in said


def test_what_happened_in_the_version_before_is_not_said_to_be_done(verified_unit, candidate, verifier):
    client, form = signed_in(verifier), {"reason": "A date is wrong.", "stamp": open_version(verified_unit).stamp}
    client.post(address("reopen", verified_unit), form)
    unit_submit(unit=verified_unit, actor=candidate, password=PASSWORD, seen=seen(verified_unit))
    said = text_of(client.post(address("reopen", verified_unit), form, follow=True))
    assert "it was done once" not in said
    assert "This unit was changed since you opened the page. It is submitted now." in said


def test_a_page_that_shows_the_version_before_changes_nothing(judged_unit, candidate, assessor, verifier):
    unit, form = judged_unit, {"reason": "See my notes.", "stamp": open_version(judged_unit).stamp}
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit), comment="")
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    unit_reopen(unit=unit, actor=verifier, reason="A date.", stamp=open_version(unit).stamp)
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    said = text_of(signed_in(assessor).post(address("return", unit), form))
    assert "This unit was changed since you opened the page" in said
    assert open_version(unit).state == "submitted"


def test_another_step_back_with_the_same_reason_is_no_second_press(assessed_unit, assessor):
    client, form = signed_in(assessor), {"reason": "A date.", "stamp": open_version(assessed_unit).stamp}
    client.post(address("withdraw", assessed_unit), form)
    said = text_of(client.post(address("return", assessed_unit), form, follow=True))
    assert "it was done once" not in said
    assert Return.objects.count() == 1


@pytest.mark.parametrize("reason", ["Observe once more.", "A date."])
def test_two_people_at_once_the_second_is_told_and_keeps_what_they_typed(reason, assessed_unit, assessor, verifier):
    client, stamp = signed_in(verifier), open_version(assessed_unit).stamp
    signed_in(assessor).post(address("withdraw", assessed_unit), {"reason": "A date.", "stamp": stamp})
    response = client.post(address("return", assessed_unit), {"reason": reason, "stamp": stamp})
    assert "This unit was changed since you opened the page. It is submitted now." in text_of(response)
    assert f"{reason}</textarea>" in html_of(response)
    assert Return.objects.count() == 1


def test_another_reason_from_a_page_that_is_out_of_date_is_no_second_press_and_is_kept(assessed_unit, verifier):
    client, stamp = signed_in(verifier), open_version(assessed_unit).stamp
    client.post(address("return", assessed_unit), {"reason": "A date.", "stamp": stamp})
    response = client.post(address("return", assessed_unit), {"reason": "And a name.", "stamp": stamp})
    assert "This unit was changed since you opened the page" in text_of(response)
    assert "And a name.</textarea>" in html_of(response)
    assert Return.objects.get().reason == "A date."


def test_in_another_state_the_page_leads_back_to_the_unit(claimed_unit, assessor):
    response = signed_in(assessor).get(address("return", claimed_unit), follow=True)
    assert "This unit is collecting now, so that cannot be done." in text_of(response)


@pytest.mark.parametrize("name", ["return", "withdraw", "reopen"])
@pytest.mark.parametrize("who", ["candidate", "coordinator"])
def test_candidates_and_coordinators_take_no_step_back(name, who, assessed_unit, request):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(address(name, assessed_unit)).status_code == 403
    sent = {"reason": "Because.", "stamp": open_version(assessed_unit).stamp}
    assert client.post(address(name, assessed_unit), sent).status_code == 403


def test_a_reason_typed_before_the_session_ended_comes_back_on_a_page_of_today(submitted_unit, assessor):
    client, path = signed_in(assessor), address("return", submitted_unit)
    client.get(path)
    client.cookies.pop("sessionid")
    client.post(path, {"reason": "One more occasion.", "stamp": open_version(submitted_unit).stamp - 1})
    client.post("/accounts/login/", {"login": assessor.email, "password": PASSWORD})
    html = html_of(client.get(path))
    assert "One more occasion.</textarea>" in html
    assert f'name="stamp" value="{open_version(submitted_unit).stamp}"' in html


def test_a_returned_unit_is_returned_no_second_time(submitted_unit, assessor):
    give_back(submitted_unit, assessor)
    assert signed_in(assessor).get(address("return", submitted_unit)).status_code == 302


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_button_pressed_four_times_at_once_reopens_once_and_each_answer_is_a_page(verified_unit, verifier):
    form = {"reason": "A date is wrong.", "stamp": open_version(verified_unit).stamp}
    path, clients = address("reopen", verified_unit), [signed_in(verifier) for _ in range(4)]
    answers = at_once(*[lambda client=client: client.post(path, form) for client in clients])
    assert [answer["Location"] for answer in answers] == [address("unit", verified_unit)] * 4
    assert Return.objects.count() == 1
    said = [text_of(client.get(address("unit", verified_unit))) for client in clients]
    assert sum("You pressed the button twice; it was done once." in page for page in said) == 3
