"""The page that asks what a piece of evidence shows: ticks, where to look, and how each claim stands."""

import re
from html import unescape

import pytest
from django.urls import reverse

from assessments.models import Outcome
from assessments.signing.services import unit_submit
from assessments.signing.shown_digest import content_digest
from assessments.standing.unit_record import claims_in
from centres.services.people import role_end
from portfolio.addresses import claims_address
from portfolio.evidence.services import EvidenceDetails, evidence_correct, evidence_remove
from portfolio.models import Claim, Evidence
from portfolio.registrations.services import registration_create, units_add
from tests.assessments.cells.test_judgements import correct
from tests.assessments.steps import answer, judge
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, claims_make, claims_withdraw
from tests.portfolio.files.typed import address, another_unit, queries_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(unit, evidence) -> str:
    return page_of(unit, evidence)


@pytest.fixture
def signed_in(client, candidate, unit):
    client.force_login(candidate)
    return client


@pytest.fixture
def simulated(unit, candidate) -> Evidence:
    """A piece that B10 takes for knowledge only."""
    return add_evidence(unit.registration, candidate, setting="simulation")


@pytest.fixture
def criteria(b10) -> dict:
    return {row.full_code: row for row in b10.criteria.select_related("parent").all()}


@pytest.fixture
def ticks(criteria):
    """The fields of the page: what is ticked, with where to look, and by code what the page had seen of it."""

    def fields(wanted, seen=None):
        named = {code: str(criteria[code].uuid) for code in {*wanted, *(seen or {})}}
        return (
            {"claimed": [named[code] for code in wanted]}
            | {f"where-{named[code]}": where for code, where in wanted.items()}
            | {f"seen-{named[code]}": shown for code, shown in (seen or {}).items()}
        )

    return fields


def page_of(unit, evidence) -> str:
    return claims_address(unit.registration.centre.uuid, evidence.uuid, unit.uuid)


def standing() -> dict[str, str]:
    claims = Claim.objects.filter(withdrawn_at__isnull=True).select_related("criterion__parent")
    return {claim.criterion.full_code: claim.where for claim in claims}


def groups_on(page):
    return [group for one in page.context["units"] for block in one.shown.blocks for group in block.groups]


def line(page, code):
    """The first on the page: of the unit that comes first, where several have the code."""
    return next(line for group in groups_on(page) for line in group.lines if line.criterion.full_code == code)


def seen_on(page) -> dict[str, str]:
    """By code, what the page sends back of the claims that it shows as the person's own."""
    return {line.criterion.full_code: line.seen for group in groups_on(page) for line in group.lines if line.seen}


def box(page, criterion) -> str:
    """The checkbox of a criterion, as HTML."""
    found = re.search(rf'<input[^>]*name="claimed" value="{criterion.uuid}"[^>]*>', page.content.decode())
    return found[0] if found else ""


def judge_first(unit, assessor, outcome, reason="") -> None:
    [marked] = judge(unit=unit, actor=assessor, answers=[answer(unit, 0, outcome, reason)])
    assert marked.did == "judged"


# --- What it shows ------------------------------------------------------------------------------------


def test_it_asks_about_everything_that_can_be_claimed_in_the_words_of_the_standard(signed_in, url, b10):
    page = signed_in.get(url)
    said = words(page)
    for criterion in b10.criteria.filter(is_tickable=True).select_related("parent"):
        assert box(page, criterion), criterion
        assert f"{criterion.full_code} {criterion.text}" in said
    for heading in [
        "B10.1 Plan and organise the delivery of reliable customer service",
        "Knowledge and understanding",
        "4 You need to include evidence that you have dealt with a variety of customers including:",
    ]:
        assert heading in said
    assert len(re.findall('type="checkbox"', page.content.decode())) == 30


def test_it_says_how_each_claim_stands_with_the_assessors_reason(
    signed_in, url, unit, evidence, assessor, candidate, criteria
):
    claims_make(unit=unit, evidence=evidence, actor=candidate, wanted={criteria["B10.1.1"]: "page 3"})
    assert "Waiting" in words(signed_in.get(url))
    judge_first(unit, assessor, Outcome.PARTLY, "One more occasion, please.")
    assert "Met in part One more occasion, please. Ann Assessor" in words(signed_in.get(url))
    judge_first(unit, assessor, Outcome.NOT_YET, "Bring the <log>.")
    assert "Not yet Bring the <log>." in words(signed_in.get(url))


def test_a_correction_sends_it_back_to_waiting_and_says_what_was_said_before(
    signed_in, url, unit, evidence, assessor, candidate, criteria
):
    claims_make(unit=unit, evidence=evidence, actor=candidate, wanted={criteria["B10.1.1"]: ""})
    judge_first(unit, assessor, Outcome.NOT_YET, "Which day?")
    was = evidence.versions.get()
    evidence_correct(
        evidence=evidence,
        actor=candidate,
        seen=1,
        details=EvidenceDetails(
            title="Log of 3 March",
            kind=was.kind,
            setting=was.setting,
            happened_from=was.happened_from,
            location=was.location,
            relevance=was.relevance,
        ),
        keep=[],
        staged=[],
    )
    assert "Waiting Before the evidence was corrected: not yet, “Which day?”" in words(signed_in.get(url))


def test_others_claims_are_shown_and_not_to_be_changed(signed_in, url, unit, evidence, assessor, criteria, ticks):
    claims_make(unit=unit, evidence=evidence, actor=assessor, wanted={criteria["B10.1.1"]: "minute 3"})
    page = signed_in.get(url)
    assert "claimed by Ann Assessor Look at: minute 3" in words(page)
    assert "disabled" in box(page, criteria["B10.1.1"])
    assert seen_on(page) == {}
    [claim] = claims_in(unit, evidence=evidence).claims
    answer = signed_in.post(url, ticks({}, seen={"B10.1.1": f"{claim.stamp} minute 3"}))
    assert "B10.1.1 was claimed by the assessor; only they can change that." in words(answer)
    assert standing() == {"B10.1.1": "minute 3"}


def test_what_the_setting_bars_is_off_with_the_reason_once_a_group(signed_in, unit, simulated, criteria):
    page = signed_in.get(page_of(unit, simulated))
    assert "disabled" in box(page, criteria["B10.1.1"])
    assert "disabled" in box(page, criteria["4a"])
    assert "disabled" not in box(page, criteria["B10a"])
    barred = [group for group in groups_on(page) if group.barred]
    assert len(barred) == 5
    assert words(page).count("this evidence is marked “simulation”") == 5


def test_what_the_setting_bars_is_refused_when_it_is_sent_all_the_same(signed_in, unit, simulated, ticks):
    page = signed_in.post(page_of(unit, simulated), ticks({"B10.1.1": "page 1", "B10a": "page 2"}))
    assert "Saved: 1 claimed." in words(page)
    assert "B10.1.1: B10 takes evidence of this from a real job" in words(page)
    assert standing() == {"B10a": "page 2"}
    refused = line(page, "B10.1.1")
    assert (refused.ticked, refused.where, refused.can_be_ticked) == (True, "page 1", True)


def test_a_claim_that_no_longer_counts_can_be_taken_back(signed_in, unit, simulated, candidate, criteria, ticks):
    claim_in_bulk(unit, [simulated])  # as if the setting had been another one then
    page = signed_in.get(page_of(unit, simulated))
    assert "Does not count" in words(page)
    assert "disabled" not in box(page, criteria["B10.1.1"])
    everything = {item.criterion.full_code: item.where for group in groups_on(page) for item in group.lines}
    wanted = {code: where for code, where in everything.items() if code != "B10.1.1"}
    signed_in.post(page_of(unit, simulated), ticks(wanted, seen=seen_on(page)))
    assert standing() == wanted


# --- What is saved ------------------------------------------------------------------------------------


def test_ticks_become_claims_and_the_page_says_what_was_saved(signed_in, url, ticks):
    signed_in.post(url, ticks({"B10.1.1": " page 3 ", "B10.1.2": "", "4a": "minute 2"}))
    page = signed_in.get(url)
    assert "Saved: 3 claimed." in words(page)
    assert standing() == {"B10.1.1": "page 3", "B10.1.2": "", "4a": "minute 2"}
    assert 'value="page 3"' in page.content.decode()
    signed_in.post(url, ticks({"B10.1.1": "page 4", "B10a": ""}, seen=seen_on(page)))
    assert "Saved: 1 claimed, 1 with another place to look, 2 taken back." in words(signed_in.get(url))
    assert standing() == {"B10.1.1": "page 4", "B10a": ""}


def test_what_the_page_gives_is_what_it_takes(signed_in, url, ticks):
    """Sent back as it stands, a page changes nothing, whatever was typed into it."""
    signed_in.post(url, ticks({"B10.1.1": 'a "quoted" <b> & é  place', "B10a": "صفحة ٣"}))
    html = signed_in.get(url).content.decode()
    data: dict = {"claimed": []}
    for tag in re.findall(r"<input[^>]*>", html):
        fields = {name: unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if fields.get("name") == "claimed" and " checked" in tag and " disabled" not in tag:
            data["claimed"].append(fields["value"])
        elif fields.get("name", "").startswith(("where-", "seen-")):
            data[fields["name"]] = fields.get("value", "")
    before = standing()
    assert "There was nothing new to save." in words(signed_in.post(url, data, follow=True))
    assert standing() == before
    assert Claim.objects.count() == 2


def test_sent_twice_it_claims_once(signed_in, url, ticks):
    for _ in range(2):
        signed_in.post(url, ticks({"B10.1.1": "page 3"}))
    assert Claim.objects.count() == 1


def test_nothing_ticked_saves_nothing(signed_in, url):
    assert "There was nothing new to save." in words(signed_in.post(url, {}, follow=True))
    assert standing() == {}


def test_two_windows_at_once_lose_nothing(signed_in, url, ticks):
    signed_in.post(url, ticks({"B10.1.1": "page 3"}))
    seen = seen_on(signed_in.get(url))
    signed_in.post(url, ticks({"B10.1.1": "page 4", "B10.1.3": ""}, seen=seen))
    page = signed_in.post(url, ticks({"B10.1.1": "page 5", "B10.1.2": ""}, seen=seen))
    assert "Saved: 1 claimed." in words(page)
    assert (
        "B10.1.1 of evidence 1 was changed since you opened the page. Pat Candidate claims it, with “page 4” as where "
        "to look, and it waits for a judgement. Nothing was overwritten: look at it again, then decide."
    ) in words(page)
    assert standing() == {"B10.1.1": "page 4", "B10.1.2": "", "B10.1.3": ""}
    typed, added, other = (line(page, code) for code in ("B10.1.1", "B10.1.2", "B10.1.3"))
    assert (typed.ticked, typed.where) == (True, "page 5")
    assert typed.seen.endswith(" page 4")  # saved again, what was typed stands: it was looked at by now
    assert (added.ticked, other.ticked) == (True, True)  # the other window's claim is not lost by saving again
    signed_in.post(url, ticks({"B10.1.1": "page 5", "B10.1.2": "", "B10.1.3": ""}, seen=seen_on(page)))
    assert standing() == {"B10.1.1": "page 5", "B10.1.2": "", "B10.1.3": ""}


def test_what_the_assessor_claimed_meanwhile_stands(signed_in, url, unit, evidence, assessor, criteria, ticks):
    claims_make(unit=unit, evidence=evidence, actor=assessor, wanted={criteria["B10.1.1"]: "minute 3"})
    page = signed_in.post(url, ticks({"B10.1.1": "page 1", "B10.1.2": ""}))
    assert "Saved: 1 claimed." in words(page)
    assert (
        "B10.1.1 of evidence 1 was changed since you opened the page. Ann Assessor claims it, with “minute 3” as where "
        "to look, and it waits for a judgement."
    ) in words(page)
    assert standing() == {"B10.1.1": "minute 3", "B10.1.2": ""}


def test_what_another_window_took_back_is_not_claimed_again(signed_in, url, ticks):
    signed_in.post(url, ticks({"B10.1.1": "", "B10.1.2": ""}))
    seen = seen_on(signed_in.get(url))
    signed_in.post(url, ticks({"B10.1.2": ""}, seen=seen))
    page = signed_in.post(url, ticks({"B10.1.1": "", "B10.1.2": "", "B10.1.3": ""}, seen=seen), follow=True)
    assert "Saved: 1 claimed." in words(page)
    assert standing() == {"B10.1.2": "", "B10.1.3": ""}


def test_a_tick_is_not_taken_off_what_was_judged_meanwhile(signed_in, url, unit, assessor, ticks):
    signed_in.post(url, ticks({"B10.1.1": "page 3", "B10.1.2": ""}))
    seen = seen_on(signed_in.get(url))
    judge_first(unit, assessor, Outcome.MET)
    page = signed_in.post(url, ticks({}, seen=seen))
    assert "Saved: 1 taken back." in words(page)
    assert (
        "B10.1.1 of evidence 1 was changed since you opened the page. Ann Assessor judged it “met”. "
        "Nothing was overwritten: look at it again, then decide."
    ) in words(page)
    assert standing() == {"B10.1.1": "page 3"}
    signed_in.post(url, ticks({}, seen=seen_on(page)))  # who has seen it takes it back all the same
    assert standing() == {}


def test_a_note_that_cannot_be_saved_is_marked_and_nothing_is_lost(signed_in, url, ticks):
    where = "x" * 201
    page = signed_in.post(url, ticks({"B10.1.1": where, "B10.1.2": "page 2"}))
    assert "cannot be saved; it is marked below" in words(page)
    assert "and 200 fit" in line(page, "B10.1.1").errors[0]
    assert 'aria-invalid="true"' in page.content.decode()
    assert line(page, "B10.1.1").where == where
    assert (line(page, "B10.1.2").ticked, line(page, "B10.1.2").where) == (True, "page 2")
    assert standing() == {}


@pytest.mark.parametrize("where", ["W" * 200, "<script>alert(1)</script>", "صفحة ٣"], ids=range(3))
def test_any_note_of_up_to_200_characters_is_kept_and_shown_as_words(where, signed_in, url, ticks):
    signed_in.post(url, ticks({"B10.1.1": where}))
    assert standing() == {"B10.1.1": where}
    assert "<script>alert" not in signed_in.get(url).content.decode()


# --- Ids that do not belong here ----------------------------------------------------------------------


@pytest.mark.parametrize("field", ["claimed", "where-{}", "seen-{}"])
def test_a_criterion_of_another_unit_is_refused_and_nothing_is_saved(field, signed_in, url, ticks):
    other = another_unit().criteria.get(code="1.1")
    data = ticks({"B10.1.1": "page 3"})
    if field == "claimed":
        data["claimed"].append(str(other.uuid))
    else:
        data[field.format(other.uuid)] = "page 1"
    page = signed_in.post(url, data)
    assert "This page names a criterion that no unit of this portfolio has." in words(page)
    assert line(page, "B10.1.1").where == "page 3"
    assert standing() == {}


@pytest.mark.parametrize("claimed", ["x", "1", "", "' OR 1=1"])
def test_what_is_no_criterion_at_all_is_refused(claimed, signed_in, url, ticks):
    data = ticks({"B10.1.1": ""})
    data["claimed"].append(claimed)
    assert "no unit of this portfolio has" in words(signed_in.post(url, data))
    assert standing() == {}


def test_a_heading_is_no_criterion_to_claim(signed_in, url, ticks):
    assert "no unit of this portfolio has" in words(signed_in.post(url, ticks({"4": ""})))


def test_a_piece_of_another_portfolio_is_not_found(signed_in, unit, candidate, coordinator, b10, ticks):
    other = registration_create(
        centre=unit.registration.centre, actor=coordinator, candidate=candidate, number="", revisions=[b10]
    )
    path = page_of(unit, add_evidence(other, candidate))
    assert signed_in.get(path).status_code == 404
    assert signed_in.post(path, ticks({"B10.1.1": ""})).status_code == 404
    assert standing() == {}


def test_a_removed_piece_is_not_found(signed_in, url, evidence, candidate, ticks):
    evidence_remove(evidence=evidence, actor=candidate)
    assert signed_in.post(url, ticks({"B10.1.1": ""})).status_code == 404


# --- Who may, and when --------------------------------------------------------------------------------


def test_a_submitted_unit_is_only_looked_at_by_its_candidate(client, submitted_unit, evidence, candidate, ticks):
    client.force_login(candidate)
    page = client.get(page_of(submitted_unit, evidence))
    assert "This unit is submitted, so its claims stay as they are." in words(page)
    assert "checkbox" not in page.content.decode()
    assert "Look at: page 1" in words(page)
    before = standing()
    answer = client.post(page_of(submitted_unit, evidence), ticks({"B10.1.1": "page 99"}, seen={"B10.1.1": "x page 1"}))
    assert "B10 is submitted and stays as it is." in words(answer)
    assert "What you had ticked B10.1.1: page 99" in words(answer)
    assert standing() == before


def test_the_assessor_claims_in_a_submitted_unit(client, submitted_unit, assessor, ticks):
    record = add_evidence(submitted_unit.registration, assessor, kind="questioning")
    client.force_login(assessor)
    client.post(page_of(submitted_unit, record), ticks({"B10a": "question 4"}))
    assert Claim.objects.get(evidence=record).author.user == assessor


@pytest.mark.parametrize(("signed", "corrected"), [("real_job", "simulation"), ("simulation", "real_job")])
def test_a_submitted_unit_goes_by_the_version_that_it_was_submitted_with(
    signed, corrected, client, unit, candidate, assessor, criteria, ticks
):
    piece = add_evidence(unit.registration, candidate, title="The log as it was signed", setting=signed)
    claims_make(unit=unit, evidence=piece, actor=candidate, wanted={criteria["B10a"]: ""})
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=content_digest(unit))
    correct(piece, candidate, title="The log for another unit", setting=corrected)
    client.force_login(assessor)
    page = client.get(page_of(unit, piece))
    assert "The log as it was signed" in words(page)
    assert ("disabled" in box(page, criteria["B10.1.1"])) == (signed == "simulation")
    answer = client.post(page_of(unit, piece), ticks({"B10.1.1": "page 2"}), follow=True)
    assert ("B10.1.1" in standing()) == (signed == "real_job")
    assert ("marked “simulation”" in words(answer)) == (signed == "simulation")


def test_an_assessed_unit_is_only_looked_at_by_its_assessor(client, assessed_unit, evidence, assessor, ticks):
    client.force_login(assessor)
    assert "This unit is assessed, so its claims stay" in words(client.get(page_of(assessed_unit, evidence)))
    answer = client.post(page_of(assessed_unit, evidence), ticks({"B10a": ""}))
    assert "B10 is assessed and stays as it is." in words(answer)
    assert "What you had ticked B10a" in words(answer)


@pytest.mark.parametrize("person", ["verifier", "coordinator"])
def test_others_look_and_change_nothing(person, client, url, claimed_unit, request, ticks):
    client.force_login(request.getfixturevalue(person))
    page = client.get(url)
    assert "You can look at what they claimed." in words(page)
    assert "checkbox" not in page.content.decode()
    assert client.post(url, ticks({}, seen={"B10.1.1": "x page 1"})).status_code == 403
    assert len(standing()) == 30


def test_outsiders_find_nothing(client, url, outsider, unit, evidence, ticks):
    client.force_login(outsider)
    assert client.get(url).status_code == 404
    assert client.post(url, ticks({"B10.1.1": ""})).status_code == 404
    own = outsider.memberships.first().centre
    path = claims_address(own.uuid, evidence.uuid)
    assert client.get(path).status_code == 404


def test_who_is_no_candidate_any_more_finds_nothing(signed_in, url, candidate, coordinator, centre, ticks):
    role_end(membership=candidate.memberships.get(centre=centre), actor=coordinator)
    assert signed_in.post(url, ticks({"B10.1.1": ""})).status_code == 404
    assert standing() == {}


def test_what_was_ticked_is_back_after_an_expired_session(client, url, candidate, ticks):
    client.post(reverse("account_login"), {"login": candidate.email, "password": PASSWORD})
    client.get(url)
    client.session.flush()
    client.post(url, ticks({"B10.1.1": "page 3"}))
    assert standing() == {}
    client.post(reverse("account_login"), {"login": candidate.email, "password": PASSWORD})
    page = client.get(url)
    assert (line(page, "B10.1.1").ticked, line(page, "B10.1.1").where) == (True, "page 3")
    assert "it is not saved yet" in words(page)


# --- Every kind of unit, and how much it costs --------------------------------------------------------


def test_every_shape_of_unit_has_its_groups(signed_in, unit, evidence, coordinator):
    revision = another_unit()
    [other] = units_add(registration=unit.registration, actor=coordinator, revisions=[revision])
    page = signed_in.get(page_of(other, evidence))
    shown = page.context["units"][0].shown
    assert sorted((one.part.number, one.part.heading, len(one.lines)) for one in groups_on(page)[:5]) == [
        ("1", "Do", 1),
        ("1", "Show customers who are:", 1),
        ("2", "The law on", 1),
        ("2", "Understand", 1),
        ("A", "Types of customers", 1),
    ]
    assert [part.heading for part in shown.explained] == ["Methods of assessment"]
    assert "Bring records." in page.content.decode()  # it explains, and is not ticked


@pytest.mark.long
@pytest.mark.parametrize("person", ["candidate", "assessor", "verifier", "coordinator"])
def test_it_takes_as_many_queries_with_ten_times_the_data(person, client, unit, candidate, request, criteria):
    pieces = [add_evidence(unit.registration, candidate, title=f"Piece {number}") for number in range(11)]
    claims_make(unit=unit, evidence=pieces[0], actor=candidate, wanted={criteria["B10.1.1"]: ""})
    judge_first(unit, request.getfixturevalue("assessor"), Outcome.MET)
    client.force_login(request.getfixturevalue(person))
    before = queries_of(client, page_of(unit, pieces[0]))
    rest = [row for code, row in criteria.items() if row.is_tickable and code != "B10.1.1"]
    for piece in pieces:
        claims_make(unit=unit, evidence=piece, actor=candidate, wanted=dict.fromkeys(rest, "page 1"))
    assert queries_of(client, page_of(unit, pieces[0])) == before <= 15


def test_a_candidate_saves_and_goes_on_to_add_evidence(signed_in, url, unit, ticks):
    assert "Save, then add evidence" in words(signed_in.get(url))
    response = signed_in.post(url, ticks({"B10.1.1": "page 2"}) | {"then_add": "1"})
    adds = address("portfolio:evidence_add", unit.registration, portfolio=unit.registration.uuid)
    assert response.url == f"{adds}?unit={unit.uuid}"
    assert Claim.objects.get().where == "page 2"


def test_what_is_refused_is_said_before_going_on(signed_in, unit, simulated, ticks):
    response = signed_in.post(page_of(unit, simulated), ticks({"B10.1.1": ""}) | {"then_add": "1"})
    assert response.status_code == 200
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("who", "offered"), [("candidate", True), ("assessor", False), ("verifier", False)])
def test_adding_evidence_is_one_thumb_away_where_nothing_can_be_ticked(who, offered, client, submitted_unit, request):
    client.force_login(request.getfixturevalue(who))
    text = words(client.get(page_of(submitted_unit, Evidence.objects.get())))
    assert (" Add evidence " in text) == offered
    assert "Save, then add evidence" not in text


def test_a_line_stands_after_the_claim_was_taken_back_as_it_stood_before(
    signed_in, unit, evidence, simulated, candidate, criteria
):
    def lines(piece) -> list[str]:
        return re.findall(
            r'<li class="claim-line".*?</li>', signed_in.get(page_of(unit, piece)).content.decode(), re.DOTALL
        )

    criterion = criteria["B10.1.1"]
    before, of_a_simulation = lines(evidence), lines(simulated)
    claims_make(unit=unit, evidence=evidence, actor=candidate, wanted={criterion: "page 1"})
    claimed = lines(evidence)
    claims_withdraw(unit=unit, evidence=evidence, actor=candidate)

    assert [one != other for one, other in zip(before, claimed, strict=True)].count(True) == 1
    assert lines(evidence) == before
    assert lines(simulated) == of_a_simulation != before  # what a unit bars cannot be ticked
    assert len({value for line in before for value in re.findall(r'name="claimed" value="([^"]+)"', line)}) == 30
