"""The rows themselves, read by the superuser from relations and from views without the rule.

A portfolio's rows of a relation are told by their number and the sum of their digests: a row that
is missing, foreign or altered shows.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Final

import psycopg

from helio.accounts import roles
from helio.testing import unguarded

SCHEMA: Final = "proof_truth"
EVERYBODY: Final = "(SELECT array_agg(portfolio.id) FROM public.portfolio)"
DAYS: Final = 5

# What somebody with one of these roles sees of a relation beyond their perimeter, and why. A
# relation that is not named here is by perimeter alone.
WIDER: Final[Mapping[str, frozenset[str]]] = {
    # Which fields of which record failed: operations mend them; figures are not among them.
    "public.finding": frozenset({roles.OPERATIONS, roles.AUDITOR}),
    "figures.portfolio_finding": frozenset({roles.OPERATIONS, roles.AUDITOR}),
    "public.reconciliation_day": frozenset({roles.OPERATIONS, roles.AUDITOR}),
    "public.reconciliation_line": frozenset({roles.OPERATIONS, roles.AUDITOR}),
    "public.repeated_record": frozenset({roles.OPERATIONS, roles.AUDITOR}),
    "figures.line_fact": frozenset({roles.OPERATIONS, roles.AUDITOR}),
    # Whose key in which system is whose: the crosswalk.
    "public.portfolio_key": frozenset({roles.OPERATIONS, roles.AUDITOR}),
    "public.closed_restatement": frozenset({roles.OPERATIONS, roles.AUDITOR}),
    # That a portfolio is missing from the firm's sums, and why; no figure.
    "figures.missing_member": frozenset({roles.EXECUTIVE, roles.OPERATIONS, roles.AUDITOR}),
}
# Of these the perimeter opens nothing: only the role does.
BY_ROLE_ALONE: Final = frozenset(
    {
        "public.finding",
        "public.reconciliation_day",
        "public.reconciliation_line",
        "public.repeated_record",
        "figures.line_fact",
    }
)
# Not by portfolio: a person's own events, and all of them for auditors. It grows as people read.
APART: Final = frozenset({"public.audit_event"})

# One row per version and portfolio: workers that come to the end of a refresh add to it.
BY_VERSION: Final = "figures.version_portfolio"

READABLE: Final = """
SELECT n.nspname || '.' || c.relname, a.attname,
       EXISTS (SELECT FROM pg_attribute d WHERE d.attrelid = c.oid AND d.attname = 'valued_on'
                  AND d.attnum > 0 AND NOT d.attisdropped)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('public', 'figures')
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attname = CASE c.oid WHEN 'public.portfolio'::regclass THEN 'id'
                                  ELSE 'portfolio_id' END
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege('helio_web', c.oid, 'SELECT')
 ORDER BY 1
"""

REPORTED: Final = {
    "positions": "SELECT DISTINCT portfolio_id FROM rollup.position_daily"
    " WHERE valued_on >= %s AND valued_on = %s",
    "transactions": "SELECT DISTINCT portfolio_id FROM transaction"
    " WHERE effective_on BETWEEN %s AND %s AND known_to IS NULL",
}
TRANSACTIONS: Final = "SELECT portfolio_id, array_agg(id ORDER BY id) FROM transaction GROUP BY 1"

Digest = tuple[int, int]
Rows = dict[int, Digest]


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation with rows of portfolios that the web role can read."""

    name: str
    column: str
    by_day: bool
    # Of what grows with each version: the newest one there was.
    newest: int | None = None

    def statement(self, source: str, *, named: bool = False) -> str:
        """Number and digest of rows by portfolio, of one day where it has days.

        ``named``: of the portfolios named in the statement only.
        """
        condition = "= ANY (%(named)s::integer[])" if named else "IS NOT NULL"
        return (
            f"SELECT {self.column}, count(*), sum(hashtextextended(t::text, 0))"
            f" FROM {source} AS t WHERE {self.column} {condition}"
            f"{' AND valued_on = %(day)s' if self.by_day else ''}"
            f"{f' AND number <= {self.newest}' if self.newest is not None else ''} GROUP BY 1"
        )


@dataclass
class Truth:
    """What there is to see, by relation and day; read once, since nothing is loaded meanwhile."""

    codes: dict[int, str]
    listings: list[str]
    transactions: dict[int, list[int]]
    relations: list[Relation]
    days: list[date]
    # By report: whoever has rows in its file from the first to the last of the days.
    reported: dict[str, set[int]]
    rows: dict[tuple[str, date | None], Rows] = field(default_factory=dict)

    def of(self, relation: Relation, day: date | None) -> Rows:
        """Digests by portfolio."""
        return self.rows[relation.name, day if relation.by_day else None]


def read(superuser: psycopg.Connection, rng: Random) -> Truth:
    """Everything that can be seen of portfolios in this database, with its newest day."""
    views = _views(superuser)
    relations = [
        replace(one, newest=_newest(superuser)) if one.name == BY_VERSION else one
        for one in (Relation(*row) for row in superuser.execute(READABLE).fetchall())
        if one.name not in APART
    ]
    days = _days(superuser, rng)
    return Truth(
        codes=dict(superuser.execute("SELECT id, code FROM portfolio ORDER BY id").fetchall()),
        listings=[key for (key,) in superuser.execute("SELECT key FROM listing").fetchall()],
        transactions=dict(superuser.execute(TRANSACTIONS).fetchall()),
        relations=relations,
        days=days,
        reported={
            report: {one for (one,) in superuser.execute(query, [days[0], days[-1]]).fetchall()}
            for report, query in REPORTED.items()
        },
        rows=_rows(superuser, relations, days, views),
    )


def altered(superuser: psycopg.Connection, there: Truth) -> Iterator[tuple[str, int]]:
    """Relations whose rows are not what they were when the truth was read, and how many rows."""
    now = _rows(superuser, there.relations, there.days, _views(superuser))
    for (name, day), rows in there.rows.items():
        found = now[name, day]
        for portfolio in rows.keys() | found.keys():
            was, is_now = rows.get(portfolio, (0, 0)), found.get(portfolio, (0, 0))
            if was != is_now:
                words = f"{name}{f' of {day}' if day else ''}, {there.codes.get(portfolio)}"
                yield words, abs(was[0] - is_now[0]) or 1


def _rows(
    superuser: psycopg.Connection,
    relations: Sequence[Relation],
    days: Sequence[date],
    views: Collection[str],
) -> dict[tuple[str, date | None], Rows]:
    told: dict[tuple[str, date | None], Rows] = {}
    for relation in relations:
        schema, _, name = relation.name.partition(".")
        source = f"{SCHEMA}.{name}" if schema == "figures" and name in views else relation.name
        for day in days if relation.by_day else [None]:
            found = superuser.execute(relation.statement(source), {"day": day}).fetchall()
            told[relation.name, day] = {key: (count, int(sum_)) for key, count, sum_ in found}
    return told


def _views(superuser: psycopg.Connection) -> set[str]:
    superuser.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    return set(unguarded.make_views(superuser, SCHEMA, EVERYBODY))


def _newest(superuser: psycopg.Connection) -> int:
    row = superuser.execute("SELECT max(number) FROM version").fetchone()
    return int(row[0] or 0) if row else 0


def _days(superuser: psycopg.Connection, rng: Random) -> list[date]:
    days = [
        day
        for (day,) in superuser.execute("SELECT valued_on FROM valuation_day ORDER BY 1").fetchall()
    ]
    return sorted({days[-1], days[-2], *rng.sample(days, min(DAYS, len(days)))})
