from django.db import migrations, models
from django.db.models import F, Q

from record.triggers import append_only


class Migration(migrations.Migration):
    """A unit has one lead assessor and one lead verifier, and any number who work beside them, perhaps for a time."""

    dependencies = [("portfolio", "0004_type_of_a_name")]

    operations = [
        migrations.RemoveConstraint(model_name="allocation", name="one_allocation_a_capacity_and_unit"),
        migrations.AddField(model_name="allocation", name="leads", field=models.BooleanField(default=True)),
        migrations.AddField(model_name="allocation", name="until", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                condition=Q(ended_at__isnull=True, leads=True),
                fields=("candidate_unit", "capacity"),
                name="one_leads_a_capacity_and_unit",
                violation_error_message="Somebody else leads in the unit in this capacity.",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("began_at")),
                name="cover_ends_after_it_begins",
                violation_error_message="This day is over. Choose a later one.",
            ),
        ),
        # SQLite made the table anew, and its triggers were gone.
        append_only("portfolio_allocation", may_change_once=["ended_at"]),
    ]
