import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import record.fields


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0009_corrections"),
        ("portfolio", "0012_particulars"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", record.fields.PlainCharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checked", "checked"),
                            ("running", "running"),
                            ("done", "done"),
                            ("stopped", "stopped"),
                        ],
                        default="checked",
                        max_length=10,
                    ),
                ),
                ("faults", models.PositiveIntegerField(default=0)),
                ("sentence", record.fields.PlainTextField(blank=True, limit=1000)),
                ("checked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="imports", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="imports", to="centres.centre"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["centre", "-checked_at"], name="imports_of_a_centre"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["checked", "running", "done", "stopped"])),
                        name="import_state_valid",
                    ),
                    models.CheckConstraint(condition=models.Q(("name__length__lte", 200)), name="import_name_length"),
                    models.CheckConstraint(
                        condition=models.Q(("sentence__length__lte", 1000)), name="import_sentence_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("started_at__isnull", True), ("faults", 0), _connector="OR"),
                        name="only_a_clean_import_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("started_at__isnull", True), ("state", "checked")),
                            models.Q(("ended_at__isnull", True), ("started_at__isnull", False), ("state", "running")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("started_at__isnull", False),
                                ("state__in", ["done", "stopped"]),
                            ),
                            _connector="OR",
                        ),
                        name="import_state_agrees_with_times",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("centre",),
                        name="one_import_runs_a_centre",
                        violation_error_message="Another import is running. Start this one when it has ended.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("position", models.PositiveIntegerField()),
                ("cells", models.JSONField(default=dict)),
                ("said", models.JSONField(default=dict)),
                ("faults", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "not done yet"),
                            ("done", "done"),
                            ("same", "was there already"),
                            ("failed", "not done"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("sentence", record.fields.PlainTextField(blank=True, limit=1000)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="portfolio.import"
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="portfolio.registration",
                    ),
                ),
                (
                    "to_invite",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="centres.membership",
                    ),
                ),
            ],
            options={
                "ordering": ["of", "number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "done", "same", "failed"])),
                        name="import_row_state_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sentence__length__lte", 1000)), name="import_row_sentence_length"
                    ),
                    models.UniqueConstraint(fields=("of", "number"), name="import_row_number_once"),
                    models.UniqueConstraint(fields=("of", "position"), name="import_row_position_once"),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="waitingwork",
            name="work_kind_valid",
        ),
        migrations.AlterField(
            model_name="waitingwork",
            name="kind",
            field=models.CharField(
                choices=[
                    ("drawing", "drawing what is shown of a file"),
                    ("letter", "sending an e-mail"),
                    ("import", "importing rows of a spreadsheet"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingwork",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["drawing", "letter", "import"])), name="work_kind_valid"
            ),
        ),
    ]
