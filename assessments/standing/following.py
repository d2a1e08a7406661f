"""Keeps standings and progress up to date: what each event changes is worked out again, in its transaction."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from assessments.models import Judgement, NotShown, NotShownAnswer, Return, Signature, Standing
from assessments.standing.worked_out import bring_up_to_date
from portfolio.models import (
    Allocation,
    CandidateUnit,
    Claim,
    Evidence,
    EvidenceVersion,
    Interest,
    Participation,
    RegistrationStanding,
    RemovedFile,
    UnitVersion,
)
from record.services.events import Happening, listen

# What can change how a claim stands, how far a unit has come, or whose turn it is.
KINDS = (
    "claim.made", "claim.where_changed", "claim.withdrawn", "claim.judged", "claim.judgement_taken_back",
    "evidence.added", "evidence.corrected", "evidence.file_removed",
    "unit.added", "unit.submitted", "unit.assessed", "unit.verified",
    "unit.sign_off_confirmed", "unit.countersignature_confirmed",
    "unit.returned", "unit.taken_back", "unit.withdrawn", "unit.reopened", "unit.set_aside", "unit.taken_up_again",
    "registration.suspended", "registration.withdrawn", "registration.transferred", "registration.completed",
    "registration.active",
    "allocation.made", "allocation.ended", "not_shown.agreed", "not_shown.ended",
    "interest.declared", "interest.withdrawn",
)  # fmt: skip


def begin() -> None:
    """Follow the events that change how claims stand."""
    listen(KINDS, follow)


def follow(happenings: Sequence[Happening]) -> None:
    """Work out again what these changed; the writer of the events holds the locks of the units.

    The writer's claims then have how they stand (`claim.standing`), so that nobody who just changed one reads it again.
    """
    whole: dict[int, CandidateUnit] = {}  # all of whose claims may stand otherwise now
    in_part: dict[CandidateUnit, dict[int, Claim]] = defaultdict(dict)  # only these claims
    for happening in happenings:
        for began in happening.also:
            if isinstance(began, Participation):  # perhaps of a verifier, who cannot verify any more
                whole[began.candidate_unit_id] = began.candidate_unit
        match happening.row:
            case Claim() as claim:
                in_part[claim.candidate_unit][claim.pk] = claim
            case Judgement(claim=claim):
                in_part[claim.candidate_unit][claim.pk] = claim
            case (
                Signature(unit_version=UnitVersion(candidate_unit=unit))
                | Return(unit_version=UnitVersion(candidate_unit=unit))
                | NotShown(candidate_unit=unit)
                | NotShownAnswer(not_shown=NotShown(candidate_unit=unit))
                | (CandidateUnit() as unit)
            ):
                whole[unit.pk] = unit
            case RegistrationStanding(registration=registration) | Interest(registration=registration):
                whole |= {unit.pk: unit for unit in CandidateUnit.objects.filter(registration=registration)}
            case Allocation() as allocation:
                whole[allocation.candidate_unit_id] = allocation.candidate_unit
            case EvidenceVersion(evidence=evidence) | RemovedFile(evidence=evidence):
                _evidence_changed(evidence)
            case row:
                raise TypeError(f"{happening.kind} tells of {type(row).__name__}, which nobody follows.")
    stand = bring_up_to_date([*whole.values()])
    for unit, claims in in_part.items():
        if unit.pk not in whole:
            stand += bring_up_to_date([unit], {*claims})
    _hand_back(stand, {pk: claim for claims in in_part.values() for pk, claim in claims.items()})


def _hand_back(stand: Sequence[Standing], changed: Mapping[int, Claim]) -> None:
    for standing in stand:
        if standing.claim_id in changed:
            changed[standing.claim_id].standing = standing


def _evidence_changed(evidence: Evidence) -> None:
    """A piece that is new, corrected or lacks a file now concerns every unit that claims it.

    New and corrected ones are a sign of life in all that are collecting.
    """
    units: Collection[CandidateUnit] = CandidateUnit.objects.filter(registration=evidence.registration_id)
    claims = Claim.objects.filter(evidence=evidence, withdrawn_at__isnull=True)
    bring_up_to_date([*units], {*claims.values_list("pk", flat=True)})
