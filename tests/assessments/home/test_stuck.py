"""What a coordinator's home page says cannot be signed yet."""

import datetime

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone

from assessments.home.listed_units import counted, read
from assessments.home.stuck import HeldUp
from assessments.models import Return, UnitProgress
from assessments.standing.worked_out import bring_up_to_date
from centres.models import Role
from centres.services.people import person_add, role_end
from portfolio.models import Allocation, Capacity, Claim, EvidenceVersion, Participation
from portfolio.registrations.services import allocate, allocation_end, units_add
from tests.assessments.home.test_home import more_units, put
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.assessments.steps import give_back, open_version
from tests.cast import add_evidence, claim_make, join
from tests.portfolio.files.typed import another_unit

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def stuck_in(centre, days=0):
    """What is stuck in the centre so many days from now, by what holds it up."""
    held_up = HeldUp([centre], timezone.now() + datetime.timedelta(days=days))
    return held_up.groups(read(held_up.pages(counted(held_up.to_count()))))[centre.pk]


def in_days(centre, days):
    """The same as (reason, days, who) of each unit."""
    return [(group.reason, held.days, held.who) for group in stuck_in(centre, days) for held in group.units]


def end_all_allocations(coordinator):
    for allocation in Allocation.objects.current():
        allocation_end(allocation=allocation, actor=coordinator)


def test_what_moves_is_not_stuck(unit, centre):
    assert in_days(centre, 13) == []


def test_a_candidate_is_stuck_after_two_weeks_without_movement(unit, centre):
    assert in_days(centre, 15) == [("candidate", 15, "Pat Candidate")]


@pytest.mark.parametrize("moved", ["corrects", "claims", "reads a return"])
def test_a_candidate_who_did_something_has_moved(moved, unit, evidence, candidate, assessor, centre):
    in_ten_days = timezone.now() + datetime.timedelta(days=10)
    author = Participation.objects.get(candidate_unit=unit, user=candidate)
    if moved == "corrects":
        said = model_to_dict(evidence.versions.get(), exclude=["id", "evidence", "author", "number"])
        EvidenceVersion.objects.create(**said | {"made_at": in_ten_days}, number=2, evidence=evidence, author=candidate)
    elif moved == "claims":
        criterion = unit.revision.criteria.filter(is_tickable=True).first()
        Claim.objects.create(
            candidate_unit=unit, evidence=evidence, criterion=criterion, author=author, made_at=in_ten_days
        )
    else:
        by = Participation.objects.create(candidate_unit=unit, user=assessor, capacity=Capacity.ASSESSOR)
        Return.objects.create(
            unit_version=open_version(unit),
            kind="returned",
            from_state="submitted",
            author=by,
            reason="More.",
            made_at=in_ten_days,
        )
    bring_up_to_date([unit])
    assert in_days(centre, 23) == []
    assert in_days(centre, 25) == [("candidate", 15, "Pat Candidate")]


def test_a_submitted_unit_waits_for_the_assessor_after_a_week(submitted_unit, centre):
    assert in_days(centre, 6) == []
    assert in_days(centre, 8) == [("assessor", 8, "Ann Assessor")]


def test_what_the_verifier_returned_waits_anew(assessed_unit, verifier, centre):
    put([assessed_unit], "assessed", days=30)
    give_back(assessed_unit, verifier)
    assert in_days(centre, 6) == []
    assert in_days(centre, 8) == [("assessor", 8, "Ann Assessor")]


def test_an_assessed_unit_waits_for_the_verifier_after_a_week(assessed_unit, centre):
    assert in_days(centre, 8) == [("verifier", 8, "Ivy Verifier")]


@pytest.mark.parametrize(("unit_of", "who"), [("submitted_unit", "assessor"), ("assessed_unit", "verifier")])
def test_a_unit_whose_person_gave_up_the_role_has_nobody(unit_of, who, request, centre, coordinator):
    request.getfixturevalue(unit_of)
    assert in_days(centre, 0) == []
    role_end(membership=request.getfixturevalue(who).memberships.get(), actor=coordinator)
    nobody = {"assessor": "no assessor", "verifier": "no internal verifier"}[who]
    assert in_days(centre, 0) == [("nobody", 0, nobody)]
    assert in_days(centre, 20) == [("nobody", 20, nobody)]
    user = request.getfixturevalue(who)
    person_add(centre=centre, actor=coordinator, name=user.name, email=user.email, role=Role(capacity_of(who)))
    assert in_days(centre, 0) == []


def capacity_of(who):
    return {"assessor": "assessor", "verifier": "internal_verifier"}[who]


def test_who_gave_up_another_role_still_works(submitted_unit, assessor, centre, coordinator):
    person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.INTERNAL_VERIFIER)
    role_end(membership=assessor.memberships.get(role=Role.INTERNAL_VERIFIER), actor=coordinator)
    assert in_days(centre, 8) == [("assessor", 8, "Ann Assessor")]


def test_a_verifier_who_wrote_what_is_claimed_holds_a_unit_up_until_another_is_allocated(
    unit, centre, coordinator, candidate, verifier
):
    person_add(centre=centre, actor=coordinator, name="", email=verifier.email, role=Role.ASSESSOR)
    [beside] = units_add(registration=unit.registration, actor=coordinator, revisions=[another_unit()])
    allocate(unit=beside, actor=coordinator, user=verifier, capacity=Capacity.ASSESSOR)
    seen = add_evidence(unit.registration, verifier, kind="observation")
    assert in_days(centre, 0) == []
    criterion = unit.revision.criteria.filter(is_tickable=True).first()
    claim_make(unit=unit, evidence=seen, criterion=criterion, where="", actor=candidate)
    assert in_days(centre, 0) == [("kept_out", 0, "Ivy Verifier")]
    ida = join(centre, coordinator, "Ida", "ida@harbour.example", Role.INTERNAL_VERIFIER)
    allocate(unit=unit, actor=coordinator, user=ida, capacity=Capacity.INTERNAL_VERIFIER)
    assert in_days(centre, 0) == []


def test_a_verified_unit_is_never_stuck(verified_unit, centre, coordinator):
    end_all_allocations(coordinator)
    assert in_days(centre, 400) == []


@pytest.mark.parametrize(
    ("state", "nobody"),
    [("unit", "no assessor"), ("submitted_unit", "no assessor"), ("assessed_unit", "no internal verifier")],
)
def test_a_unit_that_nobody_is_allocated_to_is_stuck_at_once(state, nobody, request, centre, coordinator):
    request.getfixturevalue(state)
    end_all_allocations(coordinator)
    assert in_days(centre, 0) == [("nobody", 0, nobody)]


def test_nothing_of_another_centre_is_shown(unit, outsider):
    assert in_days(outsider.memberships.first().centre, 100) == []


@pytest.mark.long
def test_a_long_list_goes_on_over_pages_the_longest_first(centre, coordinator, assessor, verifier, b10):
    units = more_units(8, centre=centre, coordinator=coordinator, revision=b10, assessor=assessor, verifier=verifier)
    end_all_allocations(coordinator)
    for number, unit in enumerate(units):
        UnitProgress.objects.filter(pk=unit.pk).update(happened_at=timezone.now() - datetime.timedelta(days=number))
    assert [days for _, days, _ in in_days(centre, 0)] == [7, 6, 5, 4, 3]
    client = signed_in(coordinator)
    first, second = client.get("/"), client.get("/?stuck-nobody=2")
    assert "Nobody is allocated 8" in text_of(first)
    assert "Page 1 of 2" in text_of(first)
    assert address("unit", units[0]) in html_of(second)
    assert address("unit", units[7]) not in html_of(second)
    assert "Page 2 of 2" in text_of(client.get("/?stuck-nobody=99"))
    assert "Candidate 07" in text_of(client.get("/?stuck-nobody=nonsense"))


@pytest.mark.long
def test_one_or_two_more_than_a_page_holds_stand_on_it_too(centre, coordinator, assessor, verifier, b10):
    more_units(7, centre=centre, coordinator=coordinator, revision=b10, assessor=assessor, verifier=verifier)
    end_all_allocations(coordinator)
    assert len(in_days(centre, 0)) == 7
    assert "Page 1" not in text_of(signed_in(coordinator).get("/"))


def test_a_coordinator_is_told_that_nothing_is_stuck_and_where_to_allocate(unit, coordinator, centre):
    client = signed_in(coordinator)
    assert "No unit is on this list" in text_of(client.get("/"))
    end_all_allocations(coordinator)
    assert f"/c/{centre.uuid}/units/{unit.uuid}/allocate/" in html_of(client.get("/"))
