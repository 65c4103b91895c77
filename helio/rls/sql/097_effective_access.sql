-- Purpose: who could see which portfolio between two moments, and through what: the rule of
--          030_perimeter.sql read backwards over the history of access (094).
-- Grain:   one row per person, portfolio, way (a grant, or the auditor's role) and unbroken span.
-- Owner:   helio_guard.  Readers: helio_web, through effective_access, which judges who asks.
--
-- A way is open while all its parts hold at once: the person is active, the group membership stands,
-- the grant is recorded and its dates are on. Each part is a set of recorded windows; the spans are
-- their intersections. Of one moment it must say what perimeter_of() answered then: tested against
-- random histories.

-- Every recorded state of one kind of thing, with the moment the next one replaced it.
CREATE FUNCTION security.recorded(asked_kind text)
RETURNS TABLE (person_id bigint, group_id integer, portfolio_id integer, permission_id integer,
               grant_id integer, during tstzrange)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH state AS (
        SELECT h.*, lead(h.recorded_at, 1, 'infinity') OVER (PARTITION BY h.key ORDER BY h.id) AS replaced_at
          FROM security.access_history AS h
         WHERE h.kind = asked_kind
    )
    SELECT person_id, group_id, portfolio_id, permission_id, grant_id,
           tstzrange(greatest(recorded_at, valid_from), least(replaced_at, valid_until))
      FROM state
     WHERE holds
       AND greatest(recorded_at, valid_from) < least(replaced_at, valid_until)
$$;

CREATE FUNCTION security.access_spans(span tstzrange, asked_persons bigint[], asked_portfolios integer[])
RETURNS TABLE (person_id bigint, portfolio_id integer, permission_id integer, group_id integer,
               person_grant_id integer, group_grant_id integer, since timestamptz, until timestamptz)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH active AS (
        SELECT * FROM security.recorded('person') WHERE asked_persons IS NULL OR person_id = ANY (asked_persons)
    ), membership AS (
        SELECT m.person_id, m.group_id, m.during * active.during AS during
          FROM security.recorded('group') AS m JOIN active USING (person_id)
         WHERE m.during && active.during
    ), way AS (
        SELECT g.person_id, g.portfolio_id, g.permission_id, NULL::integer AS group_id,
               g.grant_id AS person_grant_id, NULL::integer AS group_grant_id, g.during * active.during AS during
          FROM security.recorded('person grant') AS g JOIN active USING (person_id)
        UNION ALL
        SELECT m.person_id, g.portfolio_id, g.permission_id, g.group_id, NULL, g.grant_id, g.during * m.during
          FROM security.recorded('group grant') AS g JOIN membership AS m USING (group_id)
        UNION ALL
        SELECT m.person_id, p.portfolio_id, NULL, m.group_id, NULL, NULL, p.during * m.during
          FROM security.recorded('portfolio') AS p
         CROSS JOIN membership AS m
          JOIN auth_group ON auth_group.id = m.group_id AND auth_group.name = 'auditor'
    ), spanning AS (
        -- Two states of one thing that follow each other without a gap are one span.
        SELECT person_id, portfolio_id, permission_id, group_id, person_grant_id, group_grant_id,
               unnest(range_agg(during)) AS during
          FROM way
         WHERE (permission_id IS NULL
                OR permission_id IN (SELECT id FROM auth_permission
                                      WHERE codename IN ('view_portfolio', 'manage_portfolio')))
           AND (asked_portfolios IS NULL OR portfolio_id = ANY (asked_portfolios))
         GROUP BY 1, 2, 3, 4, 5, 6
    )
    SELECT person_id, portfolio_id, permission_id, group_id, person_grant_id, group_grant_id,
           lower(during), nullif(upper(during), 'infinity')
      FROM spanning
     WHERE during && span
$$;

-- What the person who asks may know of it: administrators and auditors everything, managers the
-- portfolios they manage now, everybody their own.
CREATE FUNCTION security.effective_access(starts timestamptz, ends timestamptz)
RETURNS TABLE (person_id bigint, username text, portfolio_id integer, portfolio_code text, portfolio_name text,
               codename text, group_name text, person_grant_id integer, group_grant_id integer,
               given_by text, reason text, covers text, since timestamptz, until timestamptz)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH spans AS (
        SELECT * FROM security.access_spans(
            tstzrange(starts, ends, '[]'), NULL, NULL)
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

CREATE TABLE security.access_history_start (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    installed_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON security.access_history_start FROM PUBLIC;
INSERT INTO security.access_history_start DEFAULT VALUES;

-- Since when the history was kept as it happened; before, it says what the rows said of themselves.
CREATE FUNCTION security.history_since() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT installed_at FROM security.access_history_start
$$;
REVOKE ALL ON FUNCTION security.recorded(text), security.access_spans(tstzrange, bigint[], integer[]),
    security.effective_access(timestamptz, timestamptz), security.history_since() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.effective_access(timestamptz, timestamptz), security.history_since()
    TO helio_web;
