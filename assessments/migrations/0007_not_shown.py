import uuid

import django.db.models.deletion
from django.db import migrations, models

import record.fields
from record.triggers import append_only, require_on_insert


class Migration(migrations.Migration):
    """Range items that a workplace cannot show: the assessor says so, the verifier answers."""

    dependencies = [
        ("assessments", "0006_actions"),
        ("portfolio", "0006_people_and_removed_files"),
        ("standards", "0003_related"),
    ]

    operations = [
        migrations.CreateModel(
            name="NotShown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", record.fields.PlainTextField(limit=5000)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="not_shown",
                        to="portfolio.participation",
                    ),
                ),
                (
                    "candidate_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="not_shown",
                        to="portfolio.candidateunit",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.criterion",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="not_shown_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__length__lte", 5000)), name="not_shown_reason_length"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("candidate_unit", "criterion"),
                        name="not_shown_stands_once",
                        violation_error_message="This is said of it already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotShownAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("agrees", models.BooleanField()),
                ("reference", record.fields.PlainCharField(blank=True, max_length=200)),
                ("why_not", record.fields.PlainTextField(blank=True, limit=5000)),
                ("made_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="not_shown_answers",
                        to="portfolio.participation",
                    ),
                ),
                (
                    "not_shown",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="assessments.notshown"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agrees", True), ("why_not", ""), models.Q(("reference", ""), _negated=True)),
                            models.Q(("agrees", False), ("reference", ""), models.Q(("why_not", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="not_shown_is_agreed_with_a_reference",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference__length__lte", 200)), name="not_shown_reference_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("why_not__length__lte", 5000)), name="not_shown_why_not_length"
                    ),
                ],
            },
        ),
        append_only("assessments_notshown", may_change_once=["ended_at"]),
        append_only("assessments_notshownanswer"),
        require_on_insert(
            "assessments_notshown",
            "is_of_the_range",
            "EXISTS (SELECT 1 FROM portfolio_participation p"
            " JOIN portfolio_candidateunit u ON u.id = p.candidate_unit_id"
            " JOIN standards_criterion c ON c.revision_id = u.revision_id"
            " WHERE p.id = NEW.author_id AND u.id = NEW.candidate_unit_id AND c.id = NEW.criterion_id"
            " AND p.capacity = 'assessor' AND c.kind = 'range')",
            "an assessor of the unit says of an item of its range that it is not shown",
        ),
        require_on_insert(
            "assessments_notshownanswer",
            "comes_from_a_verifier",
            "EXISTS (SELECT 1 FROM portfolio_participation p"
            " JOIN assessments_notshown n ON n.candidate_unit_id = p.candidate_unit_id"
            " WHERE p.id = NEW.author_id AND n.id = NEW.not_shown_id AND p.capacity = 'internal_verifier')",
            "an internal verifier of the unit answers what is said not to be shown",
        ),
    ]
