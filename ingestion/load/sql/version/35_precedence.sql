-- Purpose: who is believed when, of all that was ever stated about a fact: of the sources that stand
--          by what they stated, the one of the best rank at that moment; of its versions the
--          highest; of equals the first. Windows of rows only shrink; what is believed again, or
--          after a gap, is written again as a copy.
-- Grain:   one row per stretch in which a statement is believed, of the contested facts.
-- Owner:   helio_worker, while loading, or when a rank changed or a mapping ended.
--          {target}; {fact} are its columns that identify a fact, {other_fact} compares them with
--          those of f(act); {version} orders versions; {columns}, {stated} are what a copy repeats.

WITH f AS (
    SELECT DISTINCT {fact}
      FROM staging.contested
      JOIN {target} AS t ON t.id = contested.fact_id
     WHERE contested.batch_id = %(batch)s::integer
), kept AS MATERIALIZED (
    SELECT min(t.id) OVER (PARTITION BY {fact}) AS fact,
           t.id, coalesce(t.copy_of, t.id) AS said, t.copy_of,
           {version} AS version, t.known_from, t.known_to, t.ended_at, t.file_id
      FROM f
      JOIN {target} AS t ON {other_fact}
), said AS MATERIALIZED (
    SELECT kept.fact, kept.id, kept.version, kept.known_from, kept.ended_at, source_file.source_id
      FROM kept
      LEFT JOIN public.source_file ON source_file.id = kept.file_id
     WHERE kept.copy_of IS NULL
), standing AS (
    SELECT source_id, rank, known_from,
           lead(known_from, 1, 'infinity') OVER (PARTITION BY source_id ORDER BY known_from) AS known_to
      FROM public.source_rank
     WHERE record = %(record)s::text
), moment AS (
    SELECT fact, known_from AS at FROM said
    UNION
    SELECT fact, ended_at FROM said WHERE ended_at IS NOT NULL
    UNION
    SELECT said.fact, standing.known_from
      FROM said
      JOIN standing ON standing.source_id = said.source_id AND standing.known_from > said.known_from
), believed AS (
    SELECT DISTINCT ON (moment.fact, moment.at) moment.fact, moment.at, said.id
      FROM moment
      LEFT JOIN said ON said.fact = moment.fact AND said.known_from <= moment.at
                    AND (said.ended_at IS NULL OR said.ended_at > moment.at)
      LEFT JOIN standing ON standing.source_id = said.source_id
                        AND standing.known_from <= moment.at AND standing.known_to > moment.at
     ORDER BY moment.fact, moment.at, coalesce(standing.rank, 50), said.version DESC,
              said.known_from, said.id
), turn AS (
    SELECT fact, at, id, lag(id) OVER along IS DISTINCT FROM id AS begins
      FROM believed
    WINDOW along AS (PARTITION BY fact ORDER BY at)
), stretch AS MATERIALIZED (
    SELECT * FROM (
        SELECT fact, id AS said, at AS from_at, lead(at) OVER (PARTITION BY fact ORDER BY at) AS to_at
          FROM turn
         WHERE begins) AS every
     WHERE said IS NOT NULL
), lasting AS MATERIALIZED (
    -- least() passes over what is empty: a window without an end ends with its stretch
    SELECT kept.id, kept.said, kept.known_from, kept.known_to AS known_before,
           stretch.from_at, stretch.to_at,
           CASE WHEN stretch.said IS NULL THEN kept.known_from
                ELSE least(kept.known_to, stretch.to_at) END AS known_to
      FROM kept
      LEFT JOIN stretch ON stretch.said = kept.said AND stretch.from_at <= kept.known_from
                       AND (stretch.to_at IS NULL OR stretch.to_at > kept.known_from)
), covered AS (
    SELECT * FROM lasting
     WHERE from_at IS NOT NULL AND (known_to IS NULL OR known_to > known_from)
), gap AS (
    SELECT said, coalesce(lag(known_to) OVER along, from_at) AS from_at, known_from AS to_at
      FROM covered
    WINDOW along AS (PARTITION BY said, from_at ORDER BY known_from)
    UNION ALL
    SELECT said, max(known_to), to_at
      FROM covered
     GROUP BY said, from_at, to_at
    HAVING bool_and(known_to IS NOT NULL)
    UNION ALL
    SELECT said, from_at, to_at
      FROM stretch
     WHERE NOT EXISTS (SELECT FROM covered
                        WHERE covered.said = stretch.said AND covered.from_at = stretch.from_at)
), closed AS (
    UPDATE {target} AS t
       SET known_to = lasting.known_to,
           ended_by_batch_id = CASE WHEN t.known_to IS NULL THEN %(batch)s::integer ELSE t.ended_by_batch_id END
      FROM lasting
     WHERE t.id = lasting.id
       AND lasting.known_to IS DISTINCT FROM lasting.known_before
    RETURNING {touched_target}
), opened AS (
    INSERT INTO {target} AS t ({columns}, known_from, known_to, copy_of, batch_id, file_id, line_no)
    SELECT {stated},
           -- a window that was emptied may begin at that very moment
           gap.from_at + CASE WHEN EXISTS (SELECT FROM kept WHERE kept.said = gap.said AND kept.known_from = gap.from_at)
                              THEN interval '1 microsecond' ELSE interval '0' END,
           gap.to_at, o.id, %(batch)s::integer, o.file_id, o.line_no
      FROM gap
      JOIN {target} AS o ON o.id = gap.said
     WHERE gap.to_at IS NULL OR gap.to_at > gap.from_at
    RETURNING {touched_target}
)
INSERT INTO staging.touched (batch_id, listing_id, from_on)
SELECT %(batch)s::integer, listing_id, min(from_on)
  FROM (SELECT * FROM closed UNION ALL SELECT * FROM opened) AS changed
 WHERE from_on IS NOT NULL
 GROUP BY listing_id
