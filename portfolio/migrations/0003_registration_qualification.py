import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A registration may name a qualification, and a unit that is not wanted any more is set aside."""

    dependencies = [
        ("portfolio", "0002_append_only"),
        ("standards", "0003_qualifications_and_rule_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="candidateunit",
            name="set_aside_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="registration",
            name="qualification",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to="standards.qualification",
            ),
        ),
    ]
