"""Django knows the secured views; it neither makes nor changes them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0007_schedule"),
    ]

    operations = [
        migrations.CreateModel(
            name="BenchmarkDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "portfolio_id",
                        "valued_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("valued_on", models.DateField()),
                ("benchmark_return", models.FloatField()),
                ("benchmark_wealth", models.FloatField()),
            ],
            options={
                "db_table": "benchmark_day",
                "abstract": False,
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="DeskDay",
            fields=[
                ("opening_value", models.DecimalField(decimal_places=10, max_digits=40)),
                ("net_asset_value", models.DecimalField(decimal_places=10, max_digits=40)),
                ("external_inflow", models.DecimalField(decimal_places=10, max_digits=40)),
                ("external_outflow", models.DecimalField(decimal_places=10, max_digits=40)),
                ("day_pnl", models.DecimalField(decimal_places=10, max_digits=40)),
                ("portfolio_count", models.IntegerField()),
                ("return_net", models.FloatField(null=True)),
                ("wealth_net", models.FloatField()),
                ("benchmark_return", models.FloatField(null=True)),
                ("benchmark_wealth", models.FloatField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "desk_id",
                        "valued_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("valued_on", models.DateField()),
            ],
            options={
                "db_table": "desk_day",
                "abstract": False,
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="ExposureDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "portfolio_id",
                        "valued_on",
                        "breakdown",
                        "bucket",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("valued_on", models.DateField()),
                ("breakdown", models.TextField()),
                ("bucket", models.TextField()),
                ("value_base", models.DecimalField(decimal_places=10, max_digits=40)),
                ("share_of_nav", models.FloatField(null=True)),
            ],
            options={
                "db_table": "exposure_day",
                "abstract": False,
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="FirmDay",
            fields=[
                ("opening_value", models.DecimalField(decimal_places=10, max_digits=40)),
                ("net_asset_value", models.DecimalField(decimal_places=10, max_digits=40)),
                ("external_inflow", models.DecimalField(decimal_places=10, max_digits=40)),
                ("external_outflow", models.DecimalField(decimal_places=10, max_digits=40)),
                ("day_pnl", models.DecimalField(decimal_places=10, max_digits=40)),
                ("portfolio_count", models.IntegerField()),
                ("return_net", models.FloatField(null=True)),
                ("wealth_net", models.FloatField()),
                ("benchmark_return", models.FloatField(null=True)),
                ("benchmark_wealth", models.FloatField()),
                ("valued_on", models.DateField(primary_key=True, serialize=False)),
            ],
            options={
                "db_table": "firm_day",
                "abstract": False,
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="FirmMoverDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "valued_on",
                        "listing_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("valued_on", models.DateField()),
                ("value", models.DecimalField(decimal_places=10, max_digits=40)),
                ("change", models.DecimalField(decimal_places=10, max_digits=40)),
            ],
            options={
                "db_table": "firm_mover_day",
                "abstract": False,
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PortfolioDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "portfolio_id",
                        "valued_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("valued_on", models.DateField()),
                ("base_currency", models.CharField(max_length=3)),
                ("opening_value", models.DecimalField(decimal_places=10, max_digits=40)),
                ("net_asset_value", models.DecimalField(decimal_places=10, max_digits=40)),
                ("securities_value", models.DecimalField(decimal_places=10, max_digits=40)),
                ("cash_value", models.DecimalField(decimal_places=10, max_digits=40)),
                ("external_inflow", models.DecimalField(decimal_places=10, max_digits=40)),
                ("external_outflow", models.DecimalField(decimal_places=10, max_digits=40)),
                ("management_fee", models.DecimalField(decimal_places=10, max_digits=40)),
                ("safekeeping_fee", models.DecimalField(decimal_places=10, max_digits=40)),
                ("dividend_income", models.DecimalField(decimal_places=10, max_digits=40)),
                ("day_pnl", models.DecimalField(decimal_places=10, max_digits=40)),
                ("average_realised", models.DecimalField(decimal_places=10, max_digits=40)),
                ("fifo_realised", models.DecimalField(decimal_places=10, max_digits=40)),
                ("average_unrealised", models.DecimalField(decimal_places=10, max_digits=40)),
                ("fifo_unrealised", models.DecimalField(decimal_places=10, max_digits=40)),
                ("return_net", models.FloatField(null=True)),
                ("return_gross", models.FloatField(null=True)),
                ("return_net_eod", models.FloatField(null=True)),
                ("return_net_sod", models.FloatField(null=True)),
                ("wealth_net", models.FloatField()),
                ("wealth_gross", models.FloatField()),
                ("drawdown", models.FloatField()),
                ("max_drawdown", models.FloatField()),
                ("usd_rate", models.DecimalField(decimal_places=20, max_digits=40)),
                ("unpriced_holdings", models.IntegerField()),
            ],
            options={
                "db_table": "portfolio_day",
                "abstract": False,
                "managed": False,
            },
        ),
    ]
