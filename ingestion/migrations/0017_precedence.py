"""Ranks of sources, files that state whole days, and records taken instead of the first."""

import django.db.models.deletion
from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file

REVERSE = """
    DROP TABLE staging.contested;
    DROP VIEW peer_file;
    CALL security.release('source_rank')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0016_parts"),
        ("portfolios", "0019_statements"),
    ]

    operations = [
        migrations.AddField(
            model_name="sourcefile",
            name="states_days",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="What it lacks of an account and day that it states is gone.",
            ),
        ),
        migrations.AddField(
            model_name="workrequest",
            name="item",
            field=models.ForeignKey(
                help_text="The record to take.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="ingestion.exceptionitem",
            ),
        ),
        migrations.AddField(
            model_name="workrequest",
            name="reason",
            field=models.TextField(blank=True, db_default="", help_text="Why, as the person said."),
        ),
        migrations.AlterField(
            model_name="exceptionitem",
            name="state",
            field=models.CharField(
                choices=[
                    ("held", "Still held"),
                    ("released", "Released"),
                    ("rejected", "Rejected"),
                    ("skipped", "Skipped"),
                    ("dismissed", "Set aside by a person"),
                    ("mended", "Mended and sent again"),
                    ("taken", "Taken instead of the first"),
                    ("resent", "Sent again, and still without effect"),
                ],
                default="held",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="workrequest",
            name="kind",
            field=models.CharField(
                choices=[
                    ("replay", "Try held records again"),
                    ("run", "Run a source again"),
                    ("take", "Take the other content of a record"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="SourceRank",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("record", models.CharField(max_length=20)),
                ("rank", models.IntegerField(help_text="Lower decides first.")),
                ("known_from", models.DateTimeField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ranks",
                        to="ingestion.source",
                    ),
                ),
            ],
            options={
                "db_table": "source_rank",
                "ordering": ["record", "known_from", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "record", "known_from"), name="source_rank_identity"
                    )
                ],
            },
        ),
        run_sql_file("ingestion/load/sql/precedence/010_ranks.sql", reverse=REVERSE),
    ]
