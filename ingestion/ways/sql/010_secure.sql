-- Purpose: who may read and ask for fetches, and who may upload.
-- Owner:   helio_owner.  Readers: operations and auditors. Operations may ask for a fetch and
--          upload files, under their own name only; what becomes of both is the worker's to write.

CALL security.staff('fetch_state', 'operations', 'auditor');
CALL security.staff('fetch_run', 'operations', 'auditor');
CALL security.staff('upload', 'operations', 'auditor');
CALL security.staff('uploaded_file', 'operations', 'auditor');
CALL security.force('remote_file');
CALL security.force('upload_part');
REVOKE SELECT ON remote_file, upload_part FROM helio_web;
REVOKE DELETE ON fetch_run, fetch_state, upload, uploaded_file FROM helio_worker;

-- A wish, not a run: the columns that say what came of it are closed to the web role.
GRANT INSERT (source_id, state, cause, asked_by, asked_by_id, worker, sentence, files, bytes, attempts)
    ON fetch_run TO helio_web;
CREATE POLICY ask ON fetch_run FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('operations'))
                AND asked_by_id = (SELECT security.uid())
                AND state = 'asked' AND cause = 'person');

GRANT INSERT (source_id, uploaded_by_id, uploaded_by, state, tries, sentence) ON upload TO helio_web;
CREATE POLICY bring ON upload FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('operations'))
                AND uploaded_by_id = (SELECT security.uid())
                AND state = 'waiting' AND tries = 0);

-- Files and bytes can only be added to an upload of one's own that nobody has begun to take in.
GRANT INSERT (upload_id, name, size, sha256) ON uploaded_file TO helio_web;
CREATE POLICY bring ON uploaded_file FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('operations'))
                AND EXISTS (SELECT FROM upload
                             WHERE upload.id = upload_id AND upload.state = 'waiting'
                               AND upload.uploaded_by_id = (SELECT security.uid())));

GRANT INSERT ON upload_part TO helio_web;
CREATE POLICY bring ON upload_part FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('operations'))
                AND EXISTS (SELECT FROM uploaded_file JOIN upload ON upload.id = uploaded_file.upload_id
                             WHERE uploaded_file.id = file_id AND upload.state = 'waiting'
                               AND upload.uploaded_by_id = (SELECT security.uid())));
