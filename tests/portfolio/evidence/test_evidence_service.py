"""Evidence is added, corrected and removed; what the service refuses the database refuses as well."""

import datetime
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from centres.services.people import role_end
from portfolio.evidence.services import EvidenceDetails, evidence_add, evidence_correct, evidence_remove
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion, StagedFile, StoredFile
from portfolio.models.evidence import stored_path
from record.errors import ChangedMeanwhile
from record.models import Event
from tests.cast import add_evidence, claims_make, claims_withdraw
from tests.portfolio.files.arrivals import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PDF = pdf()
SAID: dict[str, Any] = {
    "title": "Complaints log of the counter, March",
    "kind": "work_product",
    "setting": "real_job",
    "happened_from": datetime.date(2026, 3, 2),
}


def details(**said):
    return EvidenceDetails(**SAID | said)


def stage(registration, user, name="letter.pdf", content=PDF) -> StagedFile:
    return file_stage(registration=registration, user=user, incoming=IncomingFile.from_content(name, content))


def add(registration, actor, *, staged=(), form_key=None, **said) -> Evidence:
    return evidence_add(
        registration=registration,
        actor=actor,
        form_key=form_key or uuid.uuid4(),
        details=details(**said),
        staged=staged,
    )


def correct(evidence, actor, *, seen=1, keep=(), staged=(), **said) -> EvidenceVersion:
    return evidence_correct(
        evidence=evidence, actor=actor, seen=seen, details=details(**said), keep=keep, staged=staged
    )


@pytest.fixture
def piece(unit, candidate) -> Evidence:
    """Evidence 1, with one file."""
    return add(unit.registration, candidate, staged=[stage(unit.registration, candidate)])


def kinds(registration) -> list[str]:
    return [event.kind for event in Event.objects.filter(chain=registration.chain).order_by("sequence")]


# --- Adding -------------------------------------------------------------------------------------------


def test_a_piece_takes_the_next_number_and_the_files_that_arrived(unit, candidate):
    first = add(unit.registration, candidate, staged=[stage(unit.registration, candidate)])
    second = add_evidence(unit.registration, candidate)
    assert (first.number, second.number) == (1, 2)
    assert [file.name for file in first.versions.get().files.all()] == ["letter.pdf"]
    assert not StagedFile.objects.exists()
    assert kinds(unit.registration)[-2:] == ["evidence.added", "evidence.added"]


def test_a_number_is_never_given_again(unit, candidate):
    evidence_remove(evidence=add_evidence(unit.registration, candidate), actor=candidate)
    assert add_evidence(unit.registration, candidate).number == 2


def test_the_same_form_sent_twice_makes_one_piece(unit, candidate):
    form_key = uuid.uuid4()
    first = add(unit.registration, candidate, form_key=form_key, staged=[stage(unit.registration, candidate)])
    again = add(unit.registration, candidate, form_key=form_key, staged=[stage(unit.registration, candidate)])
    assert again == first
    assert Evidence.objects.count() == 1
    assert not StagedFile.objects.exists()


def test_the_assessor_of_a_unit_adds_records_of_their_own(unit, assessor):
    assert add_evidence(unit.registration, assessor, kind="observation").author == assessor


@pytest.mark.parametrize("person", ["verifier", "coordinator", "outsider"])
def test_others_add_nothing_of_their_own(person, unit, request):
    with pytest.raises(PermissionDenied):
        add_evidence(unit.registration, request.getfixturevalue(person))
    assert not Evidence.objects.exists()


def test_who_is_no_candidate_any_more_adds_nothing(unit, candidate, coordinator, centre):
    role_end(membership=candidate.memberships.get(centre=centre), actor=coordinator)
    with pytest.raises(PermissionDenied):
        add_evidence(unit.registration, candidate)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title": ""}, "cannot be blank"),
        ({"title": " \n "}, "cannot be blank"),
        ({"title": "x" * 5001}, "at most 5000 characters"),
        ({"title": "\x07\u200b"}, "cannot be blank"),
        ({"kind": "rumour"}, "not a valid choice"),
        ({"setting": "dream"}, "not a valid choice"),
        ({"happened_to": datetime.date(2026, 3, 1)}, "last day is before the first"),
        ({"happened_from": datetime.date(2999, 1, 1)}, "in the future"),
        ({"happened_to": datetime.date(2999, 1, 1)}, "in the future"),
        ({"happened_from": datetime.date(26, 3, 2)}, "in the year 26. Give the year with all four digits"),
        ({"happened_to": datetime.date(26, 3, 2)}, "in the year 26. Give the year with all four digits"),
        ({"location": "Cabinet 3", "relevance": ""}, "Say both"),
        ({"location": "", "relevance": "Shows it"}, "Say both"),
        ({"location": "x" * 501, "relevance": "Shows it"}, "at most 500 characters"),
        ({"location": "", "relevance": ""}, "Add a file, write it here, or say where"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(said, sentence, unit, candidate):
    with pytest.raises(ValidationError, match=sentence):
        add_evidence(unit.registration, candidate, **said)
    assert not Evidence.objects.exists()
    assert "evidence.added" not in kinds(unit.registration)


def test_words_are_stored_in_one_form(unit, candidate):
    piece = add_evidence(unit.registration, candidate, title="  Cafe\u0301\r\nlog ")
    assert piece.versions.get().title == "Café\nlog"


@pytest.mark.parametrize("title", ["x" * 5000, "W" * 300, "<script>alert(1)</script>", "شكاوى العملاء"])
def test_any_words_of_up_to_5000_characters_are_kept_as_typed(title, unit, candidate):
    assert add_evidence(unit.registration, candidate, title=title).versions.get().title == title


def test_today_is_the_day_at_the_centre(unit, candidate, centre):
    centre.time_zone = "Pacific/Kiritimati"  # where every day begins
    centre.save()
    today = timezone.localdate(timezone=ZoneInfo(centre.time_zone))
    add_evidence(unit.registration, candidate, happened_from=today)
    with pytest.raises(ValidationError):
        add_evidence(unit.registration, candidate, happened_from=today + datetime.timedelta(days=1))


def test_who_is_no_assessor_any_more_adds_nothing(unit, assessor, coordinator):
    role_end(membership=assessor.memberships.get(), actor=coordinator)
    with pytest.raises(PermissionDenied):
        add_evidence(unit.registration, assessor, kind="observation")
    assert not Evidence.objects.exists()


def test_a_file_that_another_person_sent_is_refused(unit, candidate, assessor):
    with pytest.raises(PermissionDenied):
        add(unit.registration, candidate, staged=[stage(unit.registration, assessor)])
    assert not Evidence.objects.exists()
    assert StagedFile.objects.get().user == assessor


def test_a_file_that_another_person_sent_is_refused_in_a_correction_too(piece, unit, candidate, assessor):
    theirs = stage(unit.registration, assessor, "theirs.pdf", PDF + b"\n")
    with pytest.raises(PermissionDenied):
        correct(piece, candidate, staged=[theirs])
    assert piece.versions.count() == 1
    assert StagedFile.objects.get() == theirs


def test_a_file_that_is_gone_is_asked_for_again(unit, candidate):
    staged = stage(unit.registration, candidate)
    StagedFile.objects.all().delete()
    with pytest.raises(ValidationError, match="Choose it again"):
        add(unit.registration, candidate, staged=[staged])
    assert not Evidence.objects.exists()


def test_the_event_falls_with_the_change(unit, candidate):
    before = kinds(unit.registration)
    with pytest.raises(RuntimeError), transaction.atomic():
        add_evidence(unit.registration, candidate)
        raise RuntimeError
    assert not Evidence.objects.exists()
    assert kinds(unit.registration) == before


# --- Correcting ---------------------------------------------------------------------------------------


def test_a_correction_is_a_new_version_and_the_old_one_stays(piece, candidate):
    kept = list(piece.versions.get().files.all())
    added = stage(piece.registration, candidate, "second.pdf", pdf("second"))
    version = correct(piece, candidate, title="Another title", keep=kept, staged=[added])
    assert version.number == 2
    assert [file.name for file in version.files.all()] == ["letter.pdf", "second.pdf"]
    old = piece.versions.get(number=1)
    assert (old.title, old.files.count()) == (SAID["title"], 1)
    assert kinds(piece.registration)[-1] == "evidence.corrected"


def test_a_file_can_be_left_out(piece, candidate):
    added = stage(piece.registration, candidate, "second.pdf", pdf("second"))
    version = correct(piece, candidate, keep=[], staged=[added])
    assert [file.name for file in version.files.all()] == ["second.pdf"]
    assert EvidenceFile.objects.filter(version__number=1).count() == 1


def test_a_piece_needs_a_file_or_a_place(piece, candidate):
    with pytest.raises(ValidationError, match="Add a file"):
        correct(piece, candidate, keep=[])
    assert piece.versions.count() == 1


def test_saving_without_a_change_makes_no_version(piece, candidate):
    latest = piece.versions.get()
    assert correct(piece, candidate, keep=list(latest.files.all())) == latest
    assert "evidence.corrected" not in kinds(piece.registration)


def test_a_correction_sent_twice_makes_one_version(piece, candidate):
    kept = list(piece.versions.get().files.all())
    first = correct(piece, candidate, title="Another title", keep=kept)
    assert correct(piece, candidate, title="Another title", keep=kept) == first
    assert piece.versions.count() == 2


def test_a_page_that_is_out_of_date_saves_nothing(piece, candidate):
    kept = list(piece.versions.get().files.all())
    correct(piece, candidate, title="Said in one window", keep=kept)
    with pytest.raises(ChangedMeanwhile, match="This evidence was changed since"):
        correct(piece, candidate, title="Said in another", keep=kept)
    assert piece.versions.latest("number").title == "Said in one window"


@pytest.mark.parametrize("person", ["assessor", "verifier", "coordinator", "outsider"])
def test_only_who_made_a_piece_corrects_it(person, piece, request):
    with pytest.raises(PermissionDenied):
        correct(piece, request.getfixturevalue(person), title="Mine now")


def test_a_file_of_another_piece_cannot_be_kept(piece, candidate):
    other = add(piece.registration, candidate, staged=[stage(piece.registration, candidate, "b.pdf", pdf("b"))])
    with pytest.raises(ValidationError, match="does not belong to this evidence"):
        correct(piece, candidate, title="New", keep=list(other.versions.get().files.all()))
    assert piece.versions.count() == 1


def test_a_removed_piece_is_not_corrected(evidence, candidate):
    evidence_remove(evidence=evidence, actor=candidate)
    with pytest.raises(ValidationError, match="was removed"):
        correct(evidence, candidate, title="New")


# --- Removing -----------------------------------------------------------------------------------------


def test_what_was_never_claimed_goes_with_its_files(piece, candidate, django_capture_on_commit_callbacks):
    path = stored_path(StoredFile.objects.get())
    with django_capture_on_commit_callbacks(execute=True):
        evidence_remove(evidence=piece, actor=candidate)
    piece.refresh_from_db()
    assert piece.removed_at
    assert not StoredFile.objects.exists()
    assert not path.exists()
    assert kinds(piece.registration)[-1] == "evidence.removed"


def test_removing_it_twice_does_nothing(evidence, candidate):
    evidence_remove(evidence=evidence, actor=candidate)
    evidence_remove(evidence=evidence, actor=candidate)
    assert kinds(evidence.registration).count("evidence.removed") == 1


def test_a_claimed_piece_is_not_removed(piece, unit, candidate, b10):
    criterion = b10.criteria.get(code="B10.1.1")
    claims_make(unit=unit, evidence=piece, actor=candidate, wanted={criterion: ""})
    with pytest.raises(ValidationError, match=r"Evidence 1 is claimed for B10\.1\.1\. Take those claims back first\."):
        evidence_remove(evidence=piece, actor=candidate)
    piece.refresh_from_db()
    assert piece.removed_at is None


def test_what_was_once_claimed_keeps_its_files(piece, unit, candidate, b10):
    criterion = b10.criteria.get(code="B10.1.1")
    claims_make(unit=unit, evidence=piece, actor=candidate, wanted={criterion: ""})
    claims_withdraw(unit=unit, evidence=piece, actor=candidate)
    evidence_remove(evidence=piece, actor=candidate)
    assert EvidenceFile.objects.count() == 1


@pytest.mark.parametrize("person", ["assessor", "verifier", "coordinator", "outsider"])
def test_only_who_made_a_piece_removes_it(person, piece, request):
    with pytest.raises(PermissionDenied):
        evidence_remove(evidence=piece, actor=request.getfixturevalue(person))


# --- What the database refuses by itself --------------------------------------------------------------


def refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_no_number_twice_and_no_form_twice(evidence, candidate):
    same = {"registration": evidence.registration, "author": candidate, "added_at": timezone.now()}
    refused(lambda: Evidence.objects.create(number=1, **same))
    refused(lambda: Evidence.objects.create(number=2, form_key=evidence.form_key, **same))


@pytest.mark.parametrize(
    "said",
    [
        {"title": ""},
        {"title": "x" * 5001},
        {"kind": "rumour"},
        {"setting": "dream"},
        {"happened_to": datetime.date(2026, 3, 1)},
        {"location": "Cabinet 3", "relevance": ""},
        {"number": 1},
    ],
    ids=str,
)
def test_no_version_that_says_what_cannot_be(said, evidence, candidate):
    row = SAID | {"number": 2, "evidence": evidence, "author": candidate, "made_at": timezone.now()} | said
    refused(lambda: EvidenceVersion.objects.create(**row))


def test_what_was_said_is_never_changed_or_taken_away(piece):
    version = piece.versions.get()
    refused(lambda: EvidenceVersion.objects.filter(pk=version.pk).update(title="Other words"))
    refused(lambda: Evidence.objects.filter(pk=piece.pk).update(number=7))
    refused(lambda: EvidenceFile.objects.filter(version=version).update(name="other.pdf"))
    refused(lambda: Evidence.objects.filter(pk=piece.pk)._raw_delete("default"))
