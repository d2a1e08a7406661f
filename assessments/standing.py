"""How claims stand: which version of a piece counts in a unit, and the judgement given on that version."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import Aggregate, Exists, OuterRef, QuerySet, TextField

from assessments.models import Judgement, PinnedEvidence
from portfolio.models import CandidateUnit, Claim, Evidence, EvidenceVersion


def versions_pinned(unit: CandidateUnit) -> dict[int, int]:
    """Return the versions that standing signatures hold the unit to, by the evidence; of all others the latest counts.

    Until the submission the latest version of a piece counts; from then on the one that a standing signature
    pinned, and the latest of a piece that was claimed since.
    """
    pins = PinnedEvidence.objects.filter(
        signature__unit_version__candidate_unit=unit, signature__superseded_at__isnull=True
    ).order_by("-pk")
    return dict(pins.values_list("evidence_version__evidence_id", "evidence_version_id"))


def version_held(unit: CandidateUnit, evidence: Evidence) -> EvidenceVersion | None:
    """Return the version of one piece that a standing signature holds the unit to; None where its latest counts."""
    held = versions_pinned(unit).get(evidence.pk)
    return EvidenceVersion.objects.select_related("evidence").get(pk=held) if held else None


def pins_of(units: Collection[int], pieces: Collection[int]) -> QuerySet[PinnedEvidence, tuple[int, int, int]]:
    """Return which versions of these pieces standing signatures hold the units to: unit, piece and version.

    The same rule for several units at once; all of them are primary keys.
    """
    pins = PinnedEvidence.objects.filter(
        signature__unit_version__candidate_unit__in=units,
        signature__superseded_at__isnull=True,
        evidence_version__evidence__in=pieces,
    ).order_by("-pk")
    return pins.values_list("signature__unit_version__candidate_unit", "evidence_version__evidence", "evidence_version")


class ClaimsAlike(NamedTuple):
    """What one piece claims in one unit and was answered alike on a version: criteria by primary key, with commas.

    Not answered, or taken back: no outcome. A claim that was judged on two versions stands in both.
    """

    unit: int
    piece: int
    version: int | None
    outcome: str | None
    criteria: str


class _Listed(Aggregate):
    """The values of a group in one text, so that hundreds of claims are a few rows."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="STRING_AGG(%(expressions)s::text, ',')", **context)


def claims_alike(units: Collection[int]) -> Iterable[ClaimsAlike]:
    """Return the claims of the units that are not taken back, with the last answer on each version; one query.

    Each table is gone through once: to look up in the database, for each claim, which version counts took
    PostgreSQL a quarter of a second for a page of units.
    """
    later = Judgement.objects.filter(
        claim=OuterRef("pk"),
        evidence_version=OuterRef("judgements__evidence_version"),
        pk__gt=OuterRef("judgements__pk"),
    )
    alike = (
        Claim.objects.filter(~Exists(later), candidate_unit__in=units, withdrawn_at__isnull=True)
        .order_by()
        .values_list("candidate_unit", "evidence", "judgements__evidence_version", "judgements__outcome")
        .annotate(criteria=_Listed("criterion"))
    )
    return map(ClaimsAlike._make, alike)


# The rule of `versions_pinned` in SQL: the version of a piece that counts in a unit.
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
