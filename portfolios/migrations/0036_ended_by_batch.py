"""A fact says which batch ended its window: its successor may have been captured long before."""

from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file

FACTS = (
    *("transaction", "price", "fxfixing", "indexlevel", "indexweight", "corporateaction"),
    *("custodyholding", "custodyposting"),
)


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0035_composite_gross")]
    operations = [
        *(
            migrations.AddField(
                fact,
                "ended_by_batch_id",
                models.IntegerField(
                    blank=True,
                    null=True,
                    help_text="The batch that ended the window, where a record did.",
                ),
            )
            for fact in FACTS
        ),
        run_sql_file(
            "portfolios/sql/130_ended_by_batch.sql",
            reverse="REVOKE UPDATE (ended_by_batch_id) ON transaction, price, fx_fixing, index_level,"
            " index_weight, corporate_action, custody_holding, custody_posting FROM helio_worker",
        ),
    ]
