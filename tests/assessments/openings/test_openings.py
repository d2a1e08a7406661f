"""What was opened: the viewer tells it, the signing page shows it, and the signed document holds it."""

import datetime
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Opening, Stage
from assessments.openings.looked_at import looked_at
from assessments.signing.services import unit_countersign, unit_sign_off
from portfolio.files.services import bytes_store
from portfolio.models import EvidenceFile
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, judge_in_bulk, seen

pytestmark = pytest.mark.django_db

UNOPENED = "Not opened by an assessor"


@pytest.fixture
def letter(evidence, settings, tmp_path):
    settings.FILES_DIR, settings.INCOMING_DIR = tmp_path / "files", tmp_path / "incoming"
    stored = bytes_store(centre=evidence.registration.centre, content=b"Thank you.")
    return EvidenceFile.objects.create(
        version=evidence.versions.get(), stored_file=stored, name="thanks.txt", position=1, content_type="text/plain"
    )


def opened(person, file):
    centre = file.version.evidence.registration.centre
    where = reverse("assessments:file_opened", kwargs={"centre": centre.uuid, "file": file.uuid})
    return signed_in(person).post(where).status_code


def test_an_assessor_is_asked_to_notice_what_nobody_opened_and_not_once_it_was(letter, judged_unit, assessor, verifier):
    page = text_of(signed_in(assessor).get(address("sign", judged_unit)))
    assert UNOPENED in page
    assert "Nobody who assesses has opened any of this evidence" in page

    assert opened(verifier, letter) == 204  # who verifies does not assess
    page = text_of(signed_in(assessor).get(address("sign", judged_unit)))
    assert UNOPENED in page
    assert f"Opened by {verifier.name}" in page

    assert opened(assessor, letter) == 204
    page = text_of(signed_in(assessor).get(address("sign", judged_unit)))
    assert UNOPENED not in page
    assert f"Opened by {assessor.name}" in page


def test_of_several_files_it_says_how_many(letter, judged_unit, assessor):
    EvidenceFile.objects.create(
        version=letter.version, stored_file=letter.stored_file, name="b.txt", position=2, content_type="text/plain"
    )
    opened(assessor, letter)
    assert f"1 of 2 opened by {assessor.name}" in text_of(signed_in(assessor).get(address("sign", judged_unit)))


def test_what_is_kept_elsewhere_was_seen_at_the_workplace(unit, candidate, assessor, submitted_unit):
    piece = add_evidence(unit.registration, candidate, location="Office, green file", relevance="The log of returns")
    claim_in_bulk(unit, [piece])
    judge_in_bulk(unit, assessor)
    client = signed_in(assessor)
    judging = address("judge", unit, evidence=piece.uuid)
    assert "I saw it at the workplace" in html_of(client.get(judging))

    answer = client.post(address("seen", unit, evidence=piece.uuid), {"version": "1"}, follow=True)

    assert "You saw it at the workplace, " in text_of(answer)
    assert f"Seen at the workplace by {assessor.name}" in text_of(client.get(address("sign", unit)))


@pytest.mark.parametrize("version", ["", "2", "-1", "x", "9" * 30])
def test_a_version_that_is_not_there_was_not_seen(version, claimed_unit, evidence, assessor):
    sent = {"version": version}
    answer = signed_in(assessor).post(address("seen", claimed_unit, evidence=evidence.uuid), sent)
    assert answer.status_code == 404
    assert not Opening.objects.exists()


def test_the_candidates_own_looking_proves_nothing_and_who_sees_nothing_opens_nothing(letter, candidate, outsider):
    assert opened(candidate, letter) == 403
    assert opened(outsider, letter) == 404
    assert not Opening.objects.exists()


def test_whoever_turns_back_to_a_file_has_opened_it_once_and_the_next_day_again(letter, assessor):
    opened(assessor, letter)
    opened(assessor, letter)
    first = Opening.objects.get()
    yesterday = timezone.now() - datetime.timedelta(days=1)
    Opening.objects.bulk_create([Opening(person=assessor, version=letter.version, position=1, at=yesterday)])
    [look] = looked_at([letter.version_id])[letter.version_id]
    assert (look.person, look.files, look.at_workplace, look.last) == (assessor, (1,), False, first.at)


def test_the_signed_document_holds_it(letter, judged_unit, assessor, verifier):
    opened(assessor, letter)
    unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=seen(judged_unit))
    opened(verifier, letter)
    given = unit_countersign(unit=judged_unit, actor=verifier, password=PASSWORD, seen=seen(judged_unit))
    looks = json.loads(given.document.body)["looked_at"]
    assert given.stage == Stage.COUNTERSIGNATURE
    assert [(look["by"]["name"], look["files"], look["at_workplace"]) for look in looks] == [
        (assessor.name, [1], False),
        (verifier.name, [1], False),
    ]


def test_opening_between_the_page_and_the_signature_changes_nothing_that_is_signed(letter, judged_unit, assessor):
    shown = seen(judged_unit)
    opened(assessor, letter)
    assert unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=shown).pk


def test_a_statement_is_given_with_days_settings_and_kinds_beside_it(claimed_unit, evidence, candidate, assessor):
    first = evidence.versions.get()
    later = add_evidence(
        claimed_unit.registration, candidate, happened_from=first.happened_from + datetime.timedelta(days=30)
    )
    claim_in_bulk(claimed_unit, [later])
    page = text_of(signed_in(assessor).get(address("statements", claimed_unit)))
    assert "On 2 different days" in page
    assert f"{first.get_setting_display()}: 2" in page
    assert f"{first.get_kind_display()}: 2" in page
