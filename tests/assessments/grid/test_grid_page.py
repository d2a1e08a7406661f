"""The grid of a unit: what it shows to whom, what its requests change, and what it costs."""

import json
import re
import uuid

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.cells.changes import CHANGES_AT_MOST
from assessments.grid.grid import PIECES_ON_A_PAGE
from assessments.grid.html import LETTERS
from assessments.models import Judgement
from assessments.signing.services import unit_submit
from assessments.standing.worked_out import bring_up_to_date
from centres.models import User
from portfolio.models import Claim, Evidence, EvidenceVersion
from tests.assessments.cells.test_judgements import correct
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, judge_in_bulk, seen

pytestmark = pytest.mark.django_db

MOST_QUERIES = 10


def page(unit, user, **query):
    return signed_in(user).get(address("grid", unit), query)


def cells(html: str) -> list[list[str]]:
    """The letters of the cells, row by row; "" for an empty one."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.findall(r"<td(?: class=(\w))?", row) for row in body.split("<tr")[1:]]


def stamps_of(response) -> list[str]:
    """What a page sends back of each cell that is not empty."""
    return re.findall(r"data-s=(\w+)", html_of(response))


def codes(html: str) -> list[str]:
    head = html.partition("<thead>")[2].partition("</thead>")[0]
    return re.findall(r"<th scope=col[^>]*><a [^>]*>([^<]+)</a>", head)


def send(client, unit, *marks, **more):
    """Send changes as the script of a page of who is signed in does; `person`: of somebody else's page."""
    person = more.pop("person", None) or User.objects.filter(pk=client.session.get(SESSION_KEY)).first()
    body = more.pop("body", json.dumps({"person": str(person and person.uuid), "marks": list(marks)}))
    return client.post(address("cells", unit), body, content_type="application/json", **more)


def claim(evidence, criterion="performance-1", to="claimed", **more):
    return {"e": str(evidence.uuid), "c": criterion, "to": to, "seen": "", **more}


def many_pieces(unit, candidate, count: int, **said) -> list[Evidence]:
    """Pieces of the candidate's own, in bulk."""
    first = add_evidence(unit.registration, candidate, **said)
    version = first.versions.get()
    pieces = Evidence.objects.bulk_create(
        Evidence(registration=unit.registration, number=first.number + place, author=candidate, added_at=timezone.now())
        for place in range(1, count)
    )
    fields = {
        name: getattr(version, name) for name in ("title", "kind", "setting", "happened_from", "location", "relevance")
    }
    EvidenceVersion.objects.bulk_create(
        EvidenceVersion(evidence=piece, author=candidate, made_at=timezone.now(), **fields) for piece in pieces
    )
    return [first, *pieces]


def test_it_shows_evidence_down_and_criteria_across_as_the_form_prints_them(claimed_unit, candidate):
    html = html_of(page(claimed_unit, candidate))
    assert codes(html)[:3] == ["B10.1.1", "B10.1.2", "B10.1.3"]
    assert codes(html)[15:17] + codes(html)[23:] == ["B10a", "B10b", "4a", "4b", "4c", "4d", "5a", "5b", "5c"]
    assert cells(html) == [["c"] * 30]
    assert "Complaints log of the counter, March" in html


def test_each_cell_tells_its_state_by_letter_and_word(claimed_unit, evidence, candidate, assessor):
    client = signed_in(assessor)
    stamps = stamps_of(client.get(address("grid", claimed_unit)))
    for place, (to, reason) in enumerate((("met", ""), ("partly", "More."), ("not_yet", "No."))):
        change = claim(evidence, f"performance-{place + 1}", to, seen=stamps[place], reason=reason)
        assert "refused" not in send(client, claimed_unit, change).json()["cells"][0]
    simulated = add_evidence(claimed_unit.registration, candidate)
    claim_in_bulk(claimed_unit, [simulated])
    correct(simulated, candidate, setting="simulation")
    html = html_of(page(claimed_unit, candidate))
    first, second = cells(html)
    assert first[:4] == ["m", "p", "n", "c"]
    assert (second[0], second[15]) == ("b", "c")  # a simulation bars the doing, and not the knowing
    for word in ("Met", "Met in part", "Not yet", "Waiting", "Does not count"):
        assert f">{word}<" in html
    assert set(LETTERS.values()) == {"c", "m", "p", "n", "b", ""}


@pytest.mark.parametrize(
    ("state", "who", "acts"),
    [
        ("claimed_unit", "candidate", "claim"),
        ("claimed_unit", "assessor", "judge"),
        ("submitted_unit", "candidate", "read"),
        ("submitted_unit", "assessor", "judge"),
        ("submitted_unit", "verifier", "read"),
        ("assessed_unit", "assessor", "read"),
        ("verified_unit", "coordinator", "read"),
    ],
)
def test_each_person_does_on_it_what_they_may(state, who, acts, request):
    response = page(request.getfixturevalue(state), request.getfixturevalue(who))
    assert f'data-acts="{acts}"' in html_of(response)


def test_without_a_script_rows_and_columns_lead_where_ticks_are(claimed_unit, evidence, candidate, assessor):
    for user, leads_to in ((candidate, "claims"), (assessor, "judge")):
        client = signed_in(user)
        html = html_of(client.get(address("grid", claimed_unit)))
        assert f'href="../{leads_to}/{evidence.uuid}/"' in html
        assert client.get(address(leads_to, claimed_unit, evidence=evidence.uuid)).status_code == 200
        assert 'href="../criteria/knowledge-8/"' in html
        assert client.get(address("criterion", claimed_unit, criterion="knowledge-8")).status_code == 200


def test_what_is_missing_is_what_readiness_says_before_the_next_signature(claimed_unit, candidate, assessor):
    claimed = Claim.objects.filter(criterion__code__in=["B10.2.7", "B10c"])
    claimed.update(withdrawn_at=timezone.now(), withdrawn_by=claimed[0].author)
    bring_up_to_date([claimed_unit])
    html = html_of(page(claimed_unit, candidate, show="missing"))
    assert codes(html) == ["B10.2.7", "B10c"]
    assert "What is missing (2)" in text_of(page(claimed_unit, candidate)).replace("( ", "(").replace(" )", ")")
    unit_submit(unit=claimed_unit, actor=candidate, password=PASSWORD, seen=seen(claimed_unit))
    assert len(codes(html_of(page(claimed_unit, assessor, show="missing")))) == 30  # now all is to be met
    assert "Not met yet (30)" in text_of(page(claimed_unit, candidate)).replace("( ", "(").replace(" )", ")")
    judge_in_bulk(claimed_unit, assessor)
    assert codes(html_of(page(claimed_unit, assessor, show="missing"))) == ["B10.2.7", "B10c"]


def test_when_nothing_is_missing_it_says_so(judged_unit, assessor):
    assert "Nothing is missing." in text_of(page(judged_unit, assessor))
    assert "Show all criteria" in text_of(page(judged_unit, assessor, show="missing"))


def test_who_only_looks_sees_the_pieces_that_claim_something(claimed_unit, candidate, verifier):
    add_evidence(claimed_unit.registration, candidate, title="Something of another unit")
    assert len(cells(html_of(page(claimed_unit, candidate)))) == 2
    assert len(cells(html_of(page(claimed_unit, verifier)))) == 1


def test_an_empty_portfolio_says_what_to_do(unit, candidate, verifier):
    response = page(unit, candidate)
    assert "There is no evidence in this portfolio yet." in text_of(response)
    assert "/evidence/new/" in html_of(response)
    assert "Nothing is claimed in this unit yet." in text_of(page(unit, verifier))


def test_a_toggle_is_one_request_and_says_how_the_cell_stands(unit, evidence, candidate):
    client = signed_in(candidate)
    answer = send(client, unit, claim(evidence))
    assert answer.status_code == 200
    [cell] = answer.json()["cells"]
    assert (cell["e"], cell["c"], cell["status"]) == (str(evidence.uuid), "performance-1", "claimed")
    assert re.fullmatch(r"\d\d:\d\d:\d\d", answer.json()["saved_at"])
    [again] = send(client, unit, claim(evidence, to="empty", seen=cell["stamp"])).json()["cells"]
    assert (again["status"], again["stamp"]) == ("empty", "")
    assert len(answer.content) < 3000


@pytest.mark.long
@pytest.mark.sqlite
@pytest.mark.parametrize("who", ["candidate", "assessor"])
def test_a_toggle_takes_few_queries(who, request, claimed_unit, evidence):
    person = request.getfixturevalue(who)
    client = signed_in(person)
    stamp = stamps_of(client.get(address("grid", claimed_unit)))[0]
    with CaptureQueriesContext(connection) as captured:
        wanted = claim(evidence, to="met" if who == "assessor" else "empty", seen=stamp)
        assert "refused" not in send(client, claimed_unit, wanted, person=person).json()["cells"][0]
    assert len(captured) <= 27, [query["sql"][:80] for query in captured]


def test_a_toggle_after_the_submission_is_refused_with_a_sentence(submitted_unit, evidence, candidate):
    answer = send(signed_in(candidate), submitted_unit, claim(evidence, to="empty"))
    assert answer.status_code == 409
    assert answer.json()["error"] == (
        "This unit is submitted now, so it cannot be changed any more. Nothing was saved."
    )
    assert Claim.objects.filter(withdrawn_at__isnull=True).count() == 30


def test_a_toggle_after_the_role_was_withdrawn_finds_nothing(unit, evidence, candidate, centre):
    client = signed_in(candidate)
    centre.memberships.filter(user=candidate).update(ended_at=timezone.now())
    assert send(client, unit, claim(evidence)).status_code == 404
    assert not Claim.objects.exists()


def test_who_may_look_and_not_change_is_told_so(claimed_unit, evidence, verifier):
    answer = send(signed_in(verifier), claimed_unit, claim(evidence, to="empty"))
    assert (answer.status_code, answer.json()["error"]) == (403, "You cannot change this unit. Nothing was saved.")


def test_who_was_signed_out_is_told_so_and_keeps_what_waits(unit, evidence):
    answer = send(Client(), unit, claim(evidence))
    assert (answer.status_code, answer.json()["error"]) == (401, "You had been signed out.")


def test_a_page_with_an_old_token_is_told_to_fetch_another(unit, evidence, candidate):
    client = Client(enforce_csrf_checks=True)
    client.force_login(candidate)
    answer = send(client, unit, claim(evidence), headers={"origin": "http://testserver"})
    assert (answer.status_code, answer.json()["old_page"]) == (403, True)
    assert send(client, unit, claim(evidence), headers={"origin": "http://elsewhere.example"}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "[]",
        "null",
        '{%(p)s, "marks": []}',
        '{%(p)s, "marks": {}}',
        '{%(p)s, "marks": [1]}',
        '{%(p)s, "marks": [{}]}',
        '{"marks": [{"e": "%(e)s", "c": "performance-1", "to": "claimed"}]}',  # of nobody's page
        "[" * 100_000,
        '{%(p)s, "marks": [{"e": "%(e)s", "c": "performance-1", "to": "claimed"}, '
        '{"e": "%(e)s", "c": "performance-1", "to": "claimed"}]}',  # one cell twice
        '{%(p)s, "marks": [{"e": "no uuid", "c": "performance-1", "to": "claimed"}]}',
        '{%(p)s, "marks": [{"e": 7, "c": "performance-1", "to": "claimed"}]}',
        '{%(p)s, "marks": [{"e": "%(e)s", "c": "performance-99", "to": "claimed"}]}',
        '{%(p)s, "marks": [{"e": "%(e)s", "c": "evidence-4", "to": "claimed"}]}',  # a heading over lettered items
        '{%(p)s, "marks": [{"e": "%(e)s", "c": ["performance-1"], "to": "claimed"}]}',
        '{%(p)s, "marks": [{"e": "%(e)s", "c": "performance-1", "to": "signed"}]}',
        '{%(p)s, "marks": [{"e": "%(e)s", "c": "performance-1", "to": ["met"]}]}',
        '{%(p)s, "marks": [{"e": "%(e)s", "c": "performance-1", "to": "not_yet", "reason": 7}]}',
        "\xff\xfe",
    ],
)  # fmt: skip
def test_what_no_page_of_ours_sends_changes_nothing(unit, evidence, candidate, body):
    said = body.replace("%(e)s", str(evidence.uuid)).replace("%(p)s", f'"person": "{candidate.uuid}"')
    answer = send(signed_in(candidate), unit, body=said)
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.json()["error"]
    assert not Claim.objects.exists()


def test_what_nobody_sees_in_a_reason_is_not_kept(claimed_unit, evidence, assessor):
    seen = stamps_of(page(claimed_unit, assessor))[0]
    pasted = "Which day?\x07\ud83d\u200b"  # half a face too, which JSON can say
    send(signed_in(assessor), claimed_unit, claim(evidence, "performance-1", "not_yet", reason=pasted, seen=seen))
    assert Judgement.objects.get().reason == "Which day?"


def test_a_reason_that_cannot_be_saved_is_refused_in_its_cell_alone(claimed_unit, evidence, assessor):
    reason = "x" * 5001
    client = signed_in(assessor)
    stamps = stamps_of(page(claimed_unit, assessor))
    changes = [
        claim(evidence, f"performance-{number}", "not_yet", reason=said, seen=stamps[number - 1])
        for number, said in ((1, reason), (2, "Which hour?"))
    ]
    refused, saved = send(client, claimed_unit, *changes).json()["cells"]
    assert "5000" in refused["refused"]
    assert (refused["status"], saved["status"]) == ("claimed", "not_yet")
    assert Judgement.objects.get().reason == "Which hour?"


def test_too_many_changes_at_once_are_refused(unit, evidence, candidate):
    changes = [claim(evidence) | {"e": str(uuid.uuid4())} for _ in range(CHANGES_AT_MOST)]
    client = signed_in(candidate)
    assert send(client, unit, *changes).status_code == 200
    assert send(client, unit, *changes, claim(evidence)).status_code == 400
    assert not Claim.objects.exists()


def test_nothing_is_done_in_the_name_of_who_signed_in_since_in_the_same_browser(unit, evidence, candidate, assessor):
    answer = send(signed_in(assessor), unit, claim(evidence), person=candidate)
    assert (answer.status_code, answer.json()["error"]) == (401, "Somebody else has signed in in this browser.")
    assert not Claim.objects.exists()


@pytest.mark.sqlite
def test_a_judgement_that_is_sent_twice_is_one_however_its_letters_are_composed(claimed_unit, evidence, assessor):
    client = signed_in(assessor)
    stamp = stamps_of(client.get(address("grid", claimed_unit)))[0]
    said = claim(evidence, to="not_yet", reason="The cafe\u0301 is missing. ", seen=stamp)
    for _ in range(2):
        assert "refused" not in send(client, claimed_unit, said).json()["cells"][0]
    assert Judgement.objects.count() == 1


@pytest.mark.sqlite
def test_after_the_submission_the_version_that_was_signed_stays_in_the_grid(judged_unit, evidence, candidate, assessor):
    before = stamps_of(page(judged_unit, assessor))
    correct(evidence, candidate, title="Corrected since")
    after = html_of(page(judged_unit, assessor))
    assert set(cells(after)[0]) == {"m"}
    assert "Corrected since" not in after
    assert stamps_of(page(judged_unit, assessor)) == before


def test_a_piece_of_somebody_elses_portfolio_is_gone(unit, candidate, outsider):
    answer = send(signed_in(candidate), unit, {"e": str(uuid.uuid4()), "c": "performance-1", "to": "claimed"})
    [cell] = answer.json()["cells"]
    assert (cell["status"], "no longer in the portfolio" in cell["refused"]) == ("gone", True)


UGLY = {
    "long": "A description. " * 333,
    "one word": "x" * 300,
    "html": '<script>alert(1)</script><b onclick="x">&amp;</b>"\'',
    "right to left": "خدمة العملاء: سجل الشكاوى",
    "blank lines": "One\n\n\nline",
}


@pytest.mark.parametrize("words", UGLY.values(), ids=UGLY)
def test_ugly_descriptions_harm_nothing(unit, candidate, words):
    add_evidence(unit.registration, candidate, title=words)
    raw = page(unit, candidate).content.decode()
    assert "<script>alert" not in raw
    assert "onclick=" not in raw.replace("onclick=&quot;", "")
    row = raw.partition("<tbody>")[2].partition("</tbody>")[0]
    assert len(row) < 900
    assert "<bdi>" in row


def test_three_hundred_pieces_come_page_by_page(unit, candidate):
    pieces = many_pieces(unit, candidate, 300)
    claim_in_bulk(unit, pieces[250:260])
    first = html_of(page(unit, candidate))
    assert len(cells(first)) == PIECES_ON_A_PAGE
    assert "Page 1 of 5" in first
    assert "data-whole" not in first
    last = html_of(page(unit, candidate, page=5))
    assert [letter for row in cells(last) for letter in row].count("c") == 30
    assert len(html_of(page(unit, candidate, page="5000"))) == len(last)


@pytest.mark.sqlite
@pytest.mark.parametrize("who", ["candidate", "assessor", "verifier", "coordinator"])
def test_it_takes_ten_queries_at_most_however_much_it_holds(who, request, unit, candidate, assessor):
    user = request.getfixturevalue(who)
    pieces = many_pieces(unit, candidate, 3)
    claim_in_bulk(unit, pieces)
    few = _queries(unit, user)
    more = many_pieces(unit, candidate, 30)
    Claim.objects.update(withdrawn_at=timezone.now(), withdrawn_by=Claim.objects.all()[0].author)
    claim_in_bulk(unit, more)
    judge_in_bulk(unit, assessor)
    assert _queries(unit, user) == few <= MOST_QUERIES


def _queries(unit, user) -> int:
    client = signed_in(user)
    client.get(address("grid", unit))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address("grid", unit)).status_code == 200
    return len(captured)


def test_the_page_of_thirty_by_thirty_is_small(unit, candidate):
    pieces = many_pieces(unit, candidate, 30, title="A letter to a customer whose order came late, and what I did")
    for offset in range(8):  # a quarter of the cells
        claim_in_bulk(unit, pieces[offset:] + pieces[:offset])
    response = page(unit, candidate)
    assert sum(letter != "" for row in cells(html_of(response)) for letter in row) == 240
    assert len(response.content) <= 45_000
