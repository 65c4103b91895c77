-- Purpose: who sees which portfolio at this moment, and through what: the rule of 030_perimeter.sql
--          read for everybody at once from the rows in force, so that a page need not replay the
--          history (097) of everybody to show a hundred rows. And the spans of the history of those
--          people and portfolios alone that somebody looks at.
-- Grain:   access_now: one row per person, portfolio and way in force (a grant, or the auditor's
--          role); effective_spans: as effective_access (097).
-- Owner:   helio_guard.  Readers: helio_web, through the two functions that judge who asks.
--
-- Compared with the history at the same moment over random histories: test_access_history.

CREATE INDEX access_history_person ON security.access_history (person_id, kind);
CREATE INDEX access_history_group ON security.access_history (group_id, kind);

CREATE FUNCTION security.access_now(asked_person bigint, asked_portfolios integer[])
RETURNS TABLE (person_id bigint, portfolio_id integer, permission_id integer, group_id integer,
               person_grant_id integer, group_grant_id integer)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH wanted AS (
        SELECT id FROM auth_permission WHERE codename IN ('view_portfolio', 'manage_portfolio')
    ), way AS (
        SELECT user_id, content_object_id, permission_id, NULL::integer AS group_id, id AS own_id,
               NULL::integer AS shared_id
          FROM portfolio_user_grant
         WHERE permission_id IN (SELECT id FROM wanted)
           AND valid_from <= statement_timestamp()
           AND (valid_until IS NULL OR valid_until > statement_timestamp())
        UNION ALL
        SELECT m.user_id, g.content_object_id, g.permission_id, g.group_id, NULL, g.id
          FROM portfolio_group_grant AS g
          JOIN person_groups AS m ON m.group_id = g.group_id
         WHERE g.permission_id IN (SELECT id FROM wanted)
           AND g.valid_from <= statement_timestamp()
           AND (g.valid_until IS NULL OR g.valid_until > statement_timestamp())
        UNION ALL
        SELECT m.user_id, portfolio.id, NULL, m.group_id, NULL, NULL
          FROM auth_group
          JOIN person_groups AS m ON m.group_id = auth_group.id
         CROSS JOIN portfolio
         WHERE auth_group.name = 'auditor'
    )
    SELECT way.user_id, way.content_object_id, way.permission_id, way.group_id, way.own_id, way.shared_id
      FROM way
      JOIN person ON person.id = way.user_id AND person.is_active
     WHERE (asked_person IS NULL OR way.user_id = asked_person)
       AND (asked_portfolios IS NULL OR way.content_object_id = ANY (asked_portfolios))
$$;

-- What the person who asks may know of it, as effective_access (097) judges; cut to one person
-- ('': all) and some portfolios (none: all) before names are looked up.
CREATE FUNCTION security.effective_now(asked_username text, asked_codes text[])
RETURNS TABLE (person_id bigint, username text, portfolio_id integer, portfolio_code text,
               permission_id integer, group_id integer, person_grant_id integer, group_grant_id integer)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    mine   constant bigint  := security.uid();
    all_of constant boolean := security.has_role('administrator', 'auditor');
    asked  bigint;
    wanted integer[];
BEGIN
    IF mine IS NULL THEN
        RETURN;
    END IF;
    IF asked_username <> '' THEN
        asked := coalesce((SELECT id FROM person WHERE person.username = asked_username), 0);
    END IF;
    IF cardinality(asked_codes) > 0 THEN
        wanted := array(SELECT id FROM portfolio WHERE code = ANY (asked_codes));
    END IF;
    RETURN QUERY
        WITH known AS (
            SELECT * FROM security.access_now(asked, wanted) WHERE all_of
            UNION
            SELECT * FROM security.access_now(asked, array(
                       SELECT id FROM unnest(security.managed()) AS id WHERE wanted IS NULL OR id = ANY (wanted)))
             WHERE NOT all_of
            UNION
            SELECT * FROM security.access_now(mine, wanted) AS own
             WHERE NOT all_of AND (asked IS NULL OR asked = mine)
        )
        SELECT known.person_id, person.username::text, known.portfolio_id, portfolio.code::text,
               known.permission_id, known.group_id, known.person_grant_id, known.group_grant_id
          FROM known
          JOIN person ON person.id = known.person_id
          JOIN portfolio ON portfolio.id = known.portfolio_id;
END
$$;

-- The names to choose from: people in effective_now and their portfolios. Null where somebody who
-- knows everything would get more than ``most`` people: a list nobody reads is not worth its time.
CREATE FUNCTION security.effective_choices(most integer)
RETURNS TABLE (people text[], codes text[])
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF security.has_role('administrator', 'auditor')
       AND (SELECT count(*) FROM person WHERE is_active) > most THEN
        RETURN QUERY SELECT NULL::text[], NULL::text[];
    ELSE
        RETURN QUERY
            SELECT coalesce(array_agg(DISTINCT username ORDER BY username), '{}'),
                   coalesce(array_agg(DISTINCT portfolio_code ORDER BY portfolio_code), '{}')
              FROM security.effective_now('', '{}');
    END IF;
END
$$;

-- As in 097, of some people and portfolios only (null: all). A thing is taken with all its states, or
-- the one that was replaced by a state of somebody else would seem to last.
CREATE FUNCTION security.recorded(asked_kind text, asked_persons bigint[], asked_portfolios integer[])
RETURNS TABLE (person_id bigint, group_id integer, portfolio_id integer, permission_id integer,
               grant_id integer, during tstzrange)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN QUERY
        WITH asked AS (
            SELECT DISTINCT h.key FROM security.access_history AS h
             WHERE h.kind = asked_kind
               AND (asked_persons IS NULL OR h.person_id = ANY (asked_persons))
               AND (asked_portfolios IS NULL OR h.portfolio_id = ANY (asked_portfolios))
        ), state AS (
            SELECT h.*, lead(h.recorded_at, 1, 'infinity') OVER (PARTITION BY h.key ORDER BY h.id) AS replaced_at
              FROM security.access_history AS h
             WHERE h.kind = asked_kind
               AND (asked_persons IS NULL AND asked_portfolios IS NULL OR h.key IN (SELECT key FROM asked))
        )
        SELECT state.person_id, state.group_id, state.portfolio_id, state.permission_id, state.grant_id,
               tstzrange(greatest(recorded_at, valid_from), least(replaced_at, valid_until))
          FROM state
         WHERE holds
           AND (asked_persons IS NULL OR state.person_id = ANY (asked_persons))
           AND (asked_portfolios IS NULL OR state.portfolio_id = ANY (asked_portfolios))
           AND greatest(recorded_at, valid_from) < least(replaced_at, valid_until);
END
$$;

CREATE OR REPLACE FUNCTION security.access_spans(span tstzrange, asked_persons bigint[], asked_portfolios integer[])
RETURNS TABLE (person_id bigint, portfolio_id integer, permission_id integer, group_id integer,
               person_grant_id integer, group_grant_id integer, since timestamptz, until timestamptz)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH active AS (
        SELECT * FROM security.recorded('person', asked_persons, NULL)
    ), membership AS (
        SELECT m.person_id, m.group_id, m.during * active.during AS during
          FROM security.recorded('group', asked_persons, NULL) AS m JOIN active USING (person_id)
         WHERE m.during && active.during
    ), way AS (
        SELECT g.person_id, g.portfolio_id, g.permission_id, NULL::integer AS group_id,
               g.grant_id AS person_grant_id, NULL::integer AS group_grant_id, g.during * active.during AS during
          FROM security.recorded('person grant', asked_persons, asked_portfolios) AS g JOIN active USING (person_id)
        UNION ALL
        SELECT m.person_id, g.portfolio_id, g.permission_id, g.group_id, NULL, g.grant_id, g.during * m.during
          FROM security.recorded('group grant', NULL, asked_portfolios) AS g JOIN membership AS m USING (group_id)
        UNION ALL
        SELECT m.person_id, p.portfolio_id, NULL, m.group_id, NULL, NULL, p.during * m.during
          FROM security.recorded('portfolio', NULL, asked_portfolios) AS p
         CROSS JOIN membership AS m
          JOIN auth_group ON auth_group.id = m.group_id AND auth_group.name = 'auditor'
    ), spanning AS (
        -- Two states of one thing that follow each other without a gap are one span.
        SELECT person_id, portfolio_id, permission_id, group_id, person_grant_id, group_grant_id,
               unnest(range_agg(during)) AS during
          FROM way
         WHERE permission_id IS NULL
            OR permission_id IN (SELECT id FROM auth_permission
                                  WHERE codename IN ('view_portfolio', 'manage_portfolio'))
         GROUP BY 1, 2, 3, 4, 5, 6
    )
    SELECT person_id, portfolio_id, permission_id, group_id, person_grant_id, group_grant_id,
           lower(during), nullif(upper(during), 'infinity')
      FROM spanning
     WHERE during && span
$$;
DROP FUNCTION security.recorded(text);

-- As in 097, of some people and portfolios only (null: all).
CREATE FUNCTION security.effective_access(starts timestamptz, ends timestamptz, asked_persons bigint[],
                                          asked_portfolios integer[])
RETURNS TABLE (person_id bigint, username text, portfolio_id integer, portfolio_code text, portfolio_name text,
               codename text, group_name text, person_grant_id integer, group_grant_id integer,
               given_by text, reason text, covers text, since timestamptz, until timestamptz)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH spans AS MATERIALIZED (
        SELECT * FROM security.access_spans(tstzrange(starts, ends, '[]'), asked_persons, asked_portfolios)
         WHERE (SELECT security.has_role('administrator', 'auditor'))
            OR portfolio_id = ANY ((SELECT security.managed())::integer[])
            OR person_id = (SELECT security.uid())
    )
    SELECT person.id, person.username, portfolio.id, portfolio.code, portfolio.name,
           coalesce(auth_permission.codename, 'auditor'), auth_group.name,
           spans.person_grant_id, spans.group_grant_id, giver.username,
           coalesce(own.reason, shared.reason, ''), covered.username, spans.since, spans.until
      FROM spans
      JOIN person ON person.id = spans.person_id
      JOIN portfolio ON portfolio.id = spans.portfolio_id
      LEFT JOIN auth_permission ON auth_permission.id = spans.permission_id
      LEFT JOIN auth_group ON auth_group.id = spans.group_id
      LEFT JOIN portfolio_user_grant AS own ON own.id = spans.person_grant_id
      LEFT JOIN portfolio_group_grant AS shared ON shared.id = spans.group_grant_id
      LEFT JOIN person AS giver ON giver.id = coalesce(own.granted_by_id, shared.granted_by_id)
      LEFT JOIN person AS covered ON covered.id = own.covers_id
     ORDER BY portfolio.code, person.username, spans.since
$$;

CREATE OR REPLACE FUNCTION security.effective_access(starts timestamptz, ends timestamptz)
RETURNS TABLE (person_id bigint, username text, portfolio_id integer, portfolio_code text, portfolio_name text,
               codename text, group_name text, person_grant_id integer, group_grant_id integer,
               given_by text, reason text, covers text, since timestamptz, until timestamptz)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT * FROM security.effective_access(starts, ends, NULL, NULL)
$$;

REVOKE ALL ON FUNCTION security.access_now(bigint, integer[]), security.effective_now(text, text[]),
    security.effective_choices(integer), security.recorded(text, bigint[], integer[]),
    security.effective_access(timestamptz, timestamptz, bigint[], integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.effective_now(text, text[]), security.effective_choices(integer),
    security.effective_access(timestamptz, timestamptz, bigint[], integer[]) TO helio_web;
