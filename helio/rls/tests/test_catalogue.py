"""The walk through the catalogue finds nothing, and finds each hole that is planted."""

from pathlib import Path

import pytest
from django.db import connection

from helio.rls import checks
from helio.rls.checks import catalogue_faults, role_faults

HOLES = {
    "a table without row security": """
        CREATE TABLE public.leak (id int);
        GRANT SELECT ON public.leak TO helio_web""",
    "a view of the table owner": """
        CREATE VIEW public.leak AS SELECT * FROM portfolio;
        GRANT SELECT ON public.leak TO helio_web""",
    "a gate view without perimeter": """
        CREATE VIEW figures.leak WITH (security_barrier) AS SELECT 1 AS id;
        ALTER VIEW figures.leak OWNER TO helio_gate;
        GRANT SELECT ON figures.leak TO helio_web""",
    "a gate view without barrier": """
        CREATE VIEW figures.leak AS SELECT security.perimeter();
        ALTER VIEW figures.leak OWNER TO helio_gate;
        GRANT SELECT ON figures.leak TO helio_web""",
    "a materialised view": """
        CREATE MATERIALIZED VIEW public.leak AS SELECT 1 AS id;
        GRANT SELECT ON public.leak TO helio_web""",
    "an open policy": """
        CREATE POLICY leak ON transaction FOR SELECT TO helio_web USING (true)""",
    "an open policy for everybody": """
        CREATE POLICY leak ON transaction FOR SELECT USING (true)""",
    "a missing floor": "DROP POLICY perimeter_floor ON transaction",
    "a missing floor of what is for staff": "DROP POLICY staff_floor ON source_text",
    "row security not forced": "ALTER TABLE transaction NO FORCE ROW LEVEL SECURITY",
    "a function with its owner's rights": """
        CREATE FUNCTION public.leak() RETURNS bigint LANGUAGE sql SECURITY DEFINER
            SET search_path = public AS 'SELECT count(*) FROM portfolio';
        GRANT EXECUTE ON FUNCTION public.leak() TO helio_web""",
    "the right to truncate": "GRANT TRUNCATE ON transaction TO helio_web",
    "the right to create": "GRANT CREATE ON SCHEMA public TO helio_web",
    "one column of a rollup": """
        GRANT SELECT (portfolio_id) ON rollup.portfolio_day TO helio_web""",
    "the hashes of passwords": "GRANT SELECT ON person TO helio_web",
}
QUERY = Path(checks.SQL, "check_catalogue.sql").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_no_relation_or_function_is_open_to_the_web_role():
    assert catalogue_faults() == []


@pytest.mark.django_db
def test_the_web_role_cannot_bypass_row_security():
    assert role_faults() == []


@pytest.mark.parametrize("hole", HOLES.values(), ids=HOLES.keys())
def test_a_planted_hole_is_found(connect_as, alpha, hole):

    with connect_as("superuser") as owner, owner.transaction(force_rollback=True):
        owner.execute(hole)
        assert len(owner.execute(QUERY).fetchall()) >= 1


@pytest.mark.django_db
def test_the_walk_runs_as_the_web_role_itself():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("helio_web",)
