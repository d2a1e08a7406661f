"""Every act leaves one event that says who did what, in particulars that an auditor can read years later."""

import datetime
import json
from typing import Any

import pytest

from assessments.models import FinalForm, Judgement, Outcome, Signature
from assessments.services.final_forms import draft_form_print, final_form_render
from assessments.services.judgements import statements_set
from assessments.services.returning import unit_reopen
from assessments.services.signing import unit_countersign, unit_sign_off, unit_submit
from centres.models import Membership, Role, User
from centres.services.people import person_add, role_end
from portfolio.models import Allocation, Capacity, Claim
from portfolio.services.evidence import EvidenceDetails, evidence_correct, evidence_remove
from portfolio.services.registrations import allocation_end
from record.models import Chain, Event
from record.services.chains import site_chain
from tests.assessments.steps import answer, give_back, judge, open_version
from tests.cast import PASSWORD, add_evidence, claim_move, claims_make, claims_withdraw, judge_in_bulk, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def told(chain: Chain) -> list[tuple[str, Any, dict[str, Any]]]:
    """The kind, the actor and the particulars of every event in a chain."""
    events = Event.objects.filter(chain=chain).select_related("payload").order_by("sequence")
    return [(event.kind, event.actor, json.loads(event.payload.body)) for event in events]


def test_what_happens_to_people_is_told(centre, coordinator):
    membership = person_add(centre=centre, actor=coordinator, name="Nell", email="n@x.example", role=Role.ASSESSOR)
    role_end(membership=membership, actor=coordinator)
    first = Membership.objects.get(user=coordinator)
    held = {"membership": str(membership.uuid), "user": str(membership.user.uuid), "role": "assessor"}
    assert told(centre.chain) == [
        ("centre.created", None, {"centre": str(centre.uuid), "name": "Harbour College", "number": "90210"}),
        (
            "role.given",
            None,
            {"membership": str(first.uuid), "user": str(coordinator.uuid), "role": "coordinator"},
        ),
        ("role.given", coordinator.uuid, held),
        ("role.ended", coordinator.uuid, held),
    ]


def test_the_site_s_chain_tells_of_people_and_centres_and_the_centre_s_of_its_portfolios(
    unit, centre, coordinator, candidate, assessor, verifier
):
    allocation_end(allocation=Allocation.objects.get(capacity=Capacity.ASSESSOR), actor=coordinator)
    at = {"centre": str(centre.uuid), "chain": str(centre.chain.uuid), "name": "Harbour College", "number": "90210"}

    def known(person: User) -> dict[str, str]:
        return {"user": str(person.uuid), "name": person.name, "email": person.email}

    who, registration = coordinator.uuid, unit.registration
    assert told(site_chain()) == [
        ("person.created", None, known(coordinator)),
        ("centre.opened", None, at),
        ("person.created", who, known(candidate)),
        ("person.created", who, known(assessor)),
        ("person.created", who, known(verifier)),
    ]
    opened = {
        "registration": str(registration.uuid),
        "candidate": str(candidate.uuid),
        "chain": str(registration.chain.uuid),
    }
    about = {"registration": str(registration.uuid), "unit": str(unit.uuid)}
    ann = about | {"user": str(assessor.uuid), "capacity": "assessor"}
    ivy = about | {"user": str(verifier.uuid), "capacity": "internal_verifier"}
    assert [event for event in told(centre.chain) if event[0].startswith("portfolio.")] == [
        ("portfolio.opened", who, opened),
        ("portfolio.allocation_made", who, ann),
        ("portfolio.allocation_made", who, ivy),
        ("portfolio.allocation_ended", who, ann),
    ]


def test_what_happens_to_a_registration_is_told(unit, coordinator, candidate, assessor, verifier, b10):
    registration = unit.registration
    leads = {"unit": str(unit.uuid), "leads": True, "until": None}
    ann = leads | {"user": str(assessor.uuid), "capacity": "assessor"}
    ivy = leads | {"user": str(verifier.uuid), "capacity": "internal_verifier"}
    allocation_end(allocation=Allocation.objects.get(capacity=Capacity.ASSESSOR), actor=coordinator)
    who = coordinator.uuid
    assert told(registration.chain) == [
        (
            "registration.created",
            who,
            {"registration": str(registration.uuid), "candidate": str(candidate.uuid), "number": "C-1001"},
        ),
        ("unit.added", who, {"unit": str(unit.uuid), "revision": str(b10.uuid), "code": "B10"}),
        ("allocation.made", who, ann),
        ("allocation.made", who, ivy),
        ("allocation.ended", who, ann),
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
    version = evidence_correct(
        evidence=piece, actor=candidate, seen=1, details=EvidenceDetails(**said, **days), keep=[], staged=[]
    )
    evidence_remove(evidence=piece, actor=candidate)
    added, corrected, removed = told(unit.registration.chain)[-3:]
    assert added == (
        "evidence.added",
        candidate.uuid,
        said
        | {
            "evidence": str(piece.uuid),
            "number": 1,
            "version": str(piece.versions.get(number=1).uuid),
            "version_number": 1,
            "title": "Complaints log of the counter, March",
            "happened_from": "2026-03-02",
            "happened_to": None,
            "files": [],
        },
    )
    assert corrected == (
        "evidence.corrected",
        candidate.uuid,
        said
        | {
            "evidence": str(piece.uuid),
            "number": 1,
            "version": str(version.uuid),
            "version_number": 2,
            "happened_from": "2026-04-01",
            "happened_to": "2026-04-30",
            "files": [],
        },
    )
    assert removed == ("evidence.removed", candidate.uuid, {"evidence": str(piece.uuid), "number": 1})


def test_what_happens_to_claims_is_told(unit, evidence, candidate, assessor):
    criterion = unit.revision.criteria.filter(is_tickable=True).order_by("kind", "position")[0]
    people = {"unit": unit, "evidence": evidence, "actor": candidate}
    claims_make(**people, wanted={criterion: "page 1"})
    claim_move(**people, criterion=criterion, where="page 2")
    judge(unit=unit, actor=assessor, answers=[answer(unit, 0, "not_yet", "Too short.")])
    claims_withdraw(**people)
    claim, judgement = Claim.objects.get(), Judgement.objects.get()
    about = {
        "claim": str(claim.uuid),
        "unit": str(unit.uuid),
        "evidence": 1,
        "criterion": {"kind": criterion.kind, "position": criterion.position},
    }
    assert told(unit.registration.chain)[-4:] == [
        ("claim.made", candidate.uuid, about | {"where": "page 1"}),
        ("claim.where_changed", candidate.uuid, about | {"where": "page 2"}),
        (
            "claim.judged",
            assessor.uuid,
            {
                "judgement": str(judgement.uuid),
                "claim": str(claim.uuid),
                "unit": str(unit.uuid),
                "evidence_version": str(evidence.versions.get().uuid),
                "outcome": "not_yet",
                "reason": "Too short.",
            },
        ),
        ("claim.withdrawn", candidate.uuid, about | {"where": "page 2"}),
    ]


def test_what_happens_to_a_unit_is_told(claimed_unit, candidate, assessor, verifier):
    unit, before = claimed_unit, len(told(claimed_unit.registration.chain))
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    judge_in_bulk(unit, assessor, Outcome.MET)
    asked_for = list(unit.statements.values_list("words", flat=True))
    statements_set(unit=unit, actor=assessor, statements=asked_for[1:])
    statements_set(unit=unit, actor=assessor, statements=asked_for)
    stated = len(told(unit.registration.chain))
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    give_back(unit, verifier, reason="A date is wrong.")
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    draft_form_print(unit=unit, actor=candidate)
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    final_form_render(signature=Signature.objects.get(stage="countersignature").uuid)
    unit_reopen(unit=unit, actor=verifier, reason="A name is wrong.", stamp=open_version(unit).stamp)

    events, given, form = told(unit.registration.chain), Signature.objects.order_by("pk"), FinalForm.objects.get()
    assert form.stored_file is not None
    about = {"unit": str(unit.uuid), "version": 1}
    signed = [about | {"signature": str(one.uuid), "stage": one.stage, "digest": one.document.digest} for one in given]
    assert events[before] == ("unit.submitted", candidate.uuid, signed[0])
    about_the_must = {"unit": str(unit.uuid), "statement": asked_for[0]}
    assert events[before + 1 : stated] == [
        ("statement.withdrawn", assessor.uuid, about_the_must),
        ("statement.made", assessor.uuid, about_the_must),
    ]
    assert events[stated:] == [
        ("unit.assessed", assessor.uuid, signed[1]),
        ("unit.returned", verifier.uuid, about | {"from": "assessed", "reason": "A date is wrong."}),
        ("unit.assessed", assessor.uuid, signed[2]),
        ("form.draft_printed", candidate.uuid, about | {"state": "assessed"}),
        ("unit.verified", verifier.uuid, signed[3]),
        ("form.printed", None, {"signature": str(given[3].uuid), "sha256": form.stored_file.sha256}),
        ("unit.reopened", verifier.uuid, about | {"from": "verified", "reason": "A name is wrong."}),
    ]
