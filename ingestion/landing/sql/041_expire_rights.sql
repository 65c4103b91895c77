-- Purpose: the little that letting bytes go needs, given to the role whose function does it.
-- Owner:   helio_owner.  Reader: security.expire_bytes (040_expire.sql).

GRANT SELECT (id, name, keep_bytes_days) ON source TO helio_guard;
GRANT SELECT, UPDATE (bytes_expired_at) ON source_file TO helio_guard;
GRANT SELECT (file_id), DELETE ON source_part TO helio_guard;
CREATE POLICY expire ON source FOR SELECT TO helio_guard USING (true);
CREATE POLICY expire ON source_file FOR SELECT TO helio_guard USING (true);
CREATE POLICY expire_mark ON source_file FOR UPDATE TO helio_guard
    USING (status <> 'landed') WITH CHECK (bytes_expired_at IS NOT NULL);
CREATE POLICY expire ON source_part FOR SELECT TO helio_guard USING (true);
CREATE POLICY expire_end ON source_part FOR DELETE TO helio_guard USING (true);
