-- Purpose: value of every holding on every valuation day; the table all rollups start from.
-- Grain:   one row per portfolio, valuation day and listing (cash is a listing per currency).
-- Owner:   helio_owner.  Written by helio_worker, read by helio_rollup and, inside the perimeter,
--          by helio_web. Partitioned by month, so that a refresh touches the months it changes.

CREATE TABLE position_daily (
    portfolio_id         integer NOT NULL REFERENCES portfolio,
    valued_on            date NOT NULL,
    listing_id           integer NOT NULL REFERENCES listing,
    units                numeric(30, 10) NOT NULL,
    price                numeric(30, 14) NOT NULL,
    priced_on            date NOT NULL,
    price_currency       varchar(3) NOT NULL,
    value_price_currency numeric(30, 10) NOT NULL,
    base_rate            numeric(40, 20) NOT NULL,
    base_value           numeric(30, 10) NOT NULL,
    average_cost         numeric(30, 10),
    fifo_cost            numeric(30, 10),
    average_realised     numeric(30, 10),
    fifo_realised        numeric(30, 10),
    PRIMARY KEY (portfolio_id, valued_on, listing_id)
) PARTITION BY RANGE (valued_on);

CREATE INDEX position_daily_by_day ON position_daily (valued_on, portfolio_id);

-- Makes the partition of a month if it is missing. The worker calls it and may create nothing else.
CREATE FUNCTION public.ensure_position_month(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    first_day date := date_trunc('month', day)::date;
    partition name := format('position_daily_%s', to_char(first_day, 'YYYY_MM'));
BEGIN
    IF first_day NOT BETWEEN '1970-01-01' AND '2199-12-01' THEN
        RAISE invalid_parameter_value USING MESSAGE = format('%s is no month to value.', day);
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ensure_position_month'));
    IF to_regclass(format('public.%I', partition)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.position_daily FOR VALUES FROM (%L) TO (%L)',
                   partition, first_day, (first_day + interval '1 month')::date);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', partition);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', partition);
END
$$;
REVOKE ALL ON FUNCTION public.ensure_position_month(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.ensure_position_month(date) TO helio_worker;
