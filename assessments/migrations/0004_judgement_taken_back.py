from django.db import migrations, models

from record.triggers import append_only


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
        append_only("assessments_judgement"),
    ]
