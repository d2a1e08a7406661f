"""The page of a portfolio: units and how they stand, evidence, and what to do next."""

import datetime
import re
import time
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from assessments.steps_back.services import unit_reopen, unit_return
from centres.services.people import role_end
from demo.clock import told_at
from portfolio.evidence.services import EvidenceDetails, evidence_correct, evidence_remove
from portfolio.models import Evidence, Registration
from portfolio.registrations.services import registration_create, units_add
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, claims_make, judge_in_bulk, seen
from tests.portfolio.files.typed import address, another_unit, queries_of, words

pytestmark = pytest.mark.django_db
MOST_QUERIES = 18  # how it stands, what the awarding body asks and declared interests among them


@pytest.fixture
def url(unit) -> str:
    return address("assessments:portfolio", unit.registration, portfolio=unit.registration.uuid)


@pytest.fixture
def signed_in(client, candidate, unit):
    client.force_login(candidate)
    return client


def test_an_empty_portfolio_says_what_to_do(signed_in, url, unit):
    page = signed_in.get(url)
    assert "Your portfolio" in words(page)
    assert "30 missing" in words(page)
    assert "Begin with something from your work" in words(page)
    add = address("portfolio:evidence_add", unit.registration, portfolio=unit.registration.uuid)
    assert page.content.decode().count(f'href="{add}"') == 2


def test_it_lists_the_evidence_and_where_it_is_claimed(signed_in, url, unit, candidate):
    first = add_evidence(unit.registration, candidate, title="<b>Log</b> of March")
    add_evidence(unit.registration, candidate, title="شكاوى العملاء")
    claim_in_bulk(unit, [first])
    page = signed_in.get(url)
    assert "<b>Log</b> of March Work product 2 Mar 2026 kept elsewhere B10 (30)" in words(page)
    assert "شكاوى العملاء Work product 2 Mar 2026 kept elsewhere nothing yet" in words(page)
    links = {urljoin(url, link) for link in re.findall('href="([^"]+)"', page.content.decode())}
    assert address("portfolio:evidence", unit.registration, evidence=first.uuid) in links
    assert address("assessments:unit", unit.registration, unit=unit.uuid) in links


def test_it_counts_what_is_claimed_and_what_is_met(signed_in, url, unit, evidence, assessor, candidate, b10):
    wanted = dict.fromkeys(b10.criteria.filter(is_tickable=True)[:4], "")
    claims_make(unit=unit, evidence=evidence, actor=candidate, wanted=wanted)
    assert "4 waiting 26 missing" in words(signed_in.get(url))
    judge_in_bulk(unit, assessor)
    assert "4 met 26 missing" in words(signed_in.get(url))


def test_claims_that_do_not_count_are_not_counted(signed_in, url, unit, candidate):
    claim_in_bulk(unit, [add_evidence(unit.registration, candidate, setting="simulation")])
    assert "8 waiting 22 missing" in words(signed_in.get(url))  # the knowledge items


def test_it_says_where_each_unit_stands(client, submitted_unit, candidate):
    client.force_login(candidate)
    registration = submitted_unit.registration
    page = words(client.get(address("assessments:portfolio", registration, portfolio=registration.uuid)))
    assert "30 waiting Submitted" in page


def picture(page) -> str:
    """What the timeline says to those who do not see it."""
    [label] = re.findall(r'class="timeline"[^>]* aria-label="([^"]*)"', page.content.decode())
    return label


@pytest.fixture
def verified_step_by_step(unit, candidate, assessor, verifier):
    """B10 from 2 March to 1 July, when it is half past eleven on 30 June in UTC."""
    Registration.objects.update(registered_at=at(3, 1))
    with told_at(at(3, 2)):
        claim_in_bulk(unit, [add_evidence(unit.registration, candidate)])
    with told_at(at(5, 4)):
        unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
        judge_in_bulk(unit, assessor)
    with told_at(at(6, 1)):
        unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    with told_at(at(6, 30, 23, 30)):
        unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    return unit


def at(month, day, hour=9, minute=0):
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=datetime.UTC)


def dates_under(page) -> list[str]:
    """The dates under the timeline."""
    return re.findall(r'class="timeline-date"[^>]*>([^<]+)<', page.content.decode())


def test_it_shows_what_happened_when(client, url, verified_step_by_step, candidate, verifier):
    with told_at(at(7, 9)):
        unit_reopen(unit=verified_step_by_step, actor=verifier, reason="A certificate is disputed.", stamp=3)
    client.force_login(candidate)
    page = client.get(url)
    assert picture(page) == (
        "Evidence: 1, 2 March 2026. Submitted: 1, 4 May 2026. Signed off: 1, 1 June 2026. "
        "Countersigned: 1, 1 July 2026. Went back: 1, 9 July 2026"
    )  # in the centre's time, which is an hour ahead in summer
    assert "July 2026 9 Jul B10 reopened 1 Jul B10 countersigned June 2026 1 Jun B10 signed off" in words(page)
    assert "May 2026 4 May B10 submitted March 2026 Evidence that came in: 1" in words(page)


def test_where_nothing_happened_there_is_no_timeline(signed_in, url):
    html = signed_in.get(url).content.decode()
    assert "timeline" not in html
    assert "month by month" not in html


def test_the_timeline_of_a_finished_portfolio_ends_with_its_last_step(signed_in, url, verified_step_by_step):
    assert dates_under(signed_in.get(url)) == ["1 Mar 2026", "1 Jul 2026"]


def test_until_then_it_goes_on_until_today_on_each_day(client, url, verified_step_by_step, candidate, verifier):
    with told_at(at(7, 9)):
        unit_reopen(unit=verified_step_by_step, actor=verifier, reason="A certificate is disputed.", stamp=3)
    for day, written in ((at(8, 1), "1 Aug 2026"), (at(8, 2), "2 Aug 2026"), (at(8, 2, 23, 30), "3 Aug 2026")):
        with told_at(day):
            client.force_login(candidate)
            assert dates_under(client.get(url)) == ["1 Mar 2026", written]


def test_a_timeline_stays_as_it_is_all_day(signed_in, url, evidence):
    seen_then = []
    for _ in range(2):
        seen_then.append(re.findall(r'<svg class="timeline".*?</svg>', signed_in.get(url).content.decode(), re.DOTALL))
        time.sleep(0.3)
    assert seen_then[0] == seen_then[1] != []


def test_a_removed_piece_is_not_listed(signed_in, url, evidence, candidate):
    evidence_remove(evidence=evidence, actor=candidate)
    assert "Complaints log" not in words(signed_in.get(url))


def test_a_very_long_title_is_cut_short(signed_in, url, unit, candidate):
    add_evidence(unit.registration, candidate, title="W" * 5000)
    assert "W" * 161 not in signed_in.get(url).content.decode()


@pytest.mark.parametrize(
    ("person", "adds"), [("candidate", True), ("assessor", True), ("verifier", False), ("coordinator", True)]
)
def test_those_who_may_add_are_offered_it(person, adds, client, url, unit, request):
    client.force_login(request.getfixturevalue(person))
    page = client.get(url)
    assert ("/evidence/new/" in page.content.decode()) == adds
    assert ("Portfolio of Pat Candidate" in words(page)) == (person != "candidate")


def test_a_reader_of_an_empty_portfolio_is_told_who_fills_it(client, url, verifier):
    client.force_login(verifier)
    assert "The candidate adds evidence as they collect it." in words(client.get(url))


def test_outsiders_find_nothing(client, url, unit, outsider):
    client.force_login(outsider)
    assert client.get(url).status_code == 404
    own = outsider.memberships.first().centre
    path = reverse("assessments:portfolio", kwargs={"centre": own.uuid, "portfolio": unit.registration.uuid})
    assert client.get(path).status_code == 404


def test_who_is_no_candidate_any_more_finds_nothing(signed_in, url, candidate, coordinator, centre):
    role_end(membership=candidate.memberships.get(centre=centre), actor=coordinator)
    assert signed_in.get(url).status_code == 404


def test_another_portfolio_of_the_same_person_is_another_page(signed_in, url, unit, candidate, coordinator, b10):
    other = registration_create(
        centre=unit.registration.centre, actor=coordinator, candidate=candidate, number="", revisions=[b10]
    )
    add_evidence(other, candidate, title="Of the other one")
    assert "Of the other one" not in words(signed_in.get(url))


def test_it_is_only_looked_at(signed_in, url):
    assert signed_in.post(url).status_code == 405


@pytest.mark.parametrize("person", ["candidate", "assessor", "verifier", "coordinator"])
def test_it_keeps_to_few_queries(person, client, qualified, candidate, assessor, request):
    """An award with a unit that came back, and a piece that was corrected after it was signed for."""
    piece = add_evidence(qualified, candidate)
    unit = qualified.candidate_units.earliest("pk")
    other = qualified.candidate_units.latest("pk")
    for each in (unit, other):
        claim_in_bulk(each, [piece])
        unit_submit(unit=each, actor=candidate, password=PASSWORD, seen=seen(each))
    unit_return(unit=unit, actor=assessor, reason="One more, please.", stamp=1)
    version = piece.versions.get()
    details = EvidenceDetails(
        title="Corrected", kind=version.kind, setting=version.setting, happened_from=version.happened_from,
        location=version.location, relevance=version.relevance,
    )  # fmt: skip
    evidence_correct(evidence=piece, actor=candidate, seen=1, details=details, keep=[], staged=[])
    client.force_login(request.getfixturevalue(person))
    page = address("assessments:portfolio", qualified, portfolio=qualified.uuid)
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert "Went back: 1" in picture(client.get(page))
    assert len(queries) <= MOST_QUERIES


@pytest.mark.long
@pytest.mark.parametrize("person", ["candidate", "assessor", "verifier", "coordinator"])
def test_it_takes_as_many_queries_with_ten_times_the_data(person, client, url, unit, candidate, coordinator, request):
    claim_in_bulk(unit, [add_evidence(unit.registration, candidate)])
    judge_in_bulk(unit, request.getfixturevalue("assessor"))
    client.force_login(request.getfixturevalue(person))
    before = queries_of(client, url)
    for number in range(20):
        add_evidence(unit.registration, candidate, title=f"Piece {number}")
    units = units_add(registration=unit.registration, actor=coordinator, revisions=[another_unit()])
    for each in units:
        claim_in_bulk(each, list(Evidence.objects.all()))
    assert (
        queries_of(client, url) == before <= 18
    )  # how it stands, what the awarding body asks and declared interests among them


def test_who_has_finished_is_not_asked_for_more(signed_in, url, verified_step_by_step):
    html = signed_in.get(url).content.decode()
    assert "thumb-bar" not in html
    assert f'class="btn btn-outline-secondary" href="{url}evidence/new/"' in html
