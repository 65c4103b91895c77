"""How much of the value is mapped; and facts that lost effect may come back, known anew."""

from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0012_firm_cut_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="MappedShare",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("computed_at", models.DateTimeField(auto_now_add=True)),
                ("share", models.DecimalField(decimal_places=10, max_digits=12, null=True)),
                ("held_records", models.IntegerField()),
                (
                    "unvalued_records",
                    models.IntegerField(help_text="Held records that carry no amount."),
                ),
            ],
            options={
                "db_table": "mapped_share",
            },
        ),
        migrations.RemoveConstraint(
            model_name="custodyposting",
            name="custody_posting_identity",
        ),
        migrations.RemoveConstraint(
            model_name="price",
            name="price_identity",
        ),
        migrations.RemoveConstraint(
            model_name="transaction",
            name="transaction_identity",
        ),
        migrations.AddConstraint(
            model_name="custodyposting",
            constraint=models.UniqueConstraint(
                fields=("portfolio", "account", "posting_no", "known_from"),
                name="custody_posting_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                fields=("listing", "priced_on", "revision", "known_from"), name="price_identity"
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.UniqueConstraint(
                fields=("portfolio", "source", "source_reference", "source_version", "known_from"),
                name="transaction_identity",
            ),
        ),
        run_sql_file(
            "portfolios/sql/075_mapped_share.sql",
            reverse="CALL security.release('mapped_share')",
        ),
    ]
