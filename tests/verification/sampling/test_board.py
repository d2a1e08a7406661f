"""The board and the figures: what they say, how they are narrowed, and that they ask the same whatever the size."""

import csv
import datetime
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.models import Judgement
from bench.large_site import centre_with
from centres.models import Role
from portfolio.models import Capacity, UnitVersion
from portfolio.registrations.services import allocate
from tests.cast import join
from tests.portfolio.registrations.particulars import say
from verification.models import PlannedSample
from verification.sampling.board import CANDIDATES_ON_A_PAGE, BoardWanted, Stand, board_of, stand_of, stands
from verification.sampling.figures import figures_of
from verification.sampling.planning import plan_propose, planned_add, planned_leave_out

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TODAY = datetime.date(2026, 11, 30)


@pytest.fixture
def board_page(client, verifier, centre):
    """Get the board as Ivy, narrowed by the address."""
    client.force_login(verifier)
    return lambda **wanted: client.get(reverse("verification:board", args=[centre.uuid]), wanted)


def test_a_unit_stands_alike_on_the_board_and_in_the_counts(assessed_unit, verifier, sample):
    planned = planned_add(unit=assessed_unit, actor=verifier, reason="A new workplace.")

    def both(due, **said):
        PlannedSample.objects.filter(pk=planned.pk).update(due=due, **said)
        row = PlannedSample.objects.with_done().get()
        stand = stand_of(row, TODAY)
        assert [which for which, is_so in stands(TODAY).items() if PlannedSample.objects.with_done().filter(is_so)] == [
            stand
        ]
        return stand

    day = datetime.timedelta(days=1)
    assert both(TODAY - day) == Stand.OVERDUE
    assert both(TODAY) == Stand.DUE
    assert both(TODAY + 7 * day) == Stand.DUE
    assert both(TODAY + 8 * day) == Stand.PLANNED
    assert both(TODAY - day, left_out_at=timezone.now()) == Stand.LEFT_OUT
    sample(assessed_unit)
    assert both(TODAY - day) == Stand.DONE


def test_the_board_is_narrowed_and_says_when_nothing_is_like_that(board_page, assessed_unit, verifier, assessor):
    assert b"Pat Candidate" in board_page().content
    assert b"Pat Candidate" in board_page(show="unplanned", assessor=str(assessor.uuid), find="pat").content
    planned = planned_add(unit=assessed_unit, actor=verifier, reason="A new workplace.")
    assert b"Pat Candidate" in board_page(show="planned").content
    for nothing in ({"show": "unplanned"}, {"show": "overdue"}, {"find": "Zoe"}, {"assessor": str(verifier.uuid)}):
        assert b"No unit is like that." in board_page(**nothing).content
    planned_leave_out(planned=planned, actor=verifier, reason="Too far away.")
    assert b"Pat Candidate" in board_page(show="left_out").content
    for nonsense in ({"show": "x"}, {"after": "x"}, {"assessor": "x"}):
        assert b"Pat Candidate" in board_page(**nonsense).content


def test_board_and_figures_know_the_sites(board_page, assessed_unit, coordinator, verifier, centre):
    def found(site):
        return len(board_of(centre, BoardWanted(site=site), verifier=verifier).rows)

    planned_add(unit=assessed_unit, actor=verifier, reason="A new workplace.")
    assert figures_of(centre, verifier=verifier).sites == ()
    say(assessed_unit.registration, coordinator, "", site="Main site")
    say(assessed_unit.registration, coordinator, site="Harbour")
    assert [found(site) for site in ("Harbour", "Main site", "")] == [1, 0, 1]
    assert '<option value="Harbour" selected>' in board_page(site="Harbour").content.decode()
    [site] = figures_of(centre, verifier=verifier).sites
    assert (site.name, site.planned, site.done) == ("Harbour", 1, 0)


@pytest.mark.long
def test_the_board_goes_on_behind_the_last_candidate(db):
    call_command("sync_standards", "--framework", "nvq", "--framework", "cvq", verbosity=0)
    site = centre_with("Harbour College", "large", 200)
    ivy = site.people["ivy"]
    found = board_of(site.centre, BoardWanted(), verifier=ivy)
    assert len(found.rows) == CANDIDATES_ON_A_PAGE
    seen = [row.portfolio for row in found.rows]
    while found.following:
        found = board_of(site.centre, BoardWanted(after=str(found.following)), verifier=ivy)
        seen += [row.portfolio for row in found.rows]
    assert len(seen) == len(set(seen)) == 200 // 6 + 1


def test_figures_count_agreement_days_and_the_plan_and_come_as_a_file(
    client, assessed_unit, centre, verifier, assessor, coordinator, sample, choose
):
    planned_add(unit=assessed_unit, actor=verifier, reason="A new workplace.")
    sample(assessed_unit, agrees=False, words="One day only.")
    sample(assessed_unit)
    judged = Judgement.objects.earliest("made_at").made_at
    day = datetime.timedelta(days=1)
    UnitVersion.objects.filter(candidate_unit=assessed_unit).update(
        submitted_at=judged - day, assessed_at=judged + 3 * day
    )
    # Whoever leads in it now: the days are those of who signed it off.
    bob = join(centre, coordinator, "Bob Assessor", "bob@harbour.example", Role.ASSESSOR)
    allocate(unit=assessed_unit, actor=coordinator, user=bob, capacity=Capacity.ASSESSOR)
    figures = figures_of(centre, verifier=verifier)
    ann, of_bob = figures.assessors
    assert (of_bob.name, of_bob.planned, of_bob.days_to_sign_off) == ("Bob Assessor", 1, None)
    assert (ann.name, ann.sampled, ann.agreed, ann.percent) == ("Ann Assessor", 2, 1, 50)
    assert ann.days_to_judgement == pytest.approx(1, abs=0.1)
    assert ann.days_to_sign_off == pytest.approx(4, abs=0.1)
    assert ann.days_to_countersignature is None
    assert [(one.name, one.planned, one.done) for one in figures.units] == [("B10 (NVQ)", 1, 1)]
    assert [(one.name, one.planned, one.done) for one in figures.kinds] == [("Work product", 1, 1)]
    assert [(bar.words, bar.whole, bar.part) for bar in figures.agreement.bars] == [("Ann Assessor: 1 of 2", 100, 50)]
    client.force_login(verifier)
    assert b"1 of 2 (50 %)" in client.get(reverse("verification:figures", args=[centre.uuid])).content
    type(assessor).objects.filter(pk=assessor.pk).update(name="=cmd()")
    content = client.get(reverse("verification:figures_file", args=[centre.uuid])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[1] == ["'=cmd()", "2", "1", "50", "1.0", "4.0", "", "0", "0", "0"]
    book = client.get(reverse("verification:figures_file", args=[centre.uuid]), {"as": "xlsx"})
    cells = next(load_workbook(io.BytesIO(book.content)).active.iter_rows(min_row=2, values_only=True))
    assert cells[:6] == ("'=cmd()", "2", "1", "50", "1.0", "4.0")
    assert plan_propose(centre=centre, verifier=verifier) is None
