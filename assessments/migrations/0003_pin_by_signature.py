from django.db import migrations, models

from record.triggers import append_only


class Migration(migrations.Migration):
    """Each signature pins what is new with it, so that a withdrawn sign-off lets go of what it added."""

    dependencies = [("assessments", "0002_append_only")]

    operations = [
        migrations.RemoveConstraint(model_name="pinnedevidence", name="pinned_once_a_submission"),
        migrations.RenameField(model_name="pinnedevidence", old_name="submission", new_name="signature"),
        migrations.AddConstraint(
            model_name="pinnedevidence",
            constraint=models.UniqueConstraint(
                fields=("signature", "evidence_version"), name="pinned_once_a_signature"
            ),
        ),
        append_only("assessments_pinnedevidence"),
    ]
