"""What valuation keeps beside positions: lives, activity by holding, the window, the sources."""

from datetime import date

import django.db.models.deletion
from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file

PORTFOLIO = "portfolios.portfolio"
PROTECT = django.db.models.deletion.PROTECT
# Position values are derived: a refresh makes them again.
TAKE_BACK = """
    CALL security.release('listing_activity', 'portfolio_life', 'rollup_window', 'source_input');
    DELETE FROM rollup_window;
    TRUNCATE position_daily;
    ALTER TABLE position_daily
        ALTER COLUMN price SET NOT NULL,
        ALTER COLUMN priced_on SET NOT NULL,
        ALTER COLUMN value_price_currency SET NOT NULL,
        ALTER COLUMN base_rate SET NOT NULL,
        ALTER COLUMN base_value SET NOT NULL,
        ADD CONSTRAINT position_daily_portfolio_id_fkey
            FOREIGN KEY (portfolio_id) REFERENCES portfolio,
        ADD CONSTRAINT position_daily_listing_id_fkey
            FOREIGN KEY (listing_id) REFERENCES listing
"""


def _money() -> models.DecimalField:
    return models.DecimalField(max_digits=30, decimal_places=10, default=0)


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0003_security")]
    operations = [
        migrations.CreateModel(
            name="PortfolioLife",
            fields=[
                (
                    "portfolio",
                    models.OneToOneField(
                        on_delete=PROTECT, primary_key=True, serialize=False, to=PORTFOLIO
                    ),
                ),
                ("first_on", models.DateField()),
                ("last_on", models.DateField(null=True)),
            ],
            options={"db_table": "portfolio_life"},
        ),
        migrations.CreateModel(
            name="SourceInput",
            fields=[
                ("source", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("newest_input_at", models.DateTimeField()),
                ("business_date", models.DateField(null=True)),
                (
                    "due_at",
                    models.DateTimeField(help_text="When the next input is expected.", null=True),
                ),
            ],
            options={"db_table": "source_input"},
        ),
        migrations.AddField(
            model_name="pricedaily",
            name="currency",
            field=models.CharField(
                default="",
                help_text="Major currency of the unit on the price's own row.",
                max_length=3,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="valuationday",
            name="previous_on",
            field=models.DateField(
                default=date(1970, 1, 1), help_text="The session before, for the first day too."
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="ListingActivity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "portfolio",
                        "valued_on",
                        "listing",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("valued_on", models.DateField()),
                ("traded_cash", _money()),
                ("dividend_income", _money()),
                ("listing", models.ForeignKey(on_delete=PROTECT, to="portfolios.listing")),
                ("portfolio", models.ForeignKey(on_delete=PROTECT, to=PORTFOLIO)),
            ],
            options={"db_table": "listing_activity"},
        ),
        migrations.CreateModel(
            name="RollupWindow",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("open_from", models.DateField()),
            ],
            options={
                "db_table": "rollup_window",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="rollup_window_has_one_row"
                    )
                ],
            },
        ),
        run_sql_file("portfolios/sql/040_valuation.sql", reverse=TAKE_BACK),
    ]
