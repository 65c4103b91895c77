-- Purpose: the contested facts of one part of a large file are judged before the next is staged.
-- Owner:   helio_owner.  Writer: helio_worker alone, while loading.

GRANT TRUNCATE ON staging.contested TO helio_worker;
