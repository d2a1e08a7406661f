"""Where units stand and whose turn it is. The rows are derived: the next start works them out anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0006_confirming_signatures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.DeleteModel("UnitProgress"),
        migrations.CreateModel(
            name="UnitProgress",
            fields=[
                (
                    "candidate_unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="portfolio.candidateunit",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("collecting", "Collecting"),
                            ("submitted", "Submitted"),
                            ("assessed", "Assessed"),
                            ("verified", "Verified"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "turn",
                    models.CharField(
                        choices=[
                            ("candidate", "The candidate's"),
                            ("assessor", "The assessor's"),
                            ("verifier", "The internal verifier's"),
                            ("nobody", "Nobody's: none is allocated"),
                            ("kept_out", "A verifier's who cannot verify what they wrote"),
                            ("unconfirmed", "Somebody's who confirms a signature"),
                            ("done", "Nobody's: it is verified"),
                            ("aside", "Nobody's: it is set aside"),
                        ],
                        max_length=20,
                    ),
                ),
                ("total", models.PositiveSmallIntegerField()),
                ("met", models.PositiveSmallIntegerField()),
                ("waiting", models.PositiveSmallIntegerField()),
                ("partly", models.PositiveSmallIntegerField()),
                ("not_yet", models.PositiveSmallIntegerField()),
                ("missing", models.PositiveSmallIntegerField()),
                ("to_judge", models.PositiveIntegerField()),
                ("happened_at", models.DateTimeField()),
                ("rule", models.PositiveSmallIntegerField()),
                (
                    "assessor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="centres.centre",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="portfolio.registration",
                    ),
                ),
                (
                    "sent_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unconfirmed_of",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verifier",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["centre", "state", "turn"], name="progress_by_state"),
                    models.Index(fields=["centre", "turn", "happened_at"], name="progress_by_turn"),
                    models.Index(fields=["assessor", "centre", "registration"], name="progress_of_assessor"),
                    models.Index(fields=["verifier", "centre", "turn", "since"], name="progress_of_verifier"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["collecting", "submitted", "assessed", "verified"])),
                        name="progress_state_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "turn__in",
                                [
                                    "candidate",
                                    "assessor",
                                    "verifier",
                                    "nobody",
                                    "kept_out",
                                    "unconfirmed",
                                    "done",
                                    "aside",
                                ],
                            )
                        ),
                        name="progress_turn_valid",
                    ),
                ],
            },
        ),
    ]
