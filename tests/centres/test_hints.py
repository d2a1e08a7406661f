"""First-time hints: shown until somebody says that they have understood."""

import pytest
from django.core.exceptions import ValidationError

from centres.models import User
from centres.services.hints import HINTS, hint_dismiss
from tests.assessments.pages import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

WORDS = {
    "candidate": "New here?",
    "assessor": "judge its evidence one by one",
    "internal_verifier": "Look at the form as it will print",
    "coordinator": "Add people, register candidates on units",
}
PEOPLE = {"internal_verifier": "verifier"}


@pytest.mark.parametrize("hint", WORDS)
def test_a_hint_is_shown_until_it_is_understood_and_never_again(hint, unit, request):
    client = signed_in(request.getfixturevalue(PEOPLE.get(hint, hint)))
    assert WORDS[hint] in text_of(client.get("/"))
    assert WORDS[hint] in text_of(client.get("/"))
    response = client.post(f"/hints/{hint}/dismiss/", follow=True)
    assert WORDS[hint] not in text_of(response)
    assert WORDS[hint] not in text_of(client.get("/"))


def test_every_hint_has_words():
    assert set(WORDS) == {str(hint) for hint in HINTS}


def test_what_one_person_has_understood_is_shown_to_the_next(unit, candidate, assessor):
    hint_dismiss(hint="assessor", actor=assessor)
    assert User.objects.get(pk=candidate.pk).hints_dismissed == []


def test_pressing_twice_keeps_one(candidate):
    for _ in range(2):
        hint_dismiss(hint="candidate", actor=candidate)
    assert User.objects.get(pk=candidate.pk).hints_dismissed == ["candidate"]


def test_a_hint_that_there_is_not_is_refused_and_not_kept(candidate):
    with pytest.raises(ValidationError):
        hint_dismiss(hint="x" * 50, actor=candidate)
    assert signed_in(candidate).post("/hints/nonsense/dismiss/").status_code == 404
    assert User.objects.get(pk=candidate.pk).hints_dismissed == []


def test_a_hint_is_dismissed_by_a_button_alone(candidate):
    assert signed_in(candidate).get("/hints/candidate/dismiss/").status_code == 405
