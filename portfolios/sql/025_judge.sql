-- Purpose: lets the judge of access read the grants before its functions are made.
-- Owner:   helio_owner.  Readers: helio_guard.

GRANT SELECT ON portfolio, portfolio_user_grant, portfolio_group_grant TO helio_guard;
