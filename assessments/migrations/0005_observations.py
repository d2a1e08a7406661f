import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import record.fields
from record.triggers import append_only, require_on_insert


class Migration(migrations.Migration):
    """What assessors record, and what candidates say of it. A part is evidence of the record's author."""

    dependencies = [
        ("assessments", "0004_opening"),
        ("centres", "0003_policy"),
        ("portfolio", "0006_people_and_removed_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssessorRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("observation", "Observation"),
                            ("professional_discussion", "Professional discussion"),
                            ("questioning", "Questioning record"),
                            ("prior_learning", "Prior learning"),
                        ],
                        max_length=30,
                    ),
                ),
                ("place", record.fields.PlainCharField(blank=True, max_length=200)),
                ("began_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("present", record.fields.PlainTextField(blank=True, limit=1000)),
                (
                    "medium",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_person", "In person"),
                            ("live_video", "By live video"),
                            ("recording", "From a recording"),
                        ],
                        max_length=20,
                    ),
                ),
                ("identity_checked", models.BooleanField(default=False)),
                ("all_agreed", models.BooleanField(default=False)),
                ("signed_at", models.DateTimeField()),
                ("form_key", models.UUIDField(default=uuid.uuid4)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessor_records",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessor_records",
                        to="centres.centre",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["observation", "professional_discussion", "questioning", "prior_learning"])
                        ),
                        name="assessor_record_kind_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("medium__in", ["in_person", "live_video", "recording", ""])),
                        name="assessor_record_medium_valid",
                    ),
                    models.UniqueConstraint(fields=("author", "form_key"), name="assessor_record_sent_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("began_at", None),
                                ("ended_at", None),
                                ("kind", "prior_learning"),
                                ("medium", ""),
                                ("place", ""),
                            ),
                            models.Q(
                                models.Q(("kind", "prior_learning"), _negated=True),
                                models.Q(("place", ""), _negated=True),
                                models.Q(("medium", ""), _negated=True),
                                ("began_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_session_has_place_and_hours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("began_at", None), ("ended_at", None)),
                            ("ended_at__gt", models.F("began_at")),
                            _connector="OR",
                        ),
                        name="a_session_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__lte", models.F("signed_at")), _connector="OR"
                        ),
                        name="a_session_is_over_when_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("medium__in", ["", "in_person"]),
                            models.Q(("all_agreed", True), ("identity_checked", True)),
                            _connector="OR",
                        ),
                        name="who_was_not_met_was_identified_and_agreed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__length__lte", 200)), name="assessor_record_place_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("present__length__lte", 1000)), name="assessor_record_present_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form_key", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("observation", "Observation"),
                            ("professional_discussion", "Professional discussion"),
                            ("questioning", "Questioning record"),
                            ("prior_learning", "Prior learning"),
                        ],
                        max_length=30,
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=200)),
                ("fields", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="record_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="record_drafts", to="centres.centre"
                    ),
                ),
            ],
            options={
                "ordering": ["-saved_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["observation", "professional_discussion", "questioning", "prior_learning"])
                        ),
                        name="draft_kind_valid",
                    ),
                    models.UniqueConstraint(fields=("author", "form_key"), name="draft_kept_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("is_current", models.BooleanField(blank=True, null=True)),
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="record_part", to="portfolio.evidence"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="assessments.assessorrecord",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="record_parts",
                        to="portfolio.registration",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("agrees", models.BooleanField()),
                ("words", record.fields.PlainTextField(blank=True, limit=5000)),
                ("on_the_spot", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                (
                    "part",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgement",
                        to="assessments.recordpart",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agrees", True), models.Q(("words", ""), _negated=True), _connector="OR"),
                        name="who_disagrees_says_why",
                        violation_error_message="Say what you do not agree with.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words__length__lte", 5000)), name="acknowledgement_words_length"
                    ),
                ],
            },
        ),
        append_only("assessments_assessorrecord"),
        append_only("assessments_recordpart"),
        append_only("assessments_acknowledgement"),
        require_on_insert(
            "assessments_recordpart",
            "is_evidence_of_its_author",
            "EXISTS (SELECT 1 FROM assessments_assessorrecord r JOIN portfolio_evidence e ON e.author_id = r.author_id"
            " WHERE r.id = NEW.record_id AND e.id = NEW.evidence_id AND e.registration_id = NEW.registration_id"
            " AND (r.kind = 'prior_learning') = (NEW.is_current IS NOT NULL))",
            "a part of a record is evidence of its author in its own portfolio",
        ),
    ]
