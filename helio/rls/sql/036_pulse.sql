-- Purpose: has anything changed for the people whose pages are open? Asked once a second by each
--          web process, so that a lost hint delays a revocation by a second and never loses it.
-- Grain:   one row for the newest version, one per person asked about, one per live session.
-- Owner:   helio_guard.  Readers: helio_web. A mark is a digest: it tells that access changed, not
--          what it is.

CREATE FUNCTION security.pulse(person_ids bigint[], session_keys text[])
RETURNS TABLE (kind text, key text, mark text)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT 'version', '', coalesce(max(number), 0)::text FROM version
    UNION ALL
    SELECT 'person', asked.id::text,
           md5(concat_ws('|', security.perimeter_of(asked.id),
               (SELECT array_agg(g.id ORDER BY g.id) FROM security.granted_to(asked.id, '{manage_portfolio}') AS g (id)),
               (SELECT array_agg(group_id ORDER BY group_id) FROM person_groups WHERE user_id = asked.id)))
      FROM unnest(person_ids) AS asked (id)
      JOIN person ON person.id = asked.id AND person.is_active
    UNION ALL
    SELECT 'session', session_key, 'live'
      FROM django_session
     WHERE session_key = ANY (session_keys) AND expire_date > statement_timestamp()
$$;

REVOKE ALL ON FUNCTION security.pulse(bigint[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.pulse(bigint[], text[]) TO helio_web;
