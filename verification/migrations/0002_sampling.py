import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import record.fields
from record.triggers import append_only, require_on_insert


class Migration(migrations.Migration):
    """The sampling policy of a centre, what verifiers plan to look at, and what they looked at."""

    dependencies = [
        ("assessments", "0008_sampling"),
        ("centres", "0003_policy"),
        ("portfolio", "0009_access"),
        ("verification", "0001_visits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SamplingPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("period", models.CharField(max_length=7)),
                ("considered", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "verifier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampling_plans",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlannedSample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "stage",
                    models.CharField(choices=[("interim", "Interim"), ("summative", "Summative")], max_length=10),
                ),
                ("reasons", models.JSONField()),
                ("due", models.DateField()),
                ("planned_at", models.DateTimeField()),
                ("left_out_at", models.DateTimeField(blank=True, null=True)),
                (
                    "unit_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_samples",
                        to="portfolio.unitversion",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="verification.samplingplan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["interim", "summative"])), name="planned_sample_stage_valid"
                    ),
                    models.UniqueConstraint(
                        fields=("unit_version", "stage"),
                        name="planned_once_a_stage",
                        violation_error_message="This unit is in the plan already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SamplingPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("summative_share", models.PositiveSmallIntegerField()),
                ("interim_share", models.PositiveSmallIntegerField()),
                ("new_in_full", models.BooleanField()),
                ("new_months", models.PositiveSmallIntegerField()),
                ("every_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("due_days", models.PositiveSmallIntegerField()),
                ("risk_notes", record.fields.PlainTextField(blank=True, limit=5000)),
                ("made_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampling_policies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampling_policies",
                        to="centres.centre",
                    ),
                ),
            ],
            options={
                "ordering": ["centre", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "number"), name="sampling_policy_number_once_a_centre"),
                    models.CheckConstraint(
                        condition=models.Q(("summative_share__range", (0, 100))),
                        name="sampling_summative_share_valid",
                        violation_error_message="Give a number from 0 to 100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("interim_share__range", (0, 100))),
                        name="sampling_interim_share_valid",
                        violation_error_message="Give a number from 0 to 100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new_months__range", (0, 60))),
                        name="sampling_new_months_valid",
                        violation_error_message="Give a number from 0 to 60.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every_months__range", (1, 60))),
                        name="sampling_every_months_valid",
                        violation_error_message="Give a number from 1 to 60.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_days__range", (1, 365))),
                        name="sampling_due_days_valid",
                        violation_error_message="Give a number from 1 to 365.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("summative_share__gt", 0),
                            ("interim_share__gt", 0),
                            ("new_in_full", True),
                            ("every_months__isnull", False),
                            _connector="OR",
                        ),
                        name="sampling_policy_samples_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("risk_notes__length__lte", 5000)), name="sampling_risk_notes_length"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="samplingplan",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="verification.samplingpolicy"
            ),
        ),
        migrations.CreateModel(
            name="SamplingRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "stage",
                    models.CharField(choices=[("interim", "Interim"), ("summative", "Summative")], max_length=10),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("evidence", "Looked at the evidence and the judgements"),
                            ("candidate", "Talked with the candidate too"),
                            ("assessor", "Talked with the assessor too"),
                            ("watched", "Watched the assessor assess too"),
                        ],
                        max_length=10,
                    ),
                ),
                ("valid", models.BooleanField()),
                ("authentic", models.BooleanField()),
                ("current", models.BooleanField()),
                ("sufficient", models.BooleanField()),
                ("reliable", models.BooleanField()),
                ("agrees", models.BooleanField()),
                ("words", record.fields.PlainTextField(blank=True, limit=5000)),
                ("form_key", models.UUIDField(unique=True)),
                ("made_at", models.DateTimeField()),
                (
                    "assessor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampled",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampling_records",
                        to="portfolio.unitversion",
                    ),
                ),
                (
                    "verifier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampling_records",
                        to="portfolio.participation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["interim", "summative"])), name="sampling_record_stage_valid"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("method__in", ["evidence", "candidate", "assessor", "watched"])),
                        name="sampling_record_method_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True),
                            models.Q(
                                ("agrees", True),
                                ("authentic", True),
                                ("current", True),
                                ("reliable", True),
                                ("sufficient", True),
                                ("valid", True),
                            ),
                            _connector="OR",
                        ),
                        name="what_does_not_hold_is_said",
                        violation_error_message="Say what does not hold, or why you disagree.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words__length__lte", 5000)), name="sampling_record_words_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SampledClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("exception", record.fields.PlainTextField(blank=True, limit=5000)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sampled", to="portfolio.claim"
                    ),
                ),
                (
                    "judgement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampled",
                        to="assessments.judgement",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampled",
                        to="portfolio.evidenceversion",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="verification.samplingrecord",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("record", "claim"), name="claim_sampled_once_a_record"),
                    models.CheckConstraint(
                        condition=models.Q(("exception__length__lte", 5000)), name="sampled_claim_exception_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("left_out", "Left out"),
                            ("taken_up", "Taken up again"),
                            ("due", "Another day"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", record.fields.PlainTextField(limit=5000)),
                ("due", models.DateField()),
                ("made_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_steps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "planned",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="verification.plannedsample",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["added", "left_out", "taken_up", "due"])),
                        name="plan_step_kind_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="plan_step_has_a_reason",
                        violation_error_message="Say why: the plan is part of the record.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__length__lte", 5000)), name="plan_step_reason_length"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="samplingplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("period__regex", "^\\d{4}-\\d{2}$")), name="sampling_plan_period_valid"
            ),
        ),
        append_only("verification_samplingpolicy"),
        append_only("verification_samplingplan"),
        append_only("verification_plannedsample", may_change=["due", "left_out_at"]),
        append_only("verification_planstep"),
        append_only("verification_samplingrecord"),
        append_only("verification_sampledclaim"),
        require_on_insert(
            "verification_samplingrecord",
            "comes_from_a_verifier",
            "EXISTS (SELECT 1 FROM portfolio_participation p"
            " JOIN portfolio_unitversion v ON v.candidate_unit_id = p.candidate_unit_id"
            " WHERE p.id = NEW.verifier_id AND v.id = NEW.unit_version_id AND p.capacity = 'internal_verifier')",
            "a unit is sampled by an internal verifier of it",
        ),
        require_on_insert(
            "verification_sampledclaim",
            "is_of_the_unit",
            "EXISTS (SELECT 1 FROM portfolio_claim c"
            " JOIN portfolio_unitversion v ON v.candidate_unit_id = c.candidate_unit_id"
            " JOIN verification_samplingrecord r ON r.unit_version_id = v.id"
            " WHERE c.id = NEW.claim_id AND r.id = NEW.record_id)",
            "a claim that was looked at is one of the unit",
        ),
    ]
