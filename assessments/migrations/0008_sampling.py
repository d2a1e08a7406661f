from django.db import migrations, models

from record.triggers import append_only, require_on_insert


class Migration(migrations.Migration):
    """A countersignature may release a unit that the sampling plan left out."""

    dependencies = [("assessments", "0007_not_shown")]

    operations = [
        migrations.AddField(
            model_name="signature", name="released_by_plan_of", field=models.DateField(blank=True, null=True)
        ),
        append_only("assessments_signature", may_change_once=["superseded_at"]),  # which now knows of the new column
        require_on_insert(
            "assessments_signature",
            "releases_as_countersignature",
            "NEW.released_by_plan_of IS NULL OR NEW.stage = 'countersignature'",
            "only a countersignature releases a unit",
        ),
    ]
