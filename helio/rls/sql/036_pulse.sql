-- Purpose: has anything changed for the people whose pages are open? Asked once a second by each
--          web process, so that a lost hint delays a revocation by a second and never loses it.
-- Grain:   one row for the newest version, one per person asked about, one per live session.
-- Owner:   helio_guard.  Readers: helio_web. A mark is a digest of perimeter, managed portfolios,
--          roles and reporting currency: people with one mark may share one rendering of a page.

CREATE FUNCTION security.mark_of(asked_id bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT md5(concat_ws('|', security.perimeter_of(person.id),
               (SELECT array_agg(g.id ORDER BY g.id) FROM security.granted_to(person.id, '{manage_portfolio}') AS g (id)),
               (SELECT array_agg(group_id ORDER BY group_id) FROM person_groups WHERE user_id = person.id),
               person.reporting_currency))
      FROM person
     WHERE person.id = asked_id AND person.is_active
$$;

CREATE FUNCTION security.mark() RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT security.mark_of(security.uid())
$$;

CREATE FUNCTION security.pulse(person_ids bigint[], session_keys text[])
RETURNS TABLE (kind text, key text, mark text)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT 'version', '', coalesce(max(number), 0)::text FROM version
    UNION ALL
    SELECT 'person', person.id::text, security.mark_of(person.id)
      FROM person
     WHERE person.id = ANY (person_ids) AND person.is_active
    UNION ALL
    SELECT 'session', session_key, 'live'
      FROM django_session
     WHERE session_key = ANY (session_keys) AND expire_date > statement_timestamp()
$$;

REVOKE ALL ON FUNCTION security.mark_of(bigint), security.mark(), security.pulse(bigint[], text[])
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.mark(), security.pulse(bigint[], text[]) TO helio_web;
