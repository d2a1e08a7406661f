"""How claims stand: which version of a piece counts in a unit, and the judgement given on that version."""

from typing import Any

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from assessments.models import Judgement, PinnedEvidence
from portfolio.models import CandidateUnit, Claim, EvidenceVersion


def version_that_counts(*, evidence: Any, unit: Any) -> Coalesce:
    """Return the expression for the version of a piece that counts in a unit, by primary key.

    Until the submission the latest version of a piece counts; from then on the one that a standing
    signature pinned, and the latest of a piece that was claimed since. `evidence` and `unit` are primary
    keys, or what refers to them in the query around this one.
    """
    pinned = PinnedEvidence.objects.filter(
        evidence_version__evidence=evidence,
        signature__unit_version__candidate_unit=unit,
        signature__superseded_at__isnull=True,
    )
    latest = EvidenceVersion.objects.filter(evidence=evidence).order_by("-number")
    return Coalesce(
        Subquery(pinned.values("evidence_version")[:1]),
        Subquery(latest.values("pk")[:1]),
        output_field=BigIntegerField(),
    )


def versions_pinned(unit: CandidateUnit) -> dict[int, int]:
    """Return the versions that standing signatures hold the unit to, by the evidence; of all others the latest counts.

    The same rule as `version_that_counts`, for who reads all versions of a portfolio anyway.
    """
    pins = PinnedEvidence.objects.filter(
        signature__unit_version__candidate_unit=unit, signature__superseded_at__isnull=True
    ).order_by("-pk")
    return dict(pins.values_list("evidence_version__evidence_id", "evidence_version_id"))


def standing_claims() -> QuerySet[Claim]:
    """Return the claims that are not taken back, each with `version_that_counts` (a primary key) and `outcome`.

    `outcome` is that of the last judgement on this version, None while the claim waits for one.
    """
    judged = Judgement.objects.filter(claim=OuterRef("pk"), evidence_version=OuterRef("version_that_counts"))
    return (
        Claim.objects.filter(withdrawn_at__isnull=True)
        .annotate(
            version_that_counts=version_that_counts(evidence=OuterRef("evidence"), unit=OuterRef("candidate_unit"))
        )
        .annotate(outcome=NullIf(Subquery(judged.order_by("-pk").values("outcome")[:1]), Value("")))
    )
