"""Candidates without an e-mail address sign in with a number, and come in by a one-time code."""

import io
import json
import re
from datetime import datetime, timedelta

import pypdf
import pytest
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.proof.check import RecordCheck
from centres.candidate_numbers import views
from centres.candidate_numbers.models import SignInCode
from centres.candidate_numbers.password_page import PasswordPageTokens
from centres.candidate_numbers.services import codes_drawn, codes_save, number_correct, numbered_add, sweep_codes
from centres.corrections.services import person_correct
from centres.models import Centre, Membership, Role, User
from centres.services.people import person_add, role_end
from centres.sign_in.models import SignIn
from record.models import Event
from tests.assessments.pages import text_of
from tests.centres.sign_in.test_sign_in import NEW_PASSWORD, letters_sent, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CHOSEN = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}


@pytest.fixture
def numa(centre, coordinator):
    """A candidate of the centre with the number 0042, and nothing else."""
    return numbered_add(centre=centre, actor=coordinator, name="Numa", number="0042").user


def code_for(person, coordinator) -> str:
    codes = codes_drawn([person])
    codes_save(centre=person.number_centre, actor=coordinator, codes=codes)
    return codes[person]


def who(browser: Client) -> User | None:
    user = browser.session.get("_auth_user_id")
    return User.objects.get(pk=user) if user else None


def test_from_the_form_to_the_slip_to_a_password_of_their_own(client, centre, coordinator):
    client.force_login(coordinator)
    said = {"name": "Numa", "number": "0042", "role": "candidate", "email": ""}
    page = client.post(reverse("centres:person_add", args=[centre.uuid]), said, follow=True)
    assert "Numa is added. Now print the code" in text_of(page)
    numa = User.objects.get(candidate_number="0042")
    sheet = client.post(reverse("centres:codes", args=[centre.uuid]), {"person": str(numa.uuid)})
    slip = " ".join(pypdf.PdfReader(io.BytesIO(sheet.content)).pages[0].extract_text().split())
    assert "90210/0042" in slip
    [code] = re.findall(r"\b[A-Z]{5} [A-Z]{5}\b", slip)
    assert code.replace(" ", "") not in str(SignInCode.objects.values().get())

    browser = Client()
    chooses = browser.get(sign_in(browser, "0042", code.lower())["Location"], follow=True)
    assert who(browser) is None  # not before a password is chosen
    assert "90210/0042" in text_of(chooses)
    address = chooses.redirect_chain[-1][0]
    assert browser.post(address, CHOSEN)["Location"] == "/"
    assert who(browser) == numa
    assert "90210/0042" in text_of(browser.get(reverse("account")))

    again = Client()
    assert "do not belong together" in text_of(sign_in(again, "0042", code))  # twice
    sign_in(again, "90210/0042", NEW_PASSWORD)
    assert who(again) == numa
    assert list(RecordCheck().faults()) == []


def test_a_new_code_ends_the_one_before_and_each_ends_by_itself(numa, coordinator):
    first, second = code_for(numa, coordinator), code_for(numa, coordinator)
    assert "do not belong together" in text_of(sign_in(Client(), "0042", first))
    assert sign_in(Client(), "0042", second).status_code == 302
    SignInCode.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert "do not belong together" in text_of(sign_in(Client(), "0042", second))
    assert sweep_codes() == 1


def test_the_page_of_a_code_ends_with_a_newer_code_and_after_an_hour(numa, coordinator, monkeypatch):
    def left_open() -> Client:
        browser = Client()
        browser.get(sign_in(browser, "0042", code_for(numa, coordinator))["Location"], follow=True)
        return browser

    page = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(numa), "set-password"])
    desk = left_open()
    assert "You will sign in as" in text_of(desk.get(page))
    newer = left_open()
    assert "This link does not work any more" in text_of(desk.post(page, CHOSEN))
    monkeypatch.setattr(PasswordPageTokens, "_now", lambda _: datetime.now() + timedelta(minutes=61))
    assert "This link does not work any more" in text_of(newer.post(page, CHOSEN))
    monkeypatch.setattr(PasswordPageTokens, "_now", lambda _: datetime.now() + timedelta(minutes=59))
    assert newer.post(page, CHOSEN)["Location"] == "/"
    assert who(newer) == numa


def test_guesses_are_counted_as_one_however_the_number_is_typed(numa, coordinator):
    code = code_for(numa, coordinator)
    for typed in ("0042", "90210/0042", " 90210 / 0042") * 4:
        page = sign_in(Client(), typed, "WRONGCODEX")
    assert "That was too many tries." in text_of(page)
    assert "ask your coordinator for a new code" in text_of(page)
    assert "too many tries" in text_of(sign_in(Client(), "0042", code))
    assert SignIn.objects.filter(user=numa, what="too_many").count() == 1


def test_the_number_alone_will_do_only_where_one_person_has_it(numa, outsider):
    elsewhere = Centre.objects.get(memberships__user=outsider, memberships__role=Role.COORDINATOR)
    Centre.objects.filter(pk=elsewhere.pk).update(number="777")
    other = numbered_add(centre=elsewhere, actor=outsider, name="Other", number="0042").user
    for person in (numa, other):
        person.set_password(f"{person.name} has a password")
        person.save()
    for typed, password, expected in (
        ("0042", "Numa has a password", None),
        ("90210/0042", "Numa has a password", numa),
        ("777/0042", "Numa has a password", None),
        ("777/0042", "Other has a password", other),
    ):
        browser = Client()
        sign_in(browser, typed, password)
        assert who(browser) == expected


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"email": "", "number": ""}, "or a candidate number."),
        ({"email": "x@x.example", "number": "7"}, "not both"),
        ({"number": "7", "role": "assessor"}, "Only candidates sign in with a number."),
        ({"number": "7/8"}, "letters, digits, dots and dashes"),
        ({"number": "x" * 41}, "40 fit"),
        ({"number": "0042"}, "Numa has the number 0042 already."),
    ],
)
def test_what_cannot_be_a_number_is_said_and_adds_nobody(client, centre, coordinator, numa, said, sentence):
    client.force_login(coordinator)
    before = User.objects.count()
    typed = {"name": "New", "email": "", "number": "", "role": "candidate"} | said
    assert sentence in text_of(client.post(reverse("centres:person_add", args=[centre.uuid]), typed))
    assert User.objects.count() == before


def test_a_role_that_ended_is_given_again_with_the_number(centre, coordinator, numa):
    role_end(membership=Membership.objects.get(user=numa), actor=coordinator)
    with pytest.raises(ValidationError, match="0042 was the number of Numa"):
        numbered_add(centre=centre, actor=coordinator, name="Ben", number="0042")
    assert numbered_add(centre=centre, actor=coordinator, name="numa", number="0042").user == numa


def test_nobody_makes_codes_for_people_of_others(centre, coordinator, numa, outsider, assessor):
    for actor in (outsider, assessor):
        with pytest.raises(PermissionDenied):
            codes_save(centre=centre, actor=actor, codes=codes_drawn([numa]))
    with pytest.raises(PermissionDenied):
        codes_save(centre=centre, actor=coordinator, codes=codes_drawn([assessor]))
    assert not SignInCode.objects.exists()


def test_no_code_opens_the_account_of_who_came_to_another_centre_since(client, centre, coordinator, numa, outsider):
    theirs = outsider.memberships.earliest("pk").centre
    Membership.objects.create(centre=theirs, user=numa, role="assessor", began_at=timezone.now())
    with pytest.raises(PermissionDenied):
        codes_save(centre=centre, actor=coordinator, codes=codes_drawn([numa]))
    client.force_login(coordinator)
    assert "Numa" not in text_of(client.get(reverse("centres:codes", args=[centre.uuid]))).partition("Main")[2]


def test_their_password_counts_where_it_is_asked_for_once_more(numa, coordinator):
    numa.set_password(NEW_PASSWORD)
    numa.save()
    browser = Client()
    sign_in(browser, "0042", NEW_PASSWORD)
    page = reverse("account_reauthenticate")
    assert "This is not your password" in text_of(browser.post(page, {"password": "wrong"}))
    assert "This is not your password" in text_of(browser.post(page, {"password": code_for(numa, coordinator)}))
    assert browser.post(page, {"password": NEW_PASSWORD}).status_code == 302


def test_a_sheet_for_nobody_is_refused_in_a_sentence(client, centre, coordinator, numa, assessor):
    client.force_login(coordinator)
    for ticked in ([], [str(assessor.uuid)], ["nonsense"]):
        page = client.post(reverse("centres:codes", args=[centre.uuid]), {"person": ticked})
        assert "Tick at least one candidate" in text_of(page)


def test_an_address_is_given_later_and_both_sign_in(client, centre, coordinator, numa):
    numa.set_password(NEW_PASSWORD)
    numa.save()
    client.force_login(coordinator)
    page = reverse("centres:person_correct", args=[centre.uuid, Membership.objects.get(user=numa).uuid])
    said = {"name": "Numa New", "email": "", "number": "0042", "reason": "Mistyped"}
    assert "Corrected." in text_of(client.post(page, said, follow=True))
    assert "Corrected." in text_of(client.post(page, said | {"email": "numa@x.example"}, follow=True))
    assert letters_sent() == []  # there was no address that could be told
    for typed in ("numa@x.example", "0042"):
        browser = Client()
        sign_in(browser, typed, NEW_PASSWORD)
        assert who(browser) == numa
    assert "Type an e-mail address." in text_of(client.post(page, said))  # it is not taken away again
    assert list(RecordCheck().faults()) == []


def test_a_number_is_corrected_with_a_reason_and_the_code_still_works(client, centre, coordinator, numa):
    numbered_add(centre=centre, actor=coordinator, name="Twin", number="A7")
    code = code_for(numa, coordinator)
    client.force_login(coordinator)
    page = reverse("centres:person_correct", args=[centre.uuid, Membership.objects.get(user=numa).uuid])
    said = {"name": "Numa", "email": "", "reason": "Mistyped"}
    for number, sentence in (
        ("", "Type the number with which they sign in."),
        ("7/8", "letters, digits, dots and dashes"),
        ("a7", "Another candidate of this centre has this number."),
        ("0042", "This is their name and address already."),
    ):
        assert sentence in text_of(client.post(page, said | {"number": number}))
    assert "Corrected." in text_of(client.post(page, said | {"number": "0043"}, follow=True))
    assert sign_in(Client(), "0043", code).status_code == 302
    assert "do not belong together" in text_of(sign_in(Client(), "0042", code))
    told = json.loads(Event.objects.get(kind="person.corrected").payload.body)
    assert (told["person"]["candidate_number"], told["reason"]) == ("0043", "Mistyped")
    assert list(RecordCheck().faults()) == []


def test_only_who_coordinates_the_centre_that_gave_a_number_corrects_it(centre, coordinator, numa, assessor, outsider):
    for actor, person in ((assessor, numa), (outsider, numa), (coordinator, assessor)):
        with pytest.raises(PermissionDenied):
            number_correct(centre=centre, actor=actor, person=person, number="9", reason="So.")


def test_who_has_no_address_changes_their_own_name(numa):
    numa.set_password(NEW_PASSWORD)
    numa.save()
    browser, page = Client(), reverse("account_change")
    browser.force_login(numa)
    said = {"name": "Numa Nine", "email": "", "password": NEW_PASSWORD}
    assert "That is not your password" in text_of(browser.post(page, said | {"password": "wrong"}))
    assert "Changed." in text_of(browser.post(page, said, follow=True))
    numa.refresh_from_db()
    assert numa.name == "Numa Nine"
    assert "A link was sent to numa@x.example." in text_of(
        browser.post(page, said | {"email": "numa@x.example"}, follow=True)
    )
    numa.refresh_from_db()
    assert (numa.email, len(letters_sent())) == ("", 1)
    assert list(RecordCheck().faults()) == []


def test_no_coordinator_lets_themselves_in_as_who_is_staff_since(client, centre, coordinator, numa):
    person_correct(centre=centre, actor=coordinator, person=numa, name="Numa", email="numa@x.example", reason="New.")
    person_add(centre=centre, actor=coordinator, name="", email="numa@x.example", role=Role.ASSESSOR)
    numa.set_password(NEW_PASSWORD)
    numa.save(update_fields=["password"])
    numa.refresh_from_db()
    with pytest.raises(PermissionDenied):
        code_for(numa, coordinator)
    client.force_login(coordinator)
    assert "Numa" not in text_of(client.get(reverse("centres:codes", args=[centre.uuid])))
    mine = {"name": "Numa", "email": "mine@x.example", "reason": "Mistyped."}
    assert not person_correct(centre=centre, actor=coordinator, person=numa, **mine)


def test_the_database_wants_an_address_or_a_number_of_a_centre(centre, numa):
    for broken in ({"candidate_number": ""}, {"number_centre": None}, {"candidate_number": "", "number_centre": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=numa.pk).update(**broken)
    with pytest.raises(ValidationError, match="has this number"):
        User.objects.create_numbered(centre=centre, number="0042", name="Twin")


def test_a_sheet_has_so_many_slips_and_the_next_are_ticked_then(client, centre, coordinator, monkeypatch):
    monkeypatch.setattr(views, "ON_A_SHEET", 2)
    for number in "123":
        numbered_add(centre=centre, actor=coordinator, name=f"Numa {number}", number=number)
    client.force_login(coordinator)
    page = reverse("centres:codes", args=[centre.uuid])

    def ticked(answer) -> list[str]:
        return [person.candidate_number for person, _, _, is_ticked in answer.context["rows"] if is_ticked]

    everybody = [str(person.uuid) for person in User.objects.filter(number_centre=centre)]
    refused = client.post(page, {"person": everybody})
    assert "and 2 at most" in text_of(refused)
    assert ticked(refused) == ["1", "2", "3"]  # as they were
    assert not SignInCode.objects.exists()
    assert ticked(client.get(page)) == ["1", "2"]
    client.post(page, {"person": [str(person.uuid) for person in User.objects.filter(candidate_number__in="12")]})
    assert ticked(client.get(page)) == ["3"]
