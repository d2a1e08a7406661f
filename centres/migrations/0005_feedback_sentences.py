from django.db import migrations, models

import record.fields
from record.triggers import append_only


class Migration(migrations.Migration):
    """A centre keeps the sentences that its assessors often write."""

    dependencies = [
        ("centres", "0004_staff_records"),
    ]

    operations = [
        migrations.AddField(
            model_name="centrepolicy",
            name="feedback_sentences",
            field=record.fields.PlainTextField(blank=True, limit=5000),
        ),
        migrations.AddConstraint(
            model_name="centrepolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("feedback_sentences__length__lte", 5000)), name="policy_feedback_sentences_length"
            ),
        ),
        append_only("centres_centrepolicy"),  # SQLite loses its triggers where a table is altered
    ]
