import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import record.fields


class Migration(migrations.Migration):
    """The question bank of a centre."""

    dependencies = [
        ("assessments", "0010_drawn_names"),
        ("centres", "0001_initial"),
        ("standards", "0003_related"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", record.fields.PlainTextField(limit=500)),
                ("knowledge", models.JSONField(blank=True, default=list)),
                ("changed_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="centres.centre"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="standards.unitrevision",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="question_has_words"),
                    models.CheckConstraint(
                        condition=models.Q(("words__length__lte", 500)), name="question_words_length"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("centre", "revision", "words"),
                        name="question_asked_once",
                        violation_error_message="Your centre asks this in the unit already.",
                    ),
                ],
            },
        ),
    ]
