"""`manage.py verify_record`: an intact record has no faults, and whatever is tampered with is named."""

import json
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from assessments.models import FinalForm, Judgement, Outcome, Signature, Stage
from assessments.recording_form.services import final_form_render
from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from assessments.steps_back.services import unit_reopen
from portfolio.evidence.services import EvidenceDetails, evidence_add, evidence_correct
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import Claim, EvidenceVersion, StoredFile, UnitVersion
from portfolio.models.evidence import stored_path
from record.models import CanonicalDocument, Event, EventPayload
from record.services.documents import document_freeze
from tests.append_only import lifted
from tests.assessments.steps import answer, judge
from tests.cast import PASSWORD, claim_in_bulk, judge_in_bulk, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def filed(unit, candidate):
    """Evidence 1, with a file."""
    registration = unit.registration
    with IncomingFile.from_content("log.txt", b"10.05 Ham too small: exchanged it.\n") as incoming:
        staged = file_stage(registration=registration, user=candidate, incoming=incoming)
    return evidence_add(
        registration=registration,
        actor=candidate,
        form_key=uuid.uuid4(),
        details=EvidenceDetails(
            title="Desk log",
            kind="work_product",
            setting="real_job",
            happened_from=timezone.localdate() - timedelta(days=9),
        ),
        staged=[staged],
    )


@pytest.fixture
def signed(unit, filed, candidate, assessor, verifier):
    """Pat's unit, verified, with a file behind its evidence."""
    claim_in_bulk(unit, [filed])
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    judge_in_bulk(unit, assessor)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit), comment="Sound work.")
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    return unit


def verify(capsys, *options: str) -> tuple[list[str], str, bool]:
    """Return the faults, the closing line, and whether all is well; remarks and keys are left out."""
    capsys.readouterr()
    try:
        call_command("verify_record", *options)
        well = True
    except CommandError:
        well = False
    *lines, closing = capsys.readouterr().out.splitlines()
    is_fault = re.compile(r"(?!remark: |key [0-9a-f]{64}, made )")
    return [line for line in lines if is_fault.match(line)], closing, well


def assert_named(capsys, *wanted: str, options: tuple[str, ...] = ()) -> list[str]:
    """Assert that the command fails with a line in which all of `wanted` stands; return its faults."""
    faults, _, well = verify(capsys, *options)
    assert not well
    assert [fault for fault in faults if all(word in fault for word in wanted)], faults
    return faults


def sql(statement: str, *parameters: int | str) -> None:
    """Do it behind the back of the product."""
    with lifted(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.rowcount > 0


# --- An intact record -------------------------------------------------------------------------------


def test_an_empty_record_has_no_faults(db, capsys):
    assert verify(capsys) == ([], "0 chains, 0 events, 0 signatures, 0 files, 0 faults", True)


def test_an_intact_record_has_no_faults_and_is_counted(signed, capsys):
    faults, closing, well = verify(capsys)

    assert faults == []
    assert closing == f"3 chains, {Event.objects.count()} events, 3 signatures, 1 file, 0 faults"
    assert well


@pytest.mark.long
def test_what_is_done_in_the_product_is_no_fault(signed, filed, candidate, assessor, verifier, capsys):
    version = filed.versions.get()
    details = EvidenceDetails(
        title="Desk log, corrected",
        kind=version.kind,
        setting=version.setting,
        happened_from=version.happened_from,
    )
    evidence_correct(
        evidence=filed, actor=candidate, seen=1, details=details, keep=list(version.files.all()), staged=[]
    )
    assert verify(capsys)[0] == []  # a verified unit holds to the version that was signed

    stamp = signed.versions.get().stamp
    unit_reopen(unit=signed, actor=verifier, reason="See the log itself.", stamp=stamp)
    assert verify(capsys)[0] == []

    unit_submit(unit=signed, actor=candidate, password=PASSWORD, seen=seen(signed))
    [judged] = judge(unit=signed, actor=assessor, answers=[answer(signed, 0, "not_yet", "Not in the log.")])
    assert judged.did == "judged"
    assert verify(capsys)[0] == []  # the assessor judges what was submitted


@pytest.mark.parametrize("state", ["submitted_unit", "judged_unit", "assessed_unit", "verified_unit"])
def test_no_state_of_a_unit_is_a_fault(state, request, capsys):
    request.getfixturevalue(state)
    assert verify(capsys)[0] == []


# --- Chains -----------------------------------------------------------------------------------------


def test_a_changed_event_is_named(signed, capsys):
    event = Event.objects.get(kind="unit.assessed")
    sql("UPDATE record_event SET actor = NULL WHERE id = %s", event.pk)

    assert_named(capsys, f"portfolio {signed.registration.uuid}: ", f"Event {event.sequence} was changed")


def test_a_changed_payload_is_named(signed, capsys):
    event = Event.objects.get(kind="evidence.added")
    payload = EventPayload.objects.get(event=event)
    sql("UPDATE record_eventpayload SET body = %s WHERE id = %s", payload.body.replace("Desk", "Disk"), payload.pk)

    assert_named(capsys, f"portfolio {signed.registration.uuid}: ", f"The particulars of event {event.sequence}")


def test_a_removed_event_is_named(signed, capsys):
    event = Event.objects.get(kind="role.given", chain__centre__isnull=False, sequence=3)
    sql("DELETE FROM record_eventpayload WHERE event_id = %s", event.pk)
    sql("DELETE FROM record_event WHERE id = %s", event.pk)

    assert_named(capsys, f"centre {signed.registration.centre.uuid}: ", "Event 3 is missing")


# --- Signatures -------------------------------------------------------------------------------------


def test_a_changed_document_is_named(signed, capsys):
    signature = Signature.objects.get(stage=Stage.SIGN_OFF)
    body = signature.document.body.replace("Sound work.", "Weak work. ")
    sql("UPDATE record_canonicaldocument SET body = %s WHERE id = %s", body, signature.document_id)

    assert_named(capsys, f"signature {signature.uuid}: ", "text of the document was changed")


@pytest.mark.parametrize("part", ["evidence", "claims", "unit", "signing"])
@pytest.mark.parametrize(
    "shape",
    [
        *(pytest.param(shape, marks=pytest.mark.long) for shape in (5, [5], {"files": 5})),
        [{"files": [{}, {"sha256": "0"}]}],
    ],
)
@pytest.mark.parametrize("state", ["submitted_unit", "verified_unit"])
def test_a_document_of_any_shape_is_named_and_holds_up_nothing_else(state, part, shape, request, capsys):
    request.getfixturevalue(state)
    document = CanonicalDocument.objects.last()
    assert document is not None
    body = json.dumps(json.loads(document.body) | {part: shape})
    sql("UPDATE record_canonicaldocument SET body = %s WHERE id = %s", body, document.pk)

    assert_named(capsys, "signature ", "text of the document was changed")


def test_a_document_that_is_no_json_any_more_is_named(signed, capsys):
    document = CanonicalDocument.objects.first()
    assert document is not None
    sql("UPDATE record_canonicaldocument SET body = 'spoilt' WHERE id = %s", document.pk)

    assert_named(capsys, "signature ", "not canonical JSON")


def test_a_comment_that_was_signed_before_its_characters_counted_as_unplain_still_agrees(
    unit, filed, candidate, assessor, capsys, monkeypatch
):
    claim_in_bulk(unit, [filed])
    with monkeypatch.context() as earlier:
        earlier.setattr("record.plain_text._SYMBOLS", {})
        comment = "Sound work:\uf0b7honest\uf0b7complete"
        unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
        judge_in_bulk(unit, assessor)
        signature = unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit), comment=comment)
    assert Signature.objects.get(pk=signature.pk).comment == comment
    assert verify(capsys)[2]


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("declaration", "I declare nothing.", "declaration"),
        ("comment", "Excellent work.", "comment"),
        ("signed_at", "2026-01-01 09:00:00+00:00", "time"),
    ],
)
def test_a_changed_signature_row_is_named(signed, capsys, column, value, what):
    signature = Signature.objects.get(stage=Stage.SIGN_OFF)
    sql(f"UPDATE assessments_signature SET {column} = %s WHERE id = %s", value, signature.pk)  # noqa: S608

    assert_named(capsys, f"signature {signature.uuid}: ", f"Its {what} is not the one in the document")


def test_a_changed_signer_is_named(signed, verifier, capsys):
    signature = Signature.objects.get(stage=Stage.SIGN_OFF)
    other = signed.participations.get(user=verifier)
    sql("UPDATE assessments_signature SET signer_id = %s WHERE id = %s", other.pk, signature.pk)

    assert_named(capsys, f"signature {signature.uuid}: ", "Its signer is not the one")


def test_a_removed_signature_is_named(signed, capsys):
    signature = Signature.objects.get(stage=Stage.COUNTERSIGNATURE)
    sql("DELETE FROM assessments_finalform WHERE signature_id = %s", signature.pk)
    sql("DELETE FROM assessments_signature WHERE id = %s", signature.pk)

    assert_named(capsys, f"signature {signature.uuid}: ", "tells of it, and it is not there.")


def test_a_document_that_was_put_in_the_place_of_another_is_named(signed, capsys):
    """Signed with the real key, by somebody who holds it: the chain still knows what was signed."""
    signature = Signature.objects.get(stage=Stage.SUBMISSION)
    forged = document_freeze(document={"format": 1, "evidence": []})
    sql("UPDATE assessments_signature SET document_id = %s WHERE id = %s", forged.pk, signature.pk)

    assert_named(capsys, f"signature {signature.uuid}: ", "tells otherwise of its digest.")


def test_a_state_without_its_signatures_is_named(signed, capsys):
    version = UnitVersion.objects.get()
    sql("UPDATE portfolio_unitversion SET state = 'assessed', verified_at = NULL WHERE id = %s", version.pk)

    assert_named(capsys, f"unit {signed.uuid}: ", "It is assessed, and other signatures stand")


def test_a_signature_that_was_revived_in_a_closed_version_is_named(signed, verifier, capsys):
    version = UnitVersion.objects.get()
    unit_reopen(unit=signed, actor=verifier, reason="A date is wrong.", stamp=version.stamp)
    sql("UPDATE assessments_signature SET superseded_at = NULL WHERE stage = %s", "countersignature")

    assert_named(capsys, f"unit {signed.uuid}: ", "A signature stands in a version that was closed.")


def test_a_statement_that_was_taken_out_after_the_verification_is_named(signed, capsys):
    statement = signed.statements.order_by("pk").reverse()[0]
    sql("UPDATE assessments_assessorstatement SET withdrawn_at = made_at WHERE id = %s", statement.pk)

    assert_named(capsys, f"unit {signed.uuid}: ", "Its statements differ")


# --- What stands now --------------------------------------------------------------------------------


def test_a_judgement_that_was_put_in_after_the_verification_is_named(signed, capsys):
    judged = Judgement.objects.select_related("claim", "evidence_version", "author").latest("pk")
    with lifted():
        put_in = Judgement.objects.create(
            claim=judged.claim,
            evidence_version=judged.evidence_version,
            author=judged.author,
            outcome=Outcome.NOT_YET,
            reason="Not any more.",
            made_at=timezone.now(),
        )

    assert_named(capsys, f"portfolio {signed.registration.uuid}: judgement {put_in.uuid}: No event tells of it.")


def test_a_claim_that_was_taken_out_of_a_submitted_unit_is_named(submitted_unit, capsys):
    claim = Claim.objects.order_by("pk")[0]
    sql(
        "UPDATE portfolio_claim SET withdrawn_at = made_at, withdrawn_by_id = author_id WHERE id = %s",
        claim.pk,
    )

    assert_named(capsys, f"claim {claim.uuid}: ", "tells otherwise of its withdrawn at, withdrawn by.")


def test_evidence_that_was_reworded_is_named(signed, capsys):
    version = EvidenceVersion.objects.get()
    sql("UPDATE portfolio_evidenceversion SET setting = 'work_placement' WHERE id = %s", version.pk)

    assert_named(capsys, f"unit {signed.uuid}: Its evidence differ")


# --- Files and forms --------------------------------------------------------------------------------


def the_file() -> tuple[StoredFile, Path]:
    stored_file = StoredFile.objects.get(uses__content_type="text/plain")
    return stored_file, stored_path(stored_file)


def test_a_changed_file_is_named(signed, capsys):
    stored_file, path = the_file()
    path.write_bytes(path.read_bytes().replace(b"small", b"large"))

    assert_named(capsys, f"centre {signed.registration.centre.uuid}: File {stored_file.sha256} was changed")


def test_a_missing_file_is_named(signed, capsys):
    stored_file, path = the_file()
    path.unlink()

    assert_named(capsys, f"centre {signed.registration.centre.uuid}: File {stored_file.sha256} is missing")


def test_the_files_are_left_out_where_that_is_wished(signed, capsys):
    the_file()[1].unlink()
    faults, closing, well = verify(capsys, "--skip-files")

    assert (faults, well) == ([], True)
    assert "files not read, 0 faults" in closing


def test_a_file_that_was_signed_for_and_let_go_is_named(signed, capsys):
    stored_file, _ = the_file()
    sql("DELETE FROM portfolio_evidencefile WHERE stored_file_id = %s", stored_file.pk)
    sql("DELETE FROM portfolio_storedfile WHERE id = %s", stored_file.pk)

    assert_named(capsys, f"portfolio {signed.registration.uuid}: File {stored_file.sha256} was signed for")


@pytest.mark.long
def test_a_final_form_with_other_bytes_is_named(signed, capsys):
    form = FinalForm.objects.select_related("signature").get()
    final_form_render(signature=form.signature.uuid)
    assert verify(capsys)[0] == []

    other, _ = the_file()
    sql("UPDATE assessments_finalform SET stored_file_id = %s WHERE id = %s", other.pk, form.pk)
    assert_named(capsys, f"final form {form.signature.uuid}: ", "tells otherwise of its sha256.")


# --- The command ------------------------------------------------------------------------------------


def test_faults_name_nobody(signed, capsys):
    sql("UPDATE record_canonicaldocument SET body = replace(body, 'Pat Candidate', 'Pat Imposter')")
    the_file()[1].unlink()
    faults = " ".join(verify(capsys)[0])

    assert "Pat" not in faults
    assert "harbour.example" not in faults


@pytest.mark.long
def test_heads_that_were_kept_elsewhere_tell_of_a_record_written_anew(signed, candidate, tmp_path, capsys):
    capsys.readouterr()
    call_command("verify_record", "--heads")
    heads = capsys.readouterr().out
    kept = tmp_path / "heads"
    kept.write_text(heads)
    chain = signed.registration.chain
    chain.refresh_from_db()
    assert f"{chain.uuid} {chain.length} {chain.head}\n" in heads

    evidence_add(
        registration=signed.registration,
        actor=candidate,
        form_key=uuid.uuid4(),
        details=EvidenceDetails(
            title="More",
            kind="work_product",
            setting="real_job",
            happened_from=timezone.localdate() - timedelta(days=2),
            location="At work",
            relevance="Shows more",
        ),
        staged=[],
    )
    assert verify(capsys, "--against", str(kept))[0] == []

    kept.write_text(heads.replace(chain.head, "0" * 64))
    assert_named(capsys, f"chain {chain.uuid}: event {chain.length}", options=("--against", str(kept)))


@pytest.mark.parametrize("line", ["something else", "a 1 b", "caf\u00e9 au lait"])
def test_what_is_no_line_of_heads_is_named(line, db, tmp_path, capsys):
    kept = tmp_path / "heads"
    kept.write_text(f"{line}\n", encoding="utf-8")
    assert_named(capsys, f"no line of chain heads: {line}", options=("--against", str(kept)))


def test_a_file_that_holds_no_text_is_no_list_of_heads(db, tmp_path, capsys):
    kept = tmp_path / "heads"
    kept.write_bytes(b"\xff\xfe\xa6")
    assert_named(capsys, "no line of chain heads: ", options=("--against", str(kept)))
