-- Purpose: secures every table of the app: by portfolio, as shared reference, or for the worker.
-- Owner:   helio_owner.

CALL security.secure('portfolio', 'id');
CALL security.secure('transaction');
CALL security.secure('custody_holding');
CALL security.secure('custody_posting');
CALL security.secure('holding_state');
CALL security.secure('activity_daily');
CALL security.secure('position_daily');

CALL security.share('desk');
CALL security.share('venue');
CALL security.share('instrument');
CALL security.share('listing');
CALL security.share('price');
CALL security.share('fx_fixing');
CALL security.share('benchmark');
CALL security.share('index_level');
CALL security.share('index_weight');
CALL security.share('market_session');
CALL security.share('corporate_action');
CALL security.share('valuation_day');
CALL security.share('price_daily');
CALL security.share('fx_daily');
CALL security.share('version');

CALL security.staff('refresh_run', 'operations', 'auditor');

-- What waits for the next refresh concerns the worker alone.
CALL security.force('affected');
REVOKE SELECT ON affected FROM helio_web;

-- Facts are append-only: the worker may add a row and say until when it was believed.
REVOKE UPDATE, DELETE ON transaction, price, fx_fixing, index_level, index_weight, corporate_action,
    custody_holding, custody_posting FROM helio_worker;
GRANT UPDATE (known_to) ON transaction, price, fx_fixing, index_level, index_weight, corporate_action,
    custody_holding, custody_posting TO helio_worker;
REVOKE UPDATE, DELETE ON version, refresh_run FROM helio_worker;

-- First set-up (the first people and their grants) needs the list of portfolios.
GRANT SELECT ON portfolio, desk TO helio_migrate;
CREATE POLICY set_up ON portfolio FOR SELECT TO helio_migrate USING (true);
CREATE POLICY set_up ON desk FOR SELECT TO helio_migrate USING (true);
