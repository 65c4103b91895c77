"""Names for the way from a batch to its files and exceptions."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0003_security"),
    ]

    operations = [
        migrations.AlterField(
            model_name="exceptionitem",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exceptions",
                to="ingestion.batch",
            ),
        ),
        migrations.AlterField(
            model_name="exceptionitem",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exceptions",
                to="ingestion.sourcefile",
            ),
        ),
        migrations.AlterField(
            model_name="sourcefile",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="ingestion.batch",
            ),
        ),
    ]
