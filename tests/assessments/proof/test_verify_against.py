"""What `manage.py verify_record` says of what lies outside the database: keys, checkpoints, triggers, times."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from assessments.models import Signature
from centres.models import Centre, User
from portfolio.models import Allocation, CandidateUnit, Participation, Registration, UnitVersion
from record.keys import ensure_signing_key, public_file
from record.models import Chain, ChainKind, Event, EventPayload
from record.services.chains import site_chain
from record.services.checkpoints import checkpoint_write
from record.services.events import event_add
from record.services.keys import key_rotate
from record.stamps import PROOF, stamp_read
from tests.append_only import lifted
from tests.cast import add_evidence

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.own_cast]


@pytest.fixture(autouse=True)
def places(settings, tmp_path) -> None:
    """Keys and stamps of its own for each test."""
    settings.DATA_DIR, settings.KEYS_DIR = tmp_path, tmp_path / "keys"


def verify(capsys, *options: str) -> tuple[list[str], bool]:
    """Return all lines but the counts, and whether the command ended well."""
    capsys.readouterr()
    try:
        call_command("verify_record", "--skip-files", *options)
        well = True
    except CommandError:
        well = False
    return capsys.readouterr().out.splitlines()[:-1], well


def found(capsys, *options: str) -> list[str]:
    """The faults, each of which ends the command with 1."""
    lines, well = verify(capsys, *options)
    faults = [line for line in lines if not re.match("remark: |key [0-9a-f]{64}, made ", line)]
    assert well == (not faults)
    return faults


def yesterday(chain: Chain, length: int) -> None:
    """Put a chain back to what it was, so that it agrees with itself."""
    with lifted():
        EventPayload.objects.filter(event__chain=chain, event__sequence__gt=length).delete()
        Event.objects.filter(chain=chain, sequence__gt=length).delete()
        Chain.objects.filter(pk=chain.pk).update(length=length, head=chain.events.get(sequence=length).digest)


# --- Keys -------------------------------------------------------------------------------------------------


def test_the_keys_are_shown_with_their_fingerprints(verified_unit, capsys):
    old = ensure_signing_key()
    new = key_rotate().new
    lines, well = verify(capsys)
    assert well
    assert [line.split(", made")[0] for line in lines if line.startswith("key ")] == [
        f"key {old.fingerprint}",
        f"key {new.fingerprint}",
    ]
    assert [line.rpartition(": ")[2] for line in lines if line.startswith("key ")] == ["rotated away", "signs"]


@pytest.mark.long
def test_a_key_folder_that_does_not_know_the_key_is_named_with_all_that_it_signed(verified_unit, capsys):
    key = ensure_signing_key()
    public_file(key.fingerprint).unlink()
    faults = found(capsys)
    assert faults[0].startswith(f"key {key.fingerprint[:16]}: Its public half stands neither in the key folder")
    assert len([fault for fault in faults if "is none of this installation's" in fault]) == 3


# --- Heads in documents, and chains that are told of elsewhere -------------------------------------------


@pytest.mark.long
def test_a_portfolio_s_chain_that_was_cut_after_its_last_signature_agrees_with_itself(verified_unit, capsys):
    chain = verified_unit.registration.chain
    add_evidence(verified_unit.registration, verified_unit.registration.candidate)
    note = checkpoint_write()
    chain.refresh_from_db()
    yesterday(chain, chain.length - 1)
    note.rename(note.with_suffix(".elsewhere"))
    lines, _ = verify(capsys)
    assert f"chain {chain.uuid}" not in " ".join(lines)  # only the checkpoint can tell
    note.with_suffix(".elsewhere").rename(note)
    assert any(f"chain {chain.uuid}: It had {chain.length} events" in fault for fault in found(capsys))


def test_a_centre_s_chain_that_was_cut_before_a_signature_is_named_by_the_document(verified_unit, capsys):
    chain = verified_unit.registration.centre.chain
    chain.refresh_from_db()
    yesterday(chain, chain.length - 1)
    faults = [fault for fault in found(capsys) if "The centre's chain is not the one" in fault]
    assert len(faults) == Signature.objects.count() == 3


def test_a_site_s_chain_that_was_begun_anew_is_named(verified_unit, capsys):
    gone = site_chain()
    with lifted():
        EventPayload.objects.filter(event__chain=gone).delete()
        Event.objects.filter(chain=gone).delete()
        Chain.objects.filter(pk=gone.pk).delete()
    faults = found(capsys)
    assert len([fault for fault in faults if "names another site's chain" in fault]) == 3
    assert not Chain.objects.filter(kind=ChainKind.SITE).exists()  # the proof makes none


def test_a_portfolio_that_is_gone_is_named(registration, capsys):
    chain = registration.chain
    with lifted():
        for model in (UnitVersion, Participation, Allocation, CandidateUnit):
            model.objects.all().delete()
        EventPayload.objects.filter(event__chain=chain).delete()
        Event.objects.filter(chain=chain).delete()
        Registration.objects.all().delete()
        Chain.objects.filter(pk=chain.pk).delete()
    assert found(capsys) == [
        f"portfolio {registration.uuid}: Its chain {chain.uuid} is gone.",
        f"centre {registration.centre.uuid}: registration {registration.uuid}: "
        "Event 4 tells of it, and it is not there.",
    ]


def test_a_chain_whose_portfolio_alone_is_gone_is_named(registration, capsys):
    with lifted():
        for model in (UnitVersion, Participation, Allocation, CandidateUnit, Registration):
            model.objects.all().delete()
    assert f"chain {registration.chain.uuid}: The portfolio whose chain this is is gone." in found(capsys)


# --- Checkpoints ------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_database_that_was_put_back_to_yesterday_is_named_by_the_newest_checkpoint(verified_unit, capsys):
    lengths = dict(Chain.objects.values_list("pk", "length"))
    note = checkpoint_write()
    assert found(capsys) == []
    for chain in Chain.objects.filter(length__gt=1):
        yesterday(chain, lengths[chain.pk] - 1)
    put_back = [fault for fault in found(capsys, "--against", str(note)) if "the database was put back" in fault]
    assert len(put_back) == 3
    assert [fault for fault in found(capsys) if "the database was put back" in fault] == put_back


@pytest.mark.long
def test_any_checkpoint_can_be_asked_for_and_without_one_that_is_remarked(verified_unit, capsys, tmp_path):
    lines, well = verify(capsys)
    assert well
    assert "remark: There is no checkpoint to compare with; manage.py checkpoint writes one." in lines
    first = checkpoint_write()
    add_evidence(verified_unit.registration, verified_unit.registration.candidate)
    checkpoint_write()
    for options in ([], ["--against", str(first)], ["--against", str(first.with_suffix(".heads"))]):
        lines, well = verify(capsys, *options)
        assert well
        assert not any(line.startswith("remark: There is no checkpoint") for line in lines)
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("verify_record", "--against", str(tmp_path / "nothing"))


@pytest.mark.long
def test_the_proof_leaves_a_stamp_with_the_number_of_faults(verified_unit, capsys):
    found(capsys)
    first = stamp_read(PROOF)
    assert first is not None
    assert timezone.now() - first.at < timedelta(minutes=1)
    assert first.faults == 0
    with lifted():
        Event.objects.filter(kind="unit.added").update(actor=None)
    found(capsys)
    second = stamp_read(PROOF)
    assert second is not None
    assert second.faults == 1


# --- Triggers, erasures, times ----------------------------------------------------------------------------


def test_a_missing_trigger_is_named(db, capsys):
    on_table = " ON portfolio_claim" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER portfolio_claim_append_only_delete{on_table}")
    assert found(capsys) == [
        "table portfolio_claim: The trigger portfolio_claim_append_only_delete, which keeps it, is missing."
    ]


def erase(chain: Chain, actor: uuid.UUID | None) -> None:
    gone = EventPayload.objects.get(event__chain=chain, event__sequence=2)
    with transaction.atomic():
        event_add(chain=chain, kind="particulars.removed", actor=actor, payload={"events": [str(gone.event.uuid)]})
    gone.delete()


@pytest.mark.parametrize("of", ["portfolio", "centre", "site"])
def test_particulars_are_gone_where_a_person_of_the_centre_answers_for_it(of, registration, coordinator, capsys):
    chains = {"portfolio": registration.chain, "centre": registration.centre.chain, "site": site_chain()}
    if of == "site":
        event = Event.objects.get(chain=chains[of], kind="person.created", actor=coordinator.uuid)
        gone = EventPayload.objects.get(event=event)
        with transaction.atomic():
            said = {"events": [str(event.uuid)]}
            event_add(chain=chains[of], kind="particulars.removed", actor=coordinator.uuid, payload=said)
        gone.delete()
    else:
        erase(chains[of], coordinator.uuid)
    assert found(capsys) == []


@pytest.mark.parametrize("who", ["nobody", "outsider", "stranger"])
def test_nobody_else_answers_for_what_is_gone(who, registration, outsider, capsys):
    actors = {"nobody": None, "outsider": outsider.uuid, "stranger": uuid.uuid4()}
    erase(registration.chain, actors[who])
    assert len(found(capsys)) == 1
    assert Centre.objects.count() == 2
    assert User.objects.filter(uuid=outsider.uuid).exists()


def test_times_that_run_backwards_are_remarked_and_no_fault(registration, coordinator, monkeypatch, capsys):
    earlier = Event.objects.filter(chain=registration.chain).latest("sequence").happened_at - timedelta(hours=3)
    with monkeypatch.context() as patch, transaction.atomic():
        patch.setattr("record.services.events.timezone.now", lambda: earlier)
        event_add(chain=registration.chain, kind="unit.noted", actor=coordinator.uuid, payload={})
    lines, well = verify(capsys)
    assert well
    remarks = [line for line in lines if line.startswith(f"remark: portfolio {registration.uuid}: Event 3 is of ")]
    assert len(remarks) == 1


@pytest.mark.long
def test_the_checkpoints_folder_may_be_anywhere(verified_unit, settings, tmp_path, capsys):
    settings.CHECKPOINTS_DIR = tmp_path / "another disk"
    assert checkpoint_write().parent == Path(settings.CHECKPOINTS_DIR)
    assert found(capsys) == []
