"""The history of access, two-person roles, guards of grants, reviews, and what proofs quote."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

SQL = "helio/rls/sql/"
HISTORY = """
    DROP FUNCTION security.audit_review, security.audit_team_manager,
        security.role_request_decided, security.still_administers,
        security.password_known_to_another, security.note_person, security.note_group,
        security.note_portfolio, security.note_grant;
    DROP TABLE security.access_history;
    DROP FUNCTION security.history_refuse
"""
ROLE_REQUEST = """
    DROP TRIGGER role_request_decided ON role_request;
    DROP TRIGGER role_request_guard ON role_request;
    DROP FUNCTION public.role_request_guard, public.role_request_may_be_approved;
    CALL security.release('role_request')
"""
GRANTS = """
    DROP TRIGGER note_grant ON portfolio_group_grant;
    DROP TRIGGER note_grant ON portfolio_user_grant;
    DROP TRIGGER note_portfolio ON portfolio;
    DROP TRIGGER note_group ON person_groups;
    DROP TRIGGER note_person ON person;
    DROP POLICY to_teams_only ON portfolio_group_grant;
    DROP TRIGGER grant_guard ON portfolio_group_grant;
    DROP TRIGGER grant_guard ON portfolio_user_grant;
    DROP FUNCTION public.grant_guard;
    REVOKE UPDATE (end_reason) ON portfolio_user_grant, portfolio_group_grant FROM helio_web;
    GRANT UPDATE (reason) ON portfolio_user_grant, portfolio_group_grant TO helio_web
"""
EFFECTIVE = """
    DROP FUNCTION security.history_since, security.effective_access, security.access_spans,
        security.recorded;
    DROP TABLE security.access_history_start
"""
REVIEWS = """
    DROP TRIGGER audit_team_manager ON team_manager;
    DROP TRIGGER audit_review ON grant_review;
    DROP TRIGGER grant_review_is_stamped ON grant_review;
    DROP FUNCTION public.grant_review_is_stamped;
    CALL security.release('grant_review')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("rls", "0004_remembered_perimeter"),
        ("accounts", "0006_role_requests"),
        ("portfolios", "0024_grant_reviews"),
        ("audit", "0006_portfolio_access"),
    ]
    operations = [
        run_sql_file(SQL + "094_history.sql", role="helio_guard", reverse=HISTORY),
        run_sql_file(SQL + "095_role_request.sql", reverse=ROLE_REQUEST),
        run_sql_file(SQL + "096_grants.sql", reverse=GRANTS),
        run_sql_file(SQL + "097_effective_access.sql", role="helio_guard", reverse=EFFECTIVE),
        run_sql_file(SQL + "098_reviews.sql", reverse=REVIEWS),
        run_sql_file(SQL + "099_isolation_run.sql", reverse="DROP TABLE isolation_run"),
        run_sql_file(
            SQL + "100_rule.sql", role="helio_guard", reverse="DROP FUNCTION security.rule"
        ),
    ]
