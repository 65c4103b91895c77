-- Purpose: one code means one listing, and one book one portfolio, at any (valid, known) instant.
-- Grain:   one row per code, scope and stretch of validity, per time it was known so.
-- Owner:   helio_owner.  Readers: helio_worker to join records; people as landing/sql/010 says.

ALTER TABLE identifier ADD CONSTRAINT identifier_means_one_listing EXCLUDE USING gist (
    scheme WITH =, value WITH =, scope WITH =,
    daterange(valid_from, valid_to, '[]') WITH &&,
    tstzrange(known_from, known_to) WITH &&
);

ALTER TABLE portfolio_key ADD CONSTRAINT key_means_one_portfolio EXCLUDE USING gist (
    system WITH =, key WITH =,
    daterange(valid_from, valid_to, '[]') WITH &&,
    tstzrange(known_from, known_to) WITH &&
);
