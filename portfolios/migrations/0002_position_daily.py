"""The partitioned table of daily position values."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0001_initial")]
    operations = [
        run_sql_file(
            "portfolios/sql/010_position_daily.sql",
            reverse="DROP FUNCTION public.ensure_position_month(date); DROP TABLE position_daily",
        ),
    ]
