"""Positions are multiplied when they are read, and rollups no longer split into closed and open.

What went is made again when this is reversed; its rows are derived and come with the next refresh.
"""

from django.db import migrations, models

from helio.rls.sqlfile import undo_sql_file

ROLLUP = "helio_rollup"
GATE = "helio_gate"

# While there is still something to see: an installation with figures makes them again at once.
# Row security is forced on the table even for its owner.
NOTE = """
    ALTER TABLE affected NO FORCE ROW LEVEL SECURITY;
    INSERT INTO affected (currency, from_on, cause, noted_at)
    SELECT '', '1970-01-01', 'positions are multiplied when they are read', statement_timestamp()
     WHERE EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'position_daily'::regclass);
    ALTER TABLE affected FORCE ROW LEVEL SECURITY
"""
SECURED_AGAIN = """
    CALL security.secure('position_daily');
    ALTER TABLE position_daily
        ALTER COLUMN price DROP NOT NULL,
        ALTER COLUMN priced_on DROP NOT NULL,
        ALTER COLUMN value_price_currency DROP NOT NULL,
        ALTER COLUMN base_rate DROP NOT NULL,
        ALTER COLUMN base_value DROP NOT NULL,
        DROP CONSTRAINT position_daily_portfolio_id_fkey,
        DROP CONSTRAINT position_daily_listing_id_fkey;
    GRANT MAINTAIN ON position_daily TO helio_worker
"""
WINDOW_AGAIN = """
    INSERT INTO rollup_window (id, open_from) VALUES (1, '1970-01-01');
    CALL security.share('rollup_window')
"""


def _gone(file: str, undo: str, role: str) -> migrations.RunSQL:
    return undo_sql_file(f"portfolios/sql/{file}.sql", undo=undo, role=role)


def _pair_gone(file: str, functions: str) -> migrations.RunSQL:
    view = file.partition("_")[2]
    drop = f"DROP MATERIALIZED VIEW rollup.{view}_open, rollup.{view}_closed"
    return _gone(file, f"{drop}; DROP FUNCTION {functions}", ROLLUP)


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0015_facts_refer")]
    operations = [
        migrations.RunSQL(NOTE, migrations.RunSQL.noop),
        _gone("064_figures_index_day", "DROP VIEW figures.index_day", GATE),
        _gone(
            "063_figures_firm",
            "DROP VIEW figures.firm_mover_day, figures.firm_day, figures.desk_day",
            GATE,
        ),
        _gone("062_figures_benchmark_day", "DROP VIEW figures.benchmark_day", GATE),
        _gone("061_figures_exposure_day", "DROP VIEW figures.exposure_day", GATE),
        _gone("060_figures_portfolio_day", "DROP VIEW figures.portfolio_day", GATE),
        _gone("055_index_day", "DROP MATERIALIZED VIEW rollup.index_day", ROLLUP),
        _pair_gone("054_firm_mover_day", "rollup.mover"),
        _pair_gone("053_composite_day", "rollup.composite"),
        _pair_gone("052_benchmark_day", "rollup.benchmark, rollup.index_value"),
        _pair_gone("051_exposure_day", "rollup.exposure"),
        _gone(
            "050_portfolio_day",
            "DROP MATERIALIZED VIEW rollup.portfolio_day_open, rollup.portfolio_day_closed",
            ROLLUP,
        ),
        _gone("047_portfolio_growth", "DROP FUNCTION rollup.portfolio_growth", ROLLUP),
        _gone("046_portfolio_return", "DROP FUNCTION rollup.portfolio_return", ROLLUP),
        _gone(
            "045_rollup_functions",
            "DROP FUNCTION rollup.day_before, rollup.open_from;"
            " DROP AGGREGATE rollup.product(double precision)",
            ROLLUP,
        ),
        migrations.RunSQL("CALL security.release('rollup_window')", WINDOW_AGAIN),
        migrations.DeleteModel("RollupWindow"),
        migrations.RunSQL(migrations.RunSQL.noop, SECURED_AGAIN),
        undo_sql_file(
            "portfolios/sql/010_position_daily.sql",
            undo="DROP FUNCTION public.ensure_position_month(date); DROP TABLE position_daily",
        ),
        migrations.AddField(
            "version",
            "changed_from",
            models.DateField(null=True, help_text="First valuation day that changed."),
        ),
    ]
