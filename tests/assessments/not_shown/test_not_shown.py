"""A range item that a workplace cannot show: said by the assessor, agreed by the verifier, settled then and printed."""

import json
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.grid.grid import grid_of
from assessments.models import NotShown, Signature, Stage, UnitProgress
from assessments.not_shown.services import not_shown_answer, not_shown_end, not_shown_state
from assessments.proof.check import RecordCheck
from assessments.recording_form.form import recording_form
from assessments.signing.services import unit_sign_off, unit_submit
from assessments.standing.readiness import in_short, readiness
from assessments.standing.unit_record import unit_record
from assessments.standing.worked_out import differences
from notices.models import Notice
from portfolio.models import Capacity, Participation
from portfolio.registrations.services import allocate, units_add
from record.errors import ChangedMeanwhile, InvalidTransition
from standards.content import CriterionContent, ElementContent, FrameworkContent, UnitContent
from standards.published import published_content
from standards.services.publishing import unit_publish
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.assessments.steps import answer, events, judge, open_version
from tests.cast import PASSWORD, claim_make, seen
from tests.notices.post import told

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

WHY = "The shop has no telephone."
RANGED = UnitContent(
    framework=FrameworkContent(code="made-up", title="Made up", publisher="Nobody", edition="1"),
    code="R1",
    title="A unit with a range",
    level=2,
    elements=(ElementContent(position=1, number="1", title="Serve"),),
    criteria=(
        CriterionContent(
            kind="performance", position=1, code="1.1", full_code="1.1", text="Greet customers", element="1"
        ),
        CriterionContent(
            kind="range", position=1, code="A", full_code="A", text="Served", is_tickable=False, range_elements=("1",)
        ),
        CriterionContent(
            kind="range", position=2, code="i", full_code="A.i", text="at the desk", parent=1, range_elements=("1",)
        ),
        CriterionContent(
            kind="range", position=3, code="ii", full_code="A.ii", text="by telephone", parent=1, range_elements=("1",)
        ),
    ),
)


@pytest.fixture
def ranged(unit, evidence, coordinator, candidate, assessor, verifier):
    """Pat's unit with a range, submitted; all of it is claimed and judged met but "by telephone"."""
    revision = unit_publish(content=RANGED)
    assert revision is not None
    [added] = units_add(registration=unit.registration, actor=coordinator, revisions=[revision])
    allocate(unit=added, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    allocate(unit=added, actor=coordinator, user=verifier, capacity=Capacity.INTERNAL_VERIFIER)
    for criterion in revision.criteria.filter(text__in=["Greet customers", "at the desk"]):
        claim_make(unit=added, evidence=evidence, criterion=criterion, where="page 3", actor=candidate)
    unit_submit(unit=added, actor=candidate, password=PASSWORD, seen=seen(added))
    judge(unit=added, actor=assessor, answers=[answer(added, 0), answer(added, 1)])
    return added


def item_of(unit, words="by telephone"):
    return next(item for item in published_content(unit.revision).unit.criteria if item.text == words)


def missing(unit) -> list[str]:
    """What the sign-off still asks for, which the grid says too; what is kept must be what the rows give."""
    assert [*differences([unit])] == []
    facts = unit_record(unit).facts
    said = in_short(readiness(facts, Stage.SIGN_OFF), facts)
    assert len(grid_of(unit, all_pieces=False).missing) == len(said)
    return said


def state(unit, actor, words="by telephone", reason=WHY):
    return not_shown_state(unit=unit, actor=actor, item=item_of(unit, words), reason=reason)


def test_it_is_settled_once_the_verifier_agrees_and_then_signed_and_printed(ranged, assessor, verifier):
    assert missing(ranged) == ["Not claimed: range A (ii)."]
    said = state(ranged, assessor)
    assert told(verifier)[-1] == "not_shown"
    assert missing(ranged) == ["Waiting for the internal verifier to agree that it cannot be shown: range A (ii)."]
    assert UnitProgress.objects.get(pk=ranged).missing == 1
    with pytest.raises(ValidationError, match="Waiting for the internal verifier"):
        unit_sign_off(unit=ranged, actor=assessor, password=PASSWORD, seen=seen(ranged))

    shown = seen(ranged)
    not_shown_answer(said=said, actor=verifier, agrees=True, reference="AB/2026/17")
    assert told(assessor)[-1] == "not_shown_said"
    assert not Notice.objects.unseen().filter(person=verifier, kind="not_shown").exists()
    assert missing(ranged) == []
    progress = UnitProgress.objects.get(pk=ranged)
    assert (progress.total, progress.met, progress.missing) == (2, 2, 0)
    assert grid_of(ranged, all_pieces=False).progress.percent == 100
    with pytest.raises(ChangedMeanwhile):  # nobody signs what they did not see
        unit_sign_off(unit=ranged, actor=assessor, password=PASSWORD, seen=shown)
    given = unit_sign_off(unit=ranged, actor=assessor, password=PASSWORD, seen=seen(ranged))
    assert events(ranged)[-3:] == ["not_shown.stated", "not_shown.agreed", "unit.assessed"]

    document = json.loads(given.document.body)
    [printed] = recording_form(document, digest=given.document.digest).not_shown
    assert (printed.item, printed.reason) == ("Range A (ii): by telephone", WHY)
    day = f"{timezone.localtime(said.answer.made_at):%-d %b %Y}"
    assert printed.agreed.replace("\u2068", "").replace("\u2069", "") == (
        f"Not shown, agreed by Ivy Verifier on {day}, awarding body’s reference AB/2026/17"
    )
    assert list(RecordCheck().faults()) == []


def test_grid_and_unit_page_say_that_it_need_not_be_shown_and_who_agreed(ranged, assessor, verifier, candidate):
    pages = [address("grid", ranged), address("unit", ranged)]
    said = state(ranged, assessor)
    waits = "Said by Ann Assessor not to be shown: the internal verifier has not answered yet"
    for page in pages:
        assert waits in text_of(signed_in(candidate).get(page))
    assert "Need not be shown" not in text_of(signed_in(candidate).get(pages[0]))
    not_shown_answer(said=said, actor=verifier, agrees=True, reference="AB/2026/17")
    day = f"{timezone.localtime(said.answer.made_at):%-d %B %Y}"
    for page in pages:
        html = html_of(signed_in(candidate).get(page))
        assert f"Need not be shown: agreed by Ivy Verifier, {day}" in html
        assert re.search(r'<li id=range-3 class=" agreed">.*?<i>Need not be shown</i>', html)
    assert "1 of 1 met, 1 needs not be shown" in text_of(signed_in(candidate).get(pages[1]))
    assert '<th scope=col class=" agreed">' in html_of(signed_in(candidate).get(pages[0]))
    not_shown_end(said=said, actor=verifier)
    assert "agreed" not in html_of(signed_in(candidate).get(pages[0]))


def test_a_signed_document_proves_that_it_was_agreed(ranged, assessor, verifier):
    not_shown_answer(said=state(ranged, assessor), actor=verifier, agrees=True, reference="AB/2026/17")
    unit_sign_off(unit=ranged, actor=assessor, password=PASSWORD, seen=seen(ranged))
    NotShown.objects.update(ended_at=timezone.now())  # behind the back of the product
    assert any("Its not shown differ from what was signed" in fault for fault in RecordCheck().faults())


def test_what_is_not_agreed_to_must_be_shown_and_the_assessor_reads_why(ranged, assessor, verifier, candidate):
    said = state(ranged, assessor)
    not_shown_answer(said=said, actor=verifier, agrees=False, why_not="The office next door has one.")
    assert missing(ranged) == ["Not claimed: range A (ii)."]
    assert "The office next door has one." in text_of(signed_in(assessor).get(address("not_shown", ranged)))
    assert "next door" not in text_of(signed_in(candidate).get(address("unit", ranged)))
    state(ranged, assessor, reason="That one is broken.")  # and may be said again
    assert list(RecordCheck().faults()) == []


def test_either_side_ends_it_until_the_unit_is_signed_off(ranged, assessor, verifier):
    said = state(ranged, assessor)
    not_shown_end(said=said, actor=assessor)
    with pytest.raises(ChangedMeanwhile):
        not_shown_answer(said=said, actor=verifier, agrees=True, reference="AB")
    said = state(ranged, assessor)
    not_shown_answer(said=said, actor=verifier, agrees=True, reference="AB")
    with pytest.raises(ChangedMeanwhile):
        not_shown_answer(said=said, actor=verifier, agrees=True, reference="AB")
    not_shown_end(said=said, actor=verifier)
    assert missing(ranged) == ["Not claimed: range A (ii)."]
    said = state(ranged, assessor)
    not_shown_answer(said=said, actor=verifier, agrees=True, reference="AB")
    unit_sign_off(unit=ranged, actor=assessor, password=PASSWORD, seen=seen(ranged))
    for act in (lambda: not_shown_end(said=said, actor=verifier), lambda: state(ranged, assessor)):
        with pytest.raises(InvalidTransition, match="This unit is assessed now"):
            act()
    assert Signature.objects.filter(stage="sign_off").exists()


@pytest.mark.parametrize(
    ("words", "reason", "refusal"),
    [
        ("Greet customers", WHY, "Only an item of the range"),
        ("Served", WHY, "Only an item of the range"),  # the heading over its items
        ("at the desk", WHY, "judged met"),
        ("by telephone", "  ", "This field cannot be blank"),
    ],
)
def test_nothing_else_is_left_out(words, reason, refusal, ranged, assessor):
    with pytest.raises(ValidationError, match=refusal):
        state(ranged, assessor, words, reason)
    assert not NotShown.objects.exists()


def test_it_is_said_once_by_an_assessor_and_answered_by_the_verifier(ranged, assessor, verifier, candidate):
    for person in (verifier, candidate):
        with pytest.raises(PermissionDenied):
            state(ranged, person)
    said = state(ranged, assessor)
    with pytest.raises(ValidationError, match="This is said of it already"):
        state(ranged, assessor)
    for person in (assessor, candidate):
        with pytest.raises(PermissionDenied):
            not_shown_answer(said=said, actor=person, agrees=True, reference="AB")
    with pytest.raises(PermissionDenied):
        not_shown_end(said=said, actor=candidate)
    with pytest.raises(ValidationError, match="Give the reference"):
        not_shown_answer(said=said, actor=verifier, agrees=True, reference="")
    with pytest.raises(ValidationError, match="Say why"):
        not_shown_answer(said=said, actor=verifier, agrees=False, reference="AB")
    assert not Participation.objects.filter(candidate_unit=ranged, user=verifier).exists()


def test_the_database_takes_none_for_a_criterion(ranged, assessor):
    said = state(ranged, assessor)
    wrong = NotShown(candidate_unit=ranged, author=said.author, reason=WHY, made_at=timezone.now())
    wrong.criterion_id = item_of(ranged, "Greet customers").pk
    with pytest.raises(IntegrityError, match="an item of its range"), transaction.atomic():
        wrong.save()


def test_assessor_and_verifier_do_it_on_their_pages(ranged, assessor, verifier, candidate):
    browser = signed_in(assessor)
    url = address("not_shown", ranged)
    item = item_of(ranged)
    form = html_of(browser.get(url))
    assert f'<option value="{item.anchor}">range A (ii): by telephone</option>' in form
    assert "Choose the item of the range." in text_of(browser.post(url, {"reason": WHY}))
    refused = html_of(browser.post(url, {"item": "performance-1", "reason": WHY}))
    assert "This unit has no such item" in refused
    assert WHY in refused  # what was typed is kept
    browser.post(url, {"item": item.anchor, "reason": WHY})
    said = NotShown.objects.get()

    home = html_of(signed_in(verifier).get("/"))
    assert "the assessor says that part of its range cannot be shown" in home
    assert f"{address('unit', ranged)}#not-shown" in home
    one = address("not_shown_answer", ranged, said=said.uuid)
    assert one in html_of(signed_in(verifier).get(address("unit", ranged)))
    assert one not in html_of(signed_in(candidate).get(address("unit", ranged)))
    for sent, words in (
        ({}, "Choose one of the two."),
        ({"answer": "agrees"}, "Give the reference under which the awarding body permits it."),
        ({"answer": "does_not"}, "Say why, so that the assessor knows what to do."),
        ({"answer": "agrees", "reference": "x" * 201}, "at most 200 characters"),
    ):
        assert words in text_of(signed_in(verifier).post(one, sent))
    assert signed_in(assessor).post(one, {"answer": "agrees", "reference": "AB"}).status_code == 403
    signed_in(verifier).post(one, {"answer": "agrees", "reference": "AB/2026/17"})
    assert "#not-shown" not in html_of(signed_in(verifier).get("/"))
    words = text_of(signed_in(candidate).get(address("unit", ranged)))
    assert "Agreed by Ivy Verifier" in words
    assert "awarding body’s reference AB/2026/17" in words
    signed_in(assessor).post(one, {"end": "1"})
    assert missing(ranged) == ["Not claimed: range A (ii)."]
    late = text_of(signed_in(verifier).post(one, {"end": "1"}))
    assert "This was changed since you opened the page." in late
    assert open_version(ranged).state == "submitted"
