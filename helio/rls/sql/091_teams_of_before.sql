-- Purpose: makes teams of the names that people carried: managers lead, the others are members.
-- Grain:   one group and team per name; one membership or leadership per person.
-- Owner:   run once as helio_migrate.

INSERT INTO auth_group (name)
SELECT DISTINCT team || CASE WHEN EXISTS (SELECT FROM auth_group WHERE name = person.team)
                             THEN ' team' ELSE '' END
  FROM person WHERE team <> '';

INSERT INTO team (group_id)
SELECT id FROM auth_group
 WHERE name IN (SELECT team FROM person UNION SELECT team || ' team' FROM person)
   AND name NOT IN ('analyst', 'manager', 'executive', 'auditor', 'operations', 'administrator');

WITH belongs AS (
    SELECT person.id AS user_id, team.group_id,
           EXISTS (SELECT FROM person_groups JOIN auth_group AS role ON role.id = person_groups.group_id
                    WHERE person_groups.user_id = person.id AND role.name = 'manager') AS leads
      FROM person
      JOIN auth_group ON auth_group.name IN (person.team, person.team || ' team')
      JOIN team ON team.group_id = auth_group.id
), leaders AS (
    INSERT INTO team_manager (team_id, user_id) SELECT group_id, user_id FROM belongs WHERE leads
)
INSERT INTO person_groups (user_id, group_id) SELECT user_id, group_id FROM belongs WHERE NOT leads;
