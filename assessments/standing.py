"""How claims stand: which version of a piece counts in a unit, and the judgement given on that version."""

from collections.abc import Collection
from typing import Any

from django.db.models import BigIntegerField, BooleanField, F, Func, OuterRef, QuerySet, Subquery, Value
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


def pins_of(units: Collection[int], pieces: Collection[int]) -> QuerySet[PinnedEvidence, tuple[int, int, int]]:
    """Return which versions of these pieces standing signatures hold the units to: unit, piece and version.

    The same rule once more, for several units at once; all of them are primary keys.
    """
    pins = PinnedEvidence.objects.filter(
        signature__unit_version__candidate_unit__in=units,
        signature__superseded_at__isnull=True,
        evidence_version__evidence__in=pieces,
    ).order_by("-pk")
    return pins.values_list("signature__unit_version__candidate_unit", "evidence_version__evidence", "evidence_version")


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


# What `version_that_counts` says, written out for places where building it from querysets takes longer than asking.
# `{evidence}` is the column of the piece's primary key, the parameter the unit's.
VERSION_THAT_COUNTS = """COALESCE(
    (SELECT pin.evidence_version_id FROM assessments_pinnedevidence pin
        JOIN portfolio_evidenceversion pinned ON pinned.id = pin.evidence_version_id
        JOIN assessments_signature signed ON signed.id = pin.signature_id
        JOIN portfolio_unitversion passed ON passed.id = signed.unit_version_id
        WHERE pinned.evidence_id = {evidence} AND signed.superseded_at IS NULL
        AND passed.candidate_unit_id = %s LIMIT 1),
    (SELECT latest.id FROM portfolio_evidenceversion latest
        WHERE latest.evidence_id = {evidence} ORDER BY latest.number DESC LIMIT 1))"""


class HasWaiting(Func):
    """Whether a piece has a claim in the unit that waits for a judgement, on rows of `Evidence`.

    It says what `standing_claims` says: an assessor goes from piece to piece with it.
    """

    conditional = True
    output_field = BooleanField()
    # The version stands in a row of its own, with a limit, so that PostgreSQL looks for it once a piece.
    SQL = """EXISTS (SELECT 1 FROM (SELECT {version} AS version LIMIT 1) counts
        JOIN portfolio_claim claimed ON claimed.evidence_id = {evidence}
            AND claimed.candidate_unit_id = %s AND claimed.withdrawn_at IS NULL
        WHERE COALESCE((SELECT given.outcome FROM assessments_judgement given
            WHERE given.claim_id = claimed.id AND given.evidence_version_id = counts.version
            ORDER BY given.id DESC LIMIT 1), '') = '')"""

    def __init__(self, unit: CandidateUnit) -> None:
        super().__init__(F("pk"))
        self.unit = unit.pk

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Return the condition; the unit stands in it twice."""
        evidence = compiler.compile(self.source_expressions[0])[0]
        version = VERSION_THAT_COUNTS.format(evidence=evidence)
        return self.SQL.format(version=version, evidence=evidence), [self.unit] * 2
