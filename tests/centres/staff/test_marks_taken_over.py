"""Whoever held the award, or worked towards it, by a mark on their role does so still, and older events verify."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from assessments.proof.check import RecordCheck
from centres.models import Membership, Role
from centres.permissions import holds_award
from centres.services.people import person_add, role_end
from centres.staff.models import StaffRecord
from record.services.events import event_add

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite, pytest.mark.long]


@pytest.fixture
def _back_again():
    yield
    call_command("migrate", verbosity=0)  # what other apps built on it, too


@pytest.mark.usefixtures("_back_again")
def test_marks_become_rows_and_what_was_told_of_them_still_verifies(centre, coordinator):
    def staff(name: str) -> Membership:
        about: Any = {"centre": centre, "actor": coordinator, "role": Role.ASSESSOR}
        return person_add(**about, name=name, email=f"{name.lower()}@harbour.example")

    held, works, gone = staff("Ann"), staff("Helen"), staff("Gus")
    role_end(membership=gone, actor=coordinator)
    call_command("migrate", "centres", "0003", verbosity=0)
    old = MigrationExecutor(connection).loader.project_state(("centres", "0003_policy")).apps
    with transaction.atomic():
        old.get_model("centres", "Membership").objects.filter(pk=works.pk).update(works_towards_award=True)
        for membership, mark in ((held, False), (works, True)):
            said = {"membership": membership.told() | {"works_towards_award": mark}}
            event_add(chain=centre.chain, kind="role.award_noted", actor=coordinator.uuid, payload=said)
    call_command("migrate", verbosity=0)  # what other apps built on it, too

    rows = {row.user.name: row for row in StaffRecord.objects.select_related("user")}
    assert {name: row.kind for name, row in rows.items()} == {"Ann": "award", "Helen": "towards"}
    assert rows["Ann"].what.startswith("On record before ")
    assert holds_award(held.user, centre, Role.ASSESSOR)
    assert not holds_award(works.user, centre, Role.ASSESSOR)
    assert list(RecordCheck().faults()) == []
