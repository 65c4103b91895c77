"""Databases that tests and benchmarks copy: one that is in use stays while others are made."""

from helio.testing import databases


def test_asking_for_the_template_again_drops_no_copy(migrated: str, alpha_database: str) -> None:
    with databases.own_copy(migrated) as database:
        assert databases.migrate_template() == migrated
        with databases.connect("superuser", database) as owner:
            assert owner.execute("SELECT current_database()").fetchone() == (database,)
