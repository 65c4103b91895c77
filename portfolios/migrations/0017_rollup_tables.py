"""The worth of a unit by day, and the rollups: tables by the day, and small views on top of them."""

from decimal import Decimal

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from helio.rls.sqlfile import run_sql_file

ROLLUP = "helio_rollup"
GATE = "helio_gate"


def _refers(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        to=f"portfolios.{to}", on_delete=PROTECT, db_constraint=False, db_index=False
    )


def _amount(digits: int, places: int) -> models.DecimalField:
    return models.DecimalField(max_digits=digits, decimal_places=places, null=True)


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0016_valued_when_read")]
    operations = [
        migrations.AlterField("activitydaily", "portfolio", _refers("portfolio")),
        migrations.AlterField("holdingstate", "listing", _refers("listing")),
        migrations.AlterField("holdingstate", "portfolio", _refers("portfolio")),
        migrations.AlterField("listingactivity", "listing", _refers("listing")),
        migrations.AlterField("listingactivity", "portfolio", _refers("portfolio")),
        migrations.AlterField("pricedaily", "listing", _refers("listing")),
        migrations.AddField(
            "holdingstate",
            "valued_units",
            models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        units__lt=0, average_cost__isnull=False, then=models.Value(Decimal(0))
                    ),
                    default=models.F("units"),
                ),
                output_field=models.DecimalField(max_digits=30, decimal_places=10),
            ),
        ),
        migrations.AddIndex(
            "listingactivity",
            models.Index(fields=["listing", "valued_on"], name="listing_activity_by_listing"),
        ),
        migrations.CreateModel(
            "BasePriceDaily",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "listing",
                        "base_currency",
                        "valued_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("listing", _refers("listing")),
                ("base_currency", models.CharField(max_length=3)),
                ("valued_on", models.DateField()),
                ("price", _amount(30, 14)),
                ("priced_on", models.DateField(null=True)),
                ("price_currency", models.CharField(max_length=3)),
                ("base_rate", _amount(40, 20)),
                ("base_price", _amount(70, 34)),
            ],
            options={"db_table": "base_price_daily"},
        ),
        run_sql_file(
            "portfolios/sql/079_rollup_functions.sql",
            role=ROLLUP,
            reverse="DROP MATERIALIZED VIEW rollup.index_day; DROP FUNCTION rollup.index_value;"
            " DROP AGGREGATE rollup.product(double precision)",
        ),
        run_sql_file(
            "portfolios/sql/080_base_price.sql",
            reverse="DROP INDEX holding_state_lasting, holding_state_by_listing,"
            " transaction_in_kind; CALL security.release('base_price_daily')",
        ),
        run_sql_file(
            "portfolios/sql/081_rollup_position_daily.sql",
            role=ROLLUP,
            reverse="DROP VIEW rollup.position_daily",
        ),
        run_sql_file(
            "portfolios/sql/082_rollup_portfolio_day.sql",
            role=ROLLUP,
            reverse="DROP TABLE rollup.portfolio_day",
        ),
        run_sql_file(
            "portfolios/sql/083_rollup_exposure_day.sql",
            role=ROLLUP,
            reverse="DROP VIEW rollup.exposure_day",
        ),
        run_sql_file(
            "portfolios/sql/084_rollup_benchmark.sql",
            role=ROLLUP,
            reverse="DROP VIEW rollup.benchmark_day; DROP MATERIALIZED VIEW rollup.benchmark_level",
        ),
        run_sql_file(
            "portfolios/sql/085_rollup_composite_day.sql",
            role=ROLLUP,
            reverse="DROP VIEW rollup.composite_day;"
            " DROP MATERIALIZED VIEW rollup.composite_day_open, rollup.composite_day_closed;"
            " DROP FUNCTION rollup.composite, rollup.open_from; DROP TABLE rollup.composite_sum",
        ),
        run_sql_file(
            "portfolios/sql/086_rollup_firm_mover_day.sql",
            role=ROLLUP,
            reverse="DROP TABLE rollup.firm_mover_day",
        ),
        run_sql_file(
            "portfolios/sql/090_figures_position_daily.sql",
            role=GATE,
            reverse="DROP VIEW figures.position_daily",
        ),
        run_sql_file(
            "portfolios/sql/091_figures_portfolio_day.sql",
            role=GATE,
            reverse="DROP VIEW figures.benchmark_day, figures.exposure_day, figures.portfolio_day",
        ),
        run_sql_file(
            "portfolios/sql/092_figures_firm.sql",
            role=GATE,
            reverse="DROP VIEW figures.firm_mover_day, figures.firm_day, figures.desk_day",
        ),
        run_sql_file(
            "portfolios/sql/064_figures_index_day.sql",
            role=GATE,
            reverse="DROP VIEW figures.index_day",
        ),
    ]
