-- Purpose: the worker says which batch ended a fact's window, with the window. Nothing else of a fact changes.
-- Owner:   helio_owner.

GRANT UPDATE (ended_by_batch_id) ON transaction, price, fx_fixing, index_level, index_weight, corporate_action,
    custody_holding, custody_posting TO helio_worker;
