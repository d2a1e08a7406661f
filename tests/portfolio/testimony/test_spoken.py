"""A witness speaks instead of writing: one recording, kept until the page is sent whole, checked like every file."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from centres.policy.choices import FileGroup
from portfolio.files.services import sweep_staged
from portfolio.models import Evidence, EvidenceFile, StagedFile, StoredFile, Testimony
from portfolio.testimony.given_on_paper import RELATED, testimony_on_paper
from portfolio.testimony.services import request_withdraw
from printing.papers import Passage
from tests.centres.policies import choose
from tests.portfolio.files.contents import sound
from tests.portfolio.files.typed import words
from tests.portfolio.testimony.asked import ask, page_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def asked(unit, candidate):
    return ask(unit.registration, candidate)


def recording(content=b"", name="Recording.wav"):
    """A recording as a browser sends it."""
    return SimpleUploadedFile(name, content or sound(), "audio/wav")


def test_what_is_spoken_is_enough_and_is_kept_with_the_evidence(asked):
    assert send(Client(), asked, words="", spoken=recording()).status_code == 302
    [file] = EvidenceFile.objects.all()
    assert (file.name, file.content_type) == ("Recording.wav", "audio/wav")
    assert not StagedFile.objects.exists()
    testimony = Testimony.objects.select_related(*RELATED).get()
    assert testimony_on_paper(testimony).parts[0] == Passage(
        heading="Spoken, or on paper", words="Recording.wav, in the portfolio"
    )


def test_it_stands_beside_what_is_written(asked):
    send(Client(), asked, spoken=recording())
    assert [file.name for file in EvidenceFile.objects.order_by("position")] == ["Written here.txt", "Recording.wav"]


def test_with_nothing_recorded_the_words_are_needed(asked):
    assert "Say what you saw." in words(send(Client(), asked, words=""))
    assert not Evidence.objects.exists()


def test_it_is_kept_while_the_rest_is_refused_and_another_takes_its_place(asked):
    answer = send(Client(), asked, words="", place="", spoken=recording())
    assert "Say where you saw it." in words(answer)
    assert "Say what you saw." not in words(answer)
    assert "A recording is here: Recording.wav" in words(answer)
    send(Client(), asked, words="", place="", spoken=recording(sound() + b"\0\0", "Another.wav"))
    assert [file.name for file in StoredFile.objects.get().staged.all()] == ["Another.wav"]
    send(Client(), asked, words="")
    assert EvidenceFile.objects.get().name == "Another.wav"


def test_it_can_be_left_out(asked):
    send(Client(), asked, place="", spoken=recording())
    send(Client(), asked, leave_out="on")
    assert [file.name for file in EvidenceFile.objects.all()] == ["Written here.txt"]
    assert not StoredFile.objects.filter(staged__isnull=False).exists()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (recording(b"%PDF-1.7 no sound", "Letter.pdf"), "and no recording of sound"),
        (recording(b"MZ\x90\0" + bytes(300), "Recording.wav"), "Recording.wav was not kept"),
    ],
)
def test_what_is_no_sound_is_refused_and_nothing_typed_is_lost(asked, file, sentence):
    answer = send(Client(), asked, spoken=file)
    assert sentence in words(answer)
    assert "Shift manager" in answer.content.decode()
    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()


def test_what_is_too_large_is_not_even_kept_on_its_way(asked, monkeypatch):
    monkeypatch.setattr("portfolio.testimony.spoken.SPOKEN_AT_MOST", 1000)
    monkeypatch.setattr("portfolio.testimony.spoken.SpokenUploadHandler.largest", 1000)
    assert "a recording may have 1000" in words(send(Client(), asked, spoken=recording())).replace("\xa0", " ")
    assert not StoredFile.objects.exists()


def test_who_has_no_open_request_or_sends_too_much_leaves_nothing_on_the_disk(asked, candidate, settings):
    settings.ACCOUNT_RATE_LIMITS = {"testimony": "1/m/ip"}
    send(Client(), asked, words="")
    assert "choose it again" in words(send(Client(), asked, spoken=recording()))
    settings.ACCOUNT_RATE_LIMITS = {}
    request_withdraw(request=asked, actor=candidate)
    assert "This request was withdrawn." in words(send(Client(), asked, spoken=recording()))
    assert not StoredFile.objects.exists()
    incoming = Path(settings.INCOMING_DIR)
    assert not incoming.exists() or not list(incoming.iterdir())


def test_what_nobody_comes_back_for_is_swept(asked):
    send(Client(), asked, place="", spoken=recording())
    StagedFile.objects.update(staged_at=timezone.now() - timedelta(days=2))
    assert "A recording is here" not in words(Client().get(page_of(asked)))
    assert sweep_staged() == 1
    assert not StoredFile.objects.exists()


def test_a_centre_that_takes_no_sound_offers_no_recording(asked, centre, coordinator):
    choose(centre, coordinator, file_groups=sorted(set(FileGroup) - {FileGroup.SOUND}))
    page = Client().get(page_of(asked)).content.decode()
    assert 'name="spoken"' not in page
    assert "record-here" not in page
