"""Several sources may state one fact: what each said is kept, with the moment it ended."""

from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file

FACTS = "price, fx_fixing, index_level, index_weight, corporate_action, custody_holding, custody_posting"


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0018_every_four_minutes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="corporateaction",
            name="corporate_action_identity",
        ),
        migrations.RemoveConstraint(
            model_name="custodyholding",
            name="custody_holding_identity",
        ),
        migrations.RemoveConstraint(
            model_name="fxfixing",
            name="fx_fixing_identity",
        ),
        migrations.RemoveConstraint(
            model_name="indexlevel",
            name="index_level_identity",
        ),
        migrations.RemoveConstraint(
            model_name="indexweight",
            name="index_weight_identity",
        ),
        migrations.RemoveConstraint(
            model_name="price",
            name="price_identity",
        ),
        migrations.AddField(
            model_name="corporateaction",
            name="copy_of",
            field=models.BigIntegerField(
                blank=True, help_text="The row that this one repeats, believed again.", null=True
            ),
        ),
        migrations.AddField(
            model_name="corporateaction",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="custodyholding",
            name="copy_of",
            field=models.BigIntegerField(
                blank=True, help_text="The row that this one repeats, believed again.", null=True
            ),
        ),
        migrations.AddField(
            model_name="custodyholding",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="custodyposting",
            name="copy_of",
            field=models.BigIntegerField(
                blank=True, help_text="The row that this one repeats, believed again.", null=True
            ),
        ),
        migrations.AddField(
            model_name="custodyposting",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="fxfixing",
            name="copy_of",
            field=models.BigIntegerField(
                blank=True, help_text="The row that this one repeats, believed again.", null=True
            ),
        ),
        migrations.AddField(
            model_name="fxfixing",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="indexlevel",
            name="copy_of",
            field=models.BigIntegerField(
                blank=True, help_text="The row that this one repeats, believed again.", null=True
            ),
        ),
        migrations.AddField(
            model_name="indexlevel",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="indexweight",
            name="copy_of",
            field=models.BigIntegerField(
                blank=True, help_text="The row that this one repeats, believed again.", null=True
            ),
        ),
        migrations.AddField(
            model_name="indexweight",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="price",
            name="copy_of",
            field=models.BigIntegerField(
                blank=True, help_text="The row that this one repeats, believed again.", null=True
            ),
        ),
        migrations.AddField(
            model_name="price",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="corporateaction",
            constraint=models.UniqueConstraint(
                fields=("listing", "kind", "effective_on", "known_from", "file_id"),
                name="corporate_action_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="custodyholding",
            constraint=models.UniqueConstraint(
                fields=("portfolio", "account", "listing", "as_at", "known_from", "file_id"),
                name="custody_holding_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="fxfixing",
            constraint=models.UniqueConstraint(
                fields=("base_currency", "quote_currency", "fixed_on", "known_from", "file_id"),
                name="fx_fixing_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="indexlevel",
            constraint=models.UniqueConstraint(
                fields=("benchmark", "level_on", "known_from", "file_id"),
                name="index_level_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="indexweight",
            constraint=models.UniqueConstraint(
                fields=("benchmark", "listing", "known_from", "file_id"),
                name="index_weight_identity",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                fields=("listing", "priced_on", "revision", "file_id", "known_from"),
                name="price_identity",
            ),
        ),
        run_sql_file(
            "portfolios/sql/077_statements.sql",
            reverse=f"REVOKE UPDATE (ended_at) ON {FACTS} FROM helio_worker",
        ),
    ]
