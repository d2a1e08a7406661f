"""Keeps standings and progress up to date: what each event changes is worked out again, in its transaction."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from assessments.models import Judgement, Return, Signature
from assessments.standing.worked_out import bring_up_to_date
from portfolio.models import Allocation, CandidateUnit, Claim, Evidence, EvidenceVersion, Participation
from record.services.events import Happening, listen

# What can change how a claim stands, how far a unit has come, or whose turn it is.
KINDS = (
    "claim.made", "claim.where_changed", "claim.withdrawn", "claim.judged", "claim.judgement_taken_back",
    "evidence.added", "evidence.corrected",
    "unit.added", "unit.submitted", "unit.assessed", "unit.verified",
    "unit.sign_off_confirmed", "unit.countersignature_confirmed",
    "unit.returned", "unit.taken_back", "unit.withdrawn", "unit.reopened", "unit.set_aside", "unit.taken_up_again",
    "allocation.made", "allocation.ended",
)  # fmt: skip


def begin() -> None:
    """Follow the events that change how claims stand."""
    listen(KINDS, follow)


def follow(happenings: Sequence[Happening]) -> None:
    """Work out again what these changed; the writer of the events holds the locks of the units."""
    whole: dict[int, CandidateUnit] = {}  # all of whose claims may stand otherwise now
    in_part: dict[CandidateUnit, set[int]] = defaultdict(set)  # only these claims
    for happening in happenings:
        for began in happening.also:
            if isinstance(began, Participation):  # perhaps of a verifier, who cannot verify any more
                whole[began.candidate_unit_id] = began.candidate_unit
        match happening.row:
            case Claim() as claim:
                in_part[claim.candidate_unit].add(claim.pk)
            case Judgement() as judgement:
                in_part[judgement.claim.candidate_unit].add(judgement.claim_id)
            case Signature() | Return() as step:
                unit = step.unit_version.candidate_unit
                whole[unit.pk] = unit
            case CandidateUnit() as unit:
                whole[unit.pk] = unit
            case Allocation() as allocation:
                whole[allocation.candidate_unit_id] = allocation.candidate_unit
            case EvidenceVersion() as version:
                _evidence_changed(version.evidence)
            case row:
                raise TypeError(f"{happening.kind} tells of {type(row).__name__}, which nobody follows.")
    bring_up_to_date([*whole.values()])
    for unit, claims in in_part.items():
        if unit.pk not in whole:
            bring_up_to_date([unit], claims)


def _evidence_changed(evidence: Evidence) -> None:
    """A new or corrected piece concerns every unit that claims it, and is a sign of life in all that are collecting."""
    units: Collection[CandidateUnit] = CandidateUnit.objects.filter(registration=evidence.registration_id)
    claims = Claim.objects.filter(evidence=evidence, withdrawn_at__isnull=True)
    bring_up_to_date([*units], {*claims.values_list("pk", flat=True)})
