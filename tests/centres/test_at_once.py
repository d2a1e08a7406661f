"""Two requests about people that really run at once."""

import pytest

from centres.invitations.models import Invitation
from centres.invitations.services import invitation_accept_new, person_invite
from centres.models import Membership, Role, User
from centres.services.people import role_end
from tests.at_once import at_once, raised_at_once
from tests.cast import join

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_of_two_coordinators_who_leave_at_once_one_stays(centre, coordinator):
    other = join(centre, coordinator, "Cole Coordinator", "cole@harbour.example", Role.COORDINATOR)
    held = [Membership.objects.get(user=person) for person in (coordinator, other)]
    raised = raised_at_once(*[lambda one=one: role_end(membership=one, actor=one.user) for one in held])
    assert ["A centre needs a coordinator" in str(error) for error in raised] == [True]
    assert Membership.objects.current().filter(centre=centre, role=Role.COORDINATOR).count() == 1


def test_a_link_that_is_used_twice_at_once_lets_one_in(centre, coordinator):
    person_invite(centre=centre, actor=coordinator, name="Nia", email="nia@x.example", role=Role.ASSESSOR)
    key = Invitation.objects.get().key
    passwords = ("five quiet green goats", "nine loud purple geese")
    results = at_once(*[lambda one=one: invitation_accept_new(key=key, password=one) for one in passwords])
    [nia] = [result for result in results if isinstance(result, User)]
    assert User.objects.get(pk=nia.pk).check_password(passwords[results.index(nia)])
    assert Membership.objects.filter(centre=centre, user=nia).count() == 1
