"""The rule of who may see which portfolio, and every table behind it."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

RELEASE_TABLES = """
    CALL security.release(
        'portfolio', 'transaction', 'custody_holding', 'custody_posting', 'holding_state',
        'activity_daily', 'position_daily', 'desk', 'venue', 'instrument', 'listing', 'price',
        'fx_fixing', 'benchmark', 'index_level', 'index_weight', 'market_session',
        'corporate_action', 'valuation_day', 'price_daily', 'fx_daily', 'version', 'refresh_run',
        'affected')
"""
RELEASE_GRANTS = "CALL security.release('portfolio_user_grant', 'portfolio_group_grant')"


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0002_position_daily"), ("accounts", "0002_security")]
    operations = [
        run_sql_file(
            "portfolios/sql/025_judge.sql",
            reverse="REVOKE ALL ON portfolio, portfolio_user_grant, portfolio_group_grant"
            " FROM helio_guard",
        ),
        run_sql_file(
            "helio/rls/sql/030_perimeter.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.managed, security.perimeter,"
            " security.perimeter_of, security.granted_to",
        ),
        run_sql_file(
            "helio/rls/sql/035_may_grant.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.may_grant, security.is_member",
        ),
        run_sql_file(
            "helio/rls/sql/036_pulse.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.pulse, security.mark, security.mark_of",
        ),
        run_sql_file("portfolios/sql/020_secure.sql", reverse=RELEASE_TABLES),
        run_sql_file("portfolios/sql/030_grants.sql", reverse=RELEASE_GRANTS),
    ]
