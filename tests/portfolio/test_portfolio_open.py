"""A portfolio is open by SQL written out; accesses and allocations say by themselves when they are in force."""

import datetime

import pytest
from django.utils import timezone

from centres.models import Membership, Role
from portfolio.models import Access, Allocation, Capacity, Registration
from tests.cast import join

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_what_opens_a_portfolio_is_what_is_in_force(unit, centre, coordinator, candidate, assessor, verifier, outsider):
    now, hour = timezone.now(), datetime.timedelta(hours=1)

    def person(name: str, role: Role):
        return join(centre, coordinator, name, f"{name.lower()}@example.org", role)

    registration = unit.registration
    visits = {
        "Now": (now - hour, now + hour, None),
        "Later": (now + hour, now + 2 * hour, None),
        "Over": (now - 2 * hour, now - hour, None),
        "Ended": (now - hour, now + hour, now),
    }
    visitors = {name: person(name, Role.EXTERNAL_VERIFIER) for name in visits}
    for name, (began, until, ended) in visits.items():
        Access.objects.create(
            registration=registration, user=visitors[name], began_at=began, until=until, ended_at=ended
        )
    covers = {"Covering": now + hour, "Covered": now - hour, "Gone": None}
    assessors = {name: person(name, Role.ASSESSOR) for name in covers}
    for name, ends in covers.items():
        Allocation.objects.create(
            candidate_unit=unit,
            user=assessors[name],
            capacity=Capacity.ASSESSOR,
            leads=False,
            began_at=now - 2 * hour,
            until=ends,
        )
    Membership.objects.filter(user=assessors["Gone"]).update(ended_at=now)

    everybody = [coordinator, candidate, assessor, verifier, outsider, *visitors.values(), *assessors.values()]
    open_to = {one for one in everybody if Registration.objects.visible_to(one).exists()}
    by_access = set(Access.objects.in_force().values_list("user", flat=True))
    by_allocation = set(Allocation.objects.in_force(centre).values_list("user", flat=True))
    assert by_access == {visitors["Now"].pk}
    assert by_allocation == {assessor.pk, verifier.pk, assessors["Covering"].pk}
    assert {one.pk for one in open_to} == by_access | by_allocation | {coordinator.pk, candidate.pk}
