-- Purpose: whom a listing's instrument was issued by, where its source says so.
-- Grain:   one row per staged listing.
-- Owner:   helio_owner.  Writers and readers: helio_worker alone.

ALTER TABLE staging.listing
    ADD COLUMN issuer_name text,
    ADD COLUMN issuer_lei text,
    ADD COLUMN issuer_country text;
