-- Purpose: who could see what between two moments (097), of one person ('': all) or some portfolios
--          (none: all): only the history of those is read, not that of everybody.
-- Grain:   as security.effective_access (097).
-- Owner:   helio_guard.  Readers: helio_web, cut by effective_access to what the asker may know.
--
-- Names are looked up here and not by the web role, which does not see everybody and everything of
-- which the history tells it. A name that nobody has is nobody's number.

CREATE FUNCTION security.effective_of(starts timestamptz, ends timestamptz, asked_username text, asked_codes text[])
RETURNS TABLE (username text, portfolio_id integer, portfolio_code text, portfolio_name text,
               codename text, group_name text, person_grant_id integer, group_grant_id integer,
               given_by text, reason text, covers text, since timestamptz, until timestamptz)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    people     bigint[];
    portfolios integer[];
BEGIN
    IF asked_username <> '' THEN
        people := array(SELECT id FROM person WHERE person.username = asked_username);
    END IF;
    IF cardinality(asked_codes) > 0 THEN
        portfolios := array(SELECT id FROM portfolio WHERE code = ANY (asked_codes));
    END IF;
    RETURN QUERY
        SELECT a.username, a.portfolio_id, a.portfolio_code, a.portfolio_name, a.codename, a.group_name,
               a.person_grant_id, a.group_grant_id, a.given_by, a.reason, a.covers, a.since, a.until
          FROM security.effective_access(starts, ends, people, portfolios) AS a;
END
$$;

REVOKE ALL ON FUNCTION security.effective_of(timestamptz, timestamptz, text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.effective_of(timestamptz, timestamptz, text, text[]) TO helio_web;
