-- Purpose: lets the judge of access read grants and the list of portfolios (an auditor sees all),
--          and tell open pages which version and session stand. No figures.
-- Owner:   helio_owner.  Readers: helio_guard.

GRANT SELECT ON portfolio, portfolio_user_grant, portfolio_group_grant, version, django_session
    TO helio_guard;
CREATE POLICY judge ON portfolio FOR SELECT TO helio_guard USING (true);
CREATE POLICY judge ON version FOR SELECT TO helio_guard USING (true);
