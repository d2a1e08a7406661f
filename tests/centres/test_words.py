"""A centre chooses what its pages call people, on record."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from centres.models import Centre, Role, User
from centres.services.people import person_add
from centres.words import DOMAIN, Words
from record.models import Event, EventPayload
from record.services.chains import site_chain
from tests.centres.policies import choose
from tests.centres.sign_in.test_sign_in import letters_sent

pytestmark = pytest.mark.sqlite

CHOSEN = {"candidate_word": "learner", "internal_verifier_word": "IQA", "external_verifier_word": "EQA"}
LEARNER = Words(
    candidate="learner",
    internal_verifier="internal quality assurer",
    iv="IQA",
    external_verifier="external quality assurer",
    ev="EQA",
)


def choices_told():
    return Event.objects.filter(kind="centre.words_chosen")


def test_every_role_has_a_word():
    for role in Role:
        assert DOMAIN.of_role(role) == role.label.lower()


def test_a_sentence_says_the_words_for_its_marks_and_leaves_all_else():
    sentence = "{Candidates} and a {candidate} wait for an {internal_verifier} ({iv}); {This} and {} stay."
    assert LEARNER.say(sentence) == (
        "Learners and a learner wait for an internal quality assurer (IQA); {This} and {} stay."
    )


def test_a_centre_says_the_words_of_the_domain_until_it_chooses(centre, coordinator):
    assert centre.words == DOMAIN
    choose(centre, coordinator, **CHOSEN)
    assert Centre.objects.get(pk=centre.pk).words == LEARNER


def test_both_chains_tell_of_the_choice_once(centre, coordinator):
    for _ in range(2):
        choose(centre, coordinator, **CHOSEN)

    assert {event.chain for event in choices_told()} == {site_chain(), centre.chain}
    assert choices_told().count() == 2
    assert {event.actor for event in choices_told()} == {coordinator.uuid}


def test_names_that_are_older_than_what_makes_them_plain_stay_as_the_record_tells_them(centre, coordinator):
    User.objects.filter(pk=coordinator.pk).update(name="Cora\u00a0\uf0b7")
    coordinator.refresh_from_db()
    coordinator.save()  # as whoever changes a password does
    assert User.objects.get(pk=coordinator.pk).name == "Cora\u00a0\uf0b7"
    Centre.objects.filter(pk=centre.pk).update(name="Harbour\u00a0College \uf0b7")
    choose(centre, coordinator, **CHOSEN)
    told = json.loads(EventPayload.objects.filter(event__in=choices_told()).latest("pk").body)
    assert told["centre"]["name"] == Centre.objects.get(pk=centre.pk).name == "Harbour\u00a0College \uf0b7"


def test_nobody_else_chooses(centre, coordinator, candidate, assessor, verifier, outsider):
    for person in (candidate, assessor, verifier, outsider):
        with pytest.raises(PermissionDenied):
            choose(centre, person, **CHOSEN)
    with pytest.raises(ValidationError):
        choose(centre, coordinator, **CHOSEN | {"candidate_word": "pupil"})
    assert Centre.objects.get(pk=centre.pk).words == DOMAIN
    assert not choices_told().exists()


def test_the_invitation_says_the_word_of_the_centre(client, centre, coordinator):
    choose(centre, coordinator, **CHOSEN)
    client.force_login(coordinator)
    said = {"name": "Nia", "email": "nia@harbour.example", "role": "internal_verifier"}
    client.post(reverse("centres:person_add", args=[centre.uuid]), said)

    [letter] = letters_sent()
    assert "the portfolios of its learners are kept. Your role there: internal quality assurer." in letter.body


def test_a_person_has_a_role_by_the_centre_s_word(centre, coordinator):
    choose(centre, coordinator, **CHOSEN)
    at = Centre.objects.get(pk=centre.pk)
    held = person_add(centre=at, actor=coordinator, name="Nia", email="nia@x.example", role=Role.CANDIDATE)
    assert held.role_word == "learner"


def test_the_command_takes_the_words(db):
    command = ["create_centre", "Bay College", "--coordinator-name", "Bo", "--coordinator-email", "bo@bay.example"]
    with pytest.raises(CommandError, match="invalid choice: 'pupil'"):
        call_command(*command, "--candidate-word", "pupil")
    call_command(*command, "--candidate-word", "learner", "--internal-verifier-word", "IQA")
    words = Centre.objects.get().words
    assert (words.candidate, words.iv, words.ev) == ("learner", "IQA", "EV")
