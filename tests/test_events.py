"""Every act leaves one event that says who did what, in particulars that an auditor can read years later."""

import datetime
import json
from dataclasses import replace
from typing import Any

import pytest

from assessments.judging.services import statements_set
from assessments.models import FinalForm, Judgement, Outcome, Signature
from assessments.recording_form.services import final_form_render
from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from assessments.steps_back.services import unit_reopen, unit_withdraw
from centres.models import Membership, Role, User
from centres.services.people import person_add, role_end
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from centres.staff.services import StaffDetails, staff_record_add, staff_record_end
from portfolio.evidence.services import EvidenceDetails, evidence_correct, evidence_remove
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import Allocation, Capacity, Claim, StoredFile
from portfolio.registrations.services import allocation_end
from portfolio.registrations.unit_choice import unit_choose, unit_set_aside
from record.canonical import utc
from record.event_content import rows_told, told_time
from record.models import Chain, Event
from record.services.chains import site_chain
from tests.assessments.steps import answer, answer_all, give_back, judge, open_version
from tests.cast import PASSWORD, add_evidence, claim_move, claims_make, claims_withdraw, judge_in_bulk, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def told(chain: Chain) -> list[tuple[str, Any, dict[str, Any]]]:
    """The kind, the actor and the particulars of every event in a chain."""
    events = Event.objects.filter(chain=chain).select_related("payload").order_by("sequence")
    return [(event.kind, event.actor, json.loads(event.payload.body)) for event in events]


def one(chain: Chain, kind: str, place: int = -1) -> dict[str, Any]:
    """The particulars of the last event of a kind, or of another by its place."""
    return [said for event, _, said in told(chain) if event == kind][place]


def without(said: dict[str, Any], *left_out: str) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key not in left_out}


def test_what_happens_to_people_is_told(centre, coordinator):
    nell: dict[str, Any] = {"name": "Nell", "email": "n@x.example", "role": Role.ASSESSOR}
    membership = person_add(centre=centre, actor=coordinator, **nell)
    given = membership.told()
    begun, target = datetime.date(2026, 1, 5), datetime.date(2026, 12, 1)
    towards = StaffDetails(what="TAQA", role="assessor", since=begun, until=target)
    about: Any = {"centre": centre, "person": membership.user, "actor": coordinator}
    first_told = staff_record_add(**about, kind=StaffKind.TOWARDS, details=towards).told()
    award = staff_record_add(**about, kind=StaffKind.AWARD, details=replace(towards, until=None))
    award_told, replaced = award.told(), StaffRecord.objects.get(kind=StaffKind.TOWARDS).told()
    staff_record_end(record=award, actor=coordinator, why="Typed wrongly.")
    ended = StaffRecord.objects.get(pk=award.pk).told()
    role_end(membership=membership, actor=coordinator)
    first = Membership.objects.get(user=coordinator)
    assert told(centre.chain) == [
        ("centre.created", None, {"format": 1, "centre": centre.told()}),
        ("role.given", None, {"format": 1, "membership": first.told()}),
        ("role.given", coordinator.uuid, {"format": 1, "membership": given}),
        ("award.recorded", coordinator.uuid, {"format": 1, "staff_record": first_told}),
        (
            "award.recorded",
            coordinator.uuid,
            {"format": 1, "staff_record": award_told, "also": [{"staff_record": replaced}]},
        ),
        ("award.ended", coordinator.uuid, {"format": 1, "staff_record": ended}),
        ("role.ended", coordinator.uuid, {"format": 1, "membership": membership.told()}),
    ]
    assert given == {
        "id": str(membership.uuid),
        "centre": str(centre.uuid),
        "user": str(membership.user.uuid),
        "role": "assessor",
        "began_at": utc(membership.began_at, timespec="microseconds"),
        "ended_at": None,
    }
    assert ended == {
        "id": str(award.uuid),
        "centre": str(centre.uuid),
        "user": str(membership.user.uuid),
        "kind": "award",
        "role": "assessor",
        "what": "TAQA",
        "shown_by": "",
        "since": "2026-01-05",
        "until": None,
        "hours": None,
        "author": str(coordinator.uuid),
        "made_at": utc(award.made_at, timespec="microseconds"),
        "ended_at": ended["ended_at"],
        "ended_by": str(coordinator.uuid),
        "ended_why": "Typed wrongly.",
    }
    assert membership.told()["ended_at"] == told_time(membership.ended_at)


def test_the_site_s_chain_tells_of_people_and_centres_and_the_centre_s_of_its_portfolios(
    unit, centre, coordinator, candidate, assessor, verifier
):
    made = {given.capacity: given.told() for given in Allocation.objects.all()}
    ended = Allocation.objects.get(capacity=Capacity.ASSESSOR)
    allocation_end(allocation=ended, actor=coordinator)

    def known(person: User) -> dict[str, Any]:
        return {"format": 1, "person": {"id": str(person.uuid), "name": person.name, "email": person.email}}

    who, registration = coordinator.uuid, unit.registration
    assert told(site_chain()) == [
        ("person.created", None, known(coordinator)),
        ("centre.opened", None, {"format": 1, "centre": centre.told()}),
        ("person.created", who, known(candidate)),
        ("person.created", who, known(assessor)),
        ("person.created", who, known(verifier)),
    ]
    assert centre.told() == {
        "id": str(centre.uuid),
        "chain": str(centre.chain.uuid),
        "name": "Harbour College",
        "number": "90210",
        "time_zone": "Europe/London",
        "is_demo": False,
        "candidate_word": "candidate",
        "internal_verifier_word": "IV",
        "external_verifier_word": "EV",
    }
    about = {"format": 1, "registration": str(registration.uuid)}
    assert [event for event in told(centre.chain) if event[0].startswith("portfolio.")] == [
        ("portfolio.opened", who, {"format": 1, "registration": registration.told()}),
        ("portfolio.allocation_made", who, about | {"allocation": made["assessor"]}),
        ("portfolio.allocation_made", who, about | {"allocation": made["internal_verifier"]}),
        ("portfolio.allocation_ended", who, about | {"allocation": ended.told()}),
    ]


def test_what_happens_to_a_registration_is_told(unit, coordinator, candidate, assessor, verifier, b10):
    registration, version = unit.registration, unit.versions.get()
    made = {given.capacity: given.told() for given in Allocation.objects.all()}
    ended = Allocation.objects.get(capacity=Capacity.ASSESSOR)
    allocation_end(allocation=ended, actor=coordinator)
    who = coordinator.uuid
    begun = [{"unit_version": version.told()}, {"participation": unit.participations.get().told()}]
    assert told(registration.chain) == [
        ("registration.created", who, {"format": 1, "registration": registration.told()}),
        ("unit.added", who, {"format": 1, "code": "B10", "unit": unit.told(), "also": begun}),
        ("allocation.made", who, {"format": 1, "allocation": made["assessor"]}),
        ("allocation.made", who, {"format": 1, "allocation": made["internal_verifier"]}),
        ("allocation.ended", who, {"format": 1, "allocation": ended.told()}),
    ]
    assert without(registration.told(), "registered_at") == {
        "id": str(registration.uuid),
        "centre": str(registration.centre.uuid),
        "candidate": str(candidate.uuid),
        "number": "C-1001",
        "qualification": None,
        "chain": str(registration.chain.uuid),
    }
    assert without(unit.told(), "added_at") == {
        "id": str(unit.uuid),
        "registration": str(registration.uuid),
        "revision": str(b10.uuid),
        "set_aside_at": None,
    }
    assert without(made["assessor"], "began_at") == {
        "id": str(ended.uuid),
        "unit": str(unit.uuid),
        "user": str(assessor.uuid),
        "capacity": "assessor",
        "leads": True,
        "until": None,
        "ended_at": None,
    }


def test_what_happens_to_the_choice_of_units_is_told(unit, coordinator):
    unit_set_aside(unit=unit, actor=coordinator)
    aside = unit.told()
    unit_choose(registration=unit.registration, actor=coordinator, revision=unit.revision)
    unit.refresh_from_db()
    assert aside["set_aside_at"]
    assert told(unit.registration.chain)[-2:] == [
        ("unit.set_aside", coordinator.uuid, {"format": 1, "code": "B10", "unit": aside}),
        ("unit.taken_up_again", coordinator.uuid, {"format": 1, "code": "B10", "unit": unit.told()}),
    ]


def test_what_happens_to_evidence_is_told(unit, candidate):
    piece = add_evidence(unit.registration, candidate)
    said: dict[str, Any] = {
        "title": "Complaints log of the counter, April",
        "kind": "work_product",
        "setting": "real_job",
        "location": "Filing cabinet 3, customer service desk",
        "relevance": "Shows how I dealt with complaints",
    }
    days: dict[str, Any] = {"happened_from": datetime.date(2026, 4, 1), "happened_to": datetime.date(2026, 4, 30)}
    with IncomingFile.from_content("log.txt", b"Exchanged it.\n") as incoming:
        staged = file_stage(registration=unit.registration, user=candidate, incoming=incoming)
    version = evidence_correct(
        evidence=piece, actor=candidate, seen=1, details=EvidenceDetails(**said, **days), keep=[], staged=[staged]
    )
    kept, file, stored_file = piece.told(), version.files.get(), StoredFile.objects.get()
    file_told = file.told()
    evidence_remove(evidence=piece, actor=candidate)
    piece.refresh_from_db()
    added, corrected, removed = told(unit.registration.chain)[-3:]
    first = piece.versions.get(number=1)
    assert added == (
        "evidence.added",
        candidate.uuid,
        {"format": 1, "evidence_version": first.told(), "also": [{"evidence": kept}]},
    )
    assert corrected == (
        "evidence.corrected",
        candidate.uuid,
        {
            "format": 1,
            "evidence_version": version.told(),
            "also": [{"evidence": kept}, {"evidence_file": file_told}],
        },
    )
    assert removed == (
        "evidence.removed",
        candidate.uuid,
        {"format": 1, "evidence": piece.told(), "gone": [{"evidence_file": str(file.uuid)}]},
    )
    assert without(version.told(), "made_at") == said | {
        "id": str(version.uuid),
        "evidence": str(piece.uuid),
        "number": 2,
        "author": str(candidate.uuid),
        "happened_from": "2026-04-01",
        "happened_to": "2026-04-30",
    }
    assert file_told == {
        "id": str(file.uuid),
        "version": str(version.uuid),
        "position": 1,
        "name": "log.txt",
        "type": "text/plain",
        "sha256": stored_file.sha256,
        "size": 14,
    }


def test_what_happens_to_claims_is_told(unit, evidence, candidate, assessor):
    criterion = unit.revision.criteria.filter(is_tickable=True).order_by("kind", "position")[0]
    people = {"unit": unit, "evidence": evidence, "actor": candidate}
    claims_make(**people, wanted={criterion: "page 1"})
    claim_move(**people, criterion=criterion, where="page 2")
    judge(unit=unit, actor=assessor, answers=[answer(unit, 0, "not_yet", "Too short.")])
    judge(unit=unit, actor=assessor, answers=[answer(unit, 0, None)])
    claims_withdraw(**people)
    claim, (judgement, taken_back) = Claim.objects.get(), Judgement.objects.all()
    made = claim.told() | {"withdrawn_at": None, "withdrawn_by": None}
    begun = [{"participation": unit.participations.get(user=assessor).told()}]
    assert told(unit.registration.chain)[-5:] == [
        ("claim.made", candidate.uuid, {"format": 1, "claim": made | {"where": "page 1"}}),
        ("claim.where_changed", candidate.uuid, {"format": 1, "claim": made}),
        ("claim.judged", assessor.uuid, {"format": 1, "judgement": judgement.told(), "also": begun}),
        ("claim.judgement_taken_back", assessor.uuid, {"format": 1, "judgement": taken_back.told()}),
        ("claim.withdrawn", candidate.uuid, {"format": 1, "claim": claim.told()}),
    ]
    assert without(claim.told(), "made_at", "withdrawn_at") == {
        "id": str(claim.uuid),
        "unit": str(unit.uuid),
        "evidence": str(evidence.uuid),
        "criterion": {"kind": criterion.kind, "position": criterion.position},
        "author": str(candidate.uuid),
        "where": "page 2",
        "withdrawn_by": str(candidate.uuid),
    }
    assert without(judgement.told(), "made_at") == {
        "id": str(judgement.uuid),
        "claim": str(claim.uuid),
        "evidence_version": str(evidence.versions.get().uuid),
        "author": str(assessor.uuid),
        "outcome": "not_yet",
        "reason": "Too short.",
    }


def test_what_happens_to_a_unit_is_told(claimed_unit, candidate, assessor, verifier):
    unit, chain = claimed_unit, claimed_unit.registration.chain
    about, kinds = {"format": 1, "unit": str(unit.uuid)}, len(told(chain))
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    submitted = open_version(unit).told()
    submission = Signature.objects.get()
    assert told(chain)[kinds:] == [
        (
            "unit.submitted",
            candidate.uuid,
            about | {"signature": submission.told(), "also": [{"unit_version": submitted}]},
        )
    ]
    assert without(submission.told(), "signed_at") == {
        "id": str(submission.uuid),
        "version": submitted["id"],
        "stage": "submission",
        "signer": str(candidate.uuid),
        "capacity": "candidate",
        "digest": submission.document.digest,
        "declaration": submission.declaration,
        "comment": "",
        "needs_confirmation": False,
        "superseded_at": None,
        "pins": [str(unit.claims.all()[0].evidence.versions.get().uuid)],
    }
    judge_in_bulk(unit, assessor, Outcome.MET)
    statement = unit.statements.order_by("pk")[0]
    others = list(unit.statements.exclude(pk=statement.pk).values_list("words", flat=True))
    kinds = len(told(chain))
    statements_set(unit=unit, actor=assessor, statements=others)
    statements_set(unit=unit, actor=assessor, statements=[statement.words, *others])
    statement.refresh_from_db()
    again = unit.statements.get(words=statement.words, withdrawn_at=None)
    assert told(chain)[kinds:] == [
        ("statement.withdrawn", assessor.uuid, {"format": 1, "statement": statement.told()}),
        ("statement.made", assessor.uuid, {"format": 1, "statement": again.told()}),
    ]
    kinds = len(told(chain))
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    sign_off, assessed = Signature.objects.get(stage="sign_off"), open_version(unit).told()
    stood = sign_off.told()
    step = give_back(unit, verifier, reason="A date is wrong.")
    sign_off.refresh_from_db()
    asked = unit.actions.get()
    returned = [
        {"signature": sign_off.told()},
        {"unit_version": open_version(unit).told()},
        {"participation": unit.participations.get(user=verifier).told()},
    ]
    assert told(chain)[kinds:] == [
        ("unit.assessed", assessor.uuid, about | {"signature": stood, "also": [{"unit_version": assessed}]}),
        ("unit.returned", verifier.uuid, about | {"return": step.told(), "also": returned}),
        (
            "action.asked",
            verifier.uuid,
            {"format": 1, "action": asked.told(), "also": [{"action_step": asked.steps.get().told()}]},
        ),
    ]
    answer_all(unit)
    assert sign_off.told()["superseded_at"] == step.told()["made_at"]
    assert without(step.told(), "made_at") == {
        "id": str(step.uuid),
        "version": submitted["id"],
        "kind": "returned",
        "from_state": "assessed",
        "author": str(verifier.uuid),
        "reason": "A date is wrong.",
    }
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    unit_withdraw(unit=unit, actor=assessor, reason="A line too many.", stamp=open_version(unit).stamp)
    assert one(chain, "unit.withdrawn")["return"] == unit.versions.get().returns.latest("pk").told()


def test_what_happens_to_a_verified_unit_is_told(assessed_unit, verifier):
    unit, chain = assessed_unit, assessed_unit.registration.chain
    kinds = len(told(chain))
    about = {"format": 1, "unit": str(unit.uuid)}
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    signature, form = Signature.objects.get(stage="countersignature"), FinalForm.objects.get()
    signed, waiting, verified = signature.told(), form.told(), open_version(unit).told()
    final_form_render(signature=signature.uuid)
    unit_reopen(unit=unit, actor=verifier, reason="A name is wrong.", stamp=open_version(unit).stamp)

    form.refresh_from_db()
    assert form.stored_file is not None
    assert form.told()["sha256"] == form.stored_file.sha256
    begun = {"participation": unit.participations.get(user=verifier).told()}
    reopened = [{"signature": given.told()} for given in Signature.objects.order_by("pk")]
    reopened += [{"unit_version": passed.told()} for passed in unit.versions.order_by("number")]
    assert told(chain)[kinds:] == [
        (
            "unit.verified",
            verifier.uuid,
            about | {"signature": signed, "also": [{"unit_version": verified}, begun, {"final_form": waiting}]},
        ),
        ("form.printed", None, {"format": 1, "final_form": form.told()}),
        (
            "unit.reopened",
            verifier.uuid,
            about | {"return": unit.versions.get(number=1).returns.get().told(), "also": reopened},
        ),
    ]
    assert [passed["unit_version"]["closed_at"] is None for passed in reopened[-2:]] == [False, True]


def test_an_event_takes_the_moment_that_its_rows_carry(verified_unit):
    moments = ("made_at", "withdrawn_at", "signed_at", "added_at", "began_at", "registered_at", "rendered_at")
    compared = 0
    for event in Event.objects.select_related("payload"):
        for _, _, row in rows_told(json.loads(event.payload.body)):
            carried = {row[name] for name in moments if row and row.get(name)}
            compared += len(carried)
            assert carried <= {utc(event.happened_at, timespec="microseconds")}, event.kind
    assert compared > 50
