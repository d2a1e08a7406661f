"""Plans and reviews from the form to the candidate's answer: asked as actions, kept as they were signed, never lost."""

import datetime
import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assessments.actions.services import action_answer
from assessments.models import Action, ActionState, Sheet, SheetAnswer, SheetDraft, SheetKind, SheetLine
from assessments.plans.forms import section_name
from assessments.plans.said import Covered
from assessments.plans.services import sheet_answer
from assessments.plans.templates import sheet_template_set
from assessments.standing.action_record import record_of
from centres.models import Membership, Role
from centres.services.people import role_end
from portfolio.models import Capacity
from portfolio.registrations.services import allocate, allocation_end, unit_add
from record.errors import ChangedMeanwhile
from record.models import Event
from standards.services.publishing import unit_publish
from tests.assessments.eventful import SMALL
from tests.assessments.pages import html_of, signed_in, text_of
from tests.assessments.plans.sheets import line_of, sign
from tests.cast import PASSWORD, join

NEEDS, AGREED = section_name("Needs and adjustments"), section_name("Agreed")

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def address(route, registration, **named):
    return reverse(f"assessments:{route}", kwargs={"centre": registration.centre.uuid, **named})


def page_of(registration, key):
    return address("sheet_write", registration, portfolio=registration.uuid, form_key=key)


def typed(unit, **changed):
    """What a page sends of a plan with one observation of the whole unit."""
    today = unit.registration.centre.today
    return {
        "kind": "plan",
        "held_on": today.isoformat(),
        "how": "in_person",
        NEEDS: "Larger print.",
        "line-1-method": "observation",
        "line-1-units": [str(unit.uuid)],
        "line-1-due": (today + datetime.timedelta(days=7)).isoformat(),
        "line-1-place": "Returns desk",
        "line-1-bring": "The complaints log.",
        "line-1-by": "candidate",
        "password": PASSWORD,
    } | changed


def another(unit, coordinator, assessor, code="S9"):
    """A further unit of the portfolio that the assessor assesses."""
    revision = unit_publish(content=replace(SMALL, code=code))
    assert revision
    added = unit_add(registration=unit.registration, actor=coordinator, revision=revision)
    allocate(unit=added, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    return added


def test_from_the_form_to_an_action_that_the_candidate_finds_and_agrees_to(unit, assessor, candidate):
    registration, key, client = unit.registration, uuid.uuid4(), signed_in(assessor)
    url = page_of(registration, key)
    client.post(url, typed(unit, more="1"))  # now the criteria of what is ticked can be chosen
    value = f"{unit.uuid}_performance-1"
    assert f'value="{value}"' in html_of(client.get(url))
    answer = client.post(url, typed(unit, sign="1") | {"line-1-criteria": [value]})
    sheet = Sheet.objects.get()
    assert answer["Location"] == address("sheet", registration, sheet=sheet.uuid)
    [line] = sheet.lines.all()
    assert (line.method, line.place) == ("observation", "Returns desk")
    assert line.covers == [{"unit": str(unit.uuid), "criteria": [["performance", 1]]}]
    assert (line.action.owner, line.action.origin, line.action.for_candidate) == (candidate, "plan", True)
    assert line.action.candidate_unit == unit
    assert "To bring: The complaints log." in line.action.text
    assert not SheetDraft.objects.exists()
    home = text_of(signed_in(candidate).get(reverse("home")))
    assert "What is planned next" in home
    assert "Returns desk" in home
    assert "Assessment plan 1 by Ann Assessor" in home
    theirs = signed_in(candidate)
    assert "Say what you do not agree with" in text_of(theirs.post(answer["Location"], {"answer": "disagree"}))
    theirs.post(answer["Location"], {"answer": "disagree", "words": "The log is private."})
    theirs.post(answer["Location"], {"answer": "agree"})  # said once
    assert SheetAnswer.objects.get().words == "The log is private."
    assert "The log is private." in text_of(client.get(answer["Location"]))
    assert "Returns desk" in text_of(client.get(address("unit", registration, unit=unit.uuid)))
    kinds = list(Event.objects.filter(chain=registration.chain).order_by("sequence").values_list("kind", flat=True))
    assert kinds[-3:] == ["action.asked", "plan.signed", "plan.acknowledged"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "wrong"}, "That is not your password"),
        ({"line-1-units": []}, "Say which unit it is for"),
        ({"line-1-method": ""}, "Say by which method"),
        ({"line-1-method": "rumour"}, "Choose one of these methods"),
        ({"line-1-due": "2020-01-01"}, "This day is over"),
        ({"line-1-due": "soon"}, "Give a date"),
        ({"line-1-by": "verifier"}, "Choose one of the two"),
        ({"line-1-bring": "x" * 200_000}, "200000 characters, and 1000 fit"),
        ({NEEDS: "Larger print." + "x" * 200_000}, "200013 characters, and 5000 fit"),
        ({"held_on": "2999-01-01"}, "in the future"),
        ({"held_on": "2001-01-01"}, "before Pat Candidate was registered"),
        ({"next_review": "2001-01-01"}, "This day is over"),
        ({"line-1-units": [str(uuid.uuid4())]}, "a unit that you do not assess now"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(unit, assessor, changed, sentence):
    key = uuid.uuid4()
    page = text_of(signed_in(assessor).post(page_of(unit.registration, key), typed(unit, sign="1") | changed))
    assert sentence in page
    assert "Larger print." in page
    kept = SheetDraft.objects.get().fields
    assert kept[NEEDS][0].startswith("Larger print.")
    assert "password" not in kept
    assert not Sheet.objects.exists()
    assert not Action.objects.exists()


def test_a_plan_without_a_line_and_a_review_without_a_word_are_refused(unit, assessor):
    client, of = signed_in(assessor), unit.registration
    empty = {name: "" for name in typed(unit) if name.startswith("line-")}
    assert "fill in at least one line" in text_of(client.post(page_of(of, uuid.uuid4()), typed(unit, sign="1") | empty))
    review = {"kind": "review", NEEDS: "", "sign": "1"}
    assert "under at least one heading" in text_of(client.post(page_of(of, uuid.uuid4()), typed(unit) | empty | review))
    assert not Sheet.objects.exists()


def test_sent_twice_it_is_signed_once_and_what_differs_is_kept(unit, assessor):
    client, key = signed_in(assessor), uuid.uuid4()
    for _ in range(2):
        client.post(page_of(unit.registration, key), typed(unit, sign="1"))
    assert (Sheet.objects.count(), Action.objects.count(), SheetDraft.objects.count()) == (1, 1, 0)
    client.post(page_of(unit.registration, key), typed(unit, sign="1") | {AGREED: "At the counter."})
    assert Sheet.objects.count() == 1
    assert SheetDraft.objects.get().fields[AGREED] == ["At the counter."]


def test_a_draft_is_its_authors_alone_and_can_be_thrown_away(unit, assessor, verifier):
    key, client = uuid.uuid4(), signed_in(assessor)
    client.post(page_of(unit.registration, key), typed(unit, save="1"))
    assert "Larger print." in text_of(client.get(page_of(unit.registration, key)))
    listed = address("sheets", unit.registration, portfolio=unit.registration.uuid)
    assert str(key) in html_of(client.get(listed))
    assert str(key) not in html_of(signed_in(verifier).get(listed))
    client.post(page_of(unit.registration, key), {"discard": "1"})
    assert not SheetDraft.objects.exists()


def test_on_a_device_that_was_handed_over_the_candidate_answers_with_their_own_password(unit, assessor, verifier):
    sheet = sign(assessor, unit)
    registration = unit.registration
    here = address("sheet_handed_over", registration, sheet=sheet.uuid)
    assert signed_in(verifier).post(here, {"hand": "1"}).status_code == 403
    client = signed_in(assessor)
    assert here in html_of(client.get(address("sheet", registration, sheet=sheet.uuid)))
    assert client.post(here, {"hand": "1"})["Location"] == here
    shown = html_of(client.get(here))
    assert "Returns desk" in shown
    assert address("sheets", registration, portfolio=registration.uuid) not in shown
    assert client.get("/")["Location"] == here

    said = {"say": "1", "answer": "disagree", "words": "The log is private."}
    assert "That is not your password" in text_of(client.post(here, said | {"password": "Ann's, say"}))
    assert not SheetAnswer.objects.exists()
    client.post(here, said | {"password": PASSWORD})
    answer = SheetAnswer.objects.get()
    assert (answer.agrees, answer.on_the_spot, answer.words) == (False, True, "The log is private.")
    [told] = Event.objects.filter(kind="plan.acknowledged")
    assert '"on_the_spot":true' in told.payload.body
    assert "Hand the device back" in text_of(client.get(here))
    client.post(here, {"back": "1", "assessor-password": PASSWORD})
    assert ", on the spot." in text_of(client.get(address("sheet", registration, sheet=sheet.uuid)))


def test_a_later_plan_replaces_the_last_and_withdraws_what_nobody_answered(unit, assessor):
    first = sign(assessor, unit)
    page = html_of(signed_in(assessor).get(address("sheet_new", unit.registration, portfolio=unit.registration.uuid)))
    assert "Returns desk" in page  # its open line begins the next one
    second = sign(assessor, unit)
    first.refresh_from_db()
    assert first.replaced_by == second
    assert first.lines.get().action.ended_at
    assert second.lines.get().action.ended_at is None
    assert (second.number, second.replaced_by) == (2, None)


def test_a_plan_of_another_assessor_stands_beside_it_until_they_leave(unit, centre, assessor, coordinator):
    bob = join(centre, coordinator, "Bob Assessor", "bob@harbour.example", Role.ASSESSOR)
    allocate(unit=unit, actor=coordinator, user=bob, capacity=Capacity.ASSESSOR, leads=False)
    first = sign(assessor, unit)
    sign(bob, unit)
    first.refresh_from_db()
    assert first.replaced_by is None
    role_end(membership=Membership.objects.get(user=assessor), actor=coordinator)
    third = sign(bob, unit)
    assert set(Sheet.objects.filter(replaced_by=third).values_list("author__name", flat=True)) == {
        "Ann Assessor",
        "Bob Assessor",
    }


def test_a_plan_replaces_nothing_that_another_assessor_settles_now(unit, centre, assessor, coordinator):
    other = another(unit, coordinator, assessor)
    first = sign(assessor, unit)
    allocation_end(allocation=unit.allocations.get(user=assessor), actor=coordinator)
    second = sign(assessor, other)
    first.refresh_from_db()
    assert first.replaced_by == second
    assert first.lines.get().action.ended_at is None


def test_what_is_of_several_units_or_of_none_stands_on_each_and_where_it_is_signed(
    submitted_unit, assessor, candidate, coordinator
):
    unit, other = submitted_unit, another(submitted_unit, coordinator, assessor)
    third = another(submitted_unit, coordinator, assessor, code="S8")
    both = line_of(unit, covers=[Covered(unit=unit), Covered(unit=other)], place="Both counters", by=Role.ASSESSOR)
    sign(assessor, unit, lines=[both])
    agreed = line_of(unit, method="", covers=(), place="", bring="", text="Ask Mia for a statement.", by=Role.ASSESSOR)
    sign(assessor, unit, kind=SheetKind.REVIEW, lines=[agreed])
    for action in Action.objects.select_related("registration__centre").order_by("pk"):
        assert action.candidate_unit is None
        action_answer(action=action, actor=assessor, words="It rained.", seen=1)
    client = signed_in(assessor)
    here = {each: text_of(client.get(address("unit", each.registration, unit=each.uuid))) for each in (unit, third)}
    assert "Ask Mia for a statement." in here[unit]
    assert "Ask Mia for a statement." in here[third]
    assert "Both counters" in here[unit]
    assert "Both counters" not in here[third]
    signing = text_of(client.get(address("sign", unit.registration, unit=unit.uuid)))
    assert "What is to be done in the portfolio as a whole" in signing
    assert "Both counters" in signing
    assert signing.count("It rained.") == 2


def test_a_review_keeps_how_far_it_had_come_and_what_was_still_to_be_done(judged_unit, assessor, candidate):
    sign(assessor, judged_unit)
    today = judged_unit.registration.centre.today
    agreed = line_of(judged_unit, method="", covers=(), place="", bring="", text="Ask Mia for a statement.")
    review = sign(
        assessor, judged_unit, kind=SheetKind.REVIEW, lines=[agreed], next_review=today + datetime.timedelta(days=9)
    )
    [unit] = review.progress
    assert (unit["code"], unit["state"]) == ("B10", "submitted")
    assert unit["met"] == unit["of"] > 0
    [carried] = review.carried
    assert "Observation: B10 (whole unit)." in carried["text"]
    assert review.lines.get().action.origin == "review"
    assert "Reviews that are due" in text_of(signed_in(assessor).get(reverse("home")))
    page = text_of(signed_in(candidate).get(address("sheet", review.registration, sheet=review.uuid)))
    assert "Ask Mia for a statement." in page
    assert f"{unit['met']} of {unit['of']}" in page


def test_who_may_not_write_one(unit, assessor, verifier, candidate, coordinator):
    for person in (verifier, candidate, coordinator):
        with pytest.raises(PermissionDenied):
            sign(person, unit)
    sheet = sign(assessor, unit)
    with pytest.raises(PermissionDenied):
        sheet_answer(sheet=sheet, actor=assessor, agrees=True)
    allocation_end(allocation=unit.allocations.get(user=assessor), actor=coordinator)
    with pytest.raises(PermissionDenied):
        sign(assessor, unit)


def test_nothing_is_planned_with_a_candidate_who_left(unit, assessor, candidate, coordinator):
    role_end(membership=Membership.objects.get(user=candidate), actor=coordinator)
    page = signed_in(assessor).post(page_of(unit.registration, uuid.uuid4()), typed(unit, sign="1"))
    assert "is no candidate of the centre any more" in text_of(page)
    assert SheetDraft.objects.exists()
    assert not Sheet.objects.exists()


def test_a_refused_line_signs_nothing_at_all(unit, assessor):
    over = line_of(unit, due=datetime.date(2020, 1, 1))
    with pytest.raises(ValidationError):
        sign(assessor, unit, lines=[line_of(unit), over])
    assert not Sheet.objects.exists()
    assert not SheetLine.objects.exists()
    assert not Action.objects.exists()


def test_the_centres_headings_are_followed_and_what_is_signed_keeps_its_own(unit, centre, assessor, coordinator):
    url = reverse("assessments:sheet_template", kwargs={"centre": centre.uuid, "kind": "plan"})
    client = signed_in(coordinator)
    assert "Needs and adjustments" in html_of(client.get(url))
    signed = sign(assessor, unit)
    nothing = {"seen": "0", "title": "Form 7"}
    assert "Give at least one heading" in text_of(client.post(url, nothing))
    twice = nothing | {"heading-1": "Aims", "heading-2": "aims"}
    assert "Two headings are the same" in text_of(client.post(url, twice))
    client.post(url, nothing | {"heading-3": "Aims of the unit", "prompt-3": "What do you want to show?"})
    new = address("sheet_new", unit.registration, portfolio=unit.registration.uuid)
    page = text_of(signed_in(assessor).get(new))
    assert "Aims of the unit" in page
    assert "Needs and adjustments" not in page
    signed.refresh_from_db()
    assert signed.title == "Assessment plan"
    late = text_of(signed_in(assessor).post(page_of(unit.registration, uuid.uuid4()), typed(unit, sign="1")))
    assert "What you wrote under those that are gone stands below" in late
    assert "Larger print." in late
    assert Sheet.objects.count() == 1
    with pytest.raises(ChangedMeanwhile):
        sheet_template_set(
            centre=centre, actor=coordinator, kind=SheetKind.PLAN, seen=0, title="Other", headings=[("One", "")]
        )


@pytest.mark.parametrize("blank", [True, False])
def test_it_is_printed(unit, assessor, blank):
    of = unit.registration
    sheet = sign(assessor, unit)
    client = signed_in(assessor)
    named = {"portfolio": of.uuid} if blank else {"sheet": sheet.uuid}
    answer = client.get(address("sheet_blank" if blank else "sheet_pdf", of, **named))
    assert answer.content.startswith(b"%PDF")


def test_what_was_answered_is_not_withdrawn(unit, assessor, candidate):
    first = sign(assessor, unit).lines.get().action
    action_answer(action=first, actor=candidate, words="Brought it.", seen=1)
    sign(assessor, unit)
    assert record_of(first).state == ActionState.ANSWERED
