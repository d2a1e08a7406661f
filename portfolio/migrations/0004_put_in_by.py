import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from record.triggers import append_only


class Migration(migrations.Migration):
    """Who put in a piece for its author, and what it was taken from. The rules name every column, so they come again."""

    dependencies = [
        ("portfolio", "0003_arriving_file"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="put_in_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence_put_in",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidenceversion",
            name="put_in_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence_versions_put_in",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="taken_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_over",
                to="portfolio.evidenceversion",
            ),
        ),
        append_only("portfolio_evidence", may_change_once=["removed_at"]),
        append_only("portfolio_evidenceversion"),
    ]
