-- Purpose: what the judge of access may read: who is who, who has which role. No figures.
-- Owner:   helio_owner.  Readers: helio_guard.

GRANT SELECT ON person, person_groups, auth_group, auth_permission TO helio_guard;
