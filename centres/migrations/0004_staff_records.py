import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

import record.fields
from record.event_content import told_time
from record.models import Chain
from record.services.events import event_add
from record.triggers import append_only


def take_over_marks(apps, editor):
    """Turn each mark on a role that is held into a row, and tell of it in the chain of the centre.

    Whoever held the award holds one without a name, and whoever worked towards it still does. The event is written by
    today's code: a later migration of `record` that changes its tables says `run_before` this one.
    """
    Membership, StaffRecord = apps.get_model("centres", "Membership"), apps.get_model("centres", "StaffRecord")
    now = timezone.now()
    held = Membership.objects.filter(ended_at__isnull=True, role__in=["assessor", "internal_verifier"])
    for membership in held.select_related("centre", "user").order_by("pk"):
        row = StaffRecord.objects.create(
            centre=membership.centre,
            user=membership.user,
            kind="towards" if membership.works_towards_award else "award",
            role=membership.role,
            what=f"On record before {now:%-d %B %Y}, not named",
            made_at=now,
        )
        told = {
            "id": str(row.uuid),
            "centre": str(membership.centre.uuid),
            "user": str(membership.user.uuid),
            "kind": row.kind,
            "role": row.role,
            "what": row.what,
            "shown_by": "",
            "since": None,
            "until": None,
            "hours": None,
            "author": None,
            "made_at": told_time(now),
            "ended_at": None,
            "ended_by": None,
            "ended_why": "",
        }
        event_add(
            chain=Chain.objects.get(pk=membership.centre.chain_id),
            kind="award.recorded",
            actor=None,
            at=now,
            payload={"staff_record": told},
        )


class Migration(migrations.Migration):
    """Awards of staff have rows of their own, with dates; the mark on a role goes."""

    dependencies = [
        ("record", "0002_append_only"),
        ("centres", "0003_policy"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("award", "Award held"),
                            ("towards", "Works towards an award"),
                            ("approval", "Approved by an awarding body"),
                            ("competence", "Occupational competence"),
                            ("development", "Development"),
                        ],
                        max_length=20,
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=20)),
                ("what", record.fields.PlainCharField(max_length=200)),
                ("shown_by", record.fields.PlainCharField(blank=True, max_length=300)),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
                ("hours", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_why", record.fields.PlainTextField(blank=True, limit=500)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staff_records", to="centres.centre"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_records",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-since", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["award", "towards", "approval", "competence", "development"])),
                        name="staff_record_kind_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("what__length__lte", 200)), name="staff_record_what_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shown_by__length__lte", 300)), name="staff_record_shown_by_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ("award", "towards")), ("role__in", ("assessor", "internal_verifier"))
                            ),
                            models.Q(models.Q(("kind__in", ("award", "towards")), _negated=True), ("role", "")),
                            _connector="OR",
                        ),
                        name="staff_record_of_a_role",
                        violation_error_message="Say for which role the award is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("hours__gt", 0), ("hours__isnull", False), ("hours__lte", 999), ("kind", "development")
                            ),
                            models.Q(models.Q(("kind", "development"), _negated=True), ("hours__isnull", True)),
                            _connector="OR",
                        ),
                        name="staff_record_hours_of_development",
                        violation_error_message="Give the hours, more than 0 and at most 999.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("author__isnull", True), ("kind__in", ("award", "towards"))),
                            models.Q(("author__isnull", False), ("since__isnull", False)),
                            _connector="OR",
                        ),
                        name="staff_record_dated",
                        violation_error_message="Give the date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("until__isnull", True),
                                models.Q(
                                    models.Q(("kind", "towards"), _negated=True),
                                    ("author__isnull", True),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(("kind__in", ("award", "towards", "approval")), ("until__isnull", False)),
                            _connector="OR",
                        ),
                        name="staff_record_until_of_its_kind",
                        violation_error_message="Give the target date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("since__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="staff_record_ends_after_it_begins",
                        violation_error_message="It would end before it begins. Look at the two dates.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("ended_why", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                models.Q(("ended_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="staff_record_end_whole",
                        violation_error_message="Say why it is taken off the record.",
                    ),
                ],
            },
        ),
        append_only(
            "centres_staffrecord",
            may_change=["ended_at", "ended_by_id", "ended_why"],
            only_if="OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL",
        ),
        migrations.RunPython(take_over_marks, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="membership",
            name="assessors_and_verifiers_work_towards_an_award",
        ),
        migrations.RemoveField(
            model_name="membership",
            name="works_towards_award",
        ),
        append_only("centres_membership", may_change_once=["ended_at"]),  # SQLite made the table anew
    ]
