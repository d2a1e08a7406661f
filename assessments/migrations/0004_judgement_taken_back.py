from django.db import migrations, models

from record.triggers import append_only, require_on_insert


class Migration(migrations.Migration):
    """An answer can be taken back by a judgement without an outcome: nothing judged is changed or lost."""

    dependencies = [("assessments", "0003_pin_by_signature"), ("portfolio", "0002_append_only")]

    operations = [
        migrations.RemoveConstraint(model_name="judgement", name="judgement_outcome_valid"),
        migrations.AlterField(
            model_name="judgement",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[("met", "Met"), ("partly", "Met in part"), ("not_yet", "Not yet")],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["met", "partly", "not_yet", ""])),
                name="judgement_outcome_valid",
            ),
        ),
        # SQLite made the table anew, and its triggers were gone.
        append_only("assessments_judgement"),
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
    ]
