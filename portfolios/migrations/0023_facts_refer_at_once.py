"""Ledger entries are held to their portfolio and listing in one pass."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0022_newest_positions")]
    operations = [
        run_sql_file(
            "portfolios/sql/110_facts_refer_at_once.sql",
            reverse=function_as_in("portfolios/sql/076_facts_refer.sql", "transaction_refers"),
        )
    ]
