"""The firm as known then: what leadership asked for, and what the worker computed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0010_price_by_file"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirmCut",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("known_at", models.DateTimeField(unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for the worker"),
                            ("ready", "Computed"),
                            ("failed", "Could not be computed"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("sentence", models.TextField(blank=True, db_default="")),
                ("asked_by_id", models.IntegerField()),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                (
                    "version_number",
                    models.IntegerField(help_text="Newest version when computed.", null=True),
                ),
            ],
            options={
                "db_table": "firm_cut",
            },
        ),
        migrations.CreateModel(
            name="FirmCutDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "cut",
                        "desk_id",
                        "valued_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("desk_id", models.IntegerField()),
                ("valued_on", models.DateField()),
                ("opening_value", models.DecimalField(decimal_places=10, max_digits=30)),
                ("net_asset_value", models.DecimalField(decimal_places=10, max_digits=30)),
                ("external_inflow", models.DecimalField(decimal_places=10, max_digits=30)),
                ("external_outflow", models.DecimalField(decimal_places=10, max_digits=30)),
                ("portfolio_count", models.IntegerField()),
                ("return_net", models.FloatField(null=True)),
                ("wealth_net", models.FloatField()),
                ("benchmark_wealth", models.FloatField()),
                (
                    "cut",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="portfolios.firmcut"
                    ),
                ),
            ],
            options={
                "db_table": "firm_cut_day",
            },
        ),
        migrations.CreateModel(
            name="FirmCutMover",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "cut",
                        "valued_on",
                        "listing",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("valued_on", models.DateField()),
                ("value", models.DecimalField(decimal_places=10, max_digits=30)),
                ("change", models.DecimalField(decimal_places=10, max_digits=30)),
                (
                    "cut",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="portfolios.firmcut"
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="portfolios.listing"
                    ),
                ),
            ],
            options={
                "db_table": "firm_cut_mover",
            },
        ),
    ]
