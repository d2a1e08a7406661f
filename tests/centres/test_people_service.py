"""People are given roles and lose them, on record."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from centres.candidate_numbers.services import numbered_add
from centres.invitations.services import person_invite
from centres.models import Centre, Membership, Role, User
from centres.permissions import roles_in
from centres.services.people import centre_create, person_add, role_end
from record.models import Event
from record.proof import chain_faults

pytestmark = pytest.mark.sqlite


def test_a_centre_begins_with_its_coordinator_and_its_own_chain(centre, coordinator):
    assert [event.kind for event in centre.chain.events.all()][:2] == ["centre.created", "role.given"]
    assert chain_faults(centre.chain) == []


def test_only_a_coordinator_adds_people(centre, candidate, assessor, verifier, outsider):
    before = Membership.objects.count()
    for person in (candidate, assessor, verifier, outsider):
        with pytest.raises(PermissionDenied):
            person_add(centre=centre, actor=person, name="N", email="n@x.example", role=Role.ASSESSOR)
    assert Membership.objects.count() == before


def test_only_a_coordinator_ends_roles(centre, candidate, assessor, verifier, outsider):
    held = Membership.objects.get(user=assessor)
    for person in (candidate, assessor, verifier, outsider):
        with pytest.raises(PermissionDenied):
            role_end(membership=held, actor=person)
    held.refresh_from_db()
    assert held.ended_at is None


def test_who_coordinates_no_more_adds_and_ends_nobody(centre, coordinator, assessor):
    person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.COORDINATOR)
    role_end(membership=Membership.objects.get(user=coordinator), actor=assessor)
    before = Membership.objects.current().count()
    with pytest.raises(PermissionDenied):
        person_add(centre=centre, actor=coordinator, name="N", email="n@x.example", role=Role.ASSESSOR)
    with pytest.raises(PermissionDenied):
        role_end(membership=Membership.objects.filter(user=assessor)[0], actor=coordinator)
    assert Membership.objects.current().count() == before
    assert roles_in(coordinator, centre) == frozenset()


def test_the_last_coordinator_who_can_come_in_stays(centre, coordinator, assessor):
    held = Membership.objects.get(user=coordinator)
    asked = person_invite(centre=centre, actor=coordinator, name="Nia", email="nia@x.example", role=Role.COORDINATOR)
    closed = person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.COORDINATOR)
    User.objects.filter(pk=assessor.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="let them come in first"):
        role_end(membership=held, actor=coordinator)
    role_end(membership=closed, actor=coordinator)
    role_end(membership=Membership.objects.get(user=asked.user), actor=coordinator)  # she leaves nobody behind
    assert roles_in(coordinator, centre) == {Role.COORDINATOR}


def test_an_address_in_other_letters_is_the_same_person(centre, coordinator, assessor):
    membership = person_add(
        centre=centre, actor=coordinator, name="", email=" ANN@Harbour.example ", role=Role.INTERNAL_VERIFIER
    )
    assert membership.user == assessor


def test_an_address_that_was_pasted_is_the_same_person(centre, coordinator, assessor):
    pasted = f"\u200b{assessor.email}\u202c\u00a0"
    assert (
        person_add(centre=centre, actor=coordinator, name="Ann", email=pasted, role=Role.COORDINATOR).user == assessor
    )


def test_nobody_is_found_by_no_address(centre, coordinator):
    numbered_add(centre=centre, actor=coordinator, name="Nell Number", number="0042")
    said = {"centre": centre, "actor": coordinator, "name": "Kim Keel", "email": " ", "role": Role.ASSESSOR}
    for service in (person_add, person_invite):
        with pytest.raises(ValidationError, match="Type an e-mail address"):
            service(**said)


def test_a_coordinator_sees_all_roles_of_the_centre_and_everybody_else_their_own(
    centre, coordinator, candidate, assessor, outsider
):
    ours = set(Membership.objects.filter(centre=centre))
    assert set(Membership.objects.visible_to(coordinator)) == ours
    assert {membership.user for membership in Membership.objects.visible_to(candidate)} == {candidate}
    assert not ours & set(Membership.objects.visible_to(outsider))
    role_end(membership=Membership.objects.get(user=candidate), actor=coordinator)
    assert not Membership.objects.visible_to(candidate).exists()


def test_a_role_that_was_ended_can_be_given_again_and_both_stay_on_record(centre, coordinator, candidate):
    held = Membership.objects.get(user=candidate)
    role_end(membership=held, actor=coordinator)
    person_add(centre=centre, actor=coordinator, name="", email=candidate.email, role=Role.CANDIDATE)
    assert Membership.objects.filter(user=candidate).count() == 2
    assert Membership.objects.current().filter(user=candidate).count() == 1


def test_the_event_goes_when_the_change_goes(centre, coordinator):
    before = Event.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        person_add(centre=centre, actor=coordinator, name="N", email="n@x.example", role=Role.ASSESSOR)
        raise ZeroDivisionError
    assert Event.objects.count() == before
    assert chain_faults(centre.chain) == []


def test_the_database_refuses_a_role_it_does_not_know_and_a_second_one_of_a_kind(centre, candidate):
    held = Membership.objects.get(user=candidate)
    for role in ("king", "candidate"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(centre=centre, user=candidate, role=role, began_at=held.began_at)


def test_the_database_refuses_two_people_of_one_address_whatever_the_case(candidate):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=candidate.email.upper(), name="Twin", password="!")


def test_a_membership_that_ended_cannot_be_revived_behind_the_back(centre, coordinator, candidate):
    held = Membership.objects.get(user=candidate)
    role_end(membership=held, actor=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=held.pk).update(ended_at=None)


def test_the_command_begins_a_centre_and_prints_the_way_in(db, capsys):
    call_command("create_centre", "Bay College", coordinator_name="Bo", coordinator_email="bo@bay.example", number="77")
    printed = capsys.readouterr().out
    assert "Bay College is there, and Bo coordinates it." in printed
    assert "/accounts/password/reset/key/" in printed
    assert Centre.objects.get().memberships.get().role == Role.COORDINATOR


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"time_zone": "Mars/Base"}, "There is no time zone 'Mars/Base'"),
        ({"coordinator_email": "nowhere"}, "valid email"),
        ({"coordinator_name": ""}, "blank"),
    ],
)
def test_the_command_refuses_in_a_sentence_and_begins_nothing(db, options, words):
    given = {"coordinator_name": "Bo", "coordinator_email": "bo@bay.example"} | options
    with pytest.raises(CommandError, match=words):
        call_command("create_centre", "Bay College", **given)
    assert not Centre.objects.exists()
    assert not User.objects.exists()


def test_a_second_centre_may_have_the_same_coordinator(coordinator, centre):
    membership = centre_create(
        name="Second", number="", time_zone="UTC", coordinator_name="", coordinator_email=coordinator.email
    )
    assert membership.user == coordinator
