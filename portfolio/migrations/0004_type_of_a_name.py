from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import CheckConstraint, OuterRef, Q, Subquery

from record.triggers import append_only

_files = append_only("portfolio_evidencefile", may_delete=True)


def move(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Give each name the type that its bytes had."""
    stored = apps.get_model("portfolio", "StoredFile")
    held = Subquery(stored.objects.filter(pk=OuterRef("stored_file")).values("content_type")[:1])
    for name in ("EvidenceFile", "StagedFile"):
        apps.get_model("portfolio", name).objects.update(content_type=held)


class Migration(migrations.Migration):
    """What a file is, its name says: the same bytes may be a list in one place and a table in another."""

    dependencies = [("portfolio", "0003_registration_qualification")]

    operations = [
        migrations.RunPython(_files.reverse_code, _files.code),
        migrations.AddField(
            model_name="evidencefile",
            name="content_type",
            field=models.CharField(default="", max_length=100),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="stagedfile",
            name="content_type",
            field=models.CharField(default="", max_length=100),
            preserve_default=False,
        ),
        migrations.RunPython(move),
        migrations.AddConstraint(
            model_name="evidencefile",
            constraint=CheckConstraint(name="evidence_file_has_a_type", condition=~Q(content_type="")),
        ),
        migrations.RemoveField(model_name="storedfile", name="content_type"),
        append_only("portfolio_evidencefile", may_delete=True),
        append_only("portfolio_storedfile", may_delete=True),
    ]
