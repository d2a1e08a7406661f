from django.db import migrations, models

from record.triggers import append_only


class Migration(migrations.Migration):
    """Of chains there are three kinds, and of the site's there is one."""

    dependencies = [("record", "0003_chain_grows")]

    operations = [
        migrations.AddField(
            model_name="chain",
            name="kind",
            field=models.CharField(
                choices=[("site", "Site"), ("centre", "Centre"), ("portfolio", "Portfolio")],
                default="portfolio",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="chain",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["site", "centre", "portfolio"])), name="chain_kind_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="chain",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "site")), fields=("kind",), name="one_chain_of_the_site"
            ),
        ),
        append_only("record_chain", may_change=("length", "head"), only_if="NEW.length > OLD.length"),
    ]
