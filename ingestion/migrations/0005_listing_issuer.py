"""Whom a listing's instrument was issued by, on its way into the facts."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0004_related_names"), ("portfolios", "0010_issuer")]
    operations = [
        run_sql_file(
            "ingestion/staging/sql/020_issuer.sql",
            reverse="ALTER TABLE staging.listing DROP COLUMN issuer_name,"
            " DROP COLUMN issuer_lei, DROP COLUMN issuer_country",
        ),
    ]
