"""`manage.py demo`: a centre with somebody at every stage, files that open, and never a second one."""

import datetime
import io
import re
import wave
from zoneinfo import ZoneInfo

import pillow_heif
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from docx import Document
from PIL import ExifTags, Image
from pypdf import PdfReader

from assessments.models import FinalForm, Return, Signature, Stage
from assessments.permissions import stage_awaited
from assessments.proof.check import RecordCheck
from assessments.recording_form.services import final_form_render
from assessments.standing.readiness import readiness
from assessments.standing.unit_record import UnitRecord, unit_record
from centres.demo import DEMO_LINES, DEMO_PASSWORD, demo_people
from centres.models import Centre, User
from config import upkeep
from config.findings import OK
from demo import runner, school
from demo.clock import told_at
from demo.files import WordDocument
from demo.hotel import TAMIKA
from demo.runner import STORIES, demo_make
from demo.shop import LEON
from demo.stories import B10, Observe, StoryEvidence
from portfolio.files.file_types import detect
from portfolio.files.services import open_stored
from portfolio.models import (
    AchievedBefore,
    Allocation,
    CandidateUnit,
    Claim,
    EvidenceFile,
    EvidenceVersion,
    Registration,
    StaffCertificate,
    StagedFile,
    StoredFile,
    UnitCertificate,
)
from portfolio.models.evidence import stored_path
from portfolio.open_registrations import standing_of, state_of
from portfolio.registrations.choosing import unit_choice
from record.models import Event
from standards.evidence_kinds import EvidenceKind, Setting

# Seconds of the recordings that are kept as they are.
LASTS = {"Slow afternoon.mp4": 24, "Fire drill.mp4": 20, "Spa call.mp3": 52, "Discussion with Tomas.mp3": 72}

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def short(b10, monkeypatch):
    """Two stories only, for the tests that look at how the demo is made and not at what is in it."""
    monkeypatch.setattr(runner, "STORIES", (TAMIKA, LEON))


@pytest.fixture
def standards(b10):
    """The four frameworks that the demo's candidates are on."""
    others = [f"--framework={code}" for code in ("cvq", "ocr", "cg")]
    call_command("sync_standards", *others, verbosity=0)


def record_of(name: str, code: str = "B10") -> UnitRecord:
    return unit_record(
        CandidateUnit.objects.select_related("registration__centre").get(
            registration__candidate__name=name, revision__unit__code=code
        )
    )


@pytest.mark.long
def test_it_shows_every_stage_with_files_that_open_and_places_to_look_at(standards):
    """One test, because making the whole demo takes longer than looking at it."""
    demo_make()
    every_file_opens_and_is_what_its_name_says()
    where_to_look_is_there_to_be_looked_at()
    six_units_of_a_qualification_stand_at_six_stages()
    something_waits_for_each_who_can_hold_a_unit_up()
    somebody_stands_at_every_stage()  # prints one of its forms


def six_units_of_a_qualification_stand_at_six_stages() -> None:
    keisha = Registration.objects.get(candidate__name="Keisha Maynard")
    choice = unit_choice(keisha)
    assert choice.combination
    assert choice.combination.missing == ("1 of 6 units is verified.",)
    state = {code: record_of("Keisha Maynard", code).version.state for code in ("U09602", "U00306", "U12902", "U13002")}
    assert state == {"U09602": "verified", "U00306": "assessed", "U12902": "submitted", "U13002": "collecting"}
    assert Return.objects.get(unit_version__candidate_unit__registration=keisha).from_state == "submitted"
    [aside] = choice.set_aside
    assert aside.revision.unit.code == "U13402"
    assert aside.unit
    assert aside.unit.claims.exists()  # what was collected stays

    jermaine = unit_choice(Registration.objects.get(candidate__name="Jermaine Cox"))
    assert jermaine.combination
    assert jermaine.combination.to_choose == ("Choose one unit of “Optional”.",)


def something_waits_for_each_who_can_hold_a_unit_up() -> None:
    ago = {
        "assessor": record_of("Callum Reid").version.submitted_at,
        "verifier": record_of("Marcus Obi").version.assessed_at,
        "candidate": Claim.objects.filter(candidate_unit__registration__candidate__name="Jermaine Cox")
        .latest("made_at")
        .made_at,
    }
    days = {who: (timezone.now() - at).days for who, at in ago.items() if at}
    assert days["assessor"] > 7
    assert days["verifier"] > 7
    assert days["candidate"] > 14
    assert not Allocation.objects.filter(candidate_unit__registration__candidate__name="Anika Charles").exists()
    for chain in Registration.objects.values("chain"):  # told in the order in which it happened
        times = list(
            Event.objects.filter(chain=chain["chain"]).order_by("sequence").values_list("happened_at", flat=True)
        )
        assert times == sorted(times)
    assert Event.objects.latest("happened_at").happened_at <= timezone.now()


def somebody_stands_at_every_stage() -> None:
    stands = {story.candidate.name: record_of(story.candidate.name) for story in STORIES if story.units == (B10,)}
    state = {name: (record.version.number, record.version.state) for name, record in stands.items()}
    outcomes = {name: {claim.outcome for claim in record.claims} for name, record in stands.items()}

    assert state["Tamika Joseph"] == (1, "collecting")
    assert not stands["Tamika Joseph"].claims
    assert state["Leon Carrington"] == (1, "collecting")
    assert outcomes["Leon Carrington"] == {None, "met", "partly", "not_yet"}
    assert state["Priya Ramdeen"] == (1, "collecting")
    assert Return.objects.get(unit_version=stands["Priya Ramdeen"].version).from_state == "submitted"
    assert state["Callum Reid"] == (1, "submitted")
    assert outcomes["Callum Reid"] == {None}
    assert state["Shanice Alleyne"] == (1, "submitted")
    assert readiness(stands["Shanice Alleyne"].facts, Stage.SIGN_OFF) == []
    assert state["Nadia Hosein"] == (1, "submitted")
    assert Return.objects.get(unit_version=stands["Nadia Hosein"].version).from_state == "assessed"
    assert state["Marcus Obi"] == (1, "assessed")
    assert readiness(stands["Marcus Obi"].facts, Stage.COUNTERSIGNATURE) == []
    grace = record_of("Grace Mensah", "323")
    assert grace.version.state == "assessed"
    assert readiness(grace.facts, Stage.COUNTERSIGNATURE) == []
    assert record_of("Tomas Ferreira", "58A").version.state == "submitted"
    denzil = record_of("Denzil Ifill", "58A")
    assert denzil.version.state == "assessed"
    assert stage_awaited(denzil) == Stage.SIGN_OFF_CONFIRMED
    assert state["Rosalind Grey"] == (1, "verified")
    assert state["Aisha Khan"] == (2, "collecting")
    assert state["Winston Clarke"] == (2, "verified")
    assert state["Camille Best"] == (1, "verified")
    left = Registration.objects.get(candidate__name="Camille Best")
    assert state_of(standing_of(left)) == "withdrawn"
    assert UnitCertificate.objects.get().unit_version.candidate_unit.registration == left
    assert [one.registration.candidate.name for one in AchievedBefore.objects.all()] == ["Jermaine Cox"]

    said = EvidenceVersion.objects.all()
    assert {version.kind for version in said} == set(EvidenceKind) - {EvidenceKind.PRIOR_LEARNING}
    assert {version.setting for version in said} == {Setting.REAL_JOB, Setting.SIMULATION}
    assert not any(claim.barred for record in stands.values() for claim in record.claims)
    assert not StagedFile.objects.exists()

    check = RecordCheck()
    assert list(check.faults()) == []
    assert check.signatures == Signature.objects.count() == 37  # two of them confirm a sign-off of Helen's

    # Its forms wait for the worker, and not since the day on which they were signed.
    assert (upkeep.forms(), upkeep.tasks()) == (OK, OK)
    forms = list(FinalForm.objects.select_related("signature"))
    assert len(forms) == 6
    final_form_render(signature=forms[0].signature.uuid)
    assert FinalForm.objects.get(pk=forms[0].pk).rendered_at


def every_file_opens_and_is_what_its_name_says() -> None:
    kinds = set()
    for file in EvidenceFile.objects.select_related("stored_file__centre"):
        assert detect(stored_path(file.stored_file), file.name).content_type == file.content_type
        with open_stored(file.stored_file) as opened:
            content = io.BytesIO(opened.read())
        ending = file.name.rpartition(".")[2]
        kinds.add(ending)
        match ending:
            case "pdf":
                assert len(PdfReader(content).pages[0].extract_text()) > 100, file.name
            case "docx":
                assert sum(len(paragraph.text) for paragraph in Document(content).paragraphs) > 200, file.name
            case "jpg":
                picture = Image.open(content)
                picture.load()
                assert picture.size == (1200, 900)
                assert picture.getexif()[ExifTags.Base.Make]
                assert len(picture.convert("L").resize((60, 45)).getcolors() or []) > 30, f"{file.name} is a blank"
            case "wav":
                with wave.open(content) as recording:
                    assert recording.getnframes() / recording.getframerate() >= 28
            case "heic":
                pillow_heif.register_heif_opener()
                picture = Image.open(content)
                picture.load()
                assert picture.size == (600, 450)
                assert picture.getexif()[ExifTags.Base.Make]
            case "mp3" | "mp4":
                assert len(content.getvalue()) > 50_000, file.name  # tests/browser plays such files
    assert kinds == {"pdf", "docx", "jpg", "heic", "mp3", "mp4", "wav", "csv", "eml", "txt"}
    kept = EvidenceFile.objects.count() + StaffCertificate.objects.count()
    assert StoredFile.objects.count() == kept  # no two are the same


def where_to_look_is_there_to_be_looked_at() -> None:
    """A claim that names a page or a time names one that its files have."""
    for unit in CandidateUnit.objects.all():
        for piece in unit_record(unit).evidence:
            pages, seconds = 0, 0.0
            for file in piece.files:
                with open_stored(file.stored_file) as opened:
                    if file.name.endswith(".pdf"):
                        pages += len(PdfReader(opened).pages)
                    elif file.name in LASTS:
                        seconds += LASTS[file.name]
                    elif file.name.endswith(".wav"):
                        with wave.open(opened) as recording:
                            seconds += recording.getnframes() / recording.getframerate()
            for claim in piece.claims:
                where = claim.claim.where
                if where.startswith("page "):
                    assert int(where[5]) <= pages, f"{piece.version}: {where}"
                if where[1:2] == ":":
                    assert int(where[0]) * 60 + int(where[2:4]) < seconds, f"{piece.version}: {where}"


@pytest.mark.long
def test_it_says_what_it_made(short, capsys):
    call_command("demo")
    said = capsys.readouterr().out

    assert "Pelican Reach Skills Centre: 10 people, 4 units (4 collecting, 0 submitted" in said
    assert "Tamika Joseph, candidate: Has just begun" in said
    assert DEMO_PASSWORD in said


@pytest.mark.long
def test_run_twice_it_changes_nothing(short, capsys):
    call_command("demo")
    events, people = Event.objects.count(), User.objects.count()
    call_command("demo")

    assert "The demo centre is there already. Nothing was changed." in capsys.readouterr().out
    assert (Event.objects.count(), User.objects.count(), Centre.objects.count()) == (events, people, 1)


# The centre is four hours behind UTC: its day ends at 04:00.
@pytest.mark.long
@pytest.mark.parametrize("time", ["00:30", "12:00"])
def test_it_is_made_at_any_time_of_day(short, time):
    moment = datetime.datetime.fromisoformat(f"2026-11-30T{time}:00+00:00")
    with told_at(moment):
        demo_make()

    newest = EvidenceVersion.objects.latest("happened_from")
    newest_step = min(step.days_ago for step in LEON.steps if isinstance(step, StoryEvidence | Observe))
    today = timezone.localdate(moment, ZoneInfo("America/Barbados"))
    assert newest.happened_from == today - datetime.timedelta(days=newest_step)


@pytest.mark.long
def test_what_a_pulled_plug_leaves_holds_up_no_second_try(short, monkeypatch):
    tell = runner._Teller.tell

    def pull_the_plug(teller):
        tell(teller)
        if teller.story is LEON:
            raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(runner._Teller, "tell", pull_the_plug)
        with pytest.raises(SystemExit):
            demo_make()
    assert not Centre.objects.exists()
    assert not User.objects.exists()

    assert demo_make()
    assert list(RecordCheck().faults()) == []


@pytest.mark.long
def test_everybody_can_sign_and_has_a_line_on_the_sign_in_page(standards, monkeypatch, client):
    # Who is there does not depend on what happens to them.
    monkeypatch.setattr(runner._Teller, "tell", lambda teller: None)
    demo_make()

    came_in = User.objects.exclude(email=school.RENATA[1])  # she is invited
    assert {user.email or user.candidate_number for user in came_in} == set(DEMO_LINES)
    assert all(person.line for person in demo_people())
    assert [person.role for person in demo_people() if person.start] == [
        "candidate", "assessor", "internal_verifier", "coordinator",
    ]  # fmt: skip
    begins, _, folded = client.get(reverse("account_login")).content.decode().partition("<details")
    assert re.findall(r"<strong>(\w+) ", begins) == ["Leon", "Desmond", "Joycelyn", "Marva"]
    assert "<summary>Other candidates (20)</summary>" in folded
    assert all(user.check_password(DEMO_PASSWORD) for user in came_in)


def test_it_is_refused_where_this_is_no_demo(short, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="This site is no demo, so nothing was made"):
        call_command("demo")
    assert not Centre.objects.exists()


def test_it_asks_for_the_standards_first(db):
    with pytest.raises(CommandError, match=r"First run: manage.py sync_standards"):
        call_command("demo")


def test_a_word_document_says_what_it_was_given_to_say():
    made = WordDocument(
        name="Letter.docx",
        sender="Stay & Co\n1 Quay",
        heading="Ann <Lee>",
        paragraphs=["One\nand on", "Two"],
        signed="Bo",
    ).content(datetime.date(2026, 3, 4))

    document = Document(io.BytesIO(made))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert said == ["Stay & Co", "1 Quay", "Ann <Lee>", "4 March 2026", "One\nand on", "Two", "Signed: Bo"]
    assert document.core_properties.title == "Ann <Lee>"
