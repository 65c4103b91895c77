-- Purpose: a large file is loaded part by part, and staging is emptied in between.
-- Owner:   helio_owner.  Writer: helio_worker alone, while loading.

GRANT TRUNCATE ON staging.event, staging.price, staging.posting, staging.holding,
                  staging.reject, staging.renewed, staging.rival TO helio_worker;
