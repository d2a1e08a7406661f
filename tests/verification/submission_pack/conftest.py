"""What the tests of packs share: Pat's verified unit with two files, sampled by Ivy, and a press that is quick."""

import datetime
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from assessments.actions.services import ActionWanted, action_ask
from assessments.models import Binding
from centres.models import Role, User
from portfolio.evidence.services import EvidenceDetails, evidence_add
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import CandidateUnit, Evidence, WorkLane
from portfolio.services.waiting_work import work_put_off, work_take
from printing.pdf import Printed
from record.services.checkpoints import checkpoint_write
from tests.assessments.pages import signed_in
from tests.cast import claims_make, judge_in_bulk, make_assessed, make_submitted, make_verified
from tests.verification.sampling.whole import sampled
from verification.submission_pack.services import pack_work

LETTER, LOG = b"Dear Mrs Webb, we are sorry.\n", b"Monday: two complaints.\n"
TO_ANN = "Ask Pat for one more occasion."
EXCEPTION = "Sound but for one date."


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    (tmp_path / "run").mkdir()


@pytest.fixture
def printed(monkeypatch) -> list[str]:
    """The HTML of all that was printed. What the press makes of it others test; here it takes no time."""
    pages: list[str] = []

    def at_once(html: str, _style_sheet: str, _tables: object = None) -> Printed:
        pages.append(html)
        return Printed(pdf=b"%PDF-1.7 " + html.encode(), found=[])

    monkeypatch.setattr("printing.pdf._PRESSES.printed", at_once)
    return pages


@pytest.fixture
def letter(unit: CandidateUnit, candidate: User) -> Evidence:
    """Evidence 2: two files, of which one has a name that no Windows keeps."""
    staged = []
    for name, content in (("Letter: to Mrs Webb?.txt", LETTER), ("log.txt", LOG)):
        with IncomingFile.from_content(name, content) as incoming:
            staged.append(file_stage(registration=unit.registration, user=candidate, incoming=incoming))
    return evidence_add(
        registration=unit.registration,
        actor=candidate,
        form_key=uuid.uuid4(),
        details=EvidenceDetails(
            title="=A letter to a customer",
            kind="work_product",
            setting="real_job",
            happened_from=datetime.date(2026, 3, 2),
        ),
        staged=staged,
    )


@pytest.fixture
def whole(
    claimed_unit: CandidateUnit, letter: Evidence, candidate: User, assessor: User, verifier: User
) -> CandidateUnit:
    """Pat's unit, verified, with all that may stand beside it: evidence 1 is kept elsewhere and claims all of it."""
    unit = claimed_unit
    claims_make(unit=unit, evidence=letter, actor=candidate, wanted={unit.revision.criteria.earliest("pk"): "line 1"})
    make_submitted(unit, candidate)
    judge_in_bulk(unit, assessor)
    action_ask(
        actor=verifier,
        asked_as=Role.INTERNAL_VERIFIER,
        owner=assessor,
        owned_as=Role.ASSESSOR,
        unit=unit,
        wanted=ActionWanted(text=TO_ANN, binding=Binding.ADVICE),
    )
    make_assessed(unit, assessor)
    sampled(unit, verifier)
    make_verified(unit, verifier)
    checkpoint_write()
    return unit


@pytest.fixture
def make_all(django_capture_on_commit_callbacks) -> Callable[[], int]:
    """Do the work that waits, as a taker of the worker does; return how many pieces that was."""

    def act() -> int:
        done = 0
        while work := work_take(WorkLane.QUICK, WorkLane.SLOW):
            if work.kind != "pack":
                continue
            with django_capture_on_commit_callbacks(execute=True):
                try:
                    pack_work(work)
                except Exception:
                    work_put_off(work)
            done += 1
        return done

    return act


@pytest.fixture
def take(make_all, printed, tmp_path) -> Callable[..., Path]:
    """Have a pack made by the page, and download it; return the ZIP."""

    def act(unit: CandidateUnit, person: User, name: str = "pack.zip") -> Path:
        client, where = signed_in(person), [unit.registration.centre.uuid, unit.registration.uuid]
        client.post(reverse("verification:pack", args=where), {"do": "make"})
        make_all()
        answer = client.post(reverse("verification:pack_file", args=where))
        assert answer.status_code == 200, answer.status_code
        content = answer.getvalue()
        assert int(answer["Content-Length"]) == len(content)
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return act


def unpacked(pack: Path) -> Path:
    """Unpack a ZIP beside itself, and return the folder."""
    folder = pack.with_suffix("")
    with zipfile.ZipFile(pack) as opened:
        opened.extractall(folder)
    return folder
