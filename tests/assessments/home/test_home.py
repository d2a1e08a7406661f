"""The page that answers "what next?", for each role."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Judgement, Outcome, UnitProgress
from assessments.signing.services import unit_sign_off
from assessments.standing.worked_out import bring_up_to_date
from assessments.steps_back.services import unit_reopen, unit_withdraw
from centres.models import Role
from centres.services.people import centre_create, person_add
from portfolio.addresses import claims_address
from portfolio.models import Capacity, UnitVersion
from portfolio.registrations.services import allocate, allocation_end, registration_create, units_add
from portfolio.registrations.unit_choice import unit_set_aside
from tests.assessments.cells.test_judgements import correct
from tests.assessments.pages import address, html_of, links_of, signed_in, text_of
from tests.assessments.steps import answer, answer_all, give_back, judge, open_version
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, join, judge_in_bulk, seen, with_password
from tests.portfolio.files.typed import another_unit

pytestmark = pytest.mark.django_db

MOST_QUERIES = 28  # of a person with every role at once: what is new, of each role what waits, reports and open cases


def home(user, page=""):
    return signed_in(user).get(f"/{page}")


def more_units(count, *, centre, coordinator, revision, assessor, verifier, state="collecting"):
    """Units of as many other candidates, each claimed from one piece, in this state."""
    made = []
    for number in range(count):
        name = f"Candidate {number:02}"
        person = join(centre, coordinator, name, f"c{number}@harbour.example", Role.CANDIDATE)
        registration = registration_create(
            centre=centre, actor=coordinator, candidate=person, number="", revisions=[revision]
        )
        unit = registration.candidate_units.get()
        allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
        allocate(unit=unit, actor=coordinator, user=verifier, capacity=Capacity.INTERNAL_VERIFIER)
        claim_in_bulk(unit, [add_evidence(registration, person)])
        made.append(unit)
    if state != "collecting":
        put(made, state)
    return made


def put(units, state, days=0):
    """Let units stand there since so many days; no signature and no event tells of it."""
    at = timezone.now() - datetime.timedelta(days=days)
    times = {"submitted": {"submitted_at": at}, "assessed": {"submitted_at": at, "assessed_at": at}}
    UnitVersion.objects.filter(candidate_unit__in=units).update(state=state, **times[state])
    bring_up_to_date(units)


# --- The candidate --------------------------------------------------------------------------------------------


def test_a_candidate_without_a_unit_is_told_who_sees_to_it(candidate):
    assert "You are not registered on a unit yet. Your coordinator does that" in text_of(home(candidate))


@pytest.mark.parametrize(
    ("state", "facts", "next_step"),
    [
        ("unit", "30 missing", "Add evidence and say which criteria it meets."),
        ("claimed_unit", "30 waiting", "Everything is claimed: submit it."),
        ("submitted_unit", "30 waiting", "Your assessor looks at it. There is nothing for you to do."),
        ("judged_unit", "30 met", "Your assessor looks at it."),
        ("assessed_unit", "30 met", "Signed off by your assessor. The internal verifier looks at it."),
        ("verified_unit", "30 met", "Done. You can download the Candidate Recording Form."),
    ],
)
def test_a_candidate_reads_how_far_each_unit_is_and_what_is_next(state, facts, next_step, request, candidate):
    request.getfixturevalue(state)
    words = text_of(home(candidate))
    assert "B10 Organise the delivery of reliable customer service" in words
    assert facts in words
    assert next_step in words


def test_a_candidate_has_one_way_to_each_portfolio(unit, centre, coordinator, candidate, b10):
    units_add(registration=unit.registration, actor=coordinator, revisions=[another_unit()])
    link = f'href="/c/{centre.uuid}/portfolios/{unit.registration.uuid}/"'
    assert html_of(home(candidate)).count(link) == 1
    assert "Your portfolio" in text_of(home(candidate))
    registration_create(centre=centre, actor=coordinator, candidate=candidate, number="", revisions=[b10])
    assert html_of(home(candidate)).count(link) == 1
    assert "Your portfolio: B10 and 1 more Your portfolio: B10" in text_of(home(candidate))


def test_what_was_judged_in_an_earlier_version_of_a_piece_waits_again(claimed_unit, evidence, assessor, candidate):
    judge_in_bulk(claimed_unit, assessor)
    correct(evidence, candidate, title="Complaints log of the counter, April")
    assert "30 waiting" in text_of(home(candidate))
    assert "30 claims to judge" in text_of(home(assessor))


def test_what_was_counted_before_is_counted_again_after_a_change(claimed_unit, evidence, assessor, candidate):
    judge_in_bulk(claimed_unit, assessor)
    assert "30 met" in text_of(home(candidate))
    correct(evidence, candidate, title="Complaints log of the counter, April")
    assert "30 waiting" in text_of(home(candidate))


def test_a_candidate_reads_why_a_unit_came_back_until_it_is_submitted_again(submitted_unit, assessor, candidate):
    give_back(submitted_unit, assessor, reason="For B10.1.2 one more occasion.\nA line will do.")
    words = text_of(home(candidate))
    assert "For B10.1.2 one more occasion. A line will do. Ann Assessor" in words
    assert "It came back to you: do what it says, then submit it again." in words
    assert "Submit it again" in words  # nothing is missing: it may be a matter of words alone
    put([submitted_unit], "submitted")
    assert "one more occasion" not in text_of(home(candidate)).partition("What others said")[0]


def test_a_candidate_reads_why_a_verified_unit_was_reopened(verified_unit, verifier, candidate):
    unit_reopen(unit=verified_unit, actor=verifier, reason="Not seen.", stamp=open_version(verified_unit).stamp)
    assert "Not seen. Ivy Verifier" in text_of(home(candidate))


def test_what_somebody_typed_is_shown_as_words(submitted_unit, assessor, candidate):
    give_back(submitted_unit, assessor, reason="<script>alert(1)</script>")
    assert b"<script>alert" not in home(candidate).content


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("unit", "Begin with B10"),
        ("evidence", "Say what evidence 1 shows"),
        ("claimed_unit", "Submit B10 All 30 criteria"),
        ("submitted_unit", "Nothing to do now Your assessor looks at B10."),
        ("verified_unit", "You have finished"),
    ],
)
def test_the_one_thing_to_do_now_stands_first(state, words, request, candidate):
    request.getfixturevalue(state)
    page = text_of(home(candidate))
    assert words in page
    assert page.index(words) < page.index("Your units")


def test_what_a_piece_shows_is_one_press_away_however_many_units_there_are(unit, evidence, candidate, coordinator):
    units_add(registration=unit.registration, actor=coordinator, revisions=[another_unit()])
    claims = claims_address(unit.registration.centre.uuid, evidence.uuid)
    assert (claims, "Say what it shows") in links_of(home(candidate))


def test_what_the_assessor_asks_for_comes_before_submitting(claimed_unit, assessor, candidate):
    judge_in_bulk(claimed_unit, assessor, Outcome.PARTLY)
    assert "Your assessor asks for more in B10 30 criteria need more." in text_of(home(candidate))


def test_feedback_stands_with_its_criterion_the_newest_first_ten_at_most(claimed_unit, assessor, candidate):
    judge_in_bulk(claimed_unit, assessor, Outcome.NOT_YET)
    response = home(candidate)
    assert html_of(response).count("One more occasion, please.") == 10
    last = Judgement.objects.order_by("-made_at", "-pk")[0].claim.criterion
    assert f"{address('unit', claimed_unit)}#{last.kind}-{last.position}" in html_of(response)
    assert f"Not yet B10 {last.full_code}, evidence 1 New Ann Assessor" in text_of(response)


def test_a_met_answer_without_words_is_no_feedback(claimed_unit, assessor, candidate):
    judge_in_bulk(claimed_unit, assessor)
    assert "What your assessor says of your evidence appears here." in text_of(home(candidate))


def test_an_answer_that_was_taken_back_or_given_anew_is_no_feedback_any_more(claimed_unit, assessor, candidate):
    for place in range(2):
        judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, place, "not_yet", "Which day?")])
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, None)])
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 1, "partly", "Which hour?")])
    words = text_of(home(candidate))
    assert "Which day?" not in words
    assert words.count("Which hour?") == 1


def test_what_passes_between_assessor_and_verifier_is_not_shown_to_the_candidate(assessed_unit, verifier, candidate):
    give_back(assessed_unit, verifier, reason="Observe B10.2.4 once more.")
    assert "Observe B10.2.4" not in text_of(home(candidate))


def test_nobody_reads_what_was_said_to_somebody_else(claimed_unit, assessor, centre, coordinator, b10):
    judge_in_bulk(claimed_unit, assessor, Outcome.NOT_YET)
    other = join(centre, coordinator, "Otto", "otto@harbour.example", Role.CANDIDATE)
    registration_create(centre=centre, actor=coordinator, candidate=other, number="", revisions=[b10])
    assert "One more occasion" not in text_of(home(other))


# --- The assessor ---------------------------------------------------------------------------------------------


def test_an_assessor_sees_submitted_units_first_the_longest_waiting_on_top(
    claimed_unit, centre, coordinator, assessor, verifier, b10
):
    submitted = more_units(
        2, centre=centre, coordinator=coordinator, revision=b10, assessor=assessor, verifier=verifier, state="submitted"
    )
    put(submitted[1:], "submitted", days=3)
    words = text_of(home(assessor))
    order = [words.index(name) for name in ("Candidate 01: B10", "Candidate 00: B10", "Pat Candidate: B10")]
    assert order == sorted(order)
    assert "waiting for 3 days" in words.replace("\xa0", " ")
    assert words.count("30 claims to judge") == 3


def test_an_assessor_is_not_shown_what_needs_nothing_of_them(claimed_unit, assessor):
    judge_in_bulk(claimed_unit, assessor)
    assert "Nothing waits for you." in text_of(home(assessor))


def test_an_assessor_reads_why_a_unit_came_back(assessed_unit, verifier, assessor):
    give_back(assessed_unit, verifier, reason="Observe B10.2.4 once more.")
    words = text_of(home(assessor))
    assert words.index("Asked of you Observe B10.2.4 once more.") < words.index(
        "Returned to the assessor by Ivy Verifier"
    )


def test_an_assessor_reads_why_a_unit_that_is_claimed_in_again_was_reopened(
    verified_unit, registration, verifier, assessor, candidate
):
    unit_reopen(unit=verified_unit, actor=verifier, reason="Not seen.", stamp=open_version(verified_unit).stamp)
    claim_in_bulk(verified_unit, [add_evidence(registration, candidate)])
    assert "Not seen. Reopened by Ivy Verifier" in text_of(home(assessor))


def test_an_assessor_sees_nothing_of_units_they_are_not_allocated_to(submitted_unit, centre, coordinator):
    other = join(centre, coordinator, "Otto Assessor", "otto@harbour.example", Role.ASSESSOR)
    assert "Pat Candidate" not in text_of(home(other))


def test_an_assessor_sees_all_their_candidates_at_a_glance(
    submitted_unit, centre, coordinator, assessor, verifier, b10
):
    people = {"centre": centre, "coordinator": coordinator, "revision": b10}
    more_units(1, **people, assessor=assessor, verifier=verifier, state="assessed")
    judge_in_bulk(submitted_unit, assessor)
    words = text_of(home(assessor)).partition("Your candidates")[2]
    assert "Candidate B10" in words
    assert "Candidate 00 0% met, assessed" in words
    assert "Pat Candidate 100% met, submitted, waits for you" in words


@pytest.mark.long
def test_many_candidates_go_on_over_pages(centre, coordinator, assessor, verifier, b10):
    more_units(11, centre=centre, coordinator=coordinator, revision=b10, assessor=assessor, verifier=verifier)

    def glance(page):
        return text_of(home(assessor, page)).partition("Your candidates")[2]

    assert "Candidate 09" in glance("")
    assert "Candidate 10" not in glance("")
    assert "11" in text_of(home(assessor)).partition("Your candidates")[2].split()[0]
    assert "Candidate 10" in glance("?candidates=2")
    assert "Candidate 10" in glance("?candidates=3")  # the last page there is
    assert "Candidate 00" in glance("?candidates=-1")


def test_each_unit_of_a_candidate_has_a_column(unit, coordinator, assessor):
    [other] = units_add(registration=unit.registration, actor=coordinator, revisions=[another_unit()])
    allocate(unit=other, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    assert f"Candidate B10 {other.revision.unit.code}" in text_of(home(assessor))


def test_who_assesses_now_finds_the_unit_and_who_did_before_does_not(submitted_unit, centre, coordinator, assessor):
    other = join(centre, coordinator, "Otto Assessor", "otto@harbour.example", Role.ASSESSOR)
    allocate(unit=submitted_unit, actor=coordinator, user=other, capacity=Capacity.ASSESSOR)
    assert "Pat Candidate" not in text_of(home(assessor))
    assert "Pat Candidate: B10" in text_of(home(other))
    allocation_end(allocation=submitted_unit.allocations.get(user=other, ended_at=None), actor=coordinator)
    assert "Pat Candidate" not in text_of(home(other))


def test_a_unit_that_was_set_aside_is_in_nobodys_list_until_it_is_taken_up_again(
    unit, centre, coordinator, candidate, assessor, verifier
):
    shown = {candidate: "Begin with B10", assessor: "Pat Candidate 0% met", verifier: "Pat Candidate: B10"}
    unit_set_aside(unit=unit, actor=coordinator)
    for user, words in shown.items():
        assert words not in text_of(home(user))
    assert "Collecting 0" in text_of(home(coordinator)) or "Nobody is registered yet" in text_of(home(coordinator))
    units_add(registration=unit.registration, actor=coordinator, revisions=[unit.revision])
    for user, words in shown.items():
        assert words in text_of(home(user))


# --- The internal verifier, the coordinator, and others -----------------------------------------------------------


def test_only_assessed_units_wait_for_a_verifier_and_they_find_the_others_below(
    assessed_unit, centre, coordinator, assessor, verifier, b10
):
    [collecting] = more_units(
        1, centre=centre, coordinator=coordinator, revision=b10, assessor=assessor, verifier=verifier
    )
    response = home(verifier)
    assert address("sign", assessed_unit) in html_of(response)
    assert address("sign", collecting) not in html_of(response)
    assert address("unit", collecting) in html_of(response)
    words = text_of(response)
    assert words.index("Pat Candidate: B10") < words.index("Your other units") < words.index("Candidate 00: B10")


@pytest.mark.parametrize(
    ("who", "words"),
    [("assessor", "Pat Candidate 100% met, verified"), ("verifier", "Your other units Pat Candidate: B10")],
)
def test_a_finished_unit_is_still_found_by_those_who_signed_it(who, words, verified_unit, request):
    response = home(request.getfixturevalue(who))
    assert "Nothing waits for you." in text_of(response)
    assert words in text_of(response)
    assert address("unit", verified_unit) in html_of(response)


def test_a_verifier_finds_what_they_sent_back_until_it_comes_again(assessed_unit, verifier, assessor):
    give_back(assessed_unit, verifier, reason="Observe once more.")
    words = text_of(home(verifier))
    assert "You sent back Pat Candidate: B10" in words
    assert "Observe once more. Ivy Verifier" in words
    answer_all(assessed_unit)
    unit_sign_off(unit=assessed_unit, actor=assessor, password=PASSWORD, seen=seen(assessed_unit), comment="")
    assert "You sent back" not in text_of(home(verifier))


@pytest.mark.long
def test_a_verifier_with_many_units_is_told_how_many_and_looks_them_up(centre, coordinator, assessor, verifier, b10):
    people = {"centre": centre, "coordinator": coordinator, "revision": b10}
    units = more_units(23, **people, assessor=assessor, verifier=verifier)
    put(units[3:4], "assessed")
    words = text_of(home(verifier))
    assert "Candidate 03: B10" in words
    assert "Candidate 04: B10" not in words
    assert "Your other units 22 Name of the candidate" in words
    assert f'action="{reverse("assessments:units_list", args=[centre.uuid])}"' in html_of(home(verifier))


def test_what_another_verifier_sent_back_is_not_mine(assessed_unit, centre, coordinator, verifier):
    give_back(assessed_unit, verifier)
    new = join(centre, coordinator, "Ida", "ida@harbour.example", Role.INTERNAL_VERIFIER)
    allocate(unit=assessed_unit, actor=coordinator, user=new, capacity=Capacity.INTERNAL_VERIFIER)
    words = text_of(home(new))
    assert "You sent back" not in words
    assert "Your other units Pat Candidate" in words


def test_a_withdrawn_sign_off_leaves_the_verifiers_list(assessed_unit, assessor, verifier):
    unit_withdraw(unit=assessed_unit, actor=assessor, reason="A date.", stamp=open_version(assessed_unit).stamp)
    assert "Nothing waits for you." in text_of(home(verifier))


def test_a_coordinator_sees_how_many_units_are_where(submitted_unit, centre, coordinator, assessor, verifier, b10):
    more_units(2, centre=centre, coordinator=coordinator, revision=b10, assessor=assessor, verifier=verifier)
    response = home(coordinator)
    assert "Collecting 2 Submitted 1 Assessed 0 Verified 0" in text_of(response)
    assert f"/c/{centre.uuid}/candidates/" in html_of(response)
    assert f"/c/{centre.uuid}/people/" in html_of(response)


def test_a_coordinator_of_an_empty_centre_is_told_where_to_begin(centre, coordinator):
    assert "Add candidates, assessors and internal verifiers, then register the candidates" in text_of(
        home(coordinator)
    )


def test_an_external_verifier_is_told_that_no_visit_is_open(centre, coordinator):
    edna = join(centre, coordinator, "Edna", "edna@harbour.example", Role.EXTERNAL_VERIFIER)
    assert "No visit is open to you." in text_of(home(edna))


def test_a_person_without_any_role_is_told_whom_to_ask(django_user_model, db):
    nobody = django_user_model.objects.create_user(email="nobody@example.org", name="Nobody")
    assert "Your centre's coordinator can give you one." in text_of(home(nobody))


def test_a_role_that_has_ended_shows_nothing_any_more(submitted_unit, assessor, centre):
    centre.memberships.filter(user=assessor).update(ended_at=timezone.now())
    assert "Pat Candidate" not in text_of(home(assessor))


def test_several_roles_and_centres_stand_apart(submitted_unit, assessor, centre, coordinator, outsider):
    person_add(centre=centre, actor=coordinator, name="", email=outsider.email, role=Role.ASSESSOR)
    allocate(unit=submitted_unit, actor=coordinator, user=outsider, capacity=Capacity.ASSESSOR)
    words = text_of(home(outsider))
    elsewhere, harbour = words.partition("To assess at Harbour College")[::2]
    assert "Nothing waits for you." in elsewhere.partition("To assess at Elsewhere Institute")[2]
    assert "Pat Candidate: B10" in harbour
    assert "Pat Candidate" not in elsewhere.partition("To assess at Elsewhere Institute")[2]


def test_who_is_not_signed_in_is_asked_to(client, db):
    assert client.get("/").status_code == 302


@pytest.mark.long
def test_a_long_list_goes_on_over_pages(centre, coordinator, assessor, verifier, b10):
    more_units(
        15, centre=centre, coordinator=coordinator, revision=b10, assessor=assessor, verifier=verifier, state="assessed"
    )
    first, second = home(verifier), home(verifier, "?internal_verifier=2")
    assert (html_of(first).count("<article"), html_of(second).count("<article")) == (10, 5)
    assert "Page 1 of 2" in text_of(first)
    assert "Candidate 14" in text_of(second)
    assert home(verifier, "?internal_verifier=nonsense").status_code == 200


@pytest.mark.long
def test_a_later_page_does_not_say_that_nothing_waits(centre, coordinator, assessor, verifier, b10):
    people = {"centre": centre, "coordinator": coordinator, "revision": b10}
    units = more_units(11, **people, assessor=assessor, verifier=verifier, state="assessed")
    give_back(units[7], verifier)
    assert "Candidate 07: B10" not in text_of(home(verifier))
    second = text_of(home(verifier, "?internal_verifier=2"))
    assert "You sent back Candidate 07: B10" in second
    assert "What waits for you stands on the pages before." in second
    assert "Nothing waits" not in second


@pytest.mark.long
def test_it_takes_few_queries_however_much_there_is(
    submitted_unit, centre, coordinator, assessor, verifier, b10, django_assert_max_num_queries
):
    ivan = with_password(
        centre_create(
            name="Third", number="", time_zone="Europe/London", coordinator_name="I", coordinator_email="i@x.example"
        ).user
    )
    for role in (Role.CANDIDATE, Role.ASSESSOR, Role.INTERNAL_VERIFIER, Role.COORDINATOR):
        person_add(centre=centre, actor=coordinator, name="", email=ivan.email, role=role)
    first = registration_create(centre=centre, actor=coordinator, candidate=ivan, number="", revisions=[b10])
    claim_in_bulk(first.candidate_units.get(), [add_evidence(first, ivan)])
    allocate(unit=first.candidate_units.get(), actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    judge_in_bulk(first.candidate_units.get(), assessor, Outcome.PARTLY)
    allocate(unit=submitted_unit, actor=coordinator, user=ivan, capacity=Capacity.ASSESSOR)
    client = signed_in(ivan)
    client.get("/")
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        assert client.get("/").status_code == 200
    people = {"centre": centre, "coordinator": coordinator, "revision": b10, "assessor": ivan, "verifier": verifier}
    for unit in more_units(10, **people, state="submitted"):
        judge_in_bulk(unit, ivan, Outcome.NOT_YET)
        give_back(unit, ivan)
    own = registration_create(centre=centre, actor=coordinator, candidate=ivan, number="", revisions=[b10])
    claim_in_bulk(own.candidate_units.get(), [add_evidence(own, ivan) for _ in range(9)])
    allocate(unit=own.candidate_units.get(), actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    judge_in_bulk(own.candidate_units.get(), assessor, Outcome.PARTLY)
    add_evidence(own, ivan)
    client.get("/")  # notes once that what was said is new no more
    with django_assert_max_num_queries(MOST_QUERIES) as many:
        assert client.get("/").status_code == 200
    assert len(many) == len(few)


def test_who_holds_every_role_costs_few_queries(
    submitted_unit, centre, coordinator, assessor, b10, django_assert_max_num_queries
):
    olive = join(centre, coordinator, "Olive", "olive@harbour.example", Role.CANDIDATE)
    for role in set(Role) - {Role.CANDIDATE}:
        person_add(centre=centre, actor=coordinator, name="", email=olive.email, role=role)
    registration_create(centre=centre, actor=coordinator, candidate=olive, number="", revisions=[b10])
    allocate(unit=submitted_unit, actor=coordinator, user=olive, capacity=Capacity.ASSESSOR)
    client = signed_in(olive)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get("/").status_code == 200


@pytest.mark.long
@pytest.mark.parametrize(
    "who", ["assessor", *(pytest.param(other, marks=pytest.mark.long) for other in ("verifier", "coordinator"))]
)
def test_a_home_takes_the_same_queries_however_much_there_is_and_shows_no_more(
    who, centre, coordinator, assessor, verifier, b10, request
):
    people = {"centre": centre, "coordinator": coordinator, "revision": b10, "assessor": assessor, "verifier": verifier}
    units = more_units(22, **people)
    put(units[:2], "submitted", days=9)
    put(units[2:4], "assessed", days=9)
    client = signed_in(request.getfixturevalue(who))
    UnitProgress.objects.filter(pk__in=[unit.pk for unit in units]).update(
        happened_at=timezone.now() - datetime.timedelta(days=20)
    )
    kept = [*UnitProgress.objects.filter(pk__in=[unit.pk for unit in units[12:]])]
    UnitProgress.objects.filter(pk__in=[row.pk for row in kept]).delete()
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    UnitProgress.objects.bulk_create(kept)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) <= len(few)  # a verifier's others are not read any more where they are many
