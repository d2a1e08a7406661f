"""Compares rows with the events that tell of them: a row must be what was last told of it, in every state of a unit.

No rule of the domain is needed. Events tell of rows as they are after an act (`record.event_content`), so replaying
a chain means keeping what was last told of each row.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Model

from assessments.models import (
    Acknowledgement,
    Action,
    ActionStep,
    AssessorRecord,
    AssessorStatement,
    DrawnName,
    Feedback,
    FinalForm,
    Judgement,
    NotShown,
    NotShownAnswer,
    RecordPart,
    Return,
    Sheet,
    SheetAnswer,
    SheetLine,
    SheetTemplate,
    Signature,
)
from assessments.proof.reading import each, read
from centres.guardians.models import ComingOfAge, GuardianConsent
from centres.models import Centre, CentrePolicy, Membership, User
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from portfolio.models import (
    Access,
    AchievedBefore,
    AchievedBeforeCheck,
    Adjustment,
    Allocation,
    AllocationReason,
    CandidateUnit,
    Claim,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Induction,
    InductionText,
    Interest,
    Participation,
    QualificationRules,
    Registration,
    RegistrationParticulars,
    RegistrationStanding,
    RemovedFile,
    StaffCertificate,
    TakenDown,
    Testimony,
    TestimonyNote,
    TestimonyRequest,
    UnitCertificate,
    UnitVersion,
    Witness,
    WitnessStanding,
)
from record.canonical import canonical
from record.event_content import ToldModel, rows_told
from record.models import Chain, ChainKind, Event

# Of which rows the events of a chain tell, and how each leads to the centre or the portfolio whose chain it is.
ROWS: dict[str, dict[type[ToldModel], str]] = {
    ChainKind.SITE: {User: "", Centre: ""},
    ChainKind.CENTRE: {
        Centre: "pk",
        CentrePolicy: "centre",
        AssessorRecord: "centre",
        Membership: "centre",
        StaffRecord: "centre",
        ComingOfAge: "centre",
        GuardianConsent: "centre",
        StaffCertificate: "record__centre",
        Registration: "centre",
        RegistrationStanding: "registration__centre",
        Allocation: "candidate_unit__registration__centre",
        Action: "centre",  # of staff; those of a portfolio name none
        ActionStep: "action__centre",
        SheetTemplate: "centre",
        InductionText: "centre",
        QualificationRules: "centre",
    },
    ChainKind.PORTFOLIO: {
        Registration: "pk",
        RegistrationParticulars: "registration",
        RegistrationStanding: "registration",
        AchievedBefore: "registration",
        AchievedBeforeCheck: "achieved__registration",
        UnitCertificate: "unit_version__candidate_unit__registration",
        Access: "registration",
        Adjustment: "registration",
        Induction: "registration",
        CandidateUnit: "registration",
        UnitVersion: "candidate_unit__registration",
        Participation: "candidate_unit__registration",
        Allocation: "candidate_unit__registration",
        AllocationReason: "allocation__candidate_unit__registration",
        Interest: "registration",
        Evidence: "registration",
        EvidenceVersion: "evidence__registration",
        EvidenceFile: "version__evidence__registration",
        RemovedFile: "evidence__registration",
        Witness: "registration",
        WitnessStanding: "witness__registration",
        TestimonyRequest: "witness__registration",
        Testimony: "evidence__registration",
        TakenDown: "request__witness__registration",
        TestimonyNote: "testimony__evidence__registration",
        Claim: "candidate_unit__registration",
        Judgement: "claim__candidate_unit__registration",
        AssessorStatement: "candidate_unit__registration",
        NotShown: "candidate_unit__registration",
        NotShownAnswer: "not_shown__candidate_unit__registration",
        RecordPart: "registration",
        Acknowledgement: "part__registration",
        DrawnName: "part__registration",
        Signature: "unit_version__candidate_unit__registration",
        Return: "unit_version__candidate_unit__registration",
        FinalForm: "signature__unit_version__candidate_unit__registration",
        Action: "registration",
        ActionStep: "action__registration",
        Sheet: "registration",
        SheetLine: "sheet__registration",
        SheetAnswer: "sheet__registration",
        Feedback: "candidate_unit__registration",
    },
}
# Of which rows an event may tell, by the first word of its kind: what was erased with its particulars.
TOLD_BY: dict[str, frozenset[str]] = {
    "person": frozenset({"person"}),
    "centre": frozenset({"centre"}),
    "policy": frozenset({"policy"}),
    "role": frozenset({"membership"}),
    **{kind.event: frozenset({"staff_record"}) for kind in StaffKind},
    "coming_of_age": frozenset({"coming_of_age"}),
    "consent": frozenset({"guardian_consent"}),
    "certificate": frozenset({"staff_certificate"}),
    "portfolio": frozenset({"registration", "registration_standing", "allocation"}),
    "registration": frozenset({"registration", "registration_particulars", "registration_standing"}),
    "particulars": frozenset({"registration", "registration_particulars"}),
    "achieved_before": frozenset({"achieved_before", "achieved_before_check"}),
    "unit_certificate": frozenset({"unit_certificate"}),
    "allocation": frozenset({"allocation", "allocation_reason"}),
    "interest": frozenset({"interest"}),
    "access": frozenset({"access"}),
    "adjustment": frozenset({"adjustment"}),
    "induction": frozenset({"induction"}),
    "induction_text": frozenset({"induction_text"}),
    "qualification_rules": frozenset({"qualification_rules"}),
    "evidence": frozenset({"evidence", "evidence_version", "evidence_file", "removed_file"}),
    "testimony": frozenset({"witness", "testimony_request", "taken_down", "testimony", "testimony_note"}),
    "witness": frozenset({"witness_standing"}),
    "claim": frozenset({"claim", "judgement", "participation"}),
    "statement": frozenset({"statement", "participation"}),
    "not_shown": frozenset({"not_shown", "not_shown_answer", "participation"}),
    "observation": frozenset({"assessor_record", "record_part", "acknowledgement", "drawn_name"}),
    "unit": frozenset({"unit", "unit_version", "participation", "signature", "return", "final_form"}),
    "form": frozenset({"final_form"}),
    "action": frozenset({"action", "action_step", "participation"}),
    **dict.fromkeys(("plan", "review"), frozenset({"sheet", "sheet_line", "sheet_answer"})),
    "sheet_template": frozenset({"sheet_template"}),
    "feedback": frozenset({"feedback", "participation"}),
}


def compare_too(chain: ChainKind, word: str, rows: Mapping[type[ToldModel], str]) -> None:
    """Have the proof compare further rows of which the events of a chain tell, whose kinds begin with `word`.

    Each with how it leads to the centre or the portfolio, as in ROWS. Apps above call this when Django starts.
    """
    ROWS[chain].update(rows)
    TOLD_BY[word] = TOLD_BY.get(word, frozenset()) | {model.told_as for model in rows}


class _Last(NamedTuple):
    """What was last told of a row, and by which event; nothing if it told that the row is gone."""

    sequence: int
    said: dict[str, Any] | None


@dataclass
class _Replayed:
    """What a chain tells, replayed to its end."""

    rows: dict[tuple[str, str], _Last] = field(default_factory=dict)
    erased: dict[str, int] = field(default_factory=dict)  # by noun: the last event whose particulars are missing

    def is_comparable(self, noun: str, last: _Last | None) -> bool:
        """Whether the row can be compared: no later event whose particulars are missing may have told of it."""
        return self.erased.get(noun, 0) <= (last.sequence if last else 0)


def row_faults(chain: Chain, owner: Model | None) -> Iterator[str]:
    """Yield where the rows of the chain's `owner` (None for the site) differ from what its events tell.

    Reads what was last told of every row into memory: that is one portfolio, the roles and portfolios of one centre,
    or the people of the site. For callers that hold the lock of the chain, or that do not mind what is written
    meanwhile. Rows that missing particulars may have told of are not compared: `record.proof` says whether particulars
    may be missing.
    """
    replayed = _replay(chain)
    nouns = set()
    for model, way in ROWS[chain.kind].items():
        nouns.add(model.told_as)
        rows = model._default_manager.select_related(*model.told_with)
        for row in each(rows.filter(**{way: owner.pk}) if owner else rows):
            yield from _faults_of(row, replayed)
    for (noun, identifier), last in replayed.rows.items():
        if noun in nouns and last.said is not None and replayed.is_comparable(noun, last):
            yield f"{_name(noun)} {identifier}: Event {last.sequence} tells of it, and it is not there."


def settled_row_faults(chain: Chain, owner: Model | None) -> list[str]:
    """Return the same for a chain that is not locked.

    Many write to the chain of a centre or of the site, so it is locked only if something seems to be wrong.
    """
    if next(row_faults(chain, owner), None) is None:
        return []
    with transaction.atomic():
        Chain.objects.select_for_update(no_key=True).get(pk=chain.pk)
        return list(row_faults(chain, owner))


def _replay(chain: Chain) -> _Replayed:
    replayed = _Replayed()
    for event in each(Event.objects.filter(chain=chain).select_related("payload")):
        if hasattr(event, "payload"):
            for noun, identifier, said in rows_told(read(event.payload.body)):
                before = replayed.rows.get((noun, identifier))
                if before is None or before.sequence <= event.sequence:
                    replayed.rows[noun, identifier] = _Last(event.sequence, said)
        else:
            for noun in TOLD_BY.get(event.kind.partition(".")[0], ()):
                replayed.erased[noun] = max(event.sequence, replayed.erased.get(noun, 0))
    return replayed


def _faults_of(row: ToldModel, replayed: _Replayed) -> Iterator[str]:
    noun = row.told_as
    try:
        says = json.loads(canonical(row.told()))
    except ObjectDoesNotExist:
        yield f"{_name(noun)} in row {row.pk}: It names another row that is not there."
        return
    last = replayed.rows.pop((noun, says["id"]), None)
    if not replayed.is_comparable(noun, last):
        return
    if last is None:
        yield f"{_name(noun)} {says['id']}: No event tells of it."
    elif last.said is None:
        yield f"{_name(noun)} {says['id']}: Event {last.sequence} tells that it is gone, and it is there."
    elif differing := [
        _name(key)
        for key in dict.fromkeys((*last.said, *row.told_where_set))
        if says.get(key) != last.said.get(key) and key not in row.told_before
    ]:
        yield f"{_name(noun)} {says['id']}: Event {last.sequence} tells otherwise of its {', '.join(differing)}."


def _name(key: str) -> str:
    return key.replace("_", " ")
