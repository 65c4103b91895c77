"""Finds a custody fact by its source line."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0008_figure_models"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="custodyholding",
            index=models.Index(fields=["file_id", "line_no"], name="custody_holding_by_line"),
        ),
        migrations.AddIndex(
            model_name="custodyposting",
            index=models.Index(fields=["file_id", "line_no"], name="custody_posting_by_line"),
        ),
    ]
