from django.db import migrations

from record.triggers import append_only, require_on_insert


class Migration(migrations.Migration):
    """What was judged and signed stands, and only who took part as such can have done it."""

    dependencies = [("assessments", "0001_initial"), ("portfolio", "0002_append_only")]

    operations = [
        append_only("assessments_judgement"),
        append_only("assessments_assessorstatement", may_change_once=["withdrawn_at"]),
        append_only("assessments_signature", may_change_once=["superseded_at"]),
        append_only("assessments_pinnedevidence"),
        append_only("assessments_return"),
        append_only(
            "assessments_finalform",
            may_change=["attempts"],
            may_change_once=["stored_file_id", "rendered_at"],
        ),
        require_on_insert(
            "assessments_judgement",
            "comes_from_an_assessor",
            "EXISTS (SELECT 1 FROM portfolio_participation p"
            " JOIN portfolio_claim c ON c.candidate_unit_id = p.candidate_unit_id"
            " JOIN portfolio_evidenceversion v ON v.evidence_id = c.evidence_id"
            " WHERE p.id = NEW.author_id AND c.id = NEW.claim_id AND v.id = NEW.evidence_version_id"
            " AND p.capacity = 'assessor')",
            "a judgement comes from an assessor of the unit",
        ),
        require_on_insert(
            "assessments_signature",
            "comes_from_its_capacity",
            "EXISTS (SELECT 1 FROM portfolio_participation p"
            " JOIN portfolio_unitversion v ON v.candidate_unit_id = p.candidate_unit_id"
            " WHERE p.id = NEW.signer_id AND v.id = NEW.unit_version_id"
            " AND p.capacity = CASE NEW.stage WHEN 'submission' THEN 'candidate'"
            " WHEN 'sign_off' THEN 'assessor' WHEN 'sign_off_confirmed' THEN 'assessor'"
            " ELSE 'internal_verifier' END)",
            "a signature comes from the capacity of its stage",
        ),
        require_on_insert(
            "assessments_signature",
            "confirms_another",
            "NEW.stage NOT IN ('sign_off_confirmed', 'countersignature_confirmed')"
            " OR EXISTS (SELECT 1 FROM assessments_signature given"
            " WHERE given.unit_version_id = NEW.unit_version_id AND given.superseded_at IS NULL"
            " AND given.needs_confirmation AND given.stage || '_confirmed' = NEW.stage"
            " AND given.signer_id <> NEW.signer_id)",
            "a confirmation is of a signature that somebody else gave and that asks for it",
        ),
    ]
