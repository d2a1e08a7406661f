"""What happened cannot be unsaid: the database itself refuses to change or delete it."""

from django.db import migrations

from record.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [
        append_only("record_event"),
        append_only("record_eventpayload", may_delete=True),  # disposal erases particulars
        append_only("record_signingkey"),
        append_only("record_canonicaldocument"),
        append_only("record_chain", may_change=("length", "head"), only_if="NEW.length > OLD.length"),
    ]
