"""How a claim stands and how far a unit is: each rule, and that what is kept is what the rows give."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.cells.changes import CellChange, cells_change
from assessments.judging.services import statements_set
from assessments.models import Judgement, Standing, UnitProgress
from assessments.models.status import Status
from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from assessments.standing.progress import progress_of
from assessments.standing.unit_record import claims_in
from assessments.standing.worked_out import bring_up_to_date, differences, standings, versions_of, versions_that_count
from assessments.steps_back.services import unit_reopen, unit_return, unit_withdraw
from portfolio.evidence.services import evidence_remove
from portfolio.models import CandidateUnit, Capacity, Claim, Participation, State
from portfolio.registrations.services import allocate, units_add
from portfolio.registrations.unit_choice import unit_choose, unit_set_aside
from standards.content import CriterionContent
from standards.published import published_content
from tests.assessments.cells.test_judgements import correct
from tests.assessments.steps import answer, answer_all, give_back, judge, open_version
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, claims_make, claims_withdraw, judge_in_bulk, seen
from tests.portfolio.files.typed import another_unit
from tests.portfolio.qualified import revision_of, unit_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def other(unit, coordinator, assessor, verifier) -> CandidateUnit:
    """A second unit of Pat's portfolio, of four criteria, with the same people."""
    [added] = units_add(registration=unit.registration, actor=coordinator, revisions=[another_unit()])
    allocate(unit=added, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    allocate(unit=added, actor=coordinator, user=verifier, capacity=Capacity.INTERNAL_VERIFIER)
    return added


def submit(unit, candidate) -> None:
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))


def sign_off(unit, assessor) -> None:
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))


def first(unit, evidence=None) -> Standing:
    """How the first claim of the unit, or of a piece in it, stands."""
    return claims_in(unit, evidence=evidence).claims[0].standing


def version_numbers(unit) -> dict[int, int]:
    """Which version of each claimed piece counts, by the piece's number."""
    return {claim.version.evidence.number: claim.version.number for claim in claims_in(unit).claims}


def a_criterion(unit):
    """One that no setting bars."""
    return unit.revision.criteria.filter(kind="knowledge", is_tickable=True).order_by("position")[0]


# --- Which version counts -----------------------------------------------------------------------------


def test_the_latest_version_counts_until_the_submission(claimed_unit, evidence, candidate):
    assert version_numbers(claimed_unit) == {1: 1}
    correct(evidence, candidate, title="The log, complete")
    assert version_numbers(claimed_unit) == {1: 2}


def test_from_the_submission_on_the_version_that_it_pinned_counts(submitted_unit, evidence, candidate):
    correct(evidence, candidate, title="The log, complete")
    assert version_numbers(submitted_unit) == {1: 1}


def test_a_return_lets_go_of_it(submitted_unit, evidence, candidate, assessor):
    correct(evidence, candidate, title="The log, complete")
    give_back(submitted_unit, assessor)
    assert version_numbers(submitted_unit) == {1: 2}


def test_what_was_claimed_since_counts_in_its_latest_version_until_the_sign_off_pins_it(
    submitted_unit, evidence, candidate, assessor
):
    own = add_evidence(submitted_unit.registration, assessor)
    claims_make(unit=submitted_unit, evidence=own, actor=assessor, wanted={a_criterion(submitted_unit): ""})
    correct(own, assessor, title="My notes, with the date")
    correct(evidence, candidate, title="The log, complete")
    assert version_numbers(submitted_unit) == {1: 1, 2: 2}
    judge_in_bulk(submitted_unit, assessor)
    sign_off(submitted_unit, assessor)
    correct(own, assessor, title="My notes, with the hour")
    assert version_numbers(submitted_unit) == {1: 1, 2: 2}
    unit_withdraw(unit=submitted_unit, actor=assessor, reason="A date.", stamp=open_version(submitted_unit).stamp)
    assert version_numbers(submitted_unit) == {1: 1, 2: 3}  # the submission holds on to what it pinned


def test_each_unit_has_its_own_version(unit, other, evidence, candidate):
    for each in (unit, other):
        claims_make(unit=each, evidence=evidence, actor=candidate, wanted={a_criterion(each): ""})
    submit(unit, candidate)
    correct(evidence, candidate, title="The log, complete")
    assert (version_numbers(unit), version_numbers(other)) == ({1: 1}, {1: 2})
    counts = versions_that_count([unit.pk, other.pk], versions_of([evidence.pk]))
    assert [counts[each.pk][evidence.pk].pk for each in (unit, other)] == [
        first(unit).version_id,
        first(other).version_id,
    ]


# --- What was last said -------------------------------------------------------------------------------


def test_a_claim_waits_until_it_is_judged_and_then_stands_as_the_last_judgement_says(claimed_unit, assessor):
    assert (first(claimed_unit).status, first(claimed_unit).judgement) == (Status.CLAIMED, None)
    for outcome in (Status.NOT_YET, Status.PARTLY, Status.MET):
        judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, outcome.value, "Why.")])
        standing = first(claimed_unit)
        assert (standing.status, standing.judgement) == (outcome, Judgement.objects.latest("pk"))


def test_a_judgement_that_was_taken_back_lets_the_claim_wait_with_the_stamp_that_it_had(claimed_unit, assessor):
    waiting = first(claimed_unit).stamp
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit)])
    judged = first(claimed_unit).stamp
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, None)])
    standing = first(claimed_unit)
    assert (standing.status, standing.judgement, standing.earlier) == (Status.CLAIMED, None, None)
    assert waiting == standing.stamp != judged


def test_a_judgement_counts_on_the_version_that_it_was_given_on_only(claimed_unit, evidence, candidate, assessor):
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, "partly", "More.")])
    said = Judgement.objects.get()
    correct(evidence, candidate, title="The log, complete")
    standing = first(claimed_unit)
    assert (standing.status, standing.judgement, standing.earlier) == (Status.CLAIMED, None, said)


def test_the_earlier_word_is_no_longer_told_once_the_version_was_judged(claimed_unit, evidence, candidate, assessor):
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, "partly", "More.")])
    correct(evidence, candidate, title="The log, complete")
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit)])
    assert (first(claimed_unit).status, first(claimed_unit).earlier) == (Status.MET, None)
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, None)])
    assert (first(claimed_unit).status, first(claimed_unit).earlier) == (Status.CLAIMED, None)


def test_the_version_that_was_judged_counts_again_with_its_judgement(submitted_unit, evidence, candidate, assessor):
    """Given back, the unit goes by the correction; what was said of the version before is told as earlier."""
    judge(unit=submitted_unit, actor=assessor, answers=[answer(submitted_unit)])
    correct(evidence, candidate, title="The log, complete")
    assert first(submitted_unit).status == Status.MET
    give_back(submitted_unit, assessor)
    standing = first(submitted_unit)
    assert (standing.status, standing.earlier) == (Status.CLAIMED, Judgement.objects.get())


def test_what_the_unit_bars_does_not_count_whatever_was_said_of_it(unit, candidate, assessor):
    simulated = add_evidence(unit.registration, candidate, setting="simulation")
    claim_in_bulk(unit, [simulated])
    judge_in_bulk(unit, assessor)  # as no page lets them
    statuses = {claim.criterion.kind: claim.status for claim in claims_in(unit).claims}
    assert statuses == {"performance": Status.BARRED, "knowledge": Status.MET, "evidence": Status.BARRED}
    assert first(unit).judgement is not None


def test_a_claim_that_was_taken_back_stands_nowhere_and_the_next_one_anew(unit, evidence, candidate, assessor):
    wanted = {a_criterion(unit): "page 1"}
    claims_make(unit=unit, evidence=evidence, actor=candidate, wanted=wanted)
    judge(unit=unit, actor=assessor, answers=[answer(unit)])
    before = first(unit)
    claims_withdraw(unit=unit, evidence=evidence, actor=candidate)
    assert not Standing.objects.exists()
    claims_make(unit=unit, evidence=evidence, actor=candidate, wanted=wanted)
    again = first(unit)
    assert (again.status, again.judgement, again.earlier) == (Status.CLAIMED, None, None)
    assert again.stamp != before.stamp


def test_all_that_a_page_shows_of_a_claim_goes_into_its_stamp(unit, evidence, candidate, assessor):
    criterion = a_criterion(unit)
    claims_make(unit=unit, evidence=evidence, actor=candidate, wanted={criterion: "page 1"})
    item = published_content(unit.revision).criterion_by_pk[criterion.pk]

    def set_to(actor, to, **more) -> None:
        mark = CellChange(evidence=evidence.uuid, criterion=item, to=to, seen=first(unit).stamp, **more)
        assert cells_change(unit=unit, actor=actor, changes=[mark])[0].did

    stamps = [first(unit).stamp]
    for change in (
        lambda: set_to(candidate, "claimed", where="page 2"),
        lambda: set_to(assessor, "partly", reason="More."),
        lambda: set_to(assessor, "partly", reason="More, please."),
        lambda: correct(evidence, candidate, title="The log, complete"),
        lambda: set_to(assessor, "met"),
    ):
        change()
        stamps.append(first(unit).stamp)
    assert len(set(stamps)) == len(stamps) == 6


# --- How far the unit is ------------------------------------------------------------------------------


def test_a_criterion_counts_once_as_the_best_of_its_claims(unit, candidate, assessor):
    pieces = [add_evidence(unit.registration, candidate) for _ in range(2)]
    criteria = unit.revision.criteria.filter(kind="performance", is_tickable=True).order_by("position")[:4]
    for piece in pieces:
        claims_make(unit=unit, evidence=piece, actor=candidate, wanted=dict.fromkeys(criteria, ""))
    said = {0: "met", 1: "not_yet", 2: "partly", 4: "not_yet", 5: "not_yet", 6: "not_yet"}
    answers = [answer(unit, place, outcome, "Why.") for place, outcome in said.items()]
    assert {one.did for one in judge(unit=unit, actor=assessor, answers=answers)} == {"judged"}
    found = progress_of([unit.pk])[unit.pk]
    assert (found.total, found.met, found.waiting, found.partly, found.not_yet) == (30, 1, 1, 1, 1)
    assert (found.missing, found.to_judge) == (26, 2)
    assert UnitProgress.objects.get(pk=unit).missing == 26


def test_what_is_claimed_from_nothing_that_the_unit_takes_is_missing(unit, candidate):
    claim_in_bulk(unit, [add_evidence(unit.registration, candidate, setting="simulation")])
    found = UnitProgress.objects.get(pk=unit)
    assert (found.waiting, found.missing, found.to_judge) == (8, 22, 8)


def test_a_unit_without_claims_is_kept_too(unit):
    found = UnitProgress.objects.get(pk=unit)
    assert (found.total, found.missing, found.happened_at) == (30, 30, unit.added_at)


def test_whatever_happens_in_the_unit_is_a_sign_of_life(claimed_unit, evidence, candidate, assessor):
    unit = claimed_unit

    def happened_at() -> datetime.datetime:
        return UnitProgress.objects.get(pk=unit).happened_at

    last = happened_at()
    assert last == Claim.objects.latest("made_at").made_at
    for change in (
        lambda: judge(unit=unit, actor=assessor, answers=[answer(unit)]),
        lambda: correct(evidence, candidate, title="The log, complete"),  # while the candidate collects
        lambda: add_evidence(unit.registration, candidate),
        lambda: claims_withdraw(unit=unit, evidence=evidence, actor=candidate),
    ):
        change()
        assert happened_at() > last
        last = happened_at()
    claim_in_bulk(unit, [evidence])
    submit(unit, candidate)
    last = happened_at()
    add_evidence(unit.registration, candidate)  # it is out of their hands
    assert happened_at() == last
    returned = give_back(unit, assessor)
    assert happened_at() == returned.made_at


# --- What is kept is what the rows give -----------------------------------------------------------------


def test_bringing_it_up_to_date_again_changes_nothing(judged_unit):
    before = [*Standing.objects.order_by("pk").values()], [*UnitProgress.objects.values()]
    bring_up_to_date([judged_unit])
    bring_up_to_date([judged_unit], {claim.pk for claim in Claim.objects.all()})
    bring_up_to_date([judged_unit], set())
    bring_up_to_date([])
    assert ([*Standing.objects.order_by("pk").values()], [*UnitProgress.objects.values()]) == before


def test_of_some_claims_only_those_are_worked_out(claimed_unit):
    claims = [*Claim.objects.order_by("pk")]
    assert {row.claim_id for row in standings([claimed_unit], {claims[2].pk})} == {claims[2].pk}
    Standing.objects.update(status=Status.MET)
    bring_up_to_date([claimed_unit], {claims[0].pk})
    assert [*Standing.objects.exclude(status=Status.MET).values_list("claim", flat=True)] == [claims[0].pk]


def test_each_row_that_was_tampered_with_is_named(judged_unit):
    assert [*differences([judged_unit])] == []
    [one, two, three, four] = Standing.objects.order_by("pk")[:4]
    Standing.objects.filter(pk=one.pk).update(status=Status.NOT_YET)
    Standing.objects.filter(pk=two.pk).update(judgement=None, stamp="00000000")
    taken_out = three.claim.uuid
    three.delete()
    Claim.objects.filter(pk=four.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=Participation.objects.get(user=judged_unit.registration.candidate)
    )
    UnitProgress.objects.update(met=29)
    uuids = [str(Claim.objects.get(pk=row.pk or row.claim_id).uuid) for row in (one, two, four)]
    found = [*differences([judged_unit])]
    assert [line.partition(" ")[2] for line in found if "How a claim stands" in line] == [
        f"{uuids[0]}: How a claim stands is kept otherwise than the rows give it (status).",
        f"{uuids[1]}: How a claim stands is kept otherwise than the rows give it (judgement_id, stamp).",
        f"{taken_out}: How a claim stands is not kept, and the rows give it.",
        f"{uuids[2]}: How a claim stands is kept, and the rows do not give it.",
    ]
    [unit] = [line for line in found if "How far the unit is" in line]
    assert "is kept otherwise than the rows give it (met" in unit
    bring_up_to_date([judged_unit])
    assert [*differences([judged_unit])] == []
    UnitProgress.objects.all().delete()
    [line] = differences([judged_unit])
    assert line.endswith(f"{judged_unit.uuid}: How far the unit is is not kept, and the rows give it.")


@pytest.mark.parametrize(
    "wrong", [{"status": "empty"}, {"status": "excellent"}, {"status": ""}], ids=["empty", "unknown", "nothing"]
)
def test_the_database_takes_no_claim_that_stands_in_no_way(wrong, claimed_unit):
    with pytest.raises(IntegrityError), transaction.atomic():
        Standing.objects.update(**wrong)


@pytest.mark.long
def test_what_is_kept_is_what_the_rows_give_after_every_act_in_the_life_of_a_unit(
    unit, other, evidence, candidate, assessor, verifier
):
    units = [unit, other]
    done = []

    def check(what: str) -> None:
        assert [*differences(units)] == [], what
        done.append(what)

    check("begin")
    for each in units:
        items = dict.fromkeys(each.revision.criteria.filter(is_tickable=True, same_as=None), "page 1")
        marked = claims_make(unit=each, evidence=evidence, actor=candidate, wanted=items)
        assert {one.did for one in marked} <= {"made", ""}
        check("claim")
    judge(unit=unit, actor=assessor, answers=[answer(unit, place, "not_yet", "Why.") for place in range(3)])
    check("judge")
    judge(unit=unit, actor=assessor, answers=[answer(unit, 2, None)])
    check("take a judgement back")
    correct(evidence, candidate, title="The log, complete")
    check("correct")
    submit(unit, candidate)
    check("submit")
    correct(evidence, candidate, title="The log, with dates", setting="simulation")
    check("correct again")
    own = add_evidence(unit.registration, assessor)
    check("add evidence")
    claims_make(unit=unit, evidence=own, actor=assessor, wanted={a_criterion(unit): ""})
    check("claim after the submission")
    judge(unit=unit, actor=assessor, answers=[answer(unit, place) for place in range(len(claims_in(unit).claims))])
    check("judge all")
    statements_set(unit=unit, actor=assessor, statements=unit.revision.rules["statements"])
    sign_off(unit, assessor)
    check("sign off")
    correct(own, assessor, title="My notes, with the date")
    check("correct the assessor's own")
    unit_withdraw(unit=unit, actor=assessor, reason="A date.", stamp=open_version(unit).stamp)
    check("withdraw")
    judge(unit=unit, actor=assessor, answers=[answer(unit, place) for place in range(len(claims_in(unit).claims))])
    sign_off(unit, assessor)
    unit_return(unit=unit, actor=verifier, reason="A name.", stamp=open_version(unit).stamp)
    check("return to the assessor")
    answer_all(unit)
    sign_off(unit, assessor)
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    check("countersign")
    unit_reopen(unit=unit, actor=verifier, reason="A name.", stamp=open_version(unit).stamp)
    check("reopen")
    submit(unit, candidate)
    give_back(unit, assessor)
    check("return to the candidate")
    claims_withdraw(unit=unit, evidence=evidence, actor=candidate)
    claims_withdraw(unit=other, evidence=evidence, actor=candidate)
    check("take claims back")
    evidence_remove(evidence=evidence, actor=candidate)
    check("remove")
    assert open_version(unit).state == State.COLLECTING
    assert len(done) == 20


def test_a_unit_that_is_set_aside_and_taken_again_stands_as_it_did(qualified, candidate):
    unit = unit_choose(registration=qualified, actor=candidate, revision=revision_of("O1")).unit
    claim_in_bulk(unit, [add_evidence(qualified, candidate)])
    unit_set_aside(unit=unit, actor=candidate)
    assert [*differences([unit_in(qualified, "O1")])] == []
    add_evidence(qualified, candidate)
    assert [*differences([unit_in(qualified, "O1")])] == []
    unit_choose(registration=qualified, actor=candidate, revision=revision_of("O1"))
    assert [*differences([unit_in(qualified, code) for code in ("M1", "M2", "O1")])] == []


# --- Whatever is done, in whatever order ----------------------------------------------------------------


class Portfolio:
    """Acts on two units, three pieces and the first claimable criteria, by number; what is refused is let be."""

    def __init__(self, units, people) -> None:
        self.units = [CandidateUnit.objects.get(pk=unit.pk) for unit in units]
        self.candidate, self.assessor, self.verifier = people
        registration = self.units[0].registration
        self.pieces = [
            add_evidence(registration, self.candidate),
            add_evidence(registration, self.candidate, setting="simulation"),
            add_evidence(registration, self.assessor, kind="observation"),
        ]

    def cell(self, unit: int, piece: int, place: int) -> tuple[CandidateUnit, CellChange]:
        """One cell, as a page of now shows it."""
        found, evidence = self.units[unit], self.pieces[piece]
        items: list[CriterionContent] = [*published_content(found.revision).unit.claimable]
        item = items[place * 2 % len(items)]
        standing = Standing.objects.filter(candidate_unit=found, evidence=evidence, criterion=item.pk).first()
        return found, CellChange(evidence=evidence.uuid, criterion=item, to="", seen=standing.stamp if standing else "")

    def mark(self, who: int, to: str, *cell: int) -> None:
        """Claim, move, take back, judge, or take a judgement back."""
        unit, mark = self.cell(*cell)
        where = f"page {who}" if to == "claimed" else None
        wanted = CellChange(evidence=mark.evidence, criterion=mark.criterion, to=to, where=where, reason="Why.",
                      seen=mark.seen)  # fmt: skip
        cells_change(unit=unit, actor=(self.candidate, self.assessor)[who], changes=[wanted])

    def correct(self, piece: int, is_real: bool) -> None:
        """Correct a piece, into another setting or in words alone."""
        evidence = self.pieces[piece]
        version = evidence.versions.count() + 1
        setting = "real_job" if is_real else "simulation"
        correct(evidence, evidence.author, title=f"Version {version}", setting=setting)

    def on(self, unit: int) -> None:
        """Sign whatever comes next, having judged and stated all that it asks for."""
        found = self.units[unit]
        match open_version(found).state:
            case State.COLLECTING:
                submit(found, self.candidate)
            case State.SUBMITTED:
                missing = published_content(found.revision).unit.claimable
                own = self.pieces[2].uuid
                judged = [
                    CellChange(
                        evidence=record.claim.evidence.uuid, criterion=record.criterion, to="met", seen=record.stamp
                    )
                    for record in claims_in(found).claims
                    if record.status == Status.CLAIMED
                ]
                cells_change(unit=found, actor=self.assessor, changes=judged)
                claim = [CellChange(evidence=own, criterion=item, to="claimed") for item in missing]
                met = [
                    CellChange(evidence=own, criterion=one.change.criterion, to="met", seen=one.stamp)
                    for one in cells_change(unit=found, actor=self.assessor, changes=claim)
                    if one.status
                ]
                cells_change(unit=found, actor=self.assessor, changes=met)
                statements_set(
                    unit=found, actor=self.assessor, statements=published_content(found.revision).unit.rules.statements
                )
                sign_off(found, self.assessor)
            case State.ASSESSED:
                unit_countersign(unit=found, actor=self.verifier, password=PASSWORD, seen=seen(found))

    def back(self, unit: int) -> None:
        """Take one step back."""
        found = self.units[unit]
        version = open_version(found)
        step, actor = {
            State.SUBMITTED: (unit_return, self.assessor),
            State.ASSESSED: (unit_withdraw, self.assessor),
            State.VERIFIED: (unit_reopen, self.verifier),
        }.get(State(version.state), (unit_return, self.assessor))
        step(unit=found, actor=actor, reason="Why.", stamp=version.stamp)

    def remove(self, piece: int) -> None:
        """Remove a piece; mostly it is claimed."""
        evidence_remove(evidence=self.pieces[piece], actor=self.pieces[piece].author)


units_of_it, pieces_of_it, places = st.integers(0, 1), st.integers(0, 2), st.integers(0, 2)
ACTS = st.one_of(
    st.tuples(
        st.just("mark"),
        st.integers(0, 1),
        st.sampled_from(["claimed", "claimed", "claimed", "empty", "met", "partly", "not_yet", "waiting"]),
        units_of_it,
        pieces_of_it,
        places,
    ),
    st.tuples(st.just("correct"), pieces_of_it, st.booleans()),
    st.tuples(st.just("on"), units_of_it),
    st.tuples(st.just("back"), units_of_it),
    st.tuples(st.just("remove"), pieces_of_it),
)


@pytest.mark.long
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(acts=st.lists(ACTS, min_size=4, max_size=14))
def test_whatever_is_done_in_whatever_order_what_is_kept_is_what_the_rows_give(
    acts, unit, other, candidate, assessor, verifier
):
    with transaction.atomic():
        portfolio = Portfolio([unit, other], [candidate, assessor, verifier])
        for name, *how in acts:
            try:
                with transaction.atomic():
                    getattr(portfolio, name)(*how)
            except (ValidationError, PermissionDenied):
                continue  # it could not be done; that nothing was left of it is checked with the next act
            finally:
                assert [*differences(portfolio.units)] == [], (name, how)
        transaction.set_rollback(True)
