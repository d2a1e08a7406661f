"""The sampling policy: who sets it, what it cannot say, and that each change is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from centres.models import Membership, Role
from centres.services.people import role_end
from record.errors import ChangedMeanwhile
from record.models import Event
from tests.cast import join
from tests.verification.sampling.conftest import CHOICES
from verification.models import SamplingPolicy
from verification.sampling.policy import sampling_policy_changes, sampling_policy_set
from verification.visits.services import visit_open

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SENT = {
    "seen": "0",
    "summative_share": "20",
    "interim_share": "10",
    "new_months": "6",
    "every_months": "",
    "due_days": "14",
}


def test_each_change_is_a_row_an_event_and_history(centre, verifier, coordinator, choose):
    choose(centre, summative_share=20)
    choose(centre, actor=coordinator, summative_share=30, risk_notes="A new shop.")
    choose(centre, summative_share=30, risk_notes="A new shop.")  # says nothing new
    assert list(SamplingPolicy.objects.values_list("number", flat=True)) == [1, 2]
    assert Event.objects.filter(kind="sampling.policy_set", chain=centre.chain).count() == 2
    latest, first = sampling_policy_changes(centre)
    assert latest.by == "Cora Coordinator"
    assert [(was, now) for _, was, now in latest.parts] == [("20", "30"), ("none", "A new shop.")]
    assert first.by == "Ivy Verifier"


def test_what_is_impossible_is_refused_in_words(centre, verifier, coordinator, choose):
    for said, words in (
        ({"summative_share": 101}, "from 0 to 100"),
        ({}, "nothing would ever be sampled"),
        ({"summative_share": 20, "due_days": 0}, "from 1 to 365"),
    ):
        with pytest.raises(ValidationError, match=words):
            choose(centre, **said)
    role_end(membership=Membership.objects.get(user=verifier, centre=centre), actor=coordinator)
    with pytest.raises(ValidationError, match="so nobody could sample"):
        choose(centre, actor=coordinator, summative_share=20)
    assert not SamplingPolicy.objects.exists()


def test_others_may_not_and_two_at_once_do_not_overwrite(centre, verifier, assessor, candidate, choose):
    for person in (assessor, candidate):
        with pytest.raises(PermissionDenied):
            choose(centre, actor=person, summative_share=20)
    choose(centre, summative_share=20)
    with pytest.raises(ChangedMeanwhile):
        sampling_policy_set(centre=centre, actor=verifier, seen=0, choices=CHOICES)


def test_who_visits_reads_it_and_changes_nothing(client, unit, centre, coordinator, verifier, choose):
    choose(centre, summative_share=37)
    eve = join(centre, coordinator, "Eve Visitor", "eve@board.example", Role.EXTERNAL_VERIFIER)
    now = timezone.now()
    a_day = timedelta(days=1)
    visit_open(centre=centre, actor=coordinator, verifier=eve, begins_at=now - a_day, until=now + a_day)
    client.force_login(eve)
    page = reverse("verification:sampling_policy", args=[centre.uuid])
    shown = client.get(page).content.decode()
    assert "37" in shown
    assert 'name="summative_share"' not in shown
    assert client.post(page, SENT | {"seen": "1"}).status_code == 403
    assert SamplingPolicy.objects.count() == 1


def test_the_page_keeps_what_was_typed_and_shows_what_changed_meanwhile(client, centre, verifier, choose):
    client.force_login(verifier)
    page = reverse("verification:sampling_policy", args=[centre.uuid])
    assert b"Below is a suggestion" in client.get(page).content
    refused = client.post(page, SENT | {"summative_share": "200", "risk_notes": "Kept words"}).content
    assert b"Give a whole number from 0 to 100." in refused
    assert b"Kept words" in refused
    choose(centre, summative_share=50)
    again = client.post(page, SENT | {"risk_notes": "Kept words"})
    assert b"changed since you opened the page" in again.content
    assert b"Kept words" in again.content
    client.post(page, SENT | {"seen": "1", "risk_notes": "Kept words"})
    assert SamplingPolicy.objects.latest("number").risk_notes == "Kept words"
