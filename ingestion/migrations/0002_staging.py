"""Staging tables: unlogged, typed, emptied after each load."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0001_initial")]
    operations = [
        run_sql_file(
            "ingestion/staging/sql/010_tables.sql",
            reverse="DROP TABLE staging.venue, staging.portfolio, staging.portfolio_key,"
            " staging.listing, staging.identifier, staging.market_session, staging.fx_fixing,"
            " staging.index_level, staging.index_weight, staging.corporate_action, staging.price,"
            " staging.event, staging.posting, staging.holding, staging.reject, staging.touched,"
            " staging.stem",
        ),
    ]
