"""The lists of units, evidence and actions: found, sorted, paged, for those who may see them, and as a spreadsheet."""

import csv
import datetime
import io
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.actions.services import ActionWanted, action_answer, action_ask
from assessments.models import Binding
from centres.models import Membership, Role
from centres.services.people import role_end
from portfolio.evidence.services import EvidenceDetails, evidence_add, evidence_correct, evidence_remove
from portfolio.models import Evidence
from portfolio.registrations.services import registration_create
from tests.assessments.pages import address, html_of, signed_in
from tests.cast import add_evidence, claim_in_bulk, join
from tests.portfolio.files.typed import words
from tests.portfolio.registrations.particulars import say

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def zoe(centre, coordinator, unit):
    """Zoe has one unit, and nobody works on it yet; Pat's is assessed by Ann and verified by Ivy."""
    zoe = join(centre, coordinator, "Zoe Zulu", "zoe@harbour.example", Role.CANDIDATE)
    return registration_create(
        centre=centre, actor=coordinator, candidate=zoe, number="C-77", revisions=[unit.revision]
    )


@pytest.fixture
def look(centre):
    """Ask for a list as somebody."""
    return lambda person, which, query="": signed_in(person).get(
        reverse(f"assessments:{which}_list", args=[centre.uuid]) + query
    )


def shown(answer, column):
    return [str(row.cells[column]) for row in answer.context["listed"].table.rows]


def rows_of(answer):
    """The rows of a CSV by the words of its head."""
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def candidates(answer):
    return [row["Candidate"] for row in rows_of(answer)]


def test_the_units_of_a_centre_are_found_by_all_that_a_row_says(look, zoe, unit, coordinator, assessor):
    say(unit.registration, coordinator, site="Quay Street")
    find = lambda query: candidates(look(coordinator, "units", f"?as=csv&{query}"))  # noqa: E731
    assert find("") == find("sort=-since") == find("sort=-candidate") == ["Zoe Zulu", "Pat Candidate"]
    assert find("sort=since") == find("sort=candidate") == ["Pat Candidate", "Zoe Zulu"]
    assert find("find=c-77") == find("find=zulu+b10") == find("assessor=nobody") == ["Zoe Zulu"]
    assert find(f"assessor={assessor.uuid}") == find("site=Quay+Street") == find("turn=candidate") == ["Pat Candidate"]
    assert find("state=collecting&qualification=none") == ["Zoe Zulu", "Pat Candidate"]
    assert find("state=verified") == []
    # An address that somebody made up finds what the part of it that is known finds.
    assert find("state=x&assessor=drop+table&turn=y&sort=height&after=z") == ["Zoe Zulu", "Pat Candidate"]


def test_a_row_says_where_a_unit_stands_and_leads_there(look, judged_unit, coordinator, centre):
    [row] = rows_of(look(coordinator, "units", "?as=csv"))
    assert row | {"Since": ""} == {
        "Candidate": "Pat Candidate",
        "Unit": str(judged_unit.revision),
        "Qualification": "Single units",
        "State": "Submitted",
        "Since": "",
        "Met": row["Met"],
        "Assessor": "Ann Assessor",
        "Internal verifier": "Ivy Verifier",
        "Site": "",
    }
    met, total = row["Met"].split(" of ")
    assert int(met) == int(total) > 0
    assert datetime.date.fromisoformat(row["Since"]) == centre.today
    page = html_of(look(coordinator, "units"))
    assert address("unit", judged_unit) in page
    assert reverse("assessments:portfolio", args=[centre.uuid, judged_unit.registration.uuid]) in page


def test_who_assesses_or_verifies_lists_the_units_they_work_on(look, zoe, centre, coordinator, assessor, verifier):
    assert candidates(look(assessor, "units", "?as=csv")) == ["Pat Candidate"]
    assert candidates(look(verifier, "units", "?as=csv&find=zulu")) == []
    assert shown(look(verifier, "units"), "candidate") != []
    other = join(centre, coordinator, "Otto", "otto@harbour.example", Role.ASSESSOR)
    assert "No unit is worked on yet." in words(look(other, "units"))
    role_end(membership=Membership.objects.get(user=assessor, role=Role.ASSESSOR), actor=coordinator)
    assert look(assessor, "units").status_code == 404


def test_page_after_page_every_unit_stands_there_once(look, zoe, coordinator, monkeypatch):
    monkeypatch.setattr("assessments.lists.views.ROWS", 1)
    for sort in ("candidate", "-since"):
        first = look(coordinator, "units", f"?sort={sort}")
        after = first.context["listed"].page.following
        second = look(coordinator, "units", f"?sort={sort}&after={after}")
        assert second.context["listed"].page.following == ""
        assert shown(first, "candidate") != shown(second, "candidate")


def details(title, **more):
    said = {
        "title": title,
        "kind": "work_product",
        "setting": "real_job",
        "happened_from": datetime.date(2026, 3, 2),
        "location": "The counter",
        "relevance": "It shows it.",
    }
    return EvidenceDetails(**said | more)


def test_evidence_is_listed_as_it_is_now_with_what_it_claims(look, judged_unit, registration, candidate, coordinator):
    add = {"registration": registration, "actor": candidate, "staged": []}
    log = evidence_add(**add, form_key=uuid.uuid4(), details=details("A letter"))
    now = details("=Roster", kind="case_history")
    evidence_correct(evidence=log, actor=candidate, seen=1, details=now, keep=[], staged=[])
    gone = evidence_add(**add, form_key=uuid.uuid4(), details=details("Gone"))
    evidence_remove(evidence=gone, actor=candidate)
    claimed, roster = rows_of(look(coordinator, "evidence", "?as=csv"))
    assert (claimed["Units"], claimed["State"].endswith(" met")) == ("B10", True)
    assert roster | {"Put in": ""} == {
        "Candidate": "Pat Candidate",
        "Number": "2",
        "Title": "'=Roster",
        "Kind": "Case history",
        "Day": "2026-03-02",
        "Units": "",
        "State": "Claims nothing",
        "By": "Pat Candidate",
        "Put in": "",
    }
    for query in ("find=roster+pat", "kind=case_history", "state=nothing"):
        assert rows_of(look(coordinator, "evidence", f"?as=csv&{query}")) == [roster]
    assert rows_of(look(coordinator, "evidence", "?as=csv&state=met")) == [claimed]
    assert rows_of(look(coordinator, "evidence", "?as=csv&find=letter")) == []  # it said so before


def test_evidence_is_listed_for_those_to_whom_its_portfolio_is_open(look, zoe, evidence, candidate, assessor):
    add_evidence(zoe, zoe.candidate)
    everything = Evidence.objects.count()
    for person, number in ((candidate, 1), (assessor, 1), (zoe.candidate, 1)):
        assert len(rows_of(look(person, "evidence", "?as=csv"))) == number < everything
    here = reverse("assessments:portfolio_evidence", args=[zoe.centre.uuid, zoe.uuid])
    page = signed_in(zoe.candidate).get(f"{here}?sort=-number")
    assert "Evidence of Zoe Zulu" in words(page)
    assert page.context["listed"].page.sort == "-number"
    assert signed_in(candidate).get(here).status_code == 404


@pytest.fixture
def asked(unit, assessor, verifier, candidate, evidence):
    """Ivy asks Ann something that candidates never see; Ann asks Pat for two things, by different days."""
    of_staff = action_ask(
        actor=verifier, asked_as=Role.INTERNAL_VERIFIER, owner=assessor, owned_as=Role.ASSESSOR, unit=unit,
        wanted=ActionWanted(text="Observe her."),
    )  # fmt: skip
    ask = {"actor": assessor, "asked_as": Role.ASSESSOR, "owner": candidate, "owned_as": Role.CANDIDATE, "unit": unit}
    today = unit.registration.centre.today
    late, soon = (
        action_ask(**ask, wanted=ActionWanted(text=text, binding=Binding.DATE, due=today + datetime.timedelta(days)))
        for text, days in (("Bring the roster.", 1), ("Bring the log.", 9))
    )
    return {"staff": of_staff, "late": late, "soon": soon}


def texts(answer):
    return [row["To be done"] for row in rows_of(answer)]


def test_actions_are_sorted_by_day_those_without_one_last_either_way(look, asked, coordinator, monkeypatch):
    assert texts(look(coordinator, "actions", "?as=csv")) == ["Bring the roster.", "Bring the log.", "Observe her."]
    back = texts(look(coordinator, "actions", "?as=csv&sort=-due"))
    assert back == ["Bring the log.", "Bring the roster.", "Observe her."]
    monkeypatch.setattr("assessments.lists.views.ROWS", 1)
    for sort, wanted in (("due", ["late", "soon", "staff"]), ("-due", ["soon", "late", "staff"])):
        after, found = "", []
        for _ in wanted:
            page = look(coordinator, "actions", f"?sort={sort}&after={after}").context["listed"].page
            found += [row.pk for row in page.rows]
            after = page.following
        assert (found, after) == ([asked[which].pk for which in wanted], "")


def test_actions_are_found_by_state_words_and_people(look, asked, candidate, assessor, coordinator, monkeypatch):
    later = timezone.now() + datetime.timedelta(2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    action_answer(action=asked["soon"], actor=candidate, words="Here it is.", seen=1)
    find = lambda query, who=coordinator: texts(look(who, "actions", f"?as=csv&{query}"))  # noqa: E731
    assert find("show=overdue") == find("find=roster+pat") == ["Bring the roster."]
    assert find("show=answered") == find("find=LOG") == ["Bring the log."]
    assert find("owner=ann") == find("own=owner", assessor) == ["Observe her."]
    assert find("own=asker", assessor) == ["Bring the roster.", "Bring the log."]
    assert find("show=ended") == []
    assert len(find("show=all")) == len(find("show=nonsense&own=me")) == 3
    late, *_ = rows_of(look(coordinator, "actions", "?as=csv"))
    assert (late["State"], late["About"], late["Who"]) == ("Overdue", "Pat Candidate; B10", "Pat Candidate")
    assert late["Asked by"] == "Ann Assessor"
    assert [row["By"] for row in rows_of(look(assessor, "actions", "?as=csv&own=owner"))] == ["Before the sign-off"]
    assert late["By"] == asked["late"].due.isoformat()


def test_what_verifiers_ask_of_assessors_is_in_no_candidates_list(look, asked, zoe, candidate):
    assert texts(look(candidate, "actions", "?as=csv&show=all")) == ["Bring the roster.", "Bring the log."]
    assert texts(look(zoe.candidate, "actions", "?as=csv&show=all")) == []
    assert "Nothing is to be done by anybody." in words(look(zoe.candidate, "actions"))


@pytest.mark.parametrize(("which", "most"), [("units", 11), ("evidence", 6), ("actions", 5)])
def test_a_list_asks_the_database_a_few_times(
    which, most, asked, zoe, client, coordinator, centre, django_assert_max_num_queries
):
    claim_in_bulk(asked["staff"].candidate_unit, list(Evidence.objects.all()))
    client.force_login(coordinator)
    here = reverse(f"assessments:{which}_list", args=[centre.uuid])
    client.get(here)
    with django_assert_max_num_queries(most):
        client.get(here)
