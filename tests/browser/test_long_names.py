"""What one long word in a list leaves to the lines beside it, in a real browser."""

import pytest
from django.urls import reverse

from centres.models import Role, User
from tests.cast import join

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def test_a_name_of_one_long_word_leaves_addresses_and_roles_on_their_lines(context_of, centre, coordinator):
    join(centre, coordinator, "W" * 150, "long.name@harbour.example", Role.CANDIDATE)
    page = context_of(coordinator).new_page()
    page.goto(reverse("centres:people", kwargs={"centre": centre.uuid}))

    email = page.get_by_role("cell", name=coordinator.email)
    lines = email.evaluate(
        "cell => { const all = new Range(); all.selectNodeContents(cell); return all.getClientRects().length; }"
    )
    assert lines == 1


def test_a_name_of_one_long_word_leaves_the_units_of_all_candidates_in_sight(context_of, unit, candidate, assessor):
    User.objects.filter(pk=candidate.pk).update(name="W" * 150)
    page = context_of(assessor).new_page()
    page.goto(reverse("home"))

    frame = page.get_by_role("region", name="Candidates and their units")
    assert frame.get_by_role("link", name="W" * 150).is_visible()
    assert frame.evaluate("frame => frame.scrollWidth - frame.clientWidth") == 0
