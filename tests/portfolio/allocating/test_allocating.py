"""Allocating many units at once, and handing over all that one person works on."""

import datetime
import html
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions.services import ActionWanted as WantedAction
from assessments.actions.services import action_ask
from assessments.models import Binding
from assessments.proof.check import RecordCheck
from centres.models import Role
from centres.services.people import role_end
from portfolio.allocating.forms import HandOverForm
from portfolio.allocating.preview import AT_ONCE, RELATED, AllocationsWanted, preview
from portfolio.allocating.services import allocations_change
from portfolio.case_loads import CaseLoad, case_loads
from portfolio.interests.services import interest_declare
from portfolio.models import Allocation, CandidateUnit, Capacity, InterestKind
from portfolio.registrations.services import allocate, registration_create
from record.models import Event
from tests.cast import disqualify, join
from tests.portfolio.qualified import people_on, revision_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def abe(centre, coordinator):
    return join(centre, coordinator, "Abe Assessor", "abe@harbour.example", Role.ASSESSOR)


@pytest.fixture
def register(centre, coordinator, qualification):
    """Register further candidates, each on four units."""

    def act(number):
        for _ in range(number):
            name = f"C{uuid4().hex[:8]}"
            candidate = join(centre, coordinator, name, f"{name}@harbour.example", Role.CANDIDATE)
            revisions = [revision_of(code) for code in ("M1", "M2", "O1", "O2")]
            registration_create(centre=centre, actor=coordinator, candidate=candidate, number="", revisions=revisions)

    return act


def units_there():
    return list(CandidateUnit.objects.select_related(*RELATED).order_by("pk"))


def shown(centre, wanted, units=None):
    """What the page that shows it sends back."""
    found = preview(centre, units_there() if units is None else units, wanted)
    return {row.unit.uuid: row.seen for row, _ in found.changed}


def change(centre, coordinator, wanted, seen=None):
    seen = shown(centre, wanted) if seen is None else seen
    return allocations_change(centre=centre, actor=coordinator, wanted=wanted, seen=seen)


def leads(person):
    return AllocationsWanted(person=person, capacity=Capacity.ASSESSOR)


@pytest.mark.long
def test_the_preview_asks_as_much_for_a_hundred_units_as_for_four(centre, abe, assessor, coordinator, register):
    counts = []
    for more in (1, 24):
        register(more)
        change(centre, coordinator, leads(assessor))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = preview(
                centre, units_there(), AllocationsWanted(person=abe, capacity=Capacity.ASSESSOR, instead_of=assessor)
            )
        counts.append(len(asked))
    assert len(found.changed) == 100
    assert counts[0] == counts[1] < 20


def test_who_allocates_many_learns_where_nobody_could_confirm(client, centre, abe, assessor, coordinator, register):
    register(3)
    change(centre, coordinator, leads(assessor))
    disqualify(coordinator, abe)
    client.force_login(coordinator)
    form = {"whose": f"assessor:{assessor.uuid}", "person": f"assessor:{abe.uuid}"}
    page = client.post(reverse("portfolio:hand_over", args=[centre.uuid]), form)
    [said] = page.context["preview"].nobody_confirms
    assert said in html.unescape(page.content.decode())
    assert said.startswith("Abe Assessor holds no award on record as assessor, and nobody who works on M1 of C")
    assert "and 2 more units can confirm" in said
    assert said.endswith("work on it too: Ann Assessor.")
    beside = AllocationsWanted(person=abe, capacity=Capacity.ASSESSOR, leads=False)
    assert preview(centre, units_there(), beside).nobody_confirms == []  # Ann leads, and holds one


@pytest.mark.long
def test_it_is_done_once_however_often_it_is_sent(centre, coordinator, assessor, register):
    register(20)
    seen = shown(centre, leads(assessor))
    assert change(centre, coordinator, leads(assessor), seen).changed == 80  # more than one slice
    events = Event.objects.count()
    again = change(centre, coordinator, leads(assessor), seen)
    assert (again.changed, again.so_already) == (0, 80)
    assert Event.objects.count() == events
    assert Allocation.objects.current().filter(user=assessor, leads=True).count() == 80


def test_what_was_changed_meanwhile_is_named_and_all_else_is_done(centre, coordinator, abe, assessor, register):
    register(1)
    seen = shown(centre, leads(assessor))
    first, second, *_ = units_there()
    allocate(unit=first, actor=coordinator, user=abe, capacity=Capacity.ASSESSOR)
    allocate(unit=second, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)  # as it is wanted
    done = change(centre, coordinator, leads(assessor), seen)
    assert (done.changed, done.so_already) == (2, 1)
    assert done.changed_meanwhile == [f"M1 of {first.registration.candidate}"]
    assert people_on(first)["assessor"] == abe


def test_who_cannot_do_it_is_refused_by_the_rule_of_one_allocation(centre, coordinator, unit, verifier, assessor):
    wanted = AllocationsWanted(person=verifier, capacity=Capacity.ASSESSOR)
    [row] = preview(centre, units_there(), wanted).refused
    assert row.refused == "Ivy Verifier is no assessor of Harbour College."
    join(centre, coordinator, verifier.name, verifier.email, Role.ASSESSOR)
    [row] = preview(centre, units_there(), wanted).refused
    assert row.refused == "Ivy Verifier is allocated to B10 already, so they cannot be its assessor."
    with pytest.raises(ValidationError, match="is allocated to B10 already"):
        allocate(unit=unit, actor=coordinator, user=verifier, capacity=Capacity.ASSESSOR)
    done = change(centre, coordinator, wanted, {unit.uuid: row.seen})
    assert (done.changed, len(done.refused)) == (0, 1)
    assert people_on(unit) == {"assessor": assessor, "internal_verifier": verifier}


def test_a_person_who_lost_the_role_meanwhile_is_allocated_to_nothing(centre, coordinator, unit, abe):
    seen = shown(centre, leads(abe))
    role_end(membership=abe.memberships.get(), actor=coordinator)
    done = change(centre, coordinator, leads(abe), seen)
    assert (done.changed, done.refused) == (
        0,
        ["B10 of Pat Candidate: Abe Assessor is no assessor of Harbour College."],
    )


def test_units_of_another_centre_are_not_found(centre, coordinator, unit, outsider, abe):
    elsewhere = outsider.memberships.first().centre
    seen = {unit.uuid: "x"}
    done = allocations_change(centre=elsewhere, actor=outsider, wanted=leads(outsider), seen=seen)
    assert (done.changed, done.gone) == (0, 1)
    with pytest.raises(PermissionDenied):
        allocations_change(centre=centre, actor=outsider, wanted=leads(abe), seen=seen)
    with pytest.raises(ValidationError, match="at least one"):
        change(centre, coordinator, leads(abe), {})
    with pytest.raises(ValidationError, match=f"At most {AT_ONCE}"):
        change(centre, coordinator, leads(abe), {uuid4(): "x" for _ in range(AT_ONCE + 1)})


def test_all_of_a_person_goes_to_another_who_leads_where_they_led(
    centre, coordinator, abe, assessor, verifier, submitted_unit, registration
):
    until = timezone.now() + datetime.timedelta(days=9)
    beside = AllocationsWanted(person=verifier, capacity=Capacity.INTERNAL_VERIFIER)
    asked = WantedAction(text="Renew your plan.", binding=Binding.ADVICE)
    about = {"actor": verifier, "asked_as": Role.INTERNAL_VERIFIER, "owner": assessor, "owned_as": Role.ASSESSOR}
    action_ask(**about, unit=submitted_unit, wanted=asked)
    wanted = AllocationsWanted(person=abe, capacity=Capacity.ASSESSOR, instead_of=assessor)
    found = preview(centre, units_there(), wanted)
    [(row, pending)] = found.changed
    assert pending == "1 unit to judge and sign off, 1 action to answer"
    assert [(load.person.name, load.before, load.after) for load in found.loads] == [
        ("Abe Assessor", "0 open", "1 open, 1 of them submitted"),
        ("Ann Assessor", "1 open, 1 of them submitted", "0 open"),
    ]
    change(centre, coordinator, wanted, {row.unit.uuid: row.seen})
    assert people_on(submitted_unit) == {"assessor": abe, "internal_verifier": verifier}
    assert case_loads(centre)[abe.pk, "assessor"] == CaseLoad(open=1, waiting=1)
    # A cover is handed over as a cover, with its end; who leads already does all of it.
    assert change(centre, coordinator, replace(leads(assessor), leads=False, until=until)).changed == 1
    cover = Allocation.objects.current().get(user=assessor)
    assert (cover.leads, cover.until) == (False, until)
    assert change(centre, coordinator, wanted).changed == 1
    assert [one.leads for one in Allocation.objects.current().filter(capacity="assessor")] == [True]
    assert preview(centre, units_there(), beside).so_already == 1


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def page_of(centre, name="allocate_many"):
    return reverse(f"portfolio:{name}", args=[centre.uuid])


def test_the_pages_show_it_first_and_then_do_it(signed_in, centre, unit, abe, assessor, register):
    register(1)
    page = page_of(centre)
    listed = signed_in.get(page)
    assert listed.context["form"].found == 5
    assert "Ann Assessor (1 open)" in listed.content.decode()
    chosen = {"which": "ticked", "person": f"assessor:{abe.uuid}", "how": "lead", "unit": [unit.uuid]}
    shown_first = signed_in.post(page, chosen)
    assert "Ann Assessor" in shown_first.content.decode()
    assert people_on(unit)["assessor"] == assessor
    sent = dict(shown_first.context["form"].hidden()) | {
        "units": shown_first.context["units"], "seen": shown_first.context["preview"].seen, "sure": "1",
    }  # fmt: skip
    done = signed_in.post(page, sent, follow=True)
    assert "Abe Assessor leads as assessor in 1 unit." in done.content.decode()
    assert people_on(unit)["assessor"] == abe
    # What the list finds is one choice: only what nobody assesses.
    found = signed_in.post(f"{page}?assessor=nobody", chosen | {"which": "found", "unit": []})
    assert len(found.context["preview"].changed) == 4


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"unit": []}, "Tick at least one unit."),
        ({"unit": ["everything"]}, "Tick at least one unit."),
        ({"unit": [str(uuid4()) for _ in range(AT_ONCE + 1)]}, f"At most {AT_ONCE} units are allocated at once."),
        ({"person": ""}, "Choose who is to do it."),
        ({"person": f"assessor:{uuid4()}"}, "This person is not there to be chosen any more."),
        ({"how": "beside", "until": "2020-01-01"}, "This day is over."),
        ({"until": "2099-01-01"}, "Who leads does so until somebody else does."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(signed_in, centre, unit, abe, said, sentence):
    chosen = {"which": "ticked", "person": f"assessor:{abe.uuid}", "how": "lead", "unit": [str(unit.uuid)]} | said
    answer = signed_in.post(page_of(centre), chosen)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_a_role_that_ends_says_what_is_left_open_and_leads_to_handing_it_over(
    signed_in, centre, submitted_unit, assessor, verifier
):
    [membership] = assessor.memberships.all()
    page = signed_in.get(reverse("centres:role_end", args=[centre.uuid, membership.uuid])).content.decode()
    assert "1 unit to which they are allocated" in page
    assert "1 unit to judge and sign off" in page
    whose = f"assessor:{assessor.uuid}"
    assert f"{page_of(centre, 'hand_over')}?whose={whose}" in page
    assert HandOverForm(None, centre=centre, whose=whose)["whose"].value() == whose
    refused = signed_in.post(
        page_of(centre, "hand_over"), {"whose": whose, "person": f"internal_verifier:{verifier.uuid}"}
    )
    assert "Choose somebody who takes over as assessor." in refused.content.decode()


def test_a_declared_interest_asks_for_a_reason_that_is_kept_with_each(centre, coordinator, registration, assessor):
    family: dict[str, Any] = {"kind": InterestKind.FAMILY, "words": "Her brother."}
    interest_declare(registration=registration, actor=coordinator, person=assessor, **family)
    found = preview(centre, units_there(), leads(assessor))
    assert (found.changed, found.wants_reason) == ([], True)
    assert change(centre, coordinator, replace(leads(assessor), reason="Nobody else is here.")).changed == 1
    [allocation] = Allocation.objects.all()
    assert allocation.reason.reason == "Nobody else is here."
    assert list(RecordCheck(with_files=False).faults()) == []
