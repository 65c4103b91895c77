"""Loads the crosswalk: codes of listings and keys of portfolios, bitemporal."""

from psycopg import sql

from ingestion.sqlfile import run
from ingestion.staging.stage import table

# Crosswalk column ← staged column, for the code itself and for what it means.
CODES = {
    "identifier": {"scheme": "code_scheme", "value": "code_value", "scope": "scope"},
    "portfolio_key": {"system": "system_name", "key": "key"},
}
MEANING = {"identifier": "listing_id", "portfolio_key": "portfolio_id"}
TARGET_FILE = {
    "identifier": "load/sql/master/identifier_target.sql",
    "portfolio_key": "load/sql/master/key_target.sql",
}
STEPS = ("10_repeats", "20_close", "30_conflicts", "40_insert", "50_outcome")


def load_mappings(record: str, batch_id: int) -> None:
    """Loads the staged identifiers or portfolio keys; each gets its outcome."""
    run(TARGET_FILE[record], batch=batch_id)
    names = _names(record)
    for step in STEPS:
        run(f"load/sql/mapping/{step}.sql", names, batch=batch_id)


def _names(record: str) -> dict[str, sql.Composable]:
    code, meaning = CODES[record], MEANING[record]
    fragments = {
        "same_code": " AND ".join(f"t.{target} = s.{source}" for target, source in code.items()),
        "other_same_code": " AND ".join(f"o.{source} = s.{source}" for source in code.values()),
        "same_meaning": f"t.{meaning} = s.{meaning}",
        "meaning": f"s.{meaning}",
        "keys": ", ".join(f"s.{source}" for source in code.values()),
        "columns": ", ".join([*code, meaning]),
        "values": ", ".join([f"s.{source}" for source in code.values()] + [f"s.{meaning}"]),
    }
    return {name: sql.SQL(text) for name, text in fragments.items()} | {
        "staging": table(record),
        "target": sql.Identifier("public", record),
    }
