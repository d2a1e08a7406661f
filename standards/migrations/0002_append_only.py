from django.db import migrations

from record.triggers import append_only

# `loaddata` writes a row again when it finds it, so an UPDATE that changes nothing passes: `id` may be
# written, and must stay as it is.
UNCHANGED = {"may_change": ["id"], "only_if": "NEW.id = OLD.id"}


class Migration(migrations.Migration):
    """A published revision is never changed: the database refuses it, whoever asks."""

    dependencies = [("standards", "0001_initial")]

    operations = [
        append_only("standards_unitrevision", **UNCHANGED),
        append_only("standards_element", **UNCHANGED),
        append_only("standards_criterion", **UNCHANGED),
        append_only("standards_criterion_range_elements", **UNCHANGED),
        append_only("standards_qualification", **UNCHANGED),
        append_only("standards_qualificationgroup", **UNCHANGED),
        append_only("standards_qualificationunit", **UNCHANGED),
    ]
