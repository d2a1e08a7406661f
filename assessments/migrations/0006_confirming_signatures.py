from django.db import migrations, models
from django.db.models import Q

from record.triggers import append_only, require_on_insert

STAGES = {
    "submission": "Submission",
    "sign_off": "Sign-off",
    "sign_off_confirmed": "Confirmation of the sign-off",
    "countersignature": "Countersignature",
    "countersignature_confirmed": "Confirmation of the countersignature",
}
ADDED_ONLY = append_only("assessments_signature", may_change_once=["superseded_at"])


class Migration(migrations.Migration):
    """What somebody signs who holds no award is confirmed by somebody else, who does."""

    dependencies = [("assessments", "0005_standings")]

    operations = [
        # PostgreSQL does not widen a column that a trigger looks at.
        migrations.RunPython(ADDED_ONLY.reverse_code or migrations.RunPython.noop, ADDED_ONLY.code),
        migrations.RemoveConstraint(model_name="signature", name="signature_stage_valid"),
        migrations.AlterField(
            model_name="signature", name="stage", field=models.CharField(choices=list(STAGES.items()), max_length=30)
        ),
        migrations.AddField(
            model_name="signature", name="needs_confirmation", field=models.BooleanField(default=False)
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=Q(needs_confirmation=False) | Q(stage__in=["sign_off", "countersignature"]),
                name="sign_off_and_countersignature_are_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(condition=Q(stage__in=list(STAGES)), name="signature_stage_valid"),
        ),
        # SQLite made the table anew, and its triggers were gone.
        ADDED_ONLY,
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
