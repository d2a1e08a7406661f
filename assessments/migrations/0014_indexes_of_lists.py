"""Indexes by which the lists of units and of actions are sorted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0013_print_jobs")]

    operations = [
        migrations.AddIndex(
            model_name="unitprogress",
            index=models.Index(fields=["centre", "since"], name="progress_by_since"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["due"], name="actions_by_due"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["asked_at"], name="actions_by_asked"),
        ),
    ]
