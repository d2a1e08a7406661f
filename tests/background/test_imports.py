"""The worker imports a spreadsheet; killed in the middle of a row, the next one goes on there and doubles nothing."""

import signal

import pytest

from centres.models import User
from portfolio.importing.services import import_start
from portfolio.models import Allocation, ImportRow, Registration
from tests.background.test_takers import data_dir
from tests.background.test_worker import start_worker, wait_until
from tests.portfolio.importing.spreadsheets import KIM, PAT, STAFF, checked, csv_file

__all__ = ["data_dir", "start_worker"]
pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True), pytest.mark.long]

DIES_AT_KIM = """
import os, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from portfolio.importing import services
do = services.row_do
def do_and_die(row, **about):
    made = do(row, **about)
    if row.said["email"] == "kim@new.example":
        os.kill(os.getpid(), signal.SIGKILL)
    return made
services.row_do = do_and_die
from background.worker import run_worker
run_worker()
"""


@pytest.mark.usefixtures("assessor", "verifier", "qualification")
def test_an_import_whose_worker_is_killed_within_a_row_goes_on_there(start_worker, centre, coordinator):
    row = checked(centre, coordinator, csv_file(PAT, KIM, STAFF))
    import_start(of=row, actor=coordinator)
    assert start_worker(DIES_AT_KIM).wait(timeout=90) == -signal.SIGKILL
    assert set(ImportRow.objects.filter(state="done").values_list("number", flat=True)) == {2, 4}
    assert not User.objects.filter(email="kim@new.example").exists()
    start_worker()
    wait_until(lambda: ImportRow.objects.filter(state="done").count() == 3)
    assert User.objects.filter(email__endswith="@new.example").count() == 3
    assert Registration.objects.count() == 2
    assert Allocation.objects.count() == 3 * 2 + 2  # Pat's three units with both, Kim's two with an assessor
