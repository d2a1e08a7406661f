"""The form on which an assessor records: a draft until it is signed, and nothing of it is ever lost."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import AssessorRecord, Judgement, RecordDraft
from portfolio.files.written import written_text
from portfolio.models import Claim, Evidence, EvidenceFile
from portfolio.registrations.services import allocation_end
from standards.published import published_content
from tests.assessments.observations.records import SEEN
from tests.assessments.pages import html_of, signed_in, text_of
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def new_page(unit, **query):
    of = {"centre": unit.registration.centre.uuid}
    return reverse("assessments:observation_new", kwargs=of, query={"unit": unit.uuid, **query})


def page_of(unit, key):
    return reverse("assessments:observation", kwargs={"centre": unit.registration.centre.uuid, "form_key": key})


def tick(unit, code):
    [item] = [item for item in published_content(unit.revision).unit.claimable if item.full_code == code]
    return f"{unit.uuid}_{item.uuid}"


def typed(*units, kind="observation", **changed):
    """What a page sends of an hour at the returns desk in March."""
    said = {
        "kind": kind,
        "unit": [str(unit.uuid) for unit in units],
        "place": "Returns desk",
        "day": "2026-03-03",
        "begins": "10:00",
        "ends": "10:40",
        "medium": "in_person",
        "password": PASSWORD,
    }
    for unit in units:
        said[f"{unit.registration.uuid}-setting"] = "real_job"
        said[f"{unit.registration.uuid}-seen"] = SEEN
    return said | changed


def field_of(page, name, value=""):
    """The tag of a field, by its name, and its value where several have that name."""
    return next(tag for tag in re.findall(r"<input[^>]*>", html_of(page)) if f'name="{name}"' in tag and value in tag)


def offered(page):
    """What the page offers to ask."""
    return re.findall(r'name="ask" value="([^"]*)"', html_of(page))


def test_from_the_form_to_evidence_that_is_judged(unit, assessor):
    client, key = signed_in(assessor), uuid.uuid4()
    empty = client.get(new_page(unit))
    assert "Pat Candidate" in text_of(empty)
    assert "checked" in field_of(empty, "medium", "in_person")
    where = {f"where-{tick(unit, 'B10.1.1')}": "minute 3"}
    answer = client.post(
        page_of(unit, key), typed(unit, claimed=[tick(unit, "B10.1.1"), tick(unit, "B10.1.2")], sign="1", **where)
    )
    assert answer["Location"] == page_of(unit, key)
    page = text_of(client.get(answer["Location"]))
    assert "Signed. It is evidence 1." in page
    assert "Not yet seen by the candidate" in page
    assert Judgement.objects.filter(outcome="met").count() == 2
    assert sorted(Claim.objects.values_list("where", flat=True)) == ["", "minute 3"]
    assert not RecordDraft.objects.exists()


def test_a_draft_comes_back_to_its_author_alone_and_counts_for_nothing(unit, assessor, verifier):
    client, key = signed_in(assessor), uuid.uuid4()
    client.post(page_of(unit, key), typed(unit, claimed=[tick(unit, "B10.1.1")], save="1", place=""))
    page = client.get(page_of(unit, key))
    assert SEEN in text_of(page)
    assert " checked" in field_of(page, "claimed", tick(unit, "B10.1.1"))
    assert " checked" not in field_of(page, "claimed", tick(unit, "B10.1.2"))
    assert "invalid-feedback" not in html_of(page)  # nothing is wrong yet
    assert PASSWORD not in str(RecordDraft.objects.get().fields)
    assert not Evidence.objects.exists()
    assert "Pat Candidate" in text_of(client.get(new_page(unit)))  # among the drafts
    assert signed_in(verifier).get(page_of(unit, key)).status_code == 403
    client.post(page_of(unit, key), {"discard": "1"})
    assert not RecordDraft.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "wrong"}, "That is not your password"),
        ({"password": ""}, "Type your password"),
        ({"place": "  "}, "Say where it was"),
        ({"ends": "09:00"}, "not after its beginning"),
        ({"day": (timezone.now() + datetime.timedelta(days=3)).date().isoformat()}, "in the future"),
        ({"day": "yesterday"}, "Give a date"),
        ({"begins": "soon"}, "Give a time"),
        ({"medium": "live_video"}, "check first who it is"),
        ({"unit": []}, "Choose at least one unit"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(unit, assessor, changed, sentence):
    client, key = signed_in(assessor), uuid.uuid4()
    page = text_of(client.post(page_of(unit, key), typed(unit, sign="1") | changed))
    assert sentence in page
    assert SEEN in page
    assert RecordDraft.objects.get().fields[f"{unit.registration.uuid}-seen"] == [SEEN]
    assert not AssessorRecord.objects.exists()


def test_too_much_text_is_refused_and_stays_in_the_draft(unit, assessor):
    long = "x" * 200_001
    sent = typed(unit, sign="1") | {f"{unit.registration.uuid}-seen": long}
    key = uuid.uuid4()
    assert "200001 characters, and 200000 fit" in text_of(signed_in(assessor).post(page_of(unit, key), sent))
    assert RecordDraft.objects.get().fields[f"{unit.registration.uuid}-seen"] == [long]
    sent[f"{unit.registration.uuid}-seen"] = long[1:]
    signed_in(assessor).post(page_of(unit, key), sent)
    assert AssessorRecord.objects.count() == 1


def test_what_the_unit_does_not_take_is_said_on_the_page_before_it_is_signed(unit, assessor):
    sent = typed(unit, claimed=[tick(unit, "B10.1.1")], sign="1")
    sent[f"{unit.registration.uuid}-setting"] = "simulation"
    page = text_of(signed_in(assessor).post(page_of(unit, uuid.uuid4()), sent))
    assert "this evidence is marked “simulation”" in page
    assert not AssessorRecord.objects.exists()


def test_questions_are_offered_from_what_the_unit_wants_known(unit, assessor):
    client, key = signed_in(assessor), uuid.uuid4()
    [first, *_] = offered(client.get(new_page(unit, kind="questioning")))
    sent = typed(unit, kind="questioning")
    answer = client.post(page_of(unit, key), sent | {"ask": first})
    assert answer["Location"].endswith(f"#id_{unit.registration.uuid}-answered-1")
    page = client.get(answer["Location"])
    question = first.partition("_")[2]
    assert question in field_of(page, f"{unit.registration.uuid}-asked-1")
    assert first not in offered(page)
    pair = {f"{unit.registration.uuid}-asked-1": question, f"{unit.registration.uuid}-answered-1": ""}
    assert "Say what was answered" in text_of(client.post(page_of(unit, key), sent | pair | {"sign": "1"}))
    pair[f"{unit.registration.uuid}-answered-1"] = "Ask the customer first."
    client.post(page_of(unit, key), sent | pair | {"sign": "1"})
    text = written_text(EvidenceFile.objects.get())
    assert f"# {question}\n\nAsk the customer first." in text
    assert Evidence.objects.get().versions.get().kind == "questioning"


def test_prior_learning_asks_for_the_paper_and_a_decision(unit, assessor):
    key, prefix = uuid.uuid4(), unit.registration.uuid
    sent = typed(unit, kind="prior_learning", sign="1") | {f"{prefix}-achieved": "NVQ 2"}
    page = text_of(signed_in(assessor).post(page_of(unit, key), sent))
    assert all(said in page for said in ("Say which paper", "Decide whether it is current", "Say on which day"))
    more = {"achieved_on": "2019-06-01", "paper": "Certificate 77", "is_current": "yes", "reason": "Same job since."}
    signed_in(assessor).post(page_of(unit, key), sent | {f"{prefix}-{name}": said for name, said in more.items()})
    text = written_text(EvidenceFile.objects.get())
    assert all(said in text for said in ("NVQ 2", "Certificate 77", "# Current", "Same job since."))


def test_a_unit_that_is_theirs_no_longer_is_left_out_and_what_was_typed_for_it_stands_there(
    unit, second_unit, assessor, coordinator
):
    allocation_end(allocation=second_unit.allocations.get(), actor=coordinator)
    sent = typed(unit, second_unit, sign="1") | {f"{second_unit.registration.uuid}-seen": "Otto rang."}
    page = text_of(signed_in(assessor).post(page_of(unit, uuid.uuid4()), sent))
    assert "You do not assess every unit any more" in page
    assert "Otto rang." in page
    assert not AssessorRecord.objects.exists()


def test_what_was_typed_of_somebody_who_is_not_chosen_is_shown_once_more_before_anything_is_signed(
    unit, second_unit, assessor
):
    client, key = signed_in(assessor), uuid.uuid4()
    sent = typed(unit, sign="1")
    page = text_of(client.post(page_of(unit, key), sent | {f"{second_unit.registration.uuid}-seen": "Otto rang."}))
    assert "Otto rang." in page
    assert not AssessorRecord.objects.exists()
    client.post(page_of(unit, key), sent)  # the page does not send it again
    assert AssessorRecord.objects.get().parts.count() == 1


def test_a_unit_that_was_signed_off_meanwhile_is_marked(assessed_unit, assessor):
    before = Evidence.objects.count()
    sent = typed(assessed_unit, claimed=[tick(assessed_unit, "B10.1.1")], sign="1")
    page = text_of(signed_in(assessor).post(page_of(assessed_unit, uuid.uuid4()), sent))
    assert "Nothing is judged in this unit any more" in page
    assert Evidence.objects.count() == before


def test_sent_again_it_is_signed_once_and_what_differs_is_kept_as_another(unit, assessor):
    client, key = signed_in(assessor), uuid.uuid4()
    sent = typed(unit, sign="1")
    for _ in range(2):
        client.post(page_of(unit, key), sent)
    assert (AssessorRecord.objects.count(), RecordDraft.objects.count()) == (1, 0)
    sent[f"{unit.registration.uuid}-seen"] = "And a second customer."
    page = text_of(client.post(page_of(unit, key), sent, follow=True))
    assert "it is kept here, and not signed" in page
    assert "And a second customer." in page
    assert AssessorRecord.objects.count() == 1


def test_units_of_others_are_not_offered(unit, second_unit, centre, assessor, coordinator):
    allocation_end(allocation=second_unit.allocations.get(), actor=coordinator)
    page = text_of(signed_in(assessor).get(reverse("assessments:observation_new", kwargs={"centre": centre.uuid})))
    assert "Pat Candidate" in page
    assert "Otto" not in page
