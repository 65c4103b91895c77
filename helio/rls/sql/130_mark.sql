-- Purpose: security.mark_of() by roles, not by teams: what a team opens stands in the perimeter already,
--          and people of two teams who see the same may share one rendering of a page.
-- Grain:   one mark per person.
-- Owner:   helio_guard.  Readers: as in 036_pulse.sql.

CREATE OR REPLACE FUNCTION security.mark_of(asked_id bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT md5(concat_ws('|', security.perimeter_of(person.id),
               (SELECT array_agg(g.id ORDER BY g.id) FROM security.granted_to(person.id, '{manage_portfolio}') AS g (id)),
               (SELECT array_agg(group_id ORDER BY group_id) FROM person_groups
                 WHERE user_id = person.id AND group_id NOT IN (SELECT team.group_id FROM team)),
               person.reporting_currency))
      FROM person
     WHERE person.id = asked_id AND person.is_active
$$;
