-- Purpose: holds a mapping that would give one code two meanings at one instant. Whoever stated it
--          first stands, in the order in which sources are loaded; before all of them people.
-- Grain:   one row per staged mapping.  Owner: helio_worker, while loading, before 40.

UPDATE {staging} AS staged
   SET code     = 'CONFLICTING_MAPPING',
       reason   = clash.code,
       sentence = format('%%s already has a meaning in this stretch of time%%s.', clash.code, clash.says)
  FROM (SELECT s.row_id, concat_ws(' ', {keys}) AS code,
               (SELECT ', as ' || string_agg(DISTINCT t.source, ', ') || ' says'
                  FROM {target} AS t
                 WHERE {same_code} AND t.known_to IS NULL
                   AND daterange(t.valid_from, t.valid_to, '[]')
                       && CASE WHEN s.valid_from > s.valid_to THEN 'empty'::daterange
                               ELSE daterange(s.valid_from, s.valid_to, '[]') END) AS says
          FROM {staging} AS s
         WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL
           AND (s.valid_from > s.valid_to
                OR EXISTS (SELECT FROM {target} AS t
                            WHERE {same_code} AND t.known_to IS NULL
                              AND daterange(t.valid_from, t.valid_to, '[]')
                                  && daterange(s.valid_from, s.valid_to, '[]'))
                OR EXISTS (SELECT FROM {staging} AS o
                            WHERE {other_same_code} AND o.batch_id = s.batch_id
                              AND o.outcome IS NULL AND o.code IS NULL AND o.row_id < s.row_id
                              AND (o.valid_from <= o.valid_to OR o.valid_from IS NULL OR o.valid_to IS NULL)
                              AND daterange(o.valid_from, o.valid_to, '[]')
                                  && daterange(s.valid_from, s.valid_to, '[]')))) AS clash
 WHERE staged.row_id = clash.row_id
