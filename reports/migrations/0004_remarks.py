"""What an export leaves out or finds closed, beside its figures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_operations_read_their_own"),
    ]

    operations = [
        migrations.AddField(
            model_name="exportrecord",
            name="remarks",
            field=models.JSONField(
                db_default=[], default=list, help_text="What is unknown or closed, in sentences."
            ),
        ),
    ]
