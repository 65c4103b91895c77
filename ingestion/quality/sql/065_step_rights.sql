-- Purpose: lets the step of a person keep the owner that a finding has.
-- Owner:   helio_owner.  Reader: security.finding_step (020), as helio_guard.

GRANT SELECT (owner_id) ON finding TO helio_guard;
