"""What people read of findings: under a name of its own, with since when each is known."""

from pathlib import Path

from django.conf import settings
from django.db import migrations

from helio.rls.sqlfile import run_sql_file

FOLDER = "ingestion/quality/sql"


def _as_before(name: str) -> str:
    return Path(settings.BASE_DIR, FOLDER, name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0012_finding_labels")]
    operations = [
        run_sql_file(
            f"{FOLDER}/065_step_rights.sql",
            reverse="REVOKE SELECT (owner_id) ON finding FROM helio_guard",
        ),
        # Reversed last: what is below has dropped this view by then.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            ("SET LOCAL ROLE helio_gate", _as_before("050_figures_finding.sql"), "RESET ROLE"),
        ),
        run_sql_file(
            f"{FOLDER}/070_rollup_finding.sql",
            role="helio_rollup",
            reverse="DROP VIEW rollup.finding, rollup.holder;"
            + _as_before("040_rollup_finding.sql"),
        ),
        run_sql_file(
            f"{FOLDER}/080_portfolio_finding.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.portfolio_finding",
        ),
    ]
