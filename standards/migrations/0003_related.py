from django.db import migrations, models

from record.triggers import append_only


class Migration(migrations.Migration):
    """What a unit names as related."""

    dependencies = [("standards", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="unitrevision",
            name="related",
            field=models.JSONField(blank=True, default=list),
        ),
        # SQLite makes the table anew, without its triggers.
        append_only("standards_unitrevision", may_change=["id"], only_if="NEW.id = OLD.id"),
    ]
