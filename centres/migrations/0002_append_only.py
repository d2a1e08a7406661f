from django.db import migrations

from record.triggers import append_only


class Migration(migrations.Migration):
    """A role that was held stays on record; only its end is ever added."""

    dependencies = [("centres", "0001_initial")]

    operations = [append_only("centres_membership", may_change=["works_towards_award"], may_change_once=["ended_at"])]
