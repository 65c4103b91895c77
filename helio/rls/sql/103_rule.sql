-- Purpose: security.rule() again, with what an identity that names two people rests on (101).
-- Grain:   one row per function that the answer rests on, in reading order.
-- Owner:   helio_guard.  Readers: helio_web (auditors and administrators), helio_worker.

CREATE OR REPLACE FUNCTION security.rule() RETURNS TABLE (name text, body text)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid)
      FROM unnest(ARRAY['security.granted_to(bigint,text[])', 'security.perimeter_of(bigint)',
                        'security.person_has_role(bigint,text[])', 'security.has_role(text[])',
                        'security.perimeter()', 'security.perimeter_until(bigint)',
                        'security.enter(text)', 'security.uid()',
                        'security.viewed(text[])', 'security.viewing_until(bigint,bigint,bigint)',
                        'security.may_view_as(bigint,bigint)',
                        'security.is_signed(text,text)', 'security.message_of(text)'])
           WITH ORDINALITY AS part (signature, place)
      JOIN pg_proc AS p ON p.oid = to_regprocedure(part.signature)
     WHERE session_user <> 'helio_web' OR security.has_role('auditor', 'administrator')
     ORDER BY part.place
$$;
