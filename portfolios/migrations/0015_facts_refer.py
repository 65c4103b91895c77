"""Facts refer to listings and portfolios a set at a time, not row by row."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from helio.rls.sqlfile import run_sql_file

REVERSE = """
    DROP FUNCTION price_refers CASCADE;
    DROP FUNCTION transaction_refers CASCADE;
    DROP FUNCTION listing_is_named CASCADE;
    DROP FUNCTION portfolio_is_named CASCADE
"""


def _refers(to: str, *, index: bool = False, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        to=f"portfolios.{to}", on_delete=PROTECT, db_constraint=False, db_index=index, null=null
    )


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0014_portfolio_finding")]
    operations = [
        migrations.AlterField("price", "listing", _refers("listing")),
        migrations.AlterField("transaction", "portfolio", _refers("portfolio")),
        migrations.AlterField("transaction", "listing", _refers("listing", index=True, null=True)),
        run_sql_file("portfolios/sql/076_facts_refer.sql", reverse=REVERSE),
    ]
