from django.db import migrations, models

from record.triggers import append_only, require_on_insert


class Migration(migrations.Migration):
    """A countersignature may release a unit that the sampling plan left out."""

    dependencies = [
        ("assessments", "0004_opening"),
        ("portfolio", "0006_people_and_removed_files"),
        ("record", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="released_by_plan_of",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_by_plan_of__isnull", True), ("stage", "countersignature"), _connector="OR"
                ),
                name="only_a_countersignature_releases",
            ),
        ),
        # SQLite copied the table and lost the triggers.
        append_only("assessments_signature", may_change_once=["superseded_at"]),
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
