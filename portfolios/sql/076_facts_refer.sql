-- Purpose: every price belongs to a listing, every ledger entry to a portfolio and, where it names
--          one, to a listing. Held set by set: a foreign key asks row by row, which at five million
--          prices costs more than storing them.
-- Grain:   one look per statement that inserts facts, or deletes what they refer to.
-- Owner:   helio_owner.

CREATE FUNCTION price_refers() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh WHERE NOT EXISTS (SELECT FROM listing WHERE listing.id = fresh.listing_id)) THEN
        RAISE foreign_key_violation USING MESSAGE = 'A price names a listing that does not exist.';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION transaction_refers() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh WHERE NOT EXISTS (SELECT FROM portfolio WHERE portfolio.id = fresh.portfolio_id)) THEN
        RAISE foreign_key_violation USING MESSAGE = 'A ledger entry names a portfolio that does not exist.';
    END IF;
    IF EXISTS (SELECT FROM fresh WHERE fresh.listing_id IS NOT NULL
                                   AND NOT EXISTS (SELECT FROM listing WHERE listing.id = fresh.listing_id)) THEN
        RAISE foreign_key_violation USING MESSAGE = 'A ledger entry names a listing that does not exist.';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION listing_is_named() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM gone JOIN price ON price.listing_id = gone.id)
       OR EXISTS (SELECT FROM gone JOIN transaction ON transaction.listing_id = gone.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'Prices or ledger entries name this listing.';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION portfolio_is_named() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM gone JOIN transaction ON transaction.portfolio_id = gone.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'Ledger entries name this portfolio.';
    END IF;
    RETURN NULL;
END
$$;

REVOKE EXECUTE ON FUNCTION price_refers, transaction_refers, listing_is_named, portfolio_is_named FROM PUBLIC;

CREATE TRIGGER refers AFTER INSERT ON price
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION price_refers();
CREATE TRIGGER refers AFTER INSERT ON transaction
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION transaction_refers();
CREATE TRIGGER is_named AFTER DELETE ON listing
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION listing_is_named();
CREATE TRIGGER is_named AFTER DELETE ON portfolio
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION portfolio_is_named();
