"""Who was given a further role by an import is told by e-mail, and again until the mail server takes it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from centres.models import Role
from portfolio.importing.letters import REFUSED, import_letters_ask
from portfolio.importing.services import import_work
from portfolio.models import Import, WaitingWork, WorkLane
from portfolio.services.mail import GIVEN_UP_AFTER
from portfolio.services.waiting_work import work_take
from tests.assessments.pages import signed_in, text_of
from tests.mail_server import running_mail_server
from tests.portfolio.importing.spreadsheets import csv_file, imported, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.usefixtures("qualification")]


def further(person, role="assessor; internal verifier"):
    """A row that gives somebody who has an account one role more."""
    return (person.name, person.email, role, "", "", "", "", "")


@pytest.fixture
def away(settings):
    """No mail server answers; the value puts back the one that did."""
    before = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    return lambda: setattr(settings, "EMAIL_BACKEND", before)


def page_of(coordinator, row: Import) -> str:
    return text_of(signed_in(coordinator).get(reverse("portfolio:import", args=[row.centre.uuid, row.uuid])))


def pauses_end():
    WaitingWork.objects.update(ready_at=timezone.now())


def test_a_mail_server_that_is_away_holds_up_no_row_and_is_tried_until_it_takes_it(centre, coordinator, assessor, away):
    row = imported(centre, coordinator, csv_file(further(assessor)))
    assert row.state == "done"
    assert "1 person waits for the e-mail that says so. It is tried again by itself: Ann Assessor" in page_of(
        coordinator, row
    )
    for _ in range(7):  # more often than other work
        pauses_end()
        assert work_off() == 1
    assert WaitingWork.objects.get().ready_at > timezone.now() + timedelta(minutes=100)
    away()
    pauses_end()
    work_off()
    assert [letter.to for letter in mail.outbox] == [[assessor.email]]
    assert "e-mail that says so" not in page_of(coordinator, row)


def test_what_nothing_asks_for_any_more_is_asked_for_again_until_days_have_passed(centre, coordinator, assessor, away):
    row = imported(centre, coordinator, csv_file(further(assessor)))
    WaitingWork.objects.all().delete()  # as when it was given up with a worker that died
    import_letters_ask()
    import_letters_ask()
    assert work_off() == 1
    Import.objects.update(ended_at=timezone.now() - GIVEN_UP_AFTER)
    assert "not tried again, so tell them yourself: Ann Assessor" in page_of(coordinator, row)
    pauses_end()
    assert work_off() == 1
    import_letters_ask()
    assert work_take(WorkLane.SLOW) is None


def test_an_address_that_is_refused_holds_up_nobody_behind_it(centre, coordinator, assessor, verifier, settings):
    with running_mail_server() as server:
        for name, value in server.settings.items():
            setattr(settings, name, value)
        server.refused = {assessor.email: 550, verifier.email: 450}
        rows = further(assessor), further(verifier, "assessor"), further(coordinator, "assessor")
        row = imported(centre, coordinator, csv_file(*rows))
        assert [coordinator.email in letter for letter in server.received] == [True]
        assert REFUSED in row.rows.get(number=2).sentence
        assert "1 person waits" in page_of(coordinator, row)  # 450: not now
        server.refused = {}
        pauses_end()
        work = work_take(WorkLane.SLOW)
        assert work
        import_work(work)
        assert [verifier.email in letter for letter in server.received] == [False, True]
    assert verifier.memberships.filter(role=Role.ASSESSOR).exists()
