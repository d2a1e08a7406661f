"""The canonical document of a unit: what is frozen, signed and printed from, asserted whole."""

import datetime
import json

import pytest

from assessments.judging.services import statements_set
from assessments.models import Judgement, Signature, Stage
from assessments.recording_form.document import DECLARATIONS, unit_document
from assessments.signing.services import unit_sign_off, unit_submit
from assessments.standing.unit_record import unit_record
from assessments.standing.worked_out import bring_up_to_date
from portfolio.adjustments.services import adjustment_end
from portfolio.files.services import bytes_store
from portfolio.models import Capacity, Claim, EvidenceFile
from portfolio.registrations.services import allocate, registration_create
from record.canonical import canonical, utc
from record.models import Chain
from record.services.chains import head_of
from standards.content import CriterionContent, ElementContent, FrameworkContent, UnitContent
from standards.evidence_kinds import Setting
from standards.services.publishing import unit_publish
from standards.unit_rules import UnitRules
from tests.assessments.steps import answer, judge
from tests.cast import PASSWORD, add_evidence, claim_make, seen
from tests.portfolio.office import agree

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MUST = "put into writing"
SMALL = UnitContent(
    framework=FrameworkContent(code="made-up", title="Made up", publisher="Nobody", edition="1"),
    code="S1",
    title="A small unit",
    level=2,
    rules=UnitRules(settings=(Setting.REAL_JOB,), statements=(MUST,)),
    elements=(ElementContent(position=1, number="S1.1", title="Serve"),),
    criteria=(
        CriterionContent(
            kind="performance", position=1, code="S1.1.1", full_code="S1.1.1", text="Greet customers", element="S1.1"
        ),
        CriterionContent(kind="evidence", position=1, code="4", full_code="4", text="Deal with", is_tickable=False),
        CriterionContent(kind="evidence", position=2, code="a", full_code="4a", text="new customers", parent=1),
    ),
)


@pytest.fixture
def small_unit(centre, coordinator, candidate, assessor):
    """A unit of two things to tick, both claimed from one piece with a file."""
    revision = unit_publish(content=SMALL)
    assert revision is not None
    registration = registration_create(
        centre=centre, actor=coordinator, candidate=candidate, number="C-7", revisions=[revision]
    )
    unit = registration.candidate_units.get()
    allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    evidence = add_evidence(registration, candidate, title="Rene\u0301e’s log", happened_to=datetime.date(2026, 3, 9))
    stored = bytes_store(centre=centre, content=b"%PDF-1.7 log")
    EvidenceFile.objects.create(
        version=evidence.versions.get(), stored_file=stored, name="log.pdf", content_type="application/pdf", position=1
    )
    for criterion in revision.criteria.filter(is_tickable=True):
        claim_make(unit=unit, evidence=evidence, criterion=criterion, where="page 3", actor=candidate)
    return unit


def test_the_document_of_a_small_unit_at_its_sign_off(small_unit, centre, candidate, assessor):
    unit = small_unit
    submission = unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    judge(unit=unit, actor=assessor, answers=[answer(unit, 0), answer(unit, 1)])
    statements_set(unit=unit, actor=assessor, statements=[MUST])
    heads = {str(chain.kind): head_of(chain) for chain in Chain.objects.all()}
    signature = unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit), comment="Good.\r\nVery.")

    record = unit_record(unit)
    evidence = record.evidence[0].version.evidence
    first, second = Claim.objects.filter(candidate_unit=unit).order_by("criterion__kind", "pk").reverse()
    revision = unit.revision
    pat = {"id": str(candidate.uuid), "name": "Pat Candidate", "capacity": "candidate"}
    ann = {"id": str(assessor.uuid), "name": "Ann Assessor"}

    no_range: dict[str, object] = {
        "range_elements": [],
        "minimum": None,
        "same_as": None,
        "group": None,
        "section": None,
    }

    def claimed(claim, kind, position):
        judgement = Judgement.objects.get(claim=claim)
        return {
            "id": str(claim.uuid),
            "evidence": 1,
            "criterion": {"kind": kind, "position": position},
            "where": "page 3",
            "status": "met",
            "author": pat,
            "judgement": {
                "id": str(judgement.uuid),
                "outcome": "met",
                "reason": "",
                "by": ann,
                "at": utc(judgement.made_at),
            },
        }

    expected = {
        "format": 5,
        "stage": "sign_off",
        "centre": {
            "id": str(centre.uuid),
            "name": "Harbour College",
            "number": "90210",
            "time_zone": "Europe/London",
        },
        "candidate": {"id": str(candidate.uuid), "name": "Pat Candidate", "number": "C-7"},
        "unit": {
            "id": str(unit.uuid),
            "version": 1,
            "framework": "made-up",
            "framework_title": "Made up",
            "publisher": "Nobody",
            "code": "S1",
            "reference": None,
            "title": "A small unit",
            "level": 2,
            "credit": None,
            "glh": None,
            "revision": {"id": str(revision.uuid), "number": 1},
        },
        "parts": {
            "element": "Element",
            "criteria": "Performance criteria",
            "guidance": "",
            "knowledge": "Knowledge and understanding",
            "range": "Range",
            "evidence": "Evidence requirements",
        },
        "elements": [{"number": "S1.1", "title": "Serve", "kind": "performance"}],
        "criteria": [
            {
                "kind": "performance",
                "position": 1,
                "code": "S1.1.1",
                "text": "Greet customers",
                "element": "S1.1",
                "parent": None,
                "tickable": True,
                **no_range,
            },
            {
                "kind": "evidence",
                "position": 1,
                "code": "4",
                "text": "Deal with",
                "element": None,
                "parent": None,
                "tickable": False,
                **no_range,
            },
            {
                "kind": "evidence",
                "position": 2,
                "code": "a",
                "text": "new customers",
                "element": None,
                "parent": 1,
                "tickable": True,
                **no_range,
            },
        ],
        "evidence": [
            {
                "id": str(evidence.uuid),
                "number": 1,
                "version": 1,
                "version_id": str(record.evidence[0].version.uuid),
                "title": "Renée’s log",
                "kind": "work_product",
                "setting": "real_job",
                "from": "2026-03-02",
                "to": "2026-03-09",
                "location": "Filing cabinet 3, customer service desk",
                "relevance": "Shows how I dealt with complaints",
                "author": pat,
                "files": [
                    {
                        "name": "log.pdf",
                        "sha256": record.evidence[0].files[0].stored_file.sha256,
                        "size": 12,
                        "type": "application/pdf",
                    }
                ],
            }
        ],
        "claims": [claimed(first, "performance", 1), claimed(second, "evidence", 2)],
        "looked_at": [],
        "sampled": [],
        "statements": [{"text": MUST, "by": ann, "at": utc(record.statements[0].made_at)}],
        "adjustments": [],
        "actions": [],
        "notes": [],
        "signatures": [
            {
                "id": str(submission.uuid),
                "stage": "submission",
                "signer": pat,
                "declaration": DECLARATIONS[Stage.SUBMISSION],
                "at": utc(submission.signed_at),
                "digest": submission.document.digest,
                "needs_confirmation": False,
            }
        ],
        "signing": {
            "stage": "sign_off",
            "signer": {**ann, "capacity": "assessor"},
            "declaration": DECLARATIONS[Stage.SIGN_OFF],
            "comment": "Good.\nVery.",
            "at": utc(signature.signed_at),
            "needs_confirmation": False,
        },
        "record": heads,
    }
    body = json.loads(signature.document.body)
    assert body == expected
    assert signature.document.body.encode() == canonical(expected)


def test_what_was_said_at_the_sign_off_stands_among_the_notes_of_the_next_document(verified_unit, assessor):
    body = json.loads(Signature.objects.get(stage="countersignature").document.body)
    given = Signature.objects.get(stage="sign_off")
    assert body["notes"] == [
        {
            "by": {"id": str(assessor.uuid), "name": "Ann Assessor", "capacity": "assessor"},
            "text": "Sound work.",
            "at": utc(given.signed_at),
        }
    ]
    assert [signature["stage"] for signature in body["signatures"]] == ["submission", "sign_off"]


def test_an_assessors_piece_and_claim_are_told_apart(submitted_unit, assessor):
    own = add_evidence(submitted_unit.registration, assessor, title="Observation", kind="observation")
    criterion = submitted_unit.revision.criteria.filter(is_tickable=True).first()
    claim_make(unit=submitted_unit, evidence=own, criterion=criterion, where="", actor=assessor)
    document = unit_document(unit_record(submitted_unit))
    assert [piece["author"]["capacity"] for piece in document["evidence"]] == ["candidate", "assessor"]
    by = {claim["evidence"]: claim["author"]["capacity"] for claim in document["claims"]}
    assert by == {1: "candidate", 2: "assessor"}


def test_what_was_adjusted_is_told_without_why_and_not_what_never_held_for_a_day(claimed_unit, coordinator):
    registration, today = claimed_unit.registration, claimed_unit.registration.centre.today
    agree(registration, coordinator, until=datetime.date(2026, 4, 2))
    mistyped = agree(registration, coordinator, what="Reads outt", since=today)
    adjustment_end(adjustment=mistyped, actor=coordinator, why="Typed wrongly.")
    agree(registration, coordinator, what="To come", since=today + datetime.timedelta(days=3))

    [told] = unit_document(unit_record(claimed_unit))["adjustments"]
    assert {key: value for key, value in told.items() if key != "id"} == {
        "kind": "reader",
        "what": "Reads out every question",
        "helper": "Rita Brown",
        "agreed_by": "Ama Cole, learning support",
        "since": "2026-03-02",
        "until": "2026-04-02",
    }


@pytest.mark.parametrize("change", ["judge", "statements", "claim", "rename"])
def test_whatever_a_signer_could_see_changes_the_digest(change, submitted_unit, assessor, candidate):
    before = seen(submitted_unit)
    match change:
        case "judge":
            judge(unit=submitted_unit, actor=assessor, answers=[answer(submitted_unit)])
        case "statements":
            musts = submitted_unit.revision.rules["statements"]
            statements_set(unit=submitted_unit, actor=assessor, statements=musts)
        case "claim":
            Claim.objects.filter(candidate_unit=submitted_unit).update(where="elsewhere")
            bring_up_to_date([submitted_unit])
        case "rename":
            type(candidate).objects.filter(pk=candidate.pk).update(name="Pat Married")
    fresh = type(submitted_unit).objects.get(pk=submitted_unit.pk)
    assert seen(fresh) != before
