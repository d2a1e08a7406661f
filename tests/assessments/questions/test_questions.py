"""The question bank: added, reworded and retired by those who assess or verify, and asked with one tap."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from assessments.models import Question
from assessments.questions import selectors
from assessments.questions.services import question_add, question_retire, question_reword, stamp
from portfolio.files.written import written_text
from portfolio.models import EvidenceFile
from record.errors import ChangedMeanwhile, InvalidTransition
from standards.models import Criterion, UnitRevision
from standards.published import published_content
from tests.assessments.observations.test_record_page import field_of, new_page, offered, page_of, typed
from tests.assessments.pages import html_of, signed_in, text_of
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

URGENT = "What do you do if the customer cannot wait?"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR, settings.INCOMING_DIR = tmp_path / "files", tmp_path / "incoming"


@pytest.fixture
def add(centre, b10, assessor):
    """Let Ann add a question to the bank of B10."""

    def add(words=URGENT, knowledge=(), actor=assessor, revision=b10):
        return question_add(centre=centre, actor=actor, revision=revision, words=words, knowledge=knowledge)

    return add


def bank_page(centre, revision, **query):
    named = {"centre": centre.uuid, "revision": revision.uuid}
    return reverse("assessments:questions_of_unit", kwargs=named, query=query)


def question_page(question):
    return reverse("assessments:question", args=[question.centre.uuid, question.uuid])


def items(revision):
    return selectors.knowledge_items(published_content(revision))


def test_a_question_is_added_offered_under_its_item_and_asked_in_the_words_it_had(
    unit, centre, b10, assessor, verifier
):
    second = items(b10)[1]
    sent = {"words": f" {URGENT}\n", "knowledge": [second.position]}
    answer = signed_in(verifier).post(bank_page(centre, b10), sent, follow=True)
    assert URGENT in text_of(answer)
    client, key, prefix = signed_in(assessor), uuid.uuid4(), unit.registration.uuid
    for kind in ("questioning", "professional_discussion"):
        page = html_of(client.get(new_page(unit, kind=kind)))
        assert page.index(second.text) < page.index(f"{prefix}_{URGENT}")
        assert page.index(f"{prefix}_{URGENT}") < page.index(f"{prefix}_{items(b10)[2].text}")
    sent = typed(unit, kind="questioning")
    answer = client.post(page_of(unit, key), sent | {"ask": f"{prefix}_{URGENT}"})
    asking = client.get(answer["Location"])
    assert URGENT in field_of(asking, f"{prefix}-asked-1")
    assert f"{prefix}_{URGENT}" not in offered(asking)
    pair = {f"{prefix}-asked-1": URGENT, f"{prefix}-answered-1": "I take it to the manager."}
    client.post(page_of(unit, key), sent | pair | {"sign": "1"})
    question = Question.objects.get()
    new = {"words": "Who helps you when it is urgent?", "seen": stamp(question)}
    assert "Who helps you" in text_of(client.post(question_page(question), new, follow=True))
    assert f"# {URGENT}" in written_text(EvidenceFile.objects.get())


def test_a_retired_question_is_offered_no_more_and_may_be_asked_anew(add, unit, assessor):
    question = add()
    page = signed_in(assessor).post(question_page(question), {"retire": "1", "words": ""}, follow=True)
    assert "Retired: asked no more" in text_of(page)
    assert not any(URGENT in one for one in offered(signed_in(assessor).get(new_page(unit, kind="questioning"))))
    question_retire(question=question, actor=assessor)
    with pytest.raises(InvalidTransition, match="retired meanwhile"):
        question_reword(question=question, actor=assessor, words="Other", knowledge=[], seen=stamp(question))
    assert add().pk != question.pk


def test_the_same_question_twice_is_one_and_with_other_knowledge_is_refused(add, b10):
    assert add().pk == add().pk
    with pytest.raises(ValidationError, match="asks this in the unit already"):
        add(knowledge=[items(b10)[0].position])
    with pytest.raises(ValidationError):
        add(words=" \n")
    with pytest.raises(ValidationError):
        add(words="x" * 501)
    with pytest.raises(ValidationError, match="no such knowledge"):
        add(words="Other", knowledge=[999])
    assert Question.objects.count() == 1


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_question_at_once_add_it_once(add, verifier):
    assert not [one for one in at_once(add, lambda: add(actor=verifier)) if isinstance(one, Exception)]
    assert Question.objects.count() == 1


def test_who_rewords_what_somebody_else_reworded_sees_both_and_decides(add, assessor, verifier):
    question = add()
    seen = stamp(question)
    question_reword(question=question, actor=verifier, words="Hers", knowledge=[], seen=seen)
    with pytest.raises(ChangedMeanwhile):
        question_reword(question=question, actor=assessor, words="Mine", knowledge=[], seen=seen)
    client = signed_in(assessor)
    page = html_of(client.post(question_page(question), {"words": "Mine", "seen": seen}))
    assert "changed since you opened the page" in page
    assert "It says now: Hers" in page
    assert "Mine" in page
    client.post(question_page(question), {"words": "Mine", "seen": stamp(Question.objects.get())})
    assert Question.objects.get().words == "Mine"


def test_a_new_wording_of_the_unit_keeps_what_is_asked_for_items_that_say_the_same(add, centre, b10):
    first, second, *_ = items(b10)
    question = add(knowledge=[first.position, second.position])
    newer = UnitRevision.objects.create(
        unit=b10.unit, number=b10.number + 1, title=b10.title, published_at=timezone.now()
    )
    for position, text in ((1, second.text), (2, "Something new")):
        Criterion.objects.create(
            revision=newer, kind="knowledge", position=position, code=str(position), text=text, is_tickable=True
        )
    [asked] = selectors.questions_of(centre, [published_content(newer)])[newer.pk]
    assert (asked.question, [item.position for item in asked.items]) == (question, [1])


def test_nobody_else_keeps_questions_and_no_other_centre_sees_them(add, centre, candidate, coordinator, outsider, unit):
    question = add()
    for other in (candidate, coordinator, outsider):
        with pytest.raises(PermissionDenied):
            add(actor=other)
        with pytest.raises(PermissionDenied):
            question_retire(question=question, actor=other)
    theirs = outsider.memberships.first().centre
    page = reverse("assessments:question", args=[theirs.uuid, question.uuid])
    assert signed_in(outsider).get(page).status_code == 404


def test_many_questions_are_found_by_a_word(add, unit, centre, b10, assessor):
    for number in range(70):
        add(words=f"Question {number}: what then?")
    add(words="What of a refund?")
    client, prefix = signed_in(assessor), unit.registration.uuid
    page = text_of(client.get(new_page(unit, kind="questioning")))
    assert "11 more questions of your centre" in page
    key = uuid.uuid4()
    sent = typed(unit, kind="questioning", find="REFUND", find_question=str(prefix))
    answer = client.post(page_of(unit, key), sent)
    assert answer["Location"].endswith(f"#asks-{prefix}")
    assert offered(client.get(answer["Location"])) == [f"{prefix}_What of a refund?"]
    assert "Page 1 of 2" in text_of(client.get(bank_page(centre, b10)))
    assert "Question 1:" not in text_of(client.get(bank_page(centre, b10, find="refund")))
    listed = reverse("assessments:questions", args=[centre.uuid])
    assert "71 questions" in text_of(client.get(listed, {"find": "refund"}))
    assert "No unit of your centre" in text_of(client.get(listed, {"find": "zebra"}))
