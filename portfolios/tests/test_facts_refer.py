"""A fact without its listing or portfolio cannot be stored, nor can these go from under it."""

import psycopg
import pytest

pytestmark = pytest.mark.usefixtures("alpha")

COPIED = {
    "price": "SELECT {columns} FROM price ORDER BY id LIMIT 1",
    "transaction": "SELECT {columns} FROM transaction WHERE listing_id IS NOT NULL LIMIT 1",
}


@pytest.mark.parametrize(
    ("table", "column"),
    [("price", "listing_id"), ("transaction", "listing_id"), ("transaction", "portfolio_id")],
)
def test_a_fact_needs_what_it_names(connect_as, table, column):
    worker = connect_as("worker")
    names = [
        row[0]
        for row in worker.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
            " AND attnum > 0 AND attname <> 'id'",
            [table],
        )
    ]
    other = {column: "99999", "revision": "999", "source_version": "999"}
    shown = ", ".join(other.get(name, name) for name in names)
    select = COPIED[table].format(columns=shown)

    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        worker.execute(f"INSERT INTO {table} ({', '.join(names)}) {select}")


@pytest.mark.parametrize("named", ["listing", "portfolio"])
def test_what_facts_name_cannot_be_deleted(connect_as, named):
    boss = connect_as("superuser")
    # Whatever else points there would refuse first; only the facts' own rule is asked here.
    boss.execute("SET session_replication_role = replica")
    boss.execute(f"ALTER TABLE {named} ENABLE ALWAYS TRIGGER is_named")

    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        boss.execute(
            f"DELETE FROM {named} WHERE id = (SELECT {named}_id FROM transaction"
            f" WHERE {named}_id IS NOT NULL LIMIT 1)"
        )
