"""The coordinator's pages about candidates."""

import uuid
from urllib.parse import quote, urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from centres.models import Membership, Role, User
from centres.services.people import person_add, role_end
from portfolio.models import Allocation, CandidateUnit, Capacity, Participation, Registration, UnitVersion
from portfolio.registrations.services import allocate, allocation_end, registration_create
from portfolio.registrations.unit_choice import unit_set_aside
from record.models import Chain
from tests.cast import join
from tests.portfolio.files.typed import another_unit, words
from tests.portfolio.qualified import CODES, people_on, revision_of, unit_in


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def url(name, centre, **more):
    return reverse(f"portfolio:{name}", kwargs={"centre": centre.uuid, **more})


def chosen(signed_in, url, **people):
    """What the browser sends of the page at `url`, with these people chosen on it."""
    form = signed_in.get(url).context["form"]
    return {field.name: field.value() or "" for field in form} | people


def test_it_registers_a_candidate_on_b10_and_asks_who_assesses_it(signed_in, centre, candidate, b10):
    response = signed_in.post(
        url("registration_add", centre), {"candidate": candidate.uuid, "number": "C-7", "revisions": [b10.uuid]}
    )
    unit = CandidateUnit.objects.get(registration__candidate=candidate, revision=b10)
    assert response.url == url("allocate", centre, unit=unit.uuid)
    assert unit.registration.number == "C-7"
    assert unit.versions.get().state == "collecting"
    assert Participation.objects.get(candidate_unit=unit).capacity == Capacity.CANDIDATE


def test_the_button_pressed_twice_registers_once(signed_in, centre, candidate, b10):
    page = url("registration_add", centre)
    typed = {"candidate": candidate.uuid, "revisions": [b10.uuid]}
    typed["form_key"] = signed_in.get(page).context["form"]["form_key"].value()

    assert signed_in.post(page, typed).url == signed_in.post(page, typed).url
    assert Registration.objects.count() == 1


def test_a_form_that_says_something_else_the_second_time_is_not_taken_for_the_first(
    signed_in, centre, coordinator, candidate, b10
):
    page = url("registration_add", centre)
    typed = {"candidate": candidate.uuid, "number": "C-7", "revisions": [b10.uuid]}
    typed["form_key"] = signed_in.get(page).context["form"]["form_key"].value()
    signed_in.post(page, typed)
    bert = person_add(centre=centre, actor=coordinator, name="Bert", email="bert@c.example", role=Role.CANDIDATE).user
    for other in ({"candidate": bert.uuid}, {"number": "C-8"}, {"revisions": [another_unit().uuid]}):
        shown = signed_in.post(page, typed | other).context["form"]
        assert shown.non_field_errors()[0].startswith(f"This form has registered {candidate} already.")
        signed_in.post(page, typed | other | {"form_key": shown["form_key"].value()})
        made = Registration.objects.latest("pk")
        assert made.candidate.uuid == other.get("candidate", candidate.uuid)
        assert made.number == other.get("number", "C-7")
        assert [unit.revision.uuid for unit in made.candidate_units.all()] == other.get("revisions", [b10.uuid])
    assert Registration.objects.count() == 4


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"candidate": ""}, "candidate"),
        ({"candidate": str(uuid.uuid4())}, "candidate"),
        ({"candidate": "x"}, "candidate"),
        ({"revisions": []}, "revisions"),
        ({"revisions": ["x"]}, "revisions"),
        ({"number": "9" * 41}, "number"),
    ],
)
def test_what_cannot_be_registered_is_said_beside_its_field(signed_in, centre, candidate, b10, said, field):
    typed = {"candidate": candidate.uuid, "number": "", "revisions": [b10.uuid]} | said
    response = signed_in.post(url("registration_add", centre), typed)
    assert field in response.context["form"].errors
    assert not Registration.objects.exists()


def test_nobody_who_is_no_candidate_here_can_be_registered(signed_in, centre, assessor, outsider, b10):
    for person in (assessor, outsider):
        typed = {"candidate": person.uuid, "number": "", "revisions": [b10.uuid]}
        assert "candidate" in signed_in.post(url("registration_add", centre), typed).context["form"].errors
    assert not Registration.objects.exists()


def test_a_unit_is_not_offered_twice(signed_in, centre, registration, b10):
    page = signed_in.get(url("unit_add", centre, portfolio=registration.uuid))
    assert b10.title not in page.content.decode()
    response = signed_in.post(url("unit_add", centre, portfolio=registration.uuid), {"revisions": [b10.uuid]})
    assert "revisions" in response.context["form"].errors
    assert registration.candidate_units.count() == 1


def test_where_nothing_can_be_chosen_the_page_says_what_to_do(signed_in, centre, b10):
    page = signed_in.get(url("registration_add", centre)).content.decode()
    assert "Nobody at this centre has the role of candidate yet." in page
    assert reverse("centres:person_add", kwargs={"centre": centre.uuid}) in page
    assert "Register</button>" not in page


def test_who_has_every_unit_is_not_shown_an_empty_form(signed_in, centre, registration):
    page = signed_in.get(url("unit_add", centre, portfolio=registration.uuid)).content.decode()
    assert "This candidate has every unit that there is." in page


def test_what_a_candidate_is_registered_on_is_chosen_first(signed_in, centre, candidate, b10, qualification):
    page = signed_in.get(url("registration_add", centre)).content.decode()
    assert "Q2 Service" in page
    assert "Single units: 4 units to choose from" in page
    assert 'name="candidate"' not in page
    offered = signed_in.get(url("registration_add", centre), {"qualification": "cvq:Q2"}).context["form"]
    assert [group.name for group in offered.groups] == ["Mandatory", "Optional"]
    single = signed_in.get(url("registration_add", centre), {"framework": "nvq"}).context["form"]
    assert [unit.revision for group in single.groups for unit in group.units] == [b10]


@pytest.mark.parametrize("said", [{"qualification": "cvq:nothing"}, {"framework": "x"}, {"qualification": "nvq"}])
def test_an_address_that_names_nothing_shows_what_there_is_to_choose(
    signed_in, centre, candidate, b10, qualification, said
):
    page = signed_in.get(url("registration_add", centre), said).content.decode()
    assert "What are they to be registered on?" in page


def test_it_registers_on_a_qualification_with_what_was_ticked_besides(signed_in, centre, candidate, b10, qualification):
    page = f"{url('registration_add', centre)}?qualification=cvq%3AQ2"
    signed_in.post(page, {"candidate": candidate.uuid, "number": "", "revisions": [revision_of("O2").uuid]})
    registration = Registration.objects.get()
    assert registration.qualification == qualification
    codes = registration.candidate_units.order_by("pk").values_list("revision__unit__code", flat=True)
    assert list(codes) == ["M1", "M2", "O2"]


def test_optional_units_may_wait_and_those_of_another_framework_are_refused(
    signed_in, centre, candidate, b10, qualification
):
    page = f"{url('registration_add', centre)}?qualification=cvq%3AQ2"
    refused = signed_in.post(page, {"candidate": candidate.uuid, "revisions": [b10.uuid]})
    assert refused.context["form"].errors["revisions"] == [
        "One of these units cannot be chosen here. Look at the list again."
    ]
    assert not Registration.objects.exists()
    signed_in.post(page, {"candidate": candidate.uuid})
    assert Registration.objects.get().candidate_units.count() == 2


def test_what_was_ticked_is_ticked_still_when_something_else_is_wrong(signed_in, centre, b10, qualification, candidate):
    page = f"{url('registration_add', centre)}?framework=cvq"
    answer = signed_in.post(page, {"candidate": "", "revisions": [revision_of("O1").uuid]})
    ticked = [
        unit.revision.unit.code for group in answer.context["form"].groups for unit in group.units if unit.is_ticked
    ]
    assert ticked == ["O1"]


def test_all_units_of_a_framework_can_be_taken_at_once(signed_in, centre, candidate, qualification):
    page = f"{url('registration_add', centre)}?framework=cvq"
    revisions = [revision_of(code).uuid for code in CODES]
    signed_in.post(page, {"candidate": candidate.uuid, "revisions": revisions})
    assert Registration.objects.get().candidate_units.count() == 4


def test_one_page_allocates_the_whole_portfolio(signed_in, centre, candidate, coordinator, assessor, qualification):
    registration = registration_create(
        centre=centre, actor=coordinator, candidate=candidate, number="", qualification=qualification, revisions=[]
    )
    page = url("allocate", centre, unit=unit_in(registration, "M1").uuid)
    signed_in.post(page, chosen(signed_in, page, assessor=assessor.uuid, everywhere="on"))
    assert [people_on(unit_in(registration, code)) for code in ("M1", "M2")] == [{"assessor": assessor}] * 2


def test_who_gave_up_the_role_works_on_nothing_and_is_replaced_in_the_other_units(
    signed_in, centre, qualified, coordinator, assessor, verifier
):
    role_end(membership=assessor.memberships.get(), actor=coordinator)
    listed = words(signed_in.get(url("registrations", centre)))
    assert listed.count("nobody yet") == 2
    assert "Ann Assessor" not in listed
    unit = unit_in(qualified, "M1")
    page = words(signed_in.get(reverse("assessments:unit", kwargs={"centre": centre.uuid, "unit": unit.uuid})))
    assert "Assessor: nobody yet Internal verifier: Ivy Verifier" in page
    abe = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    page = url("allocate", centre, unit=unit.uuid)
    typed = chosen(signed_in, page, assessor=abe.uuid, everywhere="on")
    answer = words(signed_in.post(page, typed, follow=True))
    assert "Pat Candidate, M1 and 1 other unit: Abe assesses, Ivy Verifier verifies." in answer
    for code in ("M1", "M2"):
        assert people_on(unit_in(qualified, code)) == {"assessor": abe, "internal_verifier": verifier}


def test_only_this_unit_is_allocated_where_that_is_said(signed_in, centre, qualified, coordinator, assessor):
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    page = url("allocate", centre, unit=unit_in(qualified, "M1").uuid)
    typed = chosen(signed_in, page, assessor=other.uuid)
    signed_in.post(page, typed | {"everywhere": "on"})  # somebody assesses the other one already: that stays
    assert people_on(unit_in(qualified, "M1"))["assessor"] == other
    assert people_on(unit_in(qualified, "M2"))["assessor"] == assessor


def test_it_says_who_works_on_how_many_units_now(signed_in, centre, candidate, coordinator, assessor, qualification):
    registration = registration_create(
        centre=centre, actor=coordinator, candidate=candidate, number="", qualification=qualification, revisions=[]
    )
    page = url("allocate", centre, unit=unit_in(registration, "M1").uuid)

    def said(**typed):
        return words(signed_in.post(page, chosen(signed_in, page, **typed), follow=True))

    assert "Pat Candidate, M1: nobody assesses or verifies yet." in said()
    assert "Pat Candidate, M1: Ann Assessor assesses, nobody verifies yet." in said(
        assessor=assessor.uuid, everywhere=""
    )
    other = unit_in(registration, "M2")
    both = said(assessor=assessor.uuid, everywhere="on")
    assert "Pat Candidate, M1 and 1 other unit: Ann Assessor assesses, nobody verifies yet." in both
    assert people_on(other) == {"assessor": assessor}


def test_it_says_where_only_what_nobody_did_was_filled(signed_in, centre, qualified, coordinator, assessor, verifier):
    unit, other = unit_in(qualified, "M1"), unit_in(qualified, "M2")
    gone = Allocation.objects.filter(candidate_unit=other, capacity=Capacity.INTERNAL_VERIFIER)
    gone.update(ended_at=timezone.now())
    abe = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    page = url("allocate", centre, unit=unit.uuid)
    sent = chosen(signed_in, page, assessor=abe.uuid, everywhere="on")
    said = words(signed_in.post(page, sent, follow=True))
    assert "Pat Candidate, M1: Abe assesses, Ivy Verifier verifies. In 1 other unit only what nobody did yet" in said
    assert people_on(other) == {"assessor": assessor, "internal_verifier": verifier}


@pytest.mark.long
def test_it_leads_back_to_where_the_coordinator_came_from_and_nowhere_else(signed_in, centre, unit, coordinator):
    page = url("allocate", centre, unit=unit.uuid)
    assert f'{page}?next=/"' not in signed_in.get(reverse("home")).content.decode()
    for allocation in Allocation.objects.filter(candidate_unit=unit):
        allocation_end(allocation=allocation, actor=coordinator)
    assert f'{page}?next=/"' in signed_in.get(reverse("home")).content.decode()

    from_home = f"{page}?next=/%3Fstuck-nobody%3D2"
    assert 'href="/?stuck-nobody=2"' in signed_in.get(from_home).content.decode()
    assert signed_in.post(from_home, chosen(signed_in, page))["Location"] == "/?stuck-nobody=2"
    for elsewhere in ("", "https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        answer = signed_in.post(f"{page}?{urlencode({'next': elsewhere})}", chosen(signed_in, page))
        assert answer["Location"] == url("registrations", centre)


def test_it_leads_back_to_the_page_of_the_candidates(signed_in, centre, unit, coordinator, b10, monkeypatch):
    monkeypatch.setattr("portfolio.registrations.views.CANDIDATES_ON_A_PAGE", 1)
    zoe = join(centre, coordinator, "Zoe", "zoe@harbour.example", Role.CANDIDATE)
    theirs = registration_create(centre=centre, actor=coordinator, candidate=zoe, number="", revisions=[b10])
    second = f"{url('registrations', centre)}?after={unit.registration.uuid}"
    page = url("allocate", centre, unit=theirs.candidate_units.get().uuid)
    assert f'href="{page}?next={quote(second)}"' in signed_in.get(second).content.decode()


def test_a_unit_that_was_set_aside_is_offered_again_and_taken_up(signed_in, centre, unit, coordinator, b10):
    unit_set_aside(unit=unit, actor=coordinator)
    page = url("unit_add", centre, portfolio=unit.registration.uuid)
    signed_in.post(page, {"revisions": [b10.uuid]})
    unit.refresh_from_db()
    assert unit.set_aside_at is None
    assert unit.registration.candidate_units.count() == 1


def test_a_unit_without_an_assessor_says_nobody_yet(signed_in, centre, coordinator, unit):
    Allocation.objects.filter(candidate_unit=unit).update(ended_at=timezone.now())
    assert signed_in.get(url("registrations", centre)).content.decode().count("nobody yet") == 2


def test_it_allocates_and_reallocates(signed_in, centre, coordinator, unit, assessor, verifier):
    other = person_add(centre=centre, actor=coordinator, name="Abe", email="abe@x.example", role=Role.ASSESSOR).user
    page = url("allocate", centre, unit=unit.uuid)
    signed_in.post(page, chosen(signed_in, page, assessor=other.uuid, internal_verifier=""))
    standing = Allocation.objects.current().filter(candidate_unit=unit)
    assert [(one.user, one.capacity) for one in standing] == [(other, Capacity.ASSESSOR)]
    assert Allocation.objects.filter(candidate_unit=unit).count() == 3  # the ended ones stay on record


def test_two_people_may_change_places(signed_in, centre, coordinator, unit, assessor, verifier):
    person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.INTERNAL_VERIFIER)
    person_add(centre=centre, actor=coordinator, name="", email=verifier.email, role=Role.ASSESSOR)
    page = url("allocate", centre, unit=unit.uuid)
    signed_in.post(page, chosen(signed_in, page, assessor=verifier.uuid, internal_verifier=assessor.uuid))
    standing = dict(Allocation.objects.current().filter(candidate_unit=unit).values_list("capacity", "user"))
    assert standing == {"assessor": verifier.pk, "internal_verifier": assessor.pk}


def test_two_people_of_the_same_name_are_told_apart(signed_in, centre, coordinator, unit, candidate, assessor):
    join(centre, coordinator, "Pat Candidate", "other-pat@harbour.example", Role.CANDIDATE)
    join(centre, coordinator, "Ann Assessor", "other-ann@harbour.example", Role.ASSESSOR)
    page = words(signed_in.get(url("registration_add", centre) + "?framework=nvq"))
    assert "Pat Candidate (pat@harbour.example) Pat Candidate (other-pat@harbour.example)" in page
    page = words(signed_in.get(url("allocate", centre, unit=unit.uuid)))
    both = "Ann Assessor (ann@harbour.example) (1 open) Ann Assessor (other-ann@harbour.example) (0 open)"
    assert both in page
    assert "Ivy Verifier (ivy@" not in page


def test_one_person_cannot_be_both(signed_in, centre, coordinator, unit, assessor):
    person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.INTERNAL_VERIFIER)
    page = url("allocate", centre, unit=unit.uuid)
    typed = chosen(signed_in, page, assessor=assessor.uuid, internal_verifier=assessor.uuid)
    response = signed_in.post(page, typed)
    assert (
        "Ann Assessor is allocated to B10 already, so they cannot be its internal verifier."
        in response.content.decode()
    )
    assert Allocation.objects.current().filter(candidate_unit=unit).count() == 2  # as it was before


def test_who_judged_cannot_be_made_the_verifier(signed_in, centre, coordinator, judged_unit, assessor):
    person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.INTERNAL_VERIFIER)
    page = url("allocate", centre, unit=judged_unit.uuid)
    response = signed_in.post(page, chosen(signed_in, page, assessor="", internal_verifier=assessor.uuid))
    assert "Ann Assessor has taken part in B10 as its assessor" in response.content.decode()


def test_two_coordinators_do_not_overwrite_each_other_unseen(signed_in, centre, coordinator, unit, assessor, verifier):
    page = url("allocate", centre, unit=unit.uuid)
    only_the_verifier_goes = chosen(signed_in, page, internal_verifier="")
    abe = person_add(centre=centre, actor=coordinator, name="Abe", email="abe@x.example", role=Role.ASSESSOR).user
    allocate(unit=unit, actor=coordinator, user=abe, capacity=Capacity.ASSESSOR)

    refused = signed_in.post(page, only_the_verifier_goes)

    assert "Abe is its assessor" in refused.content.decode()
    standing = Allocation.objects.current().filter(candidate_unit=unit)
    assert {one.user for one in standing} == {abe, verifier}

    form = refused.context["form"]
    signed_in.post(page, {field.name: field.value() or "" for field in form})  # they mean it

    assert [one.user for one in standing.all()] == [assessor]


def test_the_candidate_is_never_offered_as_their_own_assessor(signed_in, centre, coordinator, unit, candidate):
    person_add(centre=centre, actor=coordinator, name="", email=candidate.email, role=Role.ASSESSOR)
    typed = {"assessor": candidate.uuid, "internal_verifier": ""}
    response = signed_in.post(url("allocate", centre, unit=unit.uuid), typed)
    assert "assessor" in response.context["form"].errors


def test_the_list_shows_units_states_and_people(signed_in, centre, submitted_unit):
    page = signed_in.get(url("registrations", centre)).content.decode()
    for name in ("Pat Candidate", "B10", "Submitted", "Ann Assessor", "Ivy Verifier", "C-1001"):
        assert name in page


def test_an_empty_list_says_what_to_do(signed_in, centre):
    assert "Nobody is registered yet." in signed_in.get(url("registrations", centre)).content.decode()


@pytest.mark.long
@pytest.mark.parametrize("more", [0, 20])
def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    signed_in, centre, unit, b10, django_assert_num_queries, more
):
    now = timezone.now()
    chains = Chain.objects.bulk_create(Chain() for _ in range(more))
    people = User.objects.bulk_create(User(email=f"{n}@x.example", name=f"P {n}", password="!") for n in range(more))
    Membership.objects.bulk_create(
        Membership(centre=centre, user=person, role=Role.CANDIDATE, began_at=now) for person in people
    )
    registrations = Registration.objects.bulk_create(
        Registration(centre=centre, candidate=person, registered_at=now, chain=chain)
        for person, chain in zip(people, chains, strict=True)
    )
    units = CandidateUnit.objects.bulk_create(
        CandidateUnit(registration=registration, revision=b10, added_at=now) for registration in registrations
    )
    UnitVersion.objects.bulk_create(UnitVersion(candidate_unit=unit, opened_at=now) for unit in units)
    with django_assert_num_queries(12):
        signed_in.get(url("registrations", centre))
