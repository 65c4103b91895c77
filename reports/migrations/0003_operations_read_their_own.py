"""Pages of operations read the tables of ingestion itself."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_operations_reads"),
    ]

    operations = [
        migrations.DeleteModel(
            name="Batch",
        ),
        migrations.DeleteModel(
            name="ExceptionItem",
        ),
        migrations.DeleteModel(
            name="Source",
        ),
        migrations.DeleteModel(
            name="SourceFile",
        ),
        migrations.DeleteModel(
            name="SourceText",
        ),
    ]
