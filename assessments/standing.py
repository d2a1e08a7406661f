"""How claims stand: which version of a piece counts in a unit, and the judgement given on that version."""

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.models import Judgement, PinnedEvidence
from portfolio.models import Claim, EvidenceVersion


def standing_claims() -> QuerySet[Claim]:
    """Return the claims that are not taken back, each with `version_that_counts` (a primary key) and `outcome`.

    Until the submission the latest version of a piece counts; from then on the one that a standing
    signature pinned, and the latest of a piece that was claimed since. `outcome` is that of the last
    judgement on this version, None while the claim waits for one.
    """
    pinned = PinnedEvidence.objects.filter(
        evidence_version__evidence=OuterRef("evidence"),
        signature__unit_version__candidate_unit=OuterRef("candidate_unit"),
        signature__superseded_at__isnull=True,
    )
    latest = EvidenceVersion.objects.filter(evidence=OuterRef("evidence")).order_by("-number")
    judged = Judgement.objects.filter(claim=OuterRef("pk"), evidence_version=OuterRef("version_that_counts"))
    return (
        Claim.objects.filter(withdrawn_at__isnull=True)
        .annotate(
            version_that_counts=Coalesce(
                Subquery(pinned.values("evidence_version")[:1]),
                Subquery(latest.values("pk")[:1]),
                output_field=BigIntegerField(),
            )
        )
        .annotate(outcome=Subquery(judged.order_by("-pk").values("outcome")[:1]))
    )
