import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Framework",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=20, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("edition", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "abstract": False,
            },
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
            options={
                "ordering": ["framework", "code", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("framework", "code", "number"), name="qualification_number_once_a_code"
                    ),
                ],
            },
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="standards.qualification"
                    ),
                ),
            ],
            options={
                "ordering": ["qualification", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("qualification", "position"), name="group_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=20)),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="standards.framework"
                    ),
                ),
            ],
            options={
                "ordering": ["framework", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("framework", "code"), name="unit_code_once_a_framework"),
                ],
            },
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
            options={
                "ordering": ["group", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("group", "position"), name="group_unit_position_once"),
                    models.UniqueConstraint(fields=("group", "unit"), name="unit_once_a_group"),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("credit", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("glh", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("theme", models.CharField(blank=True, max_length=100)),
                ("purpose", models.TextField(blank=True)),
                ("rules", models.JSONField(default=dict)),
                ("rule_words", models.JSONField(blank=True, default=dict)),
                ("rulings", models.JSONField(default=list)),
                ("published_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="standards.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["unit", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "number"), name="revision_number_once_a_unit"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Element",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveSmallIntegerField()),
                ("number", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[("performance", "Performance"), ("knowledge", "Knowledge")],
                        default="performance",
                        max_length=20,
                    ),
                ),
                ("guidance", models.JSONField(blank=True, default=list)),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="elements",
                        to="standards.unitrevision",
                    ),
                ),
            ],
            options={
                "ordering": ["revision", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("revision", "position"), name="element_position_once_a_revision"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["performance", "knowledge"])), name="element_kind_valid"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("performance", "performance criterion"),
                            ("knowledge", "knowledge item"),
                            ("range", "range item"),
                            ("evidence", "evidence requirement"),
                        ],
                        max_length=20,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(blank=True, max_length=20)),
                ("text", models.TextField()),
                ("group", models.CharField(blank=True, max_length=200)),
                ("section", models.CharField(blank=True, max_length=30)),
                ("minimum", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("emphasis", models.JSONField(blank=True, default=list)),
                ("is_tickable", models.BooleanField(default=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="standards.criterion",
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated_by",
                        to="standards.criterion",
                    ),
                ),
                (
                    "element",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criteria",
                        to="standards.element",
                    ),
                ),
                (
                    "range_elements",
                    models.ManyToManyField(blank=True, related_name="range_items", to="standards.element"),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criteria",
                        to="standards.unitrevision",
                    ),
                ),
            ],
            options={
                "ordering": ["revision", "kind", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("revision", "kind", "position"), name="criterion_position_once_a_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["performance", "knowledge", "range", "evidence"])),
                        name="criterion_kind_valid",
                    ),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="criterion_has_words"),
                ],
            },
        ),
    ]
