"""A person has one print at a time, and all together a few; the rest are told at once to look again."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from assessments.models import Signature
from assessments.recording_form.services import final_form_render
from printing.taking_turns import AT_ONCE, NotYourTurn, turn
from tests.assessments.pages import address, signed_in
from tests.at_once import at_once
from tests.site import CHECKOUT

BLANK = "/standards/nvq/B10/1/form.pdf"
pytestmark = pytest.mark.django_db

HOLDS = """
import os, sys, time
from pathlib import Path
from django.conf import settings
settings.configure(DATA_DIR=Path(sys.argv[1]))
from printing.taking_turns import turn
with turn(sys.argv[2]):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """Turns of this test alone."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def is_refused(person):
    """Whether the person gets no turn now, and whether for a print of their own."""
    try:
        with turn(person):
            return None
    except NotYourTurn as refusal:
        return refusal.is_own


def test_a_person_has_one_turn_and_gets_the_next_when_it_is_over():
    with turn("1"):
        assert is_refused("1") is True
        assert is_refused("2") is None
    assert is_refused("1") is None


def test_all_together_have_a_few():
    with ExitStack() as held:
        for person in range(AT_ONCE):
            held.enter_context(turn(str(person)))
        assert is_refused("another") is False
    assert is_refused("another") is None


def test_a_print_that_fails_ends_the_turn():
    with pytest.raises(RuntimeError), turn("1"):
        raise RuntimeError("no font")
    assert is_refused("1") is None


def test_it_holds_across_processes_and_goes_with_the_one_that_dies(data_dir):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, data_dir, "1"], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        assert is_refused("1") is True
        os.kill(process.pid, signal.SIGKILL)
    assert is_refused("1") is None


def test_a_second_print_is_refused_at_once(b10, candidate):
    client = signed_in(candidate)
    with turn(str(candidate.pk)):
        began = time.monotonic()
        response = client.get(BLANK)
        assert time.monotonic() - began < 5

    assert response.status_code == 429
    assert response["Retry-After"] == "5"
    assert "Your other print or list is not done yet" in response.content.decode()
    assert client.get(BLANK).content.startswith(b"%PDF-")


@pytest.mark.long
def test_of_many_prints_at_once_one_is_made(b10, candidate, transactional_db):
    clients = [signed_in(candidate) for _ in range(8)]
    answers = at_once(*[lambda client=client: client.get(BLANK) for client in clients])

    assert sorted(answer.status_code for answer in answers) == [200] + [429] * 7


def test_another_person_prints_meanwhile(b10, candidate, assessor):
    with turn(str(candidate.pk)):
        assert signed_in(assessor).get(BLANK).status_code == 200


def test_when_many_print_the_next_is_told_so(b10, candidate):
    with ExitStack() as held:
        for person in range(AT_ONCE):
            held.enter_context(turn(f"other-{person}"))
        response = signed_in(candidate).get(BLANK)

    assert response.status_code == 429
    assert "Many people are printing just now" in response.content.decode()


@pytest.mark.parametrize("name", ["unit.pdf", "form.pdf"])
def test_what_anybody_may_print_is_counted_too(b10, candidate, name):
    client = signed_in(candidate)
    with turn(str(candidate.pk)):
        assert client.get(f"/standards/nvq/B10/1/{name}").status_code == 429
    assert client.get(f"/standards/nvq/B10/1/{name}").status_code == 200


def test_a_draft_is_printed_by_the_worker_and_waits_for_nobody_here(submitted_unit, candidate):
    with turn(str(candidate.pk)):
        assert signed_in(candidate).get(address("form", submitted_unit)).status_code == 200


def test_a_final_form_is_there_already_and_waits_for_nobody(verified_unit, candidate):
    final_form_render(signature=Signature.objects.get(stage="countersignature").uuid)
    with turn(str(candidate.pk)):
        assert signed_in(candidate).get(address("form", verified_unit)).content.startswith(b"%PDF-")
