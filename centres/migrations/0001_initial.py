import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import record.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("record", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", record.fields.PlainCharField(max_length=200)),
                ("is_active", models.BooleanField(default=True)),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                ("hints_dismissed", models.JSONField(blank=True, default=list)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="user_email_once_whatever_the_case"
                    ),
                    models.CheckConstraint(condition=models.Q(("name__length__lte", 200)), name="user_name_length"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Centre",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", record.fields.PlainCharField(max_length=200)),
                ("number", record.fields.PlainCharField(blank=True, max_length=40)),
                ("time_zone", models.CharField(default="Europe/London", max_length=60)),
                ("is_demo", models.BooleanField(default=False)),
                (
                    "candidate_word",
                    models.CharField(
                        choices=[("candidate", "candidate"), ("learner", "learner")],
                        default="candidate",
                        max_length=10,
                    ),
                ),
                (
                    "internal_verifier_word",
                    models.CharField(
                        choices=[("IV", "internal verifier"), ("IQA", "internal quality assurer")],
                        default="IV",
                        max_length=10,
                    ),
                ),
                (
                    "external_verifier_word",
                    models.CharField(
                        choices=[("EV", "external verifier"), ("EQA", "external quality assurer")],
                        default="EV",
                        max_length=10,
                    ),
                ),
                (
                    "chain",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="centre", to="record.chain"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name__length__lte", 200)), name="centre_name_length"),
                    models.CheckConstraint(
                        condition=models.Q(("candidate_word__in", ["candidate", "learner"])),
                        name="centre_candidate_word_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("internal_verifier_word__in", ["IV", "IQA"])),
                        name="centre_internal_verifier_word_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("external_verifier_word__in", ["EV", "EQA"])),
                        name="centre_external_verifier_word_valid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("candidate", "Candidate"),
                            ("assessor", "Assessor"),
                            ("internal_verifier", "Internal verifier"),
                            ("coordinator", "Centre coordinator"),
                            ("external_verifier", "External verifier"),
                        ],
                        max_length=20,
                    ),
                ),
                ("works_towards_award", models.BooleanField(default=False)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="centres.centre"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("centre", "user", "role"),
                        name="membership_once_at_a_time",
                        violation_error_message="This person has this role already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                ["candidate", "assessor", "internal_verifier", "coordinator", "external_verifier"],
                            )
                        ),
                        name="membership_role_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("works_towards_award", False),
                            ("role__in", ("assessor", "internal_verifier")),
                            _connector="OR",
                        ),
                        name="assessors_and_verifiers_work_towards_an_award",
                        violation_error_message="Only an assessor or an internal verifier works towards an award.",
                    ),
                ],
            },
        ),
    ]
