"""Indexes by which the lists of units and of actions are sorted; that a plan was answered on the spot."""

from django.db import migrations, models

from record.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("assessments", "0014_reports")]

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
        migrations.AddField(
            model_name="sheetanswer",
            name="on_the_spot",
            field=models.BooleanField(default=False),
        ),
        append_only("assessments_sheetanswer"),  # SQLite makes the table anew, without its triggers
    ]
