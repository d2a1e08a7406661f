from django.db import migrations, models


class Migration(migrations.Migration):
    """When a person last looked at what others said, so that what was said since is marked as new."""

    dependencies = [("centres", "0007_people_by_name")]

    operations = [
        migrations.AddField(
            model_name="user", name="home_looked_at", field=models.DateTimeField(blank=True, null=True)
        ),
    ]
