import uuid

import django.db.models.deletion
from django.db import migrations, models

import record.fields
from record.triggers import append_only, require_on_insert


class Migration(migrations.Migration):
    """Records that were written on a device first, and names that candidates draw under what was recorded of them."""

    dependencies = [("assessments", "0009_plans")]

    operations = [
        migrations.CreateModel(
            name="DrawnName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("lines", models.TextField(blank=True)),
                ("typed", record.fields.PlainCharField(blank=True, max_length=200)),
                ("by_device_clock", models.DateTimeField(blank=True, null=True)),
                ("before_changes", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                (
                    "part",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drawn_name",
                        to="assessments.recordpart",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lines", ""), models.Q(("typed", ""), _negated=True)),
                            models.Q(models.Q(("lines", ""), _negated=True), ("typed", "")),
                            _connector="OR",
                        ),
                        name="a_name_is_drawn_or_typed",
                        violation_error_message="Draw the name, or type it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lines__length__lte", 12000)), name="drawn_name_lines_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("typed__length__lte", 200)), name="drawn_name_typed_length"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="assessorrecord", name="written_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="assessorrecord", name="arrived_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="recorddraft", name="written_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="recorddraft", name="arrived_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(model_name="recorddraft", name="drawn_names", field=models.JSONField(default=dict)),
        append_only("assessments_drawnname"),
        append_only("assessments_assessorrecord"),  # which now knows of the new columns
        require_on_insert(
            "assessments_assessorrecord",
            "what_was_written_arrived",
            "NEW.written_at IS NULL OR NEW.arrived_at IS NOT NULL",
            "what was written on a device arrived from it",
        ),
    ]
