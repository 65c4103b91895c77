"""Who may ask for the firm as known then, and read the answer."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

TAKE_BACK = """
    CALL security.release('firm_cut', 'firm_cut_day', 'firm_cut_mover');
    REVOKE ALL ON SEQUENCE firm_cut_id_seq FROM helio_web;
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0011_firm_cut"), ("accounts", "0002_security")]
    operations = [run_sql_file("portfolios/sql/070_firm_cut.sql", reverse=TAKE_BACK)]
