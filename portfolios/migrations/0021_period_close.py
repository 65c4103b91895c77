"""Closed months, the figures as they were then, and what was restated after."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file

REVERSE = """
    DROP TRIGGER period_close_is_stamped ON period_close;
    DROP FUNCTION public.period_close_is_stamped();
    REVOKE USAGE ON SEQUENCE period_close_id_seq FROM helio_web, helio_worker;
    CALL security.release('closed_restatement', 'closed_figure', 'period_close')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0020_portfolio_gap"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PeriodClose",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("month", models.DateField(help_text="Its first day.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Being closed"),
                            ("closed", "Closed"),
                            ("reopened", "Reopened"),
                        ],
                        db_default="asked",
                        default="asked",
                        max_length=10,
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "version_number",
                    models.IntegerField(help_text="Whose figures were frozen.", null=True),
                ),
                (
                    "valued_on",
                    models.DateField(help_text="Last valuation day of the month.", null=True),
                ),
                ("portfolio_count", models.IntegerField(null=True)),
                ("reopened_at", models.DateTimeField(null=True)),
                ("reopen_reason", models.TextField(blank=True, db_default="")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reopened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "period_close",
                "ordering": ["-month", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ClosedRestatement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "close",
                        "portfolio",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code", models.CharField(help_text="Of the portfolio.", max_length=20)),
                ("base_currency", models.CharField(max_length=3)),
                (
                    "net_asset_value_closed",
                    models.DecimalField(decimal_places=10, max_digits=30, null=True),
                ),
                (
                    "net_asset_value_now",
                    models.DecimalField(decimal_places=10, max_digits=30, null=True),
                ),
                ("return_net_closed", models.FloatField(null=True)),
                ("return_net_now", models.FloatField(null=True)),
                (
                    "cause",
                    models.TextField(help_text="What the first version that restated it said."),
                ),
                (
                    "batch_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("version_number", models.IntegerField(null=True)),
                (
                    "portfolio",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="portfolios.portfolio"
                    ),
                ),
                (
                    "close",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restatements",
                        to="portfolios.periodclose",
                    ),
                ),
            ],
            options={
                "db_table": "closed_restatement",
            },
        ),
        migrations.CreateModel(
            name="ClosedFigure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "close",
                        "portfolio",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "valued_on",
                    models.DateField(help_text="Last day of the month on which it had figures."),
                ),
                ("base_currency", models.CharField(max_length=3)),
                ("net_asset_value", models.DecimalField(decimal_places=10, max_digits=30)),
                (
                    "external_inflow",
                    models.DecimalField(
                        decimal_places=10, help_text="Of the month.", max_digits=30
                    ),
                ),
                (
                    "external_outflow",
                    models.DecimalField(
                        decimal_places=10, help_text="Of the month.", max_digits=30
                    ),
                ),
                (
                    "return_net",
                    models.FloatField(help_text="Of the month, linked daily.", null=True),
                ),
                ("return_gross", models.FloatField(null=True)),
                ("wealth_net", models.FloatField(help_text="Wealth index since inception.")),
                (
                    "portfolio",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="portfolios.portfolio"
                    ),
                ),
                (
                    "close",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="portfolios.periodclose",
                    ),
                ),
            ],
            options={
                "db_table": "closed_figure",
            },
        ),
        migrations.AddConstraint(
            model_name="periodclose",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "reopened"), _negated=True),
                fields=("month",),
                name="a_month_is_closed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="periodclose",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="a_month_is_told_by_its_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="periodclose",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "reopened"), _negated=True),
                    models.Q(("reopen_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="reopened_with_a_reason",
            ),
        ),
        run_sql_file("portfolios/sql/100_period.sql", reverse=REVERSE),
    ]
