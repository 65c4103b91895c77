-- Purpose: what the rollups are made of. Each function gives the rows of a span of valuation days,
--          from_on included, until_on not, so that a closed and an open view share one definition.
-- Owner:   helio_rollup.  Readers: the materialised views of schema rollup, and nobody else.

-- Growth of one unit: the product of its arguments, empty ones left out, 1 when there is none.
CREATE AGGREGATE rollup.product(double precision) (
    sfunc = float8mul, stype = double precision, initcond = '1', parallel = safe
);

CREATE FUNCTION rollup.open_from() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT open_from FROM rollup_window;
END;

-- The valuation day before a span, for its opening values.
CREATE FUNCTION rollup.day_before(from_on date) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT previous_on FROM valuation_day WHERE valued_on >= from_on ORDER BY valued_on LIMIT 1;
END;
