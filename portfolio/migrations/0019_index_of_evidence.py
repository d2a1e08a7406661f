"""An index by which the list of evidence is sorted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0018_request_letters")]

    operations = [
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["added_at"], name="evidence_by_added"),
        ),
    ]
