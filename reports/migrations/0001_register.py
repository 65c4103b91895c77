"""The register of exports, and who may read it."""

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("portfolios", "0003_security"),
    ]
    operations = [
        migrations.CreateModel(
            name="ExportRecord",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_default=Now())),
                ("report", models.CharField(max_length=40)),
                (
                    "parameters",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                (
                    "portfolio_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
                ("version_number", models.IntegerField()),
                ("as_of", models.DateField()),
                ("template_version", models.CharField(max_length=20)),
                ("row_counts", models.JSONField(help_text="Rows by dataset.")),
                (
                    "control_totals",
                    models.JSONField(help_text="Sums by dataset and column, exact decimals."),
                ),
                (
                    "files",
                    models.JSONField(help_text="Name, media type, size and SHA-256 of each file."),
                ),
                (
                    "frozen",
                    models.BinaryField(help_text="The datasets as compressed canonical JSON."),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "export_record",
                "indexes": [
                    models.Index(fields=["person", "-number"], name="export_by_person"),
                ],
            },
        ),
        run_sql_file(
            "reports/register/sql/010_secure.sql",
            reverse="ALTER TABLE export_record DISABLE ROW LEVEL SECURITY",
        ),
    ]
