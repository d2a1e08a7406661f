"""What one person asks for by the hundred, beside the same one by one, and what others notice of it meanwhile.

    import        rows of a file, beside as many people invited, registered and allocated one by one; meanwhile somebody
                  presses in a grid, in another process, and waits for WAIT_AT_MOST seconds at most
    many-forms    forms in one job, beside as many one by one on each of the processors; each press keeps to its memory
    many-drafts   a home while somebody else has 64 drafts printed, beside the same home before

`script/bench import:5000` takes another number of them than AT_ONCE has. The worker is a process beside this one, as on
a site. The machine must do nothing else.
"""

import multiprocessing
import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from uuid import uuid4

from django.db import connection, connections
from django.urls import reverse

from assessments.models import Packing, PrintJob
from assessments.printing_many.services import print_job_ask
from assessments.recording_form.drafts import draft_ask, draft_print, prints_dir, with_revision
from background.takers import Takers
from background.worker import NICE
from bench.changes import toggled
from bench.pairs import Found
from bench.requests import Handler
from bench.site import OTHERS, Site, other_candidate
from centres.invitations.services import person_invite
from centres.models import Membership, Role
from portfolio.files.uploads import IncomingFile
from portfolio.importing.services import import_check, import_start
from portfolio.models import CandidateUnit, Import, ImportState
from portfolio.registrations.services import allocations_set, registration_create

AT_ONCE = {"import": 60, "many-forms": 40, "many-drafts": 64}
LIMITS = {"import": 1.2, "many-forms": 1.1, "many-drafts": 2.0}
WAIT_AT_MOST = 0.5  # seconds
PRESS_EVERY = 0.25  # seconds
PRESS_MEMORY = 400  # MB
LOOKS = 20  # at a home
PATIENCE = 3600  # seconds

# Beginning a process copies this one, so that Django is there already.
_forked = multiprocessing.get_context("fork")


def found_beside(named: str, site: Site, handler: Handler, database: str) -> Found:
    """Measure what is named: "import", or "import:5000" for so many."""
    name, _, number = named.partition(":")
    value, notes, is_more_over = MEASURES[name](site, handler, int(number or AT_ONCE[name]))
    return Found(f"{name} ({database})", value, LIMITS[name], notes, is_more_over)


def _import(site: Site, handler: Handler, number: int) -> tuple[float, tuple[str, ...], bool]:
    began = time.perf_counter()
    with _pressing(site, handler):  # so that both have the same beside them
        for one in range(number):
            _register_one(site, one)
    singly = time.perf_counter() - began
    lines = ["Name,E-mail address,Further units,Number,Lead assessor,Lead verifier"]
    lines += [
        f"Row,row{one}@harbour.example,nvq:B10,R-{one},ann@harbour.example,ivy@harbour.example" for one in range(number)
    ]
    began = time.perf_counter()
    with IncomingFile.from_content("people.csv", "\n".join(lines).encode()) as incoming:
        of = import_check(centre=site.centre, actor=site.people["cora"], incoming=incoming)
    import_start(of=of, actor=site.people["cora"])
    with _worker(), _pressing(site, handler) as pressed:
        _wait_until(lambda: Import.objects.get(pk=of.pk).state != ImportState.RUNNING)
    together = time.perf_counter() - began
    _require(Membership.objects.filter(user__email__startswith="row").count() == number, "not all rows were done")
    waits = pressed()
    _require(len(waits) > 0, "nobody pressed meanwhile")
    longest = max(waits)
    note = f"a press waits {longest:.2f} s at most, of {WAIT_AT_MOST:.2f} (median of {len(waits)}: "
    return together / singly, (f"{number} rows", f"{note}{statistics.median(waits):.2f})"), longest > WAIT_AT_MOST


def _register_one(site: Site, number: int) -> None:
    """Invite, register and allocate one person, as the pages do."""
    cora = site.people["cora"]
    invited = person_invite(
        centre=site.centre, actor=cora, name="Single", email=f"single{number}@harbour.example", role=Role.CANDIDATE
    )
    person = invited.user
    assert person is not None  # noqa: S101 - a new person has an account at once
    registration = registration_create(
        centre=site.centre,
        actor=cora,
        candidate=person,
        number=f"S-{number}",
        revisions=[site.units["pat"].revision],
    )
    allocations_set(
        unit=registration.candidate_units.get(),
        actor=cora,
        assessor=site.people["ann"],
        internal_verifier=site.people["ivy"],
        everywhere=True,
    )


def _forms(site: Site, _handler: Handler, number: int) -> tuple[float, tuple[str, ...], bool]:
    units = _units(site, number)
    draft_print(units[0])  # fonts and templates are read once
    shutil.rmtree(prints_dir())
    began = time.perf_counter()
    for unit in units:
        draft_print(unit)
    singly = time.perf_counter() - began
    shutil.rmtree(prints_dir())
    began = time.perf_counter()
    job = print_job_ask(
        centre=site.centre, actor=site.people["cora"], key=uuid4(), units=units, is_blank=False, packing=Packing.PDF
    )
    with _worker() as worker:
        _wait_until(lambda: PrintJob.objects.get(pk=job.pk).has_ended)
        together = time.perf_counter() - began
        memory = _memory_of_presses(worker)
    job.refresh_from_db()
    _require(not job.fault and not job.parts.exclude(state="done").exists(), "not all forms were printed")
    cores = len(os.sched_getaffinity(0))
    note = f"{memory:.0f} MB a process at most, of {PRESS_MEMORY}"
    return together / (singly / cores), (f"{number} forms on {cores} processors", note), memory > PRESS_MEMORY


def _drafts(site: Site, handler: Handler, number: int) -> tuple[float, tuple[str, ...], bool]:
    alone = _homes(site, handler)
    for unit in _units(site, number):
        draft_ask(unit=unit, actor=site.people["cora"])
    with _worker():
        _wait_until(lambda: len(_drafts_there()) > 0)
        beside = _homes(site, handler)
        done = len(_drafts_there())
    _require(done < number, "all drafts were printed before the home had been looked at: ask for more")
    return beside / alone, (f"{done} of {number} drafts were printed meanwhile",), False


MEASURES: dict[str, Callable[[Site, Handler, int], tuple[float, tuple[str, ...], bool]]] = {
    "import": _import,
    "many-forms": _forms,
    "many-drafts": _drafts,
}


def _units(site: Site, number: int) -> list[CandidateUnit]:
    """So many units of one piece each, made as far as they are not there."""
    named = {"registration__candidate__name__startswith": "Candidate ", "registration__centre": site.centre}
    rows = CandidateUnit.objects.filter(**named).select_related(
        "registration__centre", "registration__candidate", "registration__chain"
    )
    for more in range(rows.count(), number):
        other_candidate(site.people, site.centre, OTHERS + more, site.units["pat"].revision)
    return [with_revision(unit) for unit in rows.order_by("pk")[:number]]


def _drafts_there() -> list[Path]:
    return list((prints_dir() / "drafts").glob("*.pdf"))


def _homes(site: Site, handler: Handler) -> float:
    """How many seconds Ann's home takes: the median."""
    took = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        answer = handler.ask(reverse("home"), cookie=site.cookies["ann"])
        took.append(time.perf_counter() - began)
        _require(answer.status == 200, f"the home answers {answer.status}")
    return statistics.median(took)


@contextmanager
def _worker() -> Iterator[int]:
    """The takers of a worker in a process of its own; yields its number."""
    connections.close_all()  # or both would write into one
    stop = _forked.Event()
    process = _forked.Process(target=_take, args=[stop])
    process.start()
    assert process.pid is not None  # noqa: S101 - it has begun
    try:
        yield process.pid
    finally:
        stop.set()
        process.join(30)
        process.kill()


def _take(stop: Event) -> None:
    os.nice(NICE)
    takers = Takers()
    takers.begin()
    stop.wait(PATIENCE)
    takers.end()


@contextmanager
def _pressing(site: Site, handler: Handler) -> Iterator[Callable[[], list[float]]]:
    """Have Pat press in the grid again and again, in a process of its own; how long each took is there in the end."""
    connections.close_all()
    ours, theirs = _forked.Pipe()
    process = _forked.Process(target=_press, args=[site, handler, theirs])
    process.start()
    waits: list[float] = []
    try:
        yield lambda: waits
        ours.send("stop")
        waits += ours.recv()
        process.join(30)
    finally:
        process.kill()


def _press(site: Site, handler: Handler, told: Connection) -> None:
    url = reverse("assessments:cells", kwargs=site.named("pat", "centre", "unit"))
    waits: list[float] = []
    while not told.poll(PRESS_EVERY):
        body = toggled(site, len(waits))
        began = time.perf_counter()
        answer = handler.ask(url, cookie=site.cookies["pat"], body=body, as_json=True)
        waits.append(time.perf_counter() - began)
        _require(answer.status == 200, f"a press is answered with {answer.status}")
    told.send(waits)
    connection.close()


def _memory_of_presses(worker: int) -> float:
    """The most that any press of this worker has held, in MB."""
    most = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            said = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        except OSError:  # it has ended meanwhile
            continue
        if int(said["PPid"]) == worker:
            most = max(most, int(said.get("VmHWM", "0 kB").split()[0]) / 1024)
    return most


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        _require(time.monotonic() < until, "it takes for ever")
        time.sleep(0.1)


def _require(is_so: bool, why: str) -> None:
    """Raise AssertionError where nothing was measured."""
    if not is_so:
        raise AssertionError(f"Not measured: {why}.")
