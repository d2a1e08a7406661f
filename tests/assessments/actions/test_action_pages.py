"""Actions on pages: asked, answered and settled there, on the homes of those concerned, and where a unit is signed."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.actions.services import ActionWanted, action_answer, action_ask
from assessments.models import Action, Binding
from assessments.signing.services import unit_sign_off
from centres.models import Membership, Role
from centres.services.people import role_end
from portfolio.models import Capacity
from portfolio.registrations.services import allocate
from record.models import Event
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.assessments.steps import give_back, open_version
from tests.cast import PASSWORD, disqualify, join, seen
from tests.printing.printed import words_of

pytestmark = pytest.mark.django_db

TEXT = "Observe her on a busy Saturday."


@pytest.fixture
def asked(unit, assessor, verifier):
    """Ivy has asked Ann for something, before the sign-off."""
    return action_ask(
        actor=verifier,
        asked_as=Role.INTERNAL_VERIFIER,
        owner=assessor,
        owned_as=Role.ASSESSOR,
        unit=unit,
        wanted=ActionWanted(text=TEXT),
    )


def page(action):
    return reverse("assessments:action", kwargs={"centre": action.at_centre.uuid, "action": action.uuid})


def send(person, action, do, words="", seen=None, **more):
    seen = action.steps.count() if seen is None else seen
    return signed_in(person).post(page(action), {"do": do, "words": words, "seen": seen} | more, follow=True)


def test_an_assessor_asks_a_candidate_who_finds_it_at_home_and_answers(
    claimed_unit, evidence, candidate, assessor, verifier
):
    client, path = signed_in(assessor), address("ask", claimed_unit)
    assert "evidence" in html_of(client.get(path))
    due = timezone.localdate(timezone=ZoneInfo("Europe/London")) + datetime.timedelta(days=7)
    form = {
        "owner": f"candidate-{candidate.uuid}",
        "text": "Bring the roster of April.",
        "binding": "date",
        "due": due.isoformat(),
        "evidence": str(evidence.uuid),
        "criteria": ["performance-1", "performance-2"],
    }
    client.post(path, form)
    action = Action.objects.get()
    assert (action.owner, action.due, action.evidence) == (candidate, due, evidence)
    assert action.criteria == [["performance", 1], ["performance", 2]]
    home = text_of(signed_in(candidate).get("/"))
    assert "Asked of you" in home and "Bring the roster of April." in home
    assert "B10.1.1, B10.1.2" in text_of(signed_in(candidate).get(page(action)))
    assert "Answered. Whoever asked reads it." in text_of(send(candidate, action, "answer", "It is evidence 2."))
    assert "Asked of you" not in text_of(signed_in(candidate).get("/"))  # it waits for Ann now
    assert "Answered to you" in text_of(client.get("/"))
    assert "It is evidence 2." in text_of(client.get(address("unit", claimed_unit)))
    assert "Accepted: it is done." in text_of(send(assessor, action, "accept"))
    assert "Answered to you" not in text_of(client.get("/"))


def test_an_assessor_chooses_whether_the_candidate_reads_what_others_are_asked_and_a_verifier_never(
    claimed_unit, assessor, verifier, candidate
):
    path = address("ask", claimed_unit)
    form = {"owner": f"assessor-{assessor.uuid}", "text": "See the counter.", "binding": "advice"}
    signed_in(assessor).post(path, form | {"for_candidate": "on"})
    signed_in(assessor).post(path, form | {"text": "See the manager."})
    assert "reads it, whoever is asked" not in html_of(signed_in(verifier).get(path))
    signed_in(verifier).post(path, form | {"text": "See the owner.", "for_candidate": "on"})
    assert list(Action.objects.order_by("pk").values_list("for_candidate", flat=True)) == [True, False, False]
    theirs = text_of(signed_in(candidate).get(address("unit", claimed_unit)))
    assert "See the counter." in theirs
    assert "See the manager." not in theirs and "reads it" not in theirs
    listed = text_of(signed_in(assessor).get(address("unit", claimed_unit)))
    assert listed.count("The candidate reads it") == 1
    assert listed.count("Not for the candidate") == 2


def test_what_is_wrong_with_a_question_is_said_beside_it_and_kept(claimed_unit, assessor, candidate):
    client, path = signed_in(assessor), address("ask", claimed_unit)
    said = html_of(client.post(path, {"text": "x" * 5001, "binding": "date", "due": "2020-01-01", "owner": "king"}))
    for sentence in ("and 5000 fit", "This day is over.", "Choose one of these people."):
        assert sentence in said
    assert "x" * 5001 in said
    assert "Say what is to be done." in text_of(client.post(path, {}))
    assert not Action.objects.exists()


def test_the_candidate_reads_nothing_of_what_is_asked_of_the_assessor(asked, unit, candidate, assessor):
    assert TEXT in text_of(signed_in(assessor).get(address("unit", unit)))
    assert TEXT in text_of(signed_in(assessor).get("/"))
    client = signed_in(candidate)
    for path in ("/", address("unit", unit), address("sign", unit)):
        assert TEXT not in html_of(client.get(path))
    assert client.get(page(asked)).status_code == 404


def test_an_answer_to_what_was_withdrawn_is_not_lost(asked, assessor, verifier):
    shown = asked.steps.count()
    assert "Withdrawn" in text_of(send(verifier, asked, "withdraw"))
    said = text_of(send(assessor, asked, "answer", "I have observed her.", seen=shown))
    assert "This action was withdrawn" in said
    assert "It is here to be copied: I have observed her." in said


def test_a_second_press_says_that_the_first_one_counted(asked, assessor):
    send(assessor, asked, "answer", "Done.", seen=1)
    assert "You pressed the button twice" in text_of(send(assessor, asked, "answer", "Done.", seen=1))
    assert "This action is answered already" in text_of(send(assessor, asked, "answer", "Other words.", seen=1))
    assert asked.steps.count() == 2


@pytest.mark.parametrize("form", [{}, {"do": "everything", "seen": 1}, {"do": "answer", "seen": "x"}])
def test_a_form_that_did_not_come_whole_changes_nothing(asked, assessor, form):
    assert "Nothing was saved" in text_of(signed_in(assessor).post(page(asked), form))
    assert asked.steps.count() == 1


def test_others_buttons_are_not_there_and_refused(asked, assessor, verifier, coordinator):
    assert "Accept the answer" not in html_of(signed_in(assessor).get(page(asked)))
    for person, do in (
        (verifier, "answer"),
        (assessor, "withdraw"),
        (coordinator, "hand_over"),
        (coordinator, "answer"),
    ):
        answer = signed_in(person).post(page(asked), {"do": do, "words": "Mine.", "seen": 1, "to": str(person.uuid)})
        assert answer.status_code in {200, 403}
    assert asked.steps.count() == 1


def test_a_coordinator_finds_what_nobody_can_answer_and_hands_it_over(asked, unit, centre, coordinator, assessor):
    client = signed_in(coordinator)
    assert TEXT not in html_of(client.get("/"))
    role_end(membership=Membership.objects.get(user=assessor), actor=coordinator)
    home = text_of(client.get("/"))
    assert "Asked of people who hold the role no more" in home and TEXT in home
    assert "Allocate somebody first" in text_of(client.get(page(asked)))
    bob = join(centre, coordinator, "Bob", "bob@harbour.example", Role.ASSESSOR)
    allocate(unit=unit, actor=coordinator, user=bob, capacity=Capacity.ASSESSOR)
    assert "Say who is to do it now." in text_of(send(coordinator, asked, "hand_over"))
    assert "Handed over." in text_of(send(coordinator, asked, "hand_over", to=str(bob.uuid)))
    assert TEXT in text_of(signed_in(bob).get("/"))


def test_the_home_says_what_is_overdue_and_shows_it_first(asked, unit, assessor, verifier):
    late = action_ask(
        actor=verifier,
        asked_as=Role.INTERNAL_VERIFIER,
        owner=assessor,
        owned_as=Role.ASSESSOR,
        unit=unit,
        wanted=ActionWanted(text="Send the plan.", binding=Binding.DATE, due=datetime.date(2999, 1, 1)),
    )
    client = signed_in(assessor)
    home = text_of(client.get("/"))
    assert home.index("Send the plan.") < home.index(TEXT)
    assert "overdue" not in home
    assert not late.is_overdue()
    assert late.is_overdue(datetime.datetime(2999, 1, 3, tzinfo=datetime.UTC))


def test_a_long_list_has_pages(unit, assessor, verifier):
    for number in range(12):
        action_ask(
            actor=verifier,
            asked_as=Role.INTERNAL_VERIFIER,
            owner=assessor,
            owned_as=Role.ASSESSOR,
            unit=unit,
            wanted=ActionWanted(text=f"Thing {number}.", binding=Binding.ADVICE),
        )
    client = signed_in(assessor)
    assert "Thing 9." in text_of(client.get("/")) and "Thing 10." not in text_of(client.get("/"))
    assert "Thing 10." in text_of(client.get("/?asked=2"))


# --- The verifier's return ----------------------------------------------------------------------------------------


def test_a_return_says_how_it_binds_and_asks_for_more(assessed_unit, assessor, verifier):
    path, client = address("return", assessed_unit), signed_in(verifier)
    stamp = open_version(assessed_unit).stamp
    form = {"reason": TEXT, "stamp": stamp, "binding": "sign_off", "text_2": "A plan.", "binding_2": "advice"}
    refused = text_of(client.post(path, form | {"binding_2": "date"}))
    assert "Say by which day." in refused
    client.post(path, form)
    assert [*Action.objects.values_list("text", "binding")] == [(TEXT, "sign_off"), ("A plan.", "advice")]
    unit_page = text_of(signed_in(assessor).get(address("unit", assessed_unit)))
    assert "Ann Assessor has not answered what Ivy Verifier asked for before the sign-off." in unit_page
    assert "Ann Assessor has not answered" in text_of(signed_in(assessor).get(address("sign", assessed_unit)))


def test_a_second_return_shows_the_answers_and_refuses_those_that_stay_ticked(assessed_unit, assessor, verifier):
    unit = assessed_unit
    give_back(unit, verifier, reason=TEXT)
    action = Action.objects.get()
    action_answer(action=action, actor=assessor, words="Observed.", seen=1)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    client, path = signed_in(verifier), address("return", unit)
    assert "Observed." in text_of(client.get(address("sign", unit)))
    assert TEXT in text_of(client.get(path))
    named = str(action.uuid)
    form = {"reason": "It was a Tuesday.", "stamp": open_version(unit).stamp, "answered": named, "refused": named}
    client.post(path, form)
    assert [*action.steps.values_list("kind", flat=True)] == ["asked", "answered", "refused"]
    assert Action.objects.count() == 1


def test_actions_print_for_those_who_read_them(asked, unit, verifier, assessor, candidate, coordinator):
    action_answer(action=asked, actor=assessor, words="Done on Saturday.", seen=1)
    day = timezone.localdate() + datetime.timedelta(days=1)
    late = action_ask(
        actor=assessor,
        asked_as=Role.ASSESSOR,
        owner=candidate,
        owned_as=Role.CANDIDATE,
        unit=unit,
        wanted=ActionWanted(text="Bring the roster.", binding=Binding.DATE, due=day),
    )
    before = Event.objects.count()
    own = reverse("assessments:portfolio_actions_print", args=[late.at_centre.uuid, unit.registration.uuid])
    assert own in html_of(signed_in(candidate).get(address("unit", unit)))
    said = words_of(signed_in(assessor).get(own))
    assert said.index("Bring the roster.") < said.index(TEXT)  # what is due first
    for words in ("Open", "Answered: Ann Assessor", "Done on Saturday.", "Asked by Ivy Verifier", "B10"):
        assert words in said
    assert TEXT not in words_of(signed_in(candidate).get(own))

    def of_centre(person, **asked_for):
        here = reverse("assessments:centre_actions_print", args=[late.at_centre.uuid], query=asked_for)
        return words_of(signed_in(person).get(here))

    assert TEXT in of_centre(coordinator, show="answered", owner="ann")
    assert "Bring the roster." not in of_centre(coordinator, show="answered")
    assert TEXT not in of_centre(coordinator, show="overdue")
    assert "Nothing is asked of anybody." in of_centre(coordinator, show="ended")
    assert "Bring the roster." in of_centre(coordinator, show="no such thing")  # what is open
    assert TEXT not in of_centre(candidate, show="all")
    assert Event.objects.count() == before


def test_an_answer_stands_on_the_home_of_the_next_in_the_role_once_who_asked_has_left(
    asked, unit, centre, coordinator, assessor, verifier
):
    action_answer(action=asked, actor=assessor, words="Done.", seen=1)
    ida = join(centre, coordinator, "Ida", "ida@harbour.example", Role.INTERNAL_VERIFIER)
    other = join(centre, coordinator, "Otto", "otto@harbour.example", Role.INTERNAL_VERIFIER)
    allocate(unit=unit, actor=coordinator, user=ida, capacity=Capacity.INTERNAL_VERIFIER, leads=False)
    assert "Answered to you" not in text_of(signed_in(ida).get("/"))
    role_end(membership=Membership.objects.get(user=verifier), actor=coordinator)
    home = text_of(signed_in(ida).get("/"))
    assert "Answered to you" in home and TEXT in home
    for nobody in (other, assessor, coordinator):
        assert "Answered to you" not in text_of(signed_in(nobody).get("/"))


def test_the_words_of_a_return_stand_once_on_the_home(assessed_unit, assessor, verifier):
    give_back(assessed_unit, verifier, reason="The date of evidence 2 is missing.")
    home = text_of(signed_in(assessor).get("/"))
    assert home.count("The date of evidence 2 is missing.") == 1
    assert "by Ivy Verifier" in home  # beside the unit that came back
    action_answer(action=Action.objects.get(), actor=assessor, words="It is 3 March.", seen=1)
    assert text_of(signed_in(assessor).get("/")).count("The date of evidence 2 is missing.") == 1


def test_what_an_assessor_leaves_open_is_found_by_the_coordinator(judged_unit, coordinator, assessor, verifier):
    action_ask(
        actor=verifier,
        asked_as=Role.INTERNAL_VERIFIER,
        owner=assessor,
        owned_as=Role.ASSESSOR,
        unit=judged_unit,
        wanted=ActionWanted(text=TEXT, binding=Binding.ADVICE),
    )
    disqualify(coordinator, assessor)
    unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=seen(judged_unit))
    role_end(membership=Membership.objects.get(user=assessor), actor=coordinator)
    home = text_of(signed_in(coordinator).get("/"))
    assert "Asked of people who hold the role no more" in home
    assert "Waiting for a confirming signature 1" in home
    assert "Allocate B10 of Pat Candidate" in home
