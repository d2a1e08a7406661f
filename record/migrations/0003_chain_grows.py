from django.db import migrations

from record.triggers import append_only


class Migration(migrations.Migration):
    """Many claims made at once are as many events: a chain may grow by several, and still never shrinks."""

    dependencies = [("record", "0002_append_only")]

    operations = [append_only("record_chain", may_change=("length", "head"), only_if="NEW.length > OLD.length")]
