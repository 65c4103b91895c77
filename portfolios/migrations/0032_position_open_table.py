"""The newest positions become a table in which a refresh writes what differs."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file, view_as_in

NEWEST = "portfolios/sql/110_position_open.sql"
AS_VIEW = (
    "ALTER TABLE rollup.position_open RENAME TO position_open_table;"
    "ALTER INDEX rollup.position_open_key RENAME TO position_open_table_key;"
    + view_as_in(NEWEST, "rollup.position_open")
    + "CREATE UNIQUE INDEX position_open_key"
    " ON rollup.position_open (portfolio_id, valued_on, listing_id);"
    "GRANT SELECT ON rollup.position_open TO helio_gate, helio_worker, helio_audit;"
    "GRANT MAINTAIN ON rollup.position_open TO helio_worker;"
    + view_as_in(NEWEST, "rollup.position_served")
    + "DROP TABLE rollup.position_open_table"
)


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0031_portfolio_days_rates")]
    operations = [
        run_sql_file(
            "portfolios/sql/124_position_open_table.sql", role="helio_rollup", reverse=AS_VIEW
        ),
    ]
