"""Why the firm's figures changed since a version: asked for by leadership, told by desk."""

import django.db.models.deletion
from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file

STATES = [
    ("asked", "Waits for the worker"),
    ("ready", "Computed"),
    ("failed", "Could not be computed"),
]
TAKE_BACK = """
    CALL security.release('firm_change', 'firm_change_cause');
    REVOKE ALL ON SEQUENCE firm_change_id_seq FROM helio_web;
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0036_ended_by_batch")]
    operations = [
        migrations.CreateModel(
            name="FirmChange",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("figure", models.CharField(max_length=40)),
                ("as_of", models.DateField()),
                ("since", models.IntegerField(help_text="Number of the earlier version.")),
                (
                    "until",
                    models.IntegerField(
                        help_text="Number of the newest version when it was asked for."
                    ),
                ),
                ("state", models.CharField(choices=STATES, default="asked", max_length=10)),
                ("sentence", models.TextField(blank=True, db_default="")),
                ("asked_by_id", models.IntegerField()),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "firm_change",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["figure", "as_of", "since", "until"], name="firm_change_asked_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FirmChangeCause",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "change",
                        "desk_id",
                        "place",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("desk_id", models.IntegerField()),
                ("place", models.SmallIntegerField()),
                ("label", models.TextField()),
                ("effect", models.DecimalField(decimal_places=10, max_digits=30)),
                ("records", models.IntegerField()),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="portfolios.firmchange"
                    ),
                ),
            ],
            options={"db_table": "firm_change_cause"},
        ),
        run_sql_file("portfolios/sql/131_firm_change.sql", reverse=TAKE_BACK),
    ]
