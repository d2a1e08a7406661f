import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import record.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("centres", "0001_initial"),
        ("record", "0001_initial"),
        ("standards", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CandidateUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("added_at", models.DateTimeField()),
                ("set_aside_at", models.DateTimeField(blank=True, null=True)),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidate_units",
                        to="standards.unitrevision",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("form_key", models.UUIDField(default=uuid.uuid4)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["registration", "number"],
            },
        ),
        migrations.CreateModel(
            name="EvidenceVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(default=1)),
                ("title", record.fields.PlainTextField(limit=5000)),
                (
                    "kind",
                    models.CharField(
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
                (
                    "setting",
                    models.CharField(
                        choices=[
                            ("real_job", "Real job, paid or voluntary"),
                            ("realistic_environment", "Realistic working environment"),
                            ("work_placement", "Work placement"),
                            ("simulation", "Simulation"),
                        ],
                        max_length=30,
                    ),
                ),
                ("happened_from", models.DateField()),
                ("happened_to", models.DateField(blank=True, null=True)),
                ("location", record.fields.PlainCharField(blank=True, max_length=500)),
                ("relevance", record.fields.PlainTextField(blank=True, limit=2000)),
                ("made_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_versions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="portfolio.evidence"
                    ),
                ),
            ],
            options={
                "ordering": ["evidence", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("evidence", "number"), name="version_once_an_evidence"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
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
                        name="evidence_kind_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("setting__in", ["real_job", "realistic_environment", "work_placement", "simulation"])
                        ),
                        name="evidence_setting_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title__length__lte", 5000)), name="evidence_title_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("location__length__lte", 500)), name="evidence_location_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("relevance__length__lte", 2000)), name="evidence_relevance_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="evidence_has_a_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("happened_to__isnull", True),
                            ("happened_to__gte", models.F("happened_from")),
                            _connector="OR",
                        ),
                        name="period_ends_after_it_begins",
                        violation_error_message="The last day is before the first. Put one of them right.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("location", ""), ("relevance", "")),
                            models.Q(
                                models.Q(("location", ""), _negated=True), models.Q(("relevance", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="held_elsewhere_says_where_and_why",
                        violation_error_message="Say both where it is kept and why it matters.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("candidate", "candidate"),
                            ("assessor", "assessor"),
                            ("internal_verifier", "internal verifier"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "candidate_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="portfolio.candidateunit",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("capacity__in", ["candidate", "assessor", "internal_verifier"])),
                        name="participation_capacity_valid",
                    ),
                    models.UniqueConstraint(
                        fields=("candidate_unit", "user"),
                        name="one_capacity_a_person_and_unit",
                        violation_error_message="This person has taken part in the unit in another capacity.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("capacity", "candidate")),
                        fields=("candidate_unit",),
                        name="one_candidate_a_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("where", record.fields.PlainCharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "candidate_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="portfolio.candidateunit"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="standards.criterion"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="portfolio.evidence"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="portfolio.participation"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawn_claims",
                        to="portfolio.participation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("candidate_unit", "evidence", "criterion"),
                        name="claim_stands_once",
                        violation_error_message="This is claimed already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="withdrawal_says_who_and_when",
                    ),
                    models.CheckConstraint(condition=models.Q(("where__length__lte", 200)), name="claim_where_length"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", record.fields.PlainCharField(blank=True, max_length=40)),
                ("registered_at", models.DateTimeField()),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="registrations", to="centres.centre"
                    ),
                ),
                (
                    "chain",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="registration", to="record.chain"
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="standards.qualification",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="evidence",
            name="registration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="portfolio.registration"
            ),
        ),
        migrations.AddField(
            model_name="candidateunit",
            name="registration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="candidate_units", to="portfolio.registration"
            ),
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("stored_at", models.DateTimeField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stored_files", to="centres.centre"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("centre", "sha256"), name="file_once_a_centre"),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="stored_file_is_not_empty"),
                    models.CheckConstraint(condition=models.Q(("sha256__length", 64)), name="sha256_is_whole"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StagedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=100)),
                ("staged_at", models.DateTimeField()),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staged_files",
                        to="portfolio.registration",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staged_files",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stored_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staged", to="portfolio.storedfile"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=100)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="portfolio.evidenceversion",
                    ),
                ),
                (
                    "stored_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="portfolio.storedfile"
                    ),
                ),
            ],
            options={
                "ordering": ["version", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "position"), name="file_position_once_a_version"),
                    models.CheckConstraint(
                        condition=models.Q(("content_type", ""), _negated=True), name="evidence_file_has_a_type"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("collecting", "Collecting"),
                            ("submitted", "Submitted"),
                            ("assessed", "Assessed"),
                            ("verified", "Verified"),
                        ],
                        default="collecting",
                        max_length=20,
                    ),
                ),
                ("stamp", models.PositiveIntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("assessed_at", models.DateTimeField(blank=True, null=True)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "candidate_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="portfolio.candidateunit",
                    ),
                ),
            ],
            options={
                "ordering": ["candidate_unit", "number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["collecting", "submitted", "assessed", "verified"])),
                        name="unit_state_valid",
                    ),
                    models.UniqueConstraint(fields=("candidate_unit", "number"), name="version_number_once_a_unit"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("candidate_unit",),
                        name="one_open_version",
                        violation_error_message="This unit is being worked on already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("assessed_at__isnull", True),
                                ("state", "collecting"),
                                ("submitted_at__isnull", True),
                                ("verified_at__isnull", True),
                            ),
                            models.Q(
                                ("assessed_at__isnull", True),
                                ("state", "submitted"),
                                ("submitted_at__isnull", False),
                                ("verified_at__isnull", True),
                            ),
                            models.Q(
                                ("assessed_at__isnull", False),
                                ("state", "assessed"),
                                ("submitted_at__isnull", False),
                                ("verified_at__isnull", True),
                            ),
                            models.Q(
                                ("assessed_at__isnull", False),
                                ("state", "verified"),
                                ("submitted_at__isnull", False),
                                ("verified_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="state_agrees_with_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_at__isnull", True), ("state", "verified"), _connector="OR"),
                        name="only_a_verified_version_is_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("candidate", "candidate"),
                            ("assessor", "assessor"),
                            ("internal_verifier", "internal verifier"),
                        ],
                        max_length=20,
                    ),
                ),
                ("leads", models.BooleanField(default=True)),
                ("began_at", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "candidate_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="portfolio.candidateunit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("capacity__in", ["assessor", "internal_verifier"])),
                        name="allocation_capacity_valid",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("candidate_unit", "user"),
                        name="one_allocation_a_person_and_unit",
                        violation_error_message="This person is allocated to the unit already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("leads", True)),
                        fields=("candidate_unit", "capacity"),
                        name="one_leads_a_capacity_and_unit",
                        violation_error_message="Somebody else leads in the unit in this capacity.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="allocation_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gt", models.F("began_at")), _connector="OR"
                        ),
                        name="cover_ends_after_it_begins",
                        violation_error_message="This day is over. Choose a later one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("leads", False), ("until__isnull", True), _connector="OR"),
                        name="only_cover_has_an_end",
                        violation_error_message="Who leads does so until somebody else does. Only further people have an end.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("registration", "number"), name="evidence_number_once_a_portfolio"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("registration", "form_key"), name="evidence_form_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="candidateunit",
            constraint=models.UniqueConstraint(
                fields=("registration", "revision"),
                name="unit_once_a_registration",
                violation_error_message="This unit is in the portfolio already.",
            ),
        ),
    ]
