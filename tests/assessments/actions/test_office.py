"""Who holds a role where an action belongs is asked of one action and of many rows: both say the same."""

import datetime

import pytest
from django.utils import timezone

from assessments.models import Action, Binding
from assessments.permissions import acts_as
from centres.models import Membership, Role
from portfolio.models import Allocation, Capacity
from tests.cast import join

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_one_action_and_many_rows_agree_about_who_is_in_office(
    unit, centre, coordinator, candidate, assessor, verifier, outsider
):
    now = timezone.now()
    covered, left = (
        join(centre, coordinator, name, f"{name.lower()}@example.org", Role.ASSESSOR) for name in ("Cora", "Lee")
    )
    hour = datetime.timedelta(hours=1)
    common = {"candidate_unit": unit, "capacity": Capacity.ASSESSOR, "leads": False, "began_at": now - 2 * hour}
    Allocation.objects.create(user=covered, until=now - hour, **common)
    Allocation.objects.create(user=left, **common)
    Membership.objects.filter(user=left).update(ended_at=now)
    of_registration = {"registration": unit.registration}
    places = [{"centre": centre}, of_registration, of_registration | {"candidate_unit": unit}]
    people = [coordinator, candidate, assessor, verifier, outsider, covered, left]
    asked = {"asker": coordinator, "asked_as": Role.COORDINATOR, "text": "More.", "binding": Binding.ADVICE}
    actions = Action.objects.bulk_create(
        Action(owner=person, owned_as=role, asked_at=now, **asked, **place)
        for place in places
        for person in people
        for role in Role
    )
    in_office = {action.pk for action in actions if acts_as(action.owner, action.owned_as, action)}
    assert {action.owner for action in actions if action.pk in in_office} == {*people} - {outsider, left}
    assert set(Action.objects.with_owner_in_office().values_list("pk", flat=True)) == in_office
    assert set(Action.objects.without_owner().values_list("pk", flat=True)) == {one.pk for one in actions} - in_office
