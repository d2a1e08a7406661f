"""A record in which everything has happened."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from portfolio.registrations.choosing import forget_rules
from standards.catalogue import forget_catalogue
from standards.published import forget_published
from tests.assessments.eventful import Eventful, everything
from tests.snapshots import SNAPSHOTS


@pytest.fixture(scope="module")
def eventful(django_db_setup, django_db_blocker) -> Iterator[Eventful]:
    """The record, in a transaction that is never committed.

    It is made before the fixtures of a single test, so it forgets the standards of the file before.
    """
    forget_published()
    forget_catalogue()
    forget_rules()
    with django_db_blocker.unblock():
        SNAPSHOTS.stand_on(0)
    with django_db_blocker.unblock(), transaction.atomic():
        yield everything()
        transaction.set_rollback(True)
