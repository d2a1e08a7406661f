"""Two files that come at once do not both take the last room."""

import pytest
from django.core.exceptions import ValidationError

from portfolio.files.arriving import arriving_begin
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import ArrivingFile
from tests.at_once import second_to
from tests.centres.policies import choose

pytestmark = pytest.mark.django_db(transaction=True)

MB = 1024 * 1024


@pytest.mark.parametrize("quota", ["portfolio_quota_mb", "person_quota_mb"])
def test_of_two_files_that_come_at_once_one_takes_the_last_room(registration, centre, coordinator, candidate, quota):
    choose(centre, coordinator, **{quota: 1})

    def announced():
        return arriving_begin(registration=registration, user=candidate, name="a.txt", size=MB)

    def with_a_form():
        with IncomingFile.from_content("b.txt", b"b" * MB) as incoming:
            return file_stage(registration=registration, user=candidate, incoming=incoming)

    second = second_to(announced, with_a_form)
    assert second.waited
    assert isinstance(second.came, ValidationError)
    assert [one.name for one in ArrivingFile.objects.all()] == ["a.txt"]
