"""Declared interests: who declares them, who reads what, and what follows from them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assessments.models import Turn, UnitProgress
from assessments.signing.services import unit_countersign
from assessments.standing.whose_turn import placed
from assessments.standing.worked_out import differences
from centres.models import Role
from portfolio.conflicts import is_kept_out
from portfolio.interests.services import assessing_explain, interest_declare, interest_withdraw
from portfolio.models import Allocation, Capacity, Interest, InterestKind, Participation
from portfolio.models.interests import CONFLICTING
from portfolio.registrations.services import allocate, allocation_end
from record.models import Event
from tests.cast import PASSWORD, join, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FAMILY, MANAGES = InterestKind.FAMILY, InterestKind.LINE_MANAGEMENT


@pytest.fixture
def declare(registration):
    def act(person, actor=None, kind=FAMILY, words="Her brother."):
        return interest_declare(registration=registration, actor=actor or person, person=person, kind=kind, words=words)

    return act


@pytest.fixture
def abe(centre, coordinator):
    return join(centre, coordinator, "Abe Assessor", "abe@harbour.example", Role.ASSESSOR)


def test_staff_declare_their_own_and_the_coordinator_everybodys(
    unit, declare, assessor, verifier, candidate, coordinator, outsider, abe
):
    interest = declare(assessor)
    assert declare(assessor, coordinator) == interest  # once is enough
    declare(abe, coordinator, MANAGES)
    for person, actor in (
        (assessor, verifier), (assessor, candidate), (candidate, coordinator), (abe, abe), (outsider, coordinator),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            declare(person, actor, InterestKind.BUSINESS)
    with pytest.raises(ValidationError, match="cannot be blank"):
        declare(verifier, words=" ")
    with pytest.raises(PermissionDenied):
        interest_withdraw(interest=interest, actor=verifier, why="No.")
    with pytest.raises(ValidationError, match="Say why"):
        interest_withdraw(interest=interest, actor=coordinator, why="")
    for _ in range(2):
        interest_withdraw(interest=interest, actor=coordinator, why="Another Pat.")
    kinds = Event.objects.filter(chain=unit.registration.chain, kind__startswith="interest.").values_list("kind")
    assert [kind for (kind,) in kinds.order_by("pk")] == [
        "interest.declared", "interest.declared", "interest.withdrawn",
    ]  # fmt: skip
    assert Interest.objects.conflicting().count() == 0


def test_family_asks_for_a_reason_to_assess_and_never_verifies(registration, declare, assessor, coordinator, centre):
    unit = registration.candidate_units.get()
    interest = declare(assessor, coordinator)
    about = {"unit": unit, "actor": coordinator, "user": assessor}
    with pytest.raises(ValidationError, match="Say why they assess here all the same"):
        allocate(**about, capacity=Capacity.ASSESSOR)
    allocation = allocate(**about, capacity=Capacity.ASSESSOR, reason="Nobody else is here.")
    assert (allocation.reason.reason, allocation.reason.interest) == ("Nobody else is here.", interest)
    told = Event.objects.get(chain=registration.chain, kind="allocation.made").payload.body
    assert "Nobody else is here." in told
    join(centre, coordinator, assessor.name, assessor.email, Role.INTERNAL_VERIFIER)
    Allocation.objects.current().update(ended_at=allocation.began_at)
    with pytest.raises(ValidationError, match="so they cannot be internal verifier in it"):
        allocate(**about, capacity=Capacity.INTERNAL_VERIFIER, reason="Nobody else is here.")


def test_line_management_is_recorded_and_allowed(registration, declare, assessor, coordinator):
    declare(assessor, coordinator, MANAGES)
    unit = registration.candidate_units.get()
    allocation = allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    assert not hasattr(allocation, "reason")


def test_a_verifier_with_an_interest_countersigns_nothing(assessed_unit, declare, verifier, coordinator):
    interest = declare(verifier)
    about = {"unit": assessed_unit, "actor": verifier, "password": PASSWORD}
    with pytest.raises(ValidationError, match="another internal verifier looks at it"):
        unit_countersign(**about, seen=seen(assessed_unit))
    with pytest.raises(PermissionDenied):
        interest_withdraw(interest=interest, actor=verifier, why="Another Pat.")
    interest_withdraw(interest=interest, actor=coordinator, why="Another Pat.")
    assert unit_countersign(**about, seen=seen(assessed_unit))


def test_nobody_lifts_their_own_once_they_work_in_the_portfolio(unit, declare, verifier, centre, coordinator):
    join(centre, coordinator, verifier.name, verifier.email, Role.COORDINATOR)
    interest = declare(verifier)
    allocation = Allocation.objects.get(user=verifier)
    with pytest.raises(PermissionDenied):  # a coordinator as little as anybody
        interest_withdraw(interest=interest, actor=verifier, why="Another Pat.")
    allocation_end(allocation=allocation, actor=coordinator)
    interest_withdraw(interest=interest, actor=verifier, why="Another Pat.")


def test_a_verifier_with_an_interest_is_waited_for_by_nobody(client, assessed_unit, declare, verifier, coordinator):
    interest = declare(verifier)
    client.force_login(verifier)
    page = reverse("assessments:unit", args=[assessed_unit.registration.centre.uuid, assessed_unit.uuid])
    assert "Nothing waits for you." in client.get("/").content.decode()
    assert "You have a declared interest in this portfolio" in " ".join(client.get(page).content.decode().split())
    client.force_login(coordinator)
    assert "cannot verify it: allocate another" in client.get("/").content.decode()
    assert UnitProgress.objects.get(pk=assessed_unit).turn == Turn.KEPT_OUT
    assert [*differences([assessed_unit])] == []
    interest_withdraw(interest=interest, actor=coordinator, why="Another Pat.")
    assert UnitProgress.objects.get(pk=assessed_unit).turn == Turn.VERIFIER


def test_whose_turn_it_is_and_the_allocation_agree_about_who_is_kept_out(assessed_unit, declare, verifier, coordinator):
    """The one is SQL over units, the other a condition on allocations."""

    def is_out():
        [place] = placed([assessed_unit]).values()
        is_out = Allocation.objects.filter(is_kept_out(), candidate_unit=assessed_unit, user=verifier).exists()
        assert (place.turn == Turn.KEPT_OUT) == is_out
        return is_out

    assert not is_out()
    for kind in InterestKind:
        interest = declare(verifier, actor=coordinator, kind=kind)
        assert is_out() == (kind in CONFLICTING)
        interest_withdraw(interest=interest, actor=coordinator, why="Another Pat.")
        assert not is_out()
    Participation.objects.create(candidate_unit=assessed_unit, user=verifier, capacity=Capacity.ASSESSOR)
    assert is_out()


def test_the_coordinator_says_why_who_assesses_already_goes_on(client, unit, declare, assessor, coordinator):
    centre, asks = unit.registration.centre.uuid, "Ann Assessor assesses Pat Candidate with a declared interest"
    client.force_login(coordinator)
    declare(assessor, kind=MANAGES)
    assert asks not in client.get("/").content.decode()
    interest = declare(assessor)
    assert asks in " ".join(client.get("/").content.decode().split())
    page = reverse("portfolio:interest_reason", args=[centre, interest.uuid])
    assert "Say why they assess here" in client.post(page, {"reason": " "}).content.decode()
    for _ in range(2):  # the second press finds nothing to say
        answer = client.post(page, {"reason": "Nobody else is here."}, follow=True).content.decode()
        assert "all the same: Nobody else is here." in answer
    reason = Allocation.objects.get(user=assessor).reason
    assert (reason.reason, reason.interest) == ("Nobody else is here.", interest)
    told = Event.objects.get(chain=unit.registration.chain, kind="allocation.reason_given").payload.body
    assert "Nobody else is here." in told
    assert asks not in " ".join(client.get("/").content.decode().split())
    with pytest.raises(PermissionDenied):
        assessing_explain(interest=interest, actor=assessor, reason="I am good.")


def test_the_candidate_reads_who_and_which_kind_and_nothing_else(client, unit, declare, assessor, candidate, verifier):
    declare(assessor, words="We share a flat.")
    page = reverse("portfolio:interests", args=[unit.registration.centre.uuid, unit.registration.uuid])
    for person, reads in ((candidate, False), (verifier, True)):
        client.force_login(person)
        text = client.get(page).content.decode()
        assert "Family: Ann Assessor" in text
        assert ("We share a flat." in text) == reads
    client.force_login(candidate)
    assert client.post(page, {"kind": FAMILY, "words": "x"}).status_code == 403
    home = client.get(reverse("assessments:portfolio", args=[unit.registration.centre.uuid, unit.registration.uuid]))
    assert "family, Ann Assessor" in home.content.decode()


def test_the_page_declares_and_tells_a_verifier_what_follows(client, unit, verifier, coordinator):
    page = reverse("portfolio:interests", args=[unit.registration.centre.uuid, unit.registration.uuid])
    client.force_login(verifier)
    assert "Say in a few words" in client.post(page, {"kind": FAMILY, "words": " "}).content.decode()
    answer = client.post(page, {"kind": FAMILY, "words": "Her brother."}, follow=True).content.decode()
    assert "cannot look at them any more" in answer
    interest = Interest.objects.get()
    assert interest.declared_by == verifier
    withdraw = reverse("portfolio:interest_withdraw", args=[unit.registration.centre.uuid, interest.uuid])
    assert client.post(withdraw, {"why": "Another Pat."}).status_code == 403
    client.force_login(coordinator)
    assert "Say why" in client.post(withdraw, {"why": ""}).content.decode()
    client.post(withdraw, {"why": "Another Pat."})
    interest.refresh_from_db()
    assert (interest.withdrawn_by, interest.withdrawn_why) == (coordinator, "Another Pat.")
