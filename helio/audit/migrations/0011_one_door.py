"""Triggers on people and access record through the one door, and a team is not called a role."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file

AS_BEFORE = {
    "helio/audit/sql/0003_people_and_roles.sql": ("audit_person", "audit_role", "audit_permission"),
    "helio/audit/sql/0004_portfolio_access.sql": ("audit_access",),
    "helio/rls/sql/092_may_assign.sql": ("make_team",),
    "helio/rls/sql/094_history.sql": (
        "role_request_decided",
        "audit_review",
        "audit_team_manager",
    ),
    "helio/rls/sql/101_viewing.sql": ("view_as_noted",),
    "ingestion/quality/sql/020_step.sql": ("finding_step",),
}


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0010_sights"),
        ("ingestion", "0010_findings_security"),
        ("rls", "0006_view_as"),
    ]
    operations = [
        run_sql_file(
            "helio/audit/sql/0016_one_door.sql",
            role="helio_guard",
            reverse="".join(
                function_as_in(path, f"security.{name}")
                for path, names in AS_BEFORE.items()
                for name in names
            )
            + "DROP FUNCTION security.audit_membership",
        ),
    ]
