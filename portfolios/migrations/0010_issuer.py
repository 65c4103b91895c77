"""Issuers: the level above the instrument."""

import django.db.models.deletion
from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0009_custody_lines")]

    operations = [
        migrations.CreateModel(
            name="Issuer",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=160)),
                ("lei", models.CharField(max_length=20, null=True, unique=True)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("derived", models.BooleanField(default=False)),
                ("evidence", models.TextField(blank=True)),
            ],
            options={
                "db_table": "issuer",
                "ordering": ["name", "id"],
                "indexes": [models.Index(fields=["name"], name="issuer_by_name")],
            },
        ),
        migrations.AddField(
            model_name="instrument",
            name="issuer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instruments",
                to="portfolios.issuer",
            ),
        ),
        migrations.AddField(
            model_name="instrument",
            name="issuer_source",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Who says so: a source, operations, or derived.",
                max_length=40,
            ),
        ),
        run_sql_file("portfolios/sql/070_issuer.sql", reverse="CALL security.release('issuer')"),
    ]
