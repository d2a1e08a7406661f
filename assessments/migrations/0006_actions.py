import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import record.fields
from record.triggers import append_only, require_on_insert


class Migration(migrations.Migration):
    """Who does what by when, with all that was said of it; and feedback on what is met as well."""

    dependencies = [
        ("assessments", "0005_observations"),
        ("centres", "0005_feedback_sentences"),
        ("portfolio", "0006_people_and_removed_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("criteria", models.JSONField(blank=True, default=list)),
                (
                    "owned_as",
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
                (
                    "asked_as",
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
                ("text", record.fields.PlainTextField(limit=5000)),
                (
                    "binding",
                    models.CharField(
                        choices=[("sign_off", "Before the sign-off"), ("date", "By a date"), ("advice", "Advice")],
                        max_length=10,
                    ),
                ),
                ("due", models.DateField(blank=True, null=True)),
                ("for_candidate", models.BooleanField(default=False)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("asked", "asked on its own"),
                            ("plan", "from an assessment plan"),
                            ("review", "from a review"),
                            ("return", "from a return"),
                            ("sampling", "from a sampling"),
                            ("visit", "from a visit"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions_asked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "candidate_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="portfolio.candidateunit",
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="centres.centre",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="portfolio.evidence",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="portfolio.registration",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["owner"], name="open_actions_by_owner"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["asker"], name="open_actions_by_asker"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "owned_as__in",
                                ["candidate", "assessor", "internal_verifier", "coordinator", "external_verifier"],
                            )
                        ),
                        name="action_owned_as_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked_as__in", ["assessor", "internal_verifier", "coordinator", "external_verifier"])
                        ),
                        name="action_asked_as_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("binding__in", ["sign_off", "date", "advice"])), name="action_binding_valid"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["asked", "plan", "review", "return", "sampling", "visit"])),
                        name="action_origin_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("centre__isnull", True), ("registration__isnull", False)),
                            models.Q(
                                ("candidate_unit__isnull", True),
                                ("centre__isnull", False),
                                ("evidence__isnull", True),
                                ("registration__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="action_of_a_portfolio_or_a_centre",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("binding", "date"), _negated=True), ("due__isnull", False), _connector="OR"
                        ),
                        name="action_by_a_date_has_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("binding", "sign_off"), _negated=True),
                            ("candidate_unit__isnull", False),
                            _connector="OR",
                        ),
                        name="only_a_unit_has_a_sign_off",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("for_candidate", False), ("registration__isnull", False), _connector="OR"),
                        name="staff_actions_are_not_for_candidates",
                    ),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="action_has_words"),
                    models.CheckConstraint(condition=models.Q(("text__length__lte", 5000)), name="action_text_length"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("answered", "Answered"),
                            ("accepted", "Accepted"),
                            ("refused", "Not enough"),
                            ("withdrawn", "Withdrawn"),
                            ("handed_over", "Handed over"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "acted_as",
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
                ("words", record.fields.PlainTextField(blank=True, limit=5000)),
                ("made_at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="assessments.action"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_steps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["action", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("action", "number"),
                        name="step_number_once_an_action",
                        violation_error_message="Somebody was quicker: look at the action again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["asked", "answered", "accepted", "refused", "withdrawn", "handed_over"])
                        ),
                        name="action_step_kind_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "acted_as__in",
                                ["candidate", "assessor", "internal_verifier", "coordinator", "external_verifier"],
                            )
                        ),
                        name="action_step_acted_as_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["answered", "refused"]), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="answers_and_refusals_have_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "handed_over"), ("to__isnull", False)),
                            models.Q(models.Q(("kind", "handed_over"), _negated=True), ("to__isnull", True)),
                            _connector="OR",
                        ),
                        name="handed_over_to_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words__length__lte", 5000)), name="action_step_words_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", record.fields.PlainTextField(limit=5000)),
                ("made_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feedback",
                        to="portfolio.participation",
                    ),
                ),
                (
                    "candidate_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feedback",
                        to="portfolio.candidateunit",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feedback",
                        to="portfolio.evidence",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="feedback_has_words"),
                    models.CheckConstraint(
                        condition=models.Q(("words__length__lte", 5000)), name="feedback_words_length"
                    ),
                ],
            },
        ),
        append_only("assessments_action", may_change=["owner_id"], may_change_once=["ended_at"]),
        append_only("assessments_actionstep"),
        append_only("assessments_feedback"),
        require_on_insert(
            "assessments_action",
            "is_for_its_reader",
            "NOT NEW.for_candidate OR NEW.asked_as = 'assessor' OR EXISTS (SELECT 1 FROM portfolio_registration r"
            " WHERE r.id = NEW.registration_id AND r.candidate_id = NEW.owner_id)",
            "what verifiers ask of others is not for candidates",
        ),
    ]
