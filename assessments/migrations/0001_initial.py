import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import record.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("centres", "0001_initial"),
        ("portfolio", "0001_initial"),
        ("record", "0001_initial"),
        ("standards", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("met", "Met"), ("partly", "Met in part"), ("not_yet", "Not yet")],
                        max_length=20,
                    ),
                ),
                ("reason", record.fields.PlainTextField(blank=True, limit=5000)),
                ("made_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="portfolio.participation",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="judgements", to="portfolio.claim"
                    ),
                ),
                (
                    "evidence_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="portfolio.evidenceversion",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["met", "partly", "not_yet", ""])),
                        name="judgement_outcome_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "not_yet"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="not_yet_has_a_reason",
                        violation_error_message="Say why it is not met yet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__length__lte", 5000)), name="judgement_reason_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("returned", "Returned"), ("withdrawn", "Withdrawn"), ("reopened", "Reopened")],
                        max_length=20,
                    ),
                ),
                ("from_state", models.CharField(max_length=20)),
                ("reason", record.fields.PlainTextField(limit=5000)),
                ("made_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="portfolio.participation",
                    ),
                ),
                (
                    "unit_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="portfolio.unitversion"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["returned", "withdrawn", "reopened"])),
                        name="return_kind_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_state__in", ["submitted", "assessed", "verified"])),
                        name="return_from_state_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="return_has_a_reason",
                        violation_error_message="Say why: the reason is part of the record.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__length__lte", 5000)), name="return_reason_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("submission", "Submission"),
                            ("sign_off", "Sign-off"),
                            ("sign_off_confirmed", "Confirmation of the sign-off"),
                            ("countersignature", "Countersignature"),
                            ("countersignature_confirmed", "Confirmation of the countersignature"),
                        ],
                        max_length=30,
                    ),
                ),
                ("declaration", models.TextField()),
                ("comment", record.fields.PlainTextField(blank=True, limit=5000)),
                ("signed_at", models.DateTimeField()),
                ("needs_confirmation", models.BooleanField(default=False)),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.canonicaldocument"
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="portfolio.participation",
                    ),
                ),
                (
                    "unit_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="portfolio.unitversion",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("needs_confirmation", False),
                            ("stage__in", ["sign_off", "countersignature"]),
                            _connector="OR",
                        ),
                        name="sign_off_and_countersignature_are_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "submission",
                                    "sign_off",
                                    "sign_off_confirmed",
                                    "countersignature",
                                    "countersignature_confirmed",
                                ],
                            )
                        ),
                        name="signature_stage_valid",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("unit_version", "stage"),
                        name="one_standing_signature_a_stage",
                        violation_error_message="This has been signed already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("comment__length__lte", 5000)), name="signature_comment_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PinnedEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evidence_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pins", to="portfolio.evidenceversion"
                    ),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pins", to="assessments.signature"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("signature", "evidence_version"), name="pinned_once_a_signature"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FinalForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "waits_since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("rendered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "stored_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="final_forms",
                        to="portfolio.storedfile",
                    ),
                ),
                (
                    "signature",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="final_form",
                        to="assessments.signature",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rendered_at__isnull", True), ("stored_file__isnull", True)),
                            models.Q(("rendered_at__isnull", False), ("stored_file__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_rendered_form_has_its_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="portfolio.claim",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("met", "Met"),
                            ("claimed", "Waiting"),
                            ("partly", "Met in part"),
                            ("not_yet", "Not yet"),
                            ("barred", "Does not count"),
                            ("empty", "Nothing yet"),
                        ],
                        max_length=10,
                    ),
                ),
                ("stamp", models.CharField(max_length=8)),
                (
                    "candidate_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standings",
                        to="portfolio.candidateunit",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="standards.criterion",
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="assessments.judgement",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="standings", to="portfolio.evidence"
                    ),
                ),
                (
                    "judgement",
                    models.OneToOneField(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="assessments.judgement",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="portfolio.evidenceversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["met", "claimed", "partly", "not_yet", "barred"])),
                        name="standing_status_valid",
                    ),
                    models.UniqueConstraint(
                        fields=("candidate_unit", "evidence", "criterion"), name="one_standing_a_cell"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitProgress",
            fields=[
                (
                    "candidate_unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="portfolio.candidateunit",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("collecting", "Collecting"),
                            ("submitted", "Submitted"),
                            ("assessed", "Assessed"),
                            ("verified", "Verified"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "turn",
                    models.CharField(
                        choices=[
                            ("candidate", "The candidate's"),
                            ("assessor", "The assessor's"),
                            ("verifier", "The internal verifier's"),
                            ("nobody", "Nobody's: none is allocated"),
                            ("kept_out", "A verifier's who cannot verify what they wrote"),
                            ("unconfirmed", "Somebody's who confirms a signature"),
                            ("done", "Nobody's: it is verified"),
                            ("aside", "Nobody's: it is set aside"),
                        ],
                        max_length=20,
                    ),
                ),
                ("total", models.PositiveSmallIntegerField()),
                ("met", models.PositiveSmallIntegerField()),
                ("waiting", models.PositiveSmallIntegerField()),
                ("partly", models.PositiveSmallIntegerField()),
                ("not_yet", models.PositiveSmallIntegerField()),
                ("missing", models.PositiveSmallIntegerField()),
                ("to_judge", models.PositiveIntegerField()),
                ("happened_at", models.DateTimeField()),
                ("rule", models.PositiveSmallIntegerField()),
                (
                    "assessor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="centres.centre",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="portfolio.registration",
                    ),
                ),
                (
                    "sent_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unconfirmed_of",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verifier",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["centre", "state", "turn"], name="progress_by_state"),
                    models.Index(fields=["centre", "turn", "happened_at"], name="progress_by_turn"),
                    models.Index(fields=["assessor", "centre", "registration"], name="progress_of_assessor"),
                    models.Index(fields=["verifier", "centre", "turn", "since"], name="progress_of_verifier"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["collecting", "submitted", "assessed", "verified"])),
                        name="progress_state_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "turn__in",
                                [
                                    "candidate",
                                    "assessor",
                                    "verifier",
                                    "nobody",
                                    "kept_out",
                                    "unconfirmed",
                                    "done",
                                    "aside",
                                ],
                            )
                        ),
                        name="progress_turn_valid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessorStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="portfolio.participation",
                    ),
                ),
                (
                    "candidate_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="portfolio.candidateunit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("candidate_unit", "words"),
                        name="statement_stands_once",
                        violation_error_message="This is stated already.",
                    )
                ],
            },
        ),
    ]
