import uuid

import django.db.models.deletion
from django.db import migrations, models

from record.triggers import append_only

# As in 0002: `loaddata` writes a row again when it finds it, so an UPDATE that changes nothing passes.
UNCHANGED = {"may_change": ["id"], "only_if": "NEW.id = OLD.id"}


class Migration(migrations.Migration):
    """Rules of combination, the words that rules rest on, and the range items that requirements repeat."""

    dependencies = [("standards", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="criterion",
            name="same_as",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="repeated_by",
                to="standards.criterion",
            ),
        ),
        migrations.AddField(
            model_name="unitrevision",
            name="rule_words",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name="Qualification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=20)),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=300)),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("minimum_units", models.PositiveSmallIntegerField(default=0)),
                ("minimum_credit", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("rulings", models.JSONField(default=list)),
                ("published_at", models.DateTimeField()),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="qualifications",
                        to="standards.framework",
                    ),
                ),
            ],
            options={"ordering": ["framework", "code", "number"]},
        ),
        migrations.CreateModel(
            name="QualificationGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("choose", models.PositiveSmallIntegerField()),
                ("credits", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "qualification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groups",
                        to="standards.qualification",
                    ),
                ),
            ],
            options={"ordering": ["qualification", "position"]},
        ),
        migrations.CreateModel(
            name="QualificationUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="standards.qualificationgroup",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="in_groups", to="standards.unit"
                    ),
                ),
            ],
            options={"ordering": ["group", "position"]},
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.UniqueConstraint(
                fields=("framework", "code", "number"), name="qualification_number_once_a_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="qualificationgroup",
            constraint=models.UniqueConstraint(fields=("qualification", "position"), name="group_position_once"),
        ),
        migrations.AddConstraint(
            model_name="qualificationunit",
            constraint=models.UniqueConstraint(fields=("group", "position"), name="group_unit_position_once"),
        ),
        migrations.AddConstraint(
            model_name="qualificationunit",
            constraint=models.UniqueConstraint(fields=("group", "unit"), name="unit_once_a_group"),
        ),
        append_only("standards_unitrevision", **UNCHANGED),
        append_only("standards_criterion", **UNCHANGED),
        append_only("standards_qualification", **UNCHANGED),
        append_only("standards_qualificationgroup", **UNCHANGED),
        append_only("standards_qualificationunit", **UNCHANGED),
    ]
