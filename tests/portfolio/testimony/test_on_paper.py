"""A testimony by hand: the blank form, and the signed paper that an assessor puts in."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.proof.rows import row_faults
from portfolio.models import EvidenceFile, StagedFile, Testimony, Witness
from portfolio.testimony.blank_on_paper import blank_testimony_of, blank_testimony_pdf
from portfolio.testimony.on_paper import testimony_from_paper
from tests.portfolio.files.arrivals import picture
from tests.portfolio.files.typed import address, words
from tests.portfolio.testimony.asked import ask, give

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def putting_in(unit):
    return address("portfolio:testimony_from_paper", unit.registration, portfolio=unit.registration.uuid)


def form(**said):
    """What an assessor types who has Mary's paper in hand."""
    return {
        "form_key": str(uuid.uuid4()),
        "chosen": SimpleUploadedFile("Paper.jpg", picture(), "image/jpeg"),
        "name": "Mary Jones",
        "role": "Customer",
        "relation": "family",
        "contact": "020 7946 0001",
        "happened_from": "2026-03-02",
        "place": "The collection desk",
        "setting": "real_job",
    } | said


def test_a_blank_form_has_the_criteria_and_the_declaration_and_prints(unit, b10):
    printed = blank_testimony_of(unit)
    asked = {item.text for item in printed.criteria}
    assert b10.criteria.get(code="B10.1.1").text in asked
    assert not asked & set(b10.criteria.filter(kind="knowledge").values_list("text", flat=True))
    assert blank_testimony_pdf(printed).startswith(b"%PDF-")


def test_the_paper_is_evidence_that_names_the_witness_and_who_put_it_in(client, unit, assessor, putting_in, b10):
    criterion = b10.criteria.get(code="B10.1.1")
    client.force_login(assessor)
    answer = client.post(putting_in, form(criteria=str(criterion.uuid)), follow=True)
    testimony = Testimony.objects.get()
    version = testimony.evidence.versions.get()
    assert (version.title, version.kind) == ("Testimony of Mary Jones, Customer, on paper", "witness_testimony")
    assert (testimony.request, testimony.criteria) == (None, [str(criterion.uuid)])
    assert EvidenceFile.objects.get().name == "Paper.jpg"
    shown = words(answer)
    assert "on paper, signed by hand" in shown
    assert "Put in by Ann Assessor" in shown
    assert "member of the family" in shown
    assert "Mary Jones" in words(
        client.get(address("portfolio:witnesses", unit.registration, portfolio=unit.registration.uuid))
    )
    assert [*row_faults(unit.registration.chain, unit.registration)] == []


def test_the_paper_of_a_known_witness_is_put_in_once(client, unit, candidate, assessor, putting_in):
    dave = give(ask(unit.registration, candidate)).evidence.witness
    assert dave
    client.force_login(assessor)
    key = str(uuid.uuid4())
    for _ in range(2):
        sent = form(form_key=key, who=str(dave.uuid), name="", role="", relation="", contact="")
        assert client.post(putting_in, sent).status_code == 302
    assert [one.evidence.witness for one in Testimony.objects.filter(request=None)] == [dave]
    other = client.post(putting_in, form(form_key=key, who="new", name="Mary Jones"))
    assert "This form has put in the testimony of Dave Smith already." in words(other)
    assert StagedFile.objects.get().name == "Paper.jpg"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"chosen": ""}, "Add the paper"),
        ({"role": ""}, "Say what their job is"),
        ({"name": "Pat Candidate"}, "cannot be their own witness"),
        ({"contact": "ivy@harbour.example"}, "never a witness"),
        ({"happened_from": "2999-01-01"}, "This date is in the future."),
        ({"setting": ""}, "Choose where it happened."),
    ],
)
def test_what_cannot_be_put_in_is_said_and_the_paper_is_kept(client, assessor, putting_in, said, sentence):
    client.force_login(assessor)
    answer = client.post(putting_in, form(**said))
    assert sentence in words(answer)
    assert "The collection desk" in answer.content.decode()
    assert StagedFile.objects.count() == (0 if "chosen" in said else 1)
    assert not Testimony.objects.exists()
    assert not Witness.objects.exists()


def test_nobody_but_an_assessor_puts_a_paper_in(unit, candidate, verifier):
    for person in (candidate, verifier):
        with pytest.raises(PermissionDenied):
            testimony_from_paper(
                registration=unit.registration,
                actor=person,
                form_key=uuid.uuid4(),
                given=None,  # type: ignore[arg-type]  # nothing of it is looked at
                setting="real_job",
                staged=[],
            )
