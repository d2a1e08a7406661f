"""Acts that write to several chains, or read their heads, do not wait for each other for ever."""

from collections.abc import Callable

import pytest

from assessments.signing.services import unit_submit
from assessments.steps_back.services import unit_return
from centres.models import Role
from centres.services.people import person_add
from portfolio.models import Capacity
from portfolio.registrations.services import allocate, registration_create
from record.models import Chain
from record.proof import chain_faults, opened_faults
from record.services.checkpoints import checkpoint_write
from record.services.keys import key_rotate
from tests.assessments.steps import open_version
from tests.at_once import raised_at_once
from tests.cast import PASSWORD, join, seen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite, pytest.mark.long]


@pytest.fixture(autouse=True)
def keys_dir(settings, tmp_path) -> None:
    """Keys of its own: they are rotated."""
    settings.KEYS_DIR = tmp_path / "keys"


def test_signing_allocating_registering_and_adding_people_go_on_side_by_side(
    claimed_unit, centre, coordinator, candidate, assessor, b10
):
    unit = claimed_unit
    others = [join(centre, coordinator, f"Bo {n}", f"bo{n}@harbour.example", Role.ASSESSOR) for n in range(2)]
    new = {"centre": centre, "actor": coordinator, "candidate": candidate, "number": "", "revisions": [b10]}
    other_unit = registration_create(**new).candidate_units.get()

    def sign() -> None:
        unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
        unit_return(unit=unit, actor=assessor, reason="Once more.", stamp=open_version(unit).stamp)

    def allocating() -> None:
        for person in others:
            allocate(unit=other_unit, actor=coordinator, user=person, capacity=Capacity.ASSESSOR)

    def add() -> None:
        person_add(centre=centre, actor=coordinator, name="N", email=f"n{next(numbers)}@x.example", role=Role.CANDIDATE)

    numbers = iter(range(100))
    acts: list[Callable[[], object]] = [sign, allocating, lambda: registration_create(**new), add, checkpoint_write]

    def thrice(act: Callable[[], object]) -> Callable[[], object]:
        return lambda: [act() for _ in range(3)]

    assert raised_at_once(*[thrice(act) for act in acts], key_rotate) == []
    assert [fault for chain in Chain.objects.all() for fault in chain_faults(chain)] == []
    assert list(opened_faults()) == []
