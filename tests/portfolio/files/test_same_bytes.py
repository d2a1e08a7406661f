"""The same bytes under two names: each name keeps its type, and is shown, sent and signed as what it is."""

import json
import re
import uuid
from dataclasses import asdict, replace
from datetime import date
from typing import cast

import pytest
from django.http import QueryDict
from django.urls import reverse

from assessments.recording_form.document import unit_document
from assessments.standing.unit_record import unit_record
from portfolio.evidence.forms import CorrectionForm
from portfolio.evidence.selectors import changes_between
from portfolio.evidence.services import EvidenceDetails, evidence_add, evidence_correct
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import EvidenceFile, StagedFile, StoredFile
from record.models import EventPayload
from tests.cast import claim_in_bulk
from tests.portfolio.files.arrivals import SAMPLES, body
from tests.portfolio.files.typed import address

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

TABLE = b"day,calls\nMonday,20\n"
FILM = (SAMPLES / "film.mp4").read_bytes()
DETAILS = EvidenceDetails(
    title="A week at the counter", kind="work_product", setting="real_job", happened_from=date(2026, 3, 2)
)


@pytest.fixture
def keep(unit, candidate):
    """Upload bytes under a name, as the page for adding a piece does."""

    def arrive(name: str, content: bytes) -> StagedFile:
        with IncomingFile.from_content(name, content) as incoming:
            return file_stage(registration=unit.registration, user=candidate, incoming=incoming)

    return arrive


@pytest.fixture
def piece(unit, candidate, keep):
    staged = [keep("list.txt", TABLE), keep("table.csv", TABLE), keep("me.mp4", FILM), keep("me.m4a", FILM)]
    return evidence_add(
        registration=unit.registration, actor=candidate, form_key=uuid.uuid4(), details=DETAILS, staged=staged
    )


def test_each_name_keeps_its_type(piece):
    assert StoredFile.objects.count() == 2
    assert [(file.name, file.content_type) for file in EvidenceFile.objects.order_by("position")] == [
        ("list.txt", "text/plain"),
        ("table.csv", "text/csv"),
        ("me.mp4", "video/mp4"),
        ("me.m4a", "audio/mp4"),
    ]


def test_each_is_shown_and_sent_in_its_way(piece, client, candidate):
    client.force_login(candidate)
    html = client.get(address("portfolio:evidence", piece.registration, evidence=piece.uuid)).content.decode()
    kinds = ["Plain text", "Table in plain text", "MP4 film", "M4A recording"]
    assert re.findall(r'<p class="quiet">\s*(\w[\w ]+), \d', html) == kinds
    assert (html.count("<video"), html.count("<audio")) == (1, 1)
    for file in EvidenceFile.objects.all():
        assert client.get(sent_from("file_download", file)).headers["Content-Type"] == file.content_type
    film, sound = EvidenceFile.objects.filter(name__startswith="me.").order_by("position")
    for file in (film, sound):
        response = client.get(sent_from("file_open", file))
        assert (response.headers["Content-Type"], body(response)) == (file.content_type, FILM)


def test_the_event_and_the_signed_document_tell_the_types(piece, unit, candidate):
    claim_in_bulk(unit, [piece])
    types = ["text/plain", "text/csv", "video/mp4", "audio/mp4"]
    told = json.loads(EventPayload.objects.get(event__kind="evidence.added").body)
    files = [other["evidence_file"] for other in told["also"] if "evidence_file" in other]
    assert [file["type"] for file in files] == types
    document = unit_document(unit_record(unit))
    assert [file["type"] for file in document["evidence"][0]["files"]] == types


def test_a_correction_takes_out_one_of_them_and_leaves_the_other(piece, candidate, keep):
    listed, _, film, sound = piece.versions.get().files.order_by("position")
    version = evidence_correct(
        evidence=piece, actor=candidate, seen=1, details=DETAILS, keep=[listed, film, sound], staged=[]
    )
    assert [change.before for change in changes_between(piece.versions.get(number=1), version)] == ["table.csv"]
    files = [(file.name, file.content_type) for file in version.files.order_by("position")]
    assert files == [("list.txt", "text/plain"), ("me.mp4", "video/mp4"), ("me.m4a", "audio/mp4")]


def test_what_was_unticked_stays_so_over_a_newer_version(piece, candidate, keep):
    listed, table, film, sound = piece.versions.get().files.order_by("position")
    evidence_correct(
        evidence=piece, actor=candidate, seen=1, details=replace(DETAILS, title="Another week"),
        keep=[listed, table, film, sound], staged=[],
    )  # fmt: skip
    sent = QueryDict(mutable=True)
    sent.update(asdict(DETAILS) | {"seen": "1", "happened_to": ""})
    sent.setlist("keep", [str(listed.uuid), str(film.uuid), str(sound.uuid)])
    form = CorrectionForm(sent, latest=piece.versions.latest("number"), user=candidate)
    assert form.is_valid(), form.errors
    ticked = cast(QueryDict, form.over_the_latest().data).getlist("keep")
    assert set(EvidenceFile.objects.filter(uuid__in=ticked).values_list("name", flat=True)) == {
        "list.txt",
        "me.mp4",
        "me.m4a",
    }


def sent_from(name: str, file: EvidenceFile) -> str:
    return reverse(f"portfolio:{name}", args=[file.stored_file.centre.uuid, file.uuid])
