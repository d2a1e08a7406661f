"""Of a candidate under 18, pictures, sound and film are kept only once a guardian's consent is on record."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assessments.proof.check import RecordCheck
from centres.guardians.models import ComingOfAge, GuardianConsent
from centres.guardians.services import coming_of_age_set, consent_record, consent_withdraw
from centres.models import Membership
from portfolio.files.arriving import arriving_begin
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import StagedFile
from record.models import Event
from tests.assessments.pages import text_of
from tests.portfolio.files.arrivals import picture

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

WHY = "is under 18, and no guardian's consent is on record"


def minor(centre, coordinator, candidate, days=200):
    day = centre.today + timedelta(days=days)
    coming_of_age_set(centre=centre, actor=coordinator, person=candidate, day=day)


def consent(centre, coordinator, candidate, **said):
    given = {"guardian": "Gwen", "relation": "Mother", "given_on": centre.today, "shown_by": "Office, folder 3"} | said
    return consent_record(centre=centre, actor=coordinator, person=candidate, **given)


def send(registration, name="me.png", content=b"") -> StagedFile:
    content = content or picture("PNG")
    with IncomingFile.from_content(name, content) as incoming:
        return file_stage(registration=registration, user=registration.candidate, incoming=incoming)


def test_without_consent_nothing_that_shows_them_is_taken_and_documents_are(
    centre, coordinator, candidate, registration
):
    assert send(registration)
    minor(centre, coordinator, candidate)
    with pytest.raises(ValidationError, match=WHY):
        send(registration)
    with pytest.raises(ValidationError, match=WHY):
        send(registration, name="letter.txt")  # whatever it is called
    for name in ("talk.mp3", "film.mp4", "me.jpg"):
        with pytest.raises(ValidationError, match=WHY):  # before a byte of it is here
            arriving_begin(registration=registration, user=candidate, name=name, size=10)
    assert send(registration, name="letter.txt", content=b"Dear customer")
    assert arriving_begin(registration=registration, user=candidate, name="letter.pdf", size=10)


def test_it_is_taken_from_consent_until_it_is_withdrawn(centre, coordinator, candidate, registration):
    minor(centre, coordinator, candidate)
    given = consent(centre, coordinator, candidate)
    assert send(registration)
    consent_withdraw(consent=given, actor=coordinator, why="The mother asked.")
    consent_withdraw(consent=given, actor=coordinator, why="Twice.")
    with pytest.raises(ValidationError, match=WHY):
        send(registration)
    assert GuardianConsent.objects.get().withdrawn_why == "The mother asked."
    consent(centre, coordinator, candidate)
    assert send(registration)
    kinds = Event.objects.filter(chain=centre.chain).order_by("sequence").values_list("kind", flat=True)
    assert list(kinds)[-4:] == ["coming_of_age.recorded", "consent.recorded", "consent.withdrawn", "consent.recorded"]
    assert list(RecordCheck().faults()) == []


def test_who_turns_18_needs_none(centre, coordinator, candidate, registration):
    minor(centre, coordinator, candidate)
    row = ComingOfAge.objects.get()
    ComingOfAge.objects.create(
        centre=centre, user=candidate, day=centre.today, author=coordinator, made_at=row.made_at
    )  # as if the days had passed
    assert send(registration)


def test_it_holds_at_the_centre_that_recorded_it_and_a_mistake_is_taken_back(
    centre, coordinator, candidate, registration
):
    minor(centre, coordinator, candidate)
    minor(centre, coordinator, candidate)  # the same again
    assert ComingOfAge.objects.count() == 1
    coming_of_age_set(centre=centre, actor=coordinator, person=candidate, day=None)
    assert send(registration)


def test_the_page_says_so_before_a_file_is_chosen(client, candidate, centre, coordinator, registration):
    page = reverse("portfolio:evidence_add", args=[centre.uuid, registration.uuid])
    client.force_login(candidate)
    assert "data-no-recording" not in client.get(page).content.decode()
    minor(centre, coordinator, candidate)
    shown = client.get(page)
    assert WHY in text_of(shown)
    assert "data-no-recording" in shown.content.decode()
    assert ".png" not in shown.content.decode().partition('accept="')[2].partition('"')[0]


def test_the_coordinator_records_all_that_on_one_page(client, candidate, centre, coordinator):
    page = reverse("centres:under_age", args=[centre.uuid, Membership.objects.get(user=candidate).uuid])
    client.force_login(coordinator)
    assert page in client.get(reverse("centres:person", args=[centre.uuid, candidate.uuid])).content.decode()
    assert "It is to come" in text_of(client.post(page, {"do": "day", "day": "2001-01-01"}))
    assert "Give a date" in text_of(client.post(page, {"do": "day", "day": "soon"}))
    day = (centre.today + timedelta(days=90)).isoformat()
    assert "no guardian's consent is on record" in text_of(client.post(page, {"do": "day", "day": day}, follow=True))
    said = {"do": "consent", "guardian": "Gwen", "relation": "Mother", "given_on": centre.today.isoformat()}
    assert "Say where the signed paper is kept." in text_of(client.post(page, said))
    said["shown_by"] = "Office, folder 3"
    tomorrow = (centre.today + timedelta(days=1)).isoformat()
    assert "has not come yet" in text_of(client.post(page, said | {"given_on": tomorrow}))
    assert "a guardian consents" in text_of(client.post(page, said, follow=True))
    assert "on record already" in text_of(client.post(page, said))  # pressed twice
    assert "Say why" in text_of(client.post(page, {"do": "withdraw", "why": ""}))
    assert "Withdrawn on" in text_of(client.post(page, {"do": "withdraw", "why": "She asked."}, follow=True))
    assert client.post(page, {"do": "nonsense"}).status_code == 200


def test_only_coordinators_record_it_and_only_of_candidates(centre, coordinator, candidate, assessor, outsider):
    for actor in (assessor, outsider, candidate):
        with pytest.raises(PermissionDenied):
            minor(centre, actor, candidate)
        with pytest.raises(PermissionDenied):
            consent(centre, actor, candidate)
    with pytest.raises(ValidationError, match="Only of candidates"):
        minor(centre, coordinator, assessor)


def test_it_is_asked_when_somebody_is_added(client, centre, coordinator, outsider):
    client.force_login(coordinator)
    page = reverse("centres:person_add", args=[centre.uuid])
    day = centre.today + timedelta(days=90)
    said = {"name": "Mia", "email": "mia@new.example", "role": "candidate", "eighteen_on": day.isoformat()}
    assert "It is to come" in text_of(client.post(page, said | {"eighteen_on": "2001-01-01"}))
    assert "Only of candidates" in text_of(client.post(page, said | {"role": "assessor"}))
    assert not Membership.objects.filter(user__name="Mia").exists()
    assert "Now record a guardian's consent" in text_of(client.post(page, said, follow=True))
    numbered = said | {"name": "Max", "email": "", "number": "0042"}
    assert "Now record a guardian's consent" in text_of(client.post(page, numbered, follow=True))
    assert {(row.user.name, row.day) for row in ComingOfAge.objects.all()} == {("Mia", day), ("Max", day)}
    asked = client.post(page, said | {"email": outsider.email}, follow=True)
    assert "Once they have accepted, record it" in text_of(asked)
    assert outsider.name not in text_of(asked)


def test_those_without_consent_are_counted_at_home_and_listed(client, centre, coordinator, candidate, assessor):
    people = reverse("centres:people", args=[centre.uuid])
    client.force_login(coordinator)

    def counted() -> bool:
        return "Under 18, no guardian's consent on record: 1" in text_of(client.get("/"))

    def listed() -> bool:
        return candidate.name in text_of(client.get(people, {"age": "wanting"}))

    assert not counted() and not listed()
    minor(centre, coordinator, candidate)
    assert counted() and listed()
    assert f"{people}?age=wanting" in client.get("/").content.decode()
    assert assessor.name not in text_of(client.get(people, {"age": "wanting"}))
    given = consent(centre, coordinator, candidate)
    assert not counted() and not listed()
    consent_withdraw(consent=given, actor=coordinator, why="She asked.")
    assert counted() and listed()
    coming_of_age_set(centre=centre, actor=coordinator, person=candidate, day=None)
    assert not counted() and not listed()
