import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from record.triggers import append_only


class Migration(migrations.Migration):
    """What a centre chose stays on record. The words that it chose before stand in its own row, and hold as before."""

    dependencies = [
        ("centres", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="CentrePolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(default=0)),
                (
                    "candidate_word",
                    models.CharField(choices=[("candidate", "candidate"), ("learner", "learner")], max_length=10),
                ),
                (
                    "internal_verifier_word",
                    models.CharField(
                        choices=[("IV", "internal verifier"), ("IQA", "internal quality assurer")], max_length=10
                    ),
                ),
                (
                    "external_verifier_word",
                    models.CharField(
                        choices=[("EV", "external verifier"), ("EQA", "external quality assurer")], max_length=10
                    ),
                ),
                ("takes_documents", models.BooleanField(default=True)),
                ("takes_pictures", models.BooleanField(default=True)),
                ("takes_sound", models.BooleanField(default=True)),
                ("takes_films", models.BooleanField(default=True)),
                ("takes_tables", models.BooleanField(default=True)),
                ("takes_presentations", models.BooleanField(default=True)),
                ("takes_emails", models.BooleanField(default=True)),
                ("largest_file_mb", models.PositiveIntegerField(blank=True, null=True)),
                ("person_quota_mb", models.PositiveIntegerField(blank=True, null=True)),
                ("portfolio_quota_mb", models.PositiveIntegerField(blank=True, null=True)),
                ("evidence_age_months", models.PositiveIntegerField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="policies", to="centres.centre"
                    ),
                ),
            ],
            options={
                "ordering": ["centre", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "number"), name="policy_number_once_a_centre"),
                    models.CheckConstraint(
                        condition=models.Q(("candidate_word__in", ["candidate", "learner"])),
                        name="policy_candidate_word_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("internal_verifier_word__in", ["IV", "IQA"])),
                        name="policy_internal_verifier_word_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("external_verifier_word__in", ["EV", "EQA"])),
                        name="policy_external_verifier_word_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("takes_documents", True),
                            ("takes_pictures", True),
                            ("takes_sound", True),
                            ("takes_films", True),
                            ("takes_tables", True),
                            ("takes_presentations", True),
                            ("takes_emails", True),
                            _connector="OR",
                        ),
                        name="policy_takes_some_files",
                        violation_error_message="Tick at least one kind of file.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("largest_file_mb__range", (1, 10000000))),
                        name="policy_largest_file_mb_valid",
                        violation_error_message="Give whole numbers from 1 to 10,000,000, or leave the limit empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person_quota_mb__range", (1, 10000000))),
                        name="policy_person_quota_mb_valid",
                        violation_error_message="Give whole numbers from 1 to 10,000,000, or leave the limit empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("portfolio_quota_mb__range", (1, 10000000))),
                        name="policy_portfolio_quota_mb_valid",
                        violation_error_message="Give whole numbers from 1 to 10,000,000, or leave the limit empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence_age_months__range", (1, 1200))),
                        name="policy_evidence_age_months_valid",
                        violation_error_message="Give whole numbers from 1 to 1,200, or leave the limit empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("author__isnull", True), ("number", 0)),
                            models.Q(("author__isnull", False), ("number__gt", 0)),
                            _connector="OR",
                        ),
                        name="policy_chosen_by_somebody",
                    ),
                ],
            },
        ),
        append_only("centres_centrepolicy"),
    ]
