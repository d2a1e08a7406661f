import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from record.triggers import append_only


class Migration(migrations.Migration):
    """What people who assess and verify have looked at."""

    dependencies = [
        ("assessments", "0003_taken_back"),
        ("portfolio", "0003_arriving_file"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="portfolio.evidenceversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        append_only("assessments_opening"),
    ]
