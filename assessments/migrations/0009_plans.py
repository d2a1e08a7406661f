import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import record.fields
from record.triggers import append_only


class Migration(migrations.Migration):
    """Assessment plans and reviews, what candidates say of them, and the headings that a centre gives them."""

    dependencies = [
        ("assessments", "0008_sampling"),
        ("centres", "0005_feedback_sentences"),
        ("portfolio", "0009_access"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(choices=[("plan", "Assessment plan"), ("review", "Review")], max_length=10)),
                ("number", models.PositiveIntegerField()),
                ("title", record.fields.PlainCharField(max_length=100)),
                ("held_on", models.DateField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("in_person", "In person"),
                            ("live_video", "By live video"),
                            ("telephone", "By telephone"),
                            ("in_writing", "In writing"),
                        ],
                        max_length=20,
                    ),
                ),
                ("present", record.fields.PlainTextField(blank=True, limit=1000)),
                ("sections", models.JSONField(blank=True, default=list)),
                ("progress", models.JSONField(blank=True, default=list)),
                ("carried", models.JSONField(blank=True, default=list)),
                ("next_review", models.DateField(blank=True, null=True)),
                ("signed_at", models.DateTimeField()),
                ("form_key", models.UUIDField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="portfolio.registration"
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced",
                        to="assessments.sheet",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["plan", "review"])), name="sheet_kind_valid"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["in_person", "live_video", "telephone", "in_writing"])),
                        name="sheet_how_valid",
                    ),
                    models.UniqueConstraint(fields=("author", "form_key"), name="sheet_sent_once"),
                    models.UniqueConstraint(fields=("registration", "kind", "number"), name="sheet_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_review", None), ("next_review__gt", models.F("held_on")), _connector="OR"
                        ),
                        name="next_review_is_after_this",
                        violation_error_message="The next review is after this day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replaced_by", None), ("kind", "plan"), _connector="OR"),
                        name="only_a_plan_is_replaced",
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="sheet_has_a_title"),
                    models.CheckConstraint(condition=models.Q(("title__length__lte", 100)), name="sheet_title_length"),
                    models.CheckConstraint(
                        condition=models.Q(("present__length__lte", 1000)), name="sheet_present_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("agrees", models.BooleanField()),
                ("words", record.fields.PlainTextField(blank=True, limit=5000)),
                ("made_at", models.DateTimeField()),
                (
                    "sheet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="assessments.sheet"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agrees", True), models.Q(("words", ""), _negated=True), _connector="OR"),
                        name="who_disagrees_with_a_sheet_says_why",
                        violation_error_message="Say what you do not agree with.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words__length__lte", 5000)), name="sheet_answer_words_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form_key", models.UUIDField()),
                ("kind", models.CharField(choices=[("plan", "Assessment plan"), ("review", "Review")], max_length=10)),
                ("fields", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheet_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheet_drafts",
                        to="portfolio.registration",
                    ),
                ),
            ],
            options={
                "ordering": ["-saved_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["plan", "review"])), name="sheet_draft_kind_valid"
                    ),
                    models.UniqueConstraint(fields=("author", "form_key"), name="sheet_draft_kept_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("observation", "Observation"),
                            ("witness_testimony", "Witness testimony"),
                            ("work_product", "Work product"),
                            ("professional_discussion", "Professional discussion"),
                            ("personal_statement", "Personal statement"),
                            ("questioning", "Questioning record"),
                            ("case_history", "Case history"),
                            ("prior_learning", "Prior learning"),
                            ("photo", "Photo"),
                            ("audio", "Audio recording"),
                            ("video", "Video recording"),
                        ],
                        max_length=30,
                    ),
                ),
                ("place", record.fields.PlainCharField(blank=True, max_length=200)),
                ("covers", models.JSONField(blank=True, default=list)),
                ("bring", record.fields.PlainTextField(blank=True, limit=1000)),
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheet_line", to="assessments.action"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="assessments.sheet"
                    ),
                ),
            ],
            options={
                "ordering": ["sheet", "position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "method__in",
                                [
                                    "",
                                    "observation",
                                    "witness_testimony",
                                    "work_product",
                                    "professional_discussion",
                                    "personal_statement",
                                    "questioning",
                                    "case_history",
                                    "prior_learning",
                                    "photo",
                                    "audio",
                                    "video",
                                ],
                            )
                        ),
                        name="sheet_line_method_valid",
                    ),
                    models.UniqueConstraint(fields=("sheet", "position"), name="sheet_line_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("place__length__lte", 200)), name="sheet_line_place_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bring__length__lte", 1000)), name="sheet_line_bring_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(choices=[("plan", "Assessment plan"), ("review", "Review")], max_length=10)),
                ("number", models.PositiveIntegerField()),
                ("title", record.fields.PlainCharField(max_length=100)),
                ("headings", models.JSONField()),
                ("made_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheet_templates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheet_templates", to="centres.centre"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["plan", "review"])), name="sheet_template_kind_valid"
                    ),
                    models.UniqueConstraint(fields=("centre", "kind", "number"), name="sheet_template_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="sheet_template_has_a_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title__length__lte", 100)), name="sheet_template_title_length"
                    ),
                ],
            },
        ),
        append_only("assessments_sheettemplate"),
        append_only("assessments_sheet", may_change_once=["replaced_by_id"]),
        append_only("assessments_sheetline"),
        append_only("assessments_sheetanswer"),
    ]
