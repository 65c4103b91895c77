-- Purpose: from when on a portfolio has no figures: for who may see the portfolio. And room for
--          those that the firm as known then leaves out.
-- Grain:   one row per portfolio without figures from a day on.
-- Owner:   helio_owner.

CALL security.secure('portfolio_gap');

GRANT INSERT (missing) ON firm_cut TO helio_web;
