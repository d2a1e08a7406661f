from django.db import migrations

from record.triggers import append_only, require_on_insert


class Migration(migrations.Migration):
    """What a portfolio has said is never changed or taken away: the database refuses it, whoever asks."""

    dependencies = [("portfolio", "0001_initial")]

    operations = [
        append_only("portfolio_participation"),
        append_only("portfolio_allocation", may_change_once=["ended_at"]),
        append_only(
            "portfolio_unitversion",
            may_change=["state", "stamp", "submitted_at", "assessed_at", "verified_at"],
            may_change_once=["closed_at"],
            only_if="OLD.closed_at IS NULL",
        ),
        append_only("portfolio_evidence", may_change_once=["removed_at"]),
        append_only("portfolio_evidenceversion"),
        append_only("portfolio_evidencefile", may_delete=True),
        append_only("portfolio_storedfile", may_delete=True),
        append_only(
            "portfolio_claim",
            may_change=["where"],
            may_change_once=["withdrawn_at", "withdrawn_by_id"],
            only_if="OLD.withdrawn_at IS NULL",
        ),
        require_on_insert(
            "portfolio_claim",
            "stays_within_its_unit",
            "EXISTS (SELECT 1 FROM portfolio_candidateunit u"
            " JOIN portfolio_evidence e ON e.registration_id = u.registration_id"
            " JOIN standards_criterion c ON c.revision_id = u.revision_id AND c.is_tickable"
            " JOIN portfolio_participation p ON p.candidate_unit_id = u.id"
            " WHERE u.id = NEW.candidate_unit_id AND e.id = NEW.evidence_id"
            " AND c.id = NEW.criterion_id AND p.id = NEW.author_id"
            " AND p.capacity IN ('candidate', 'assessor'))",
            "a claim joins evidence and a criterion of its own unit",
        ),
    ]
