import uuid

import django.db.models.deletion
from django.db import migrations, models

from record.triggers import append_only


class Migration(migrations.Migration):
    """What units are about, in their sources' words. As with revisions, `loaddata` may write a row again."""

    dependencies = [("standards", "0003_related")]

    operations = [
        migrations.CreateModel(
            name="UnitProse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("theme_statement", models.TextField(blank=True)),
                ("paragraphs", models.JSONField(default=list)),
                ("for_whom", models.JSONField(blank=True, default=list)),
                ("rulings", models.JSONField(blank=True, default=list)),
                ("published_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proses", to="standards.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["unit", "number"],
                "constraints": [models.UniqueConstraint(fields=("unit", "number"), name="prose_number_once_a_unit")],
            },
        ),
        append_only("standards_unitprose", may_change=["id"], only_if="NEW.id = OLD.id"),
    ]
