-- Purpose: secures issuers as shared reference data; an instrument that has none gets one of its
--          own with the next listings that are loaded.
-- Grain:   one row per issuer.
-- Owner:   helio_owner.  Readers: everybody signed in.

CALL security.share('issuer');
REVOKE DELETE ON issuer FROM helio_worker;
