"""Portfolios whose figures are unknown from a day on, and who may know it."""

import django.db.models.deletion
from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0019_statements"),
    ]

    operations = [
        migrations.CreateModel(
            name="PortfolioGap",
            fields=[
                (
                    "portfolio",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="gap",
                        serialize=False,
                        to="portfolios.portfolio",
                    ),
                ),
                ("from_on", models.DateField()),
                ("reason", models.TextField()),
            ],
            options={
                "db_table": "portfolio_gap",
            },
        ),
        migrations.AddField(
            model_name="firmcut",
            name="missing",
            field=models.JSONField(
                db_default=[], default=list, help_text="Portfolios without figures from a day on."
            ),
        ),
        run_sql_file(
            "portfolios/sql/078_portfolio_gap.sql",
            reverse="CALL security.release('portfolio_gap');"
            " REVOKE INSERT (missing) ON firm_cut FROM helio_web",
        ),
        run_sql_file(
            "portfolios/sql/078_missing_member.sql",
            role="helio_rollup",
            reverse="DROP VIEW rollup.missing_member",
        ),
        run_sql_file(
            "portfolios/sql/078_figures_missing_member.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.missing_member",
        ),
    ]
