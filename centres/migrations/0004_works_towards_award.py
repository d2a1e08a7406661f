from django.db import migrations, models
from django.db.models import Q

from record.triggers import append_only


class Migration(migrations.Migration):
    """Who works towards an award signs, and somebody who holds it confirms that."""

    dependencies = [("centres", "0003_hints")]

    operations = [
        migrations.AddField(
            model_name="membership", name="works_towards_award", field=models.BooleanField(default=False)
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=Q(works_towards_award=False) | Q(role__in=("assessor", "internal_verifier")),
                name="assessors_and_verifiers_work_towards_an_award",
                violation_error_message="Only an assessor or an internal verifier works towards an award.",
            ),
        ),
        append_only("centres_membership", may_change=["works_towards_award"], may_change_once=["ended_at"]),
    ]
