-- Purpose: secures the share of value mapped: everybody signed in may know how far figures are whole.
-- Grain:   one row per count that changed it.
-- Owner:   helio_owner.  Readers: everybody signed in.

CALL security.share('mapped_share');
REVOKE UPDATE, DELETE ON mapped_share FROM helio_worker;
