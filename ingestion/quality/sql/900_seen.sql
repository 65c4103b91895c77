-- Purpose: what a check found now, before it is compared with what is known.
-- Grain:   one row per finding.  Owner: helio_worker, within one transaction.

CREATE TEMPORARY TABLE seen (
    code text, source text, subject text, finding_day date, sentence text, evidence jsonb,
    portfolio_id integer, listing_id integer, known_from timestamptz, closed_because text, ceased boolean
) ON COMMIT DROP
