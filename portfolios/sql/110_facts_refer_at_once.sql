-- Purpose: what a ledger entry refers to is looked up in one pass over the new entries, not in one
--          for its portfolio and another for its listing: a load inserts them by the million.
-- Grain:   one look per statement that inserts entries.
-- Owner:   helio_owner.

CREATE OR REPLACE FUNCTION transaction_refers() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    missing text;
BEGIN
    SELECT CASE WHEN portfolio.id IS NULL THEN 'portfolio' ELSE 'listing' END
      INTO missing
      FROM fresh
      LEFT JOIN portfolio ON portfolio.id = fresh.portfolio_id
      LEFT JOIN listing ON listing.id = fresh.listing_id
     WHERE portfolio.id IS NULL OR (listing.id IS NULL AND fresh.listing_id IS NOT NULL)
     LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE foreign_key_violation USING MESSAGE = format('A ledger entry names a %s that does not exist.', missing);
    END IF;
    RETURN NULL;
END
$$;
