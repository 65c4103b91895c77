-- Purpose: finds the listing each staged record means, as of its trade or effective day.
--          The trade date of an execution is its date at the venue of the listing found.
-- Grain:   one row per staged record that names an instrument.
-- Owner:   helio_worker runs it while loading; {table} is a staging table.

WITH named AS (
    SELECT staged.row_id,
           staged.scheme,
           staged.identifier,
           coalesce(staged.scope, '') AS scope_sent,
           -- systems send the segment or the operating MIC: both sides compare the operating one
           CASE WHEN staged.scheme = 'SYMBOL' THEN coalesce(venue.operating_mic, staged.scope, '')
                ELSE coalesce(staged.scope, '') END AS scope,
           staged.scope_preferred,
           staged.on_day,
           staged.executed_at,
           staged.known_from,
           staged.check_fails
      FROM {table} AS staged
      LEFT JOIN public.venue ON staged.scheme = 'SYMBOL' AND venue.segment_mic = staged.scope
     WHERE staged.batch_id = %(batch)s::integer
       AND staged.scheme IS NOT NULL
       AND staged.outcome IS NULL
       -- what was plain was answered while reading (lookup.py), unless this load taught more since
       AND (staged.listing_id IS NULL OR %(again)s::boolean)
), candidate AS (
    SELECT named.row_id,
           identifier.listing_id,
           listing.key,
           identifier.valid_from,
           identifier.valid_to,
           CASE WHEN named.on_day IS NOT NULL      THEN named.on_day
                WHEN named.executed_at IS NOT NULL THEN (named.executed_at AT TIME ZONE venue.time_zone)::date
                ELSE named.known_from::date END AS on_day,
           identifier.scope IN (named.scope, '') AS in_scope,
           -- two people approved it: then even a code that fails its check digit has a meaning
           identifier.source = 'operations' AS approved,
           -- since when this code has been known to mean this listing (never earlier than that)
           CASE WHEN identifier.source = 'operations' THEN identifier.known_from ELSE
           (SELECT max(first.known_from)
              FROM (SELECT past.known_from FROM public.identifier AS past
                     WHERE past.scheme = identifier.scheme AND past.value = identifier.value
                       AND past.scope = identifier.scope AND past.listing_id = identifier.listing_id
                       AND past.source <> 'operations'
                     ORDER BY past.known_from NULLS FIRST LIMIT 1) AS first) END AS mapped_from
      FROM named
      JOIN public.identifier ON identifier.scheme = named.scheme
                            AND identifier.value = named.identifier
                            AND (identifier.scope IN (named.scope, '') OR named.scope = ''
                                 OR named.scope_preferred)
                            AND identifier.known_to IS NULL
      JOIN public.listing ON listing.id = identifier.listing_id
      LEFT JOIN public.venue ON venue.segment_mic = listing.segment_mic
), judged AS (
    SELECT candidate.*,
           candidate.on_day BETWEEN coalesce(candidate.valid_from, '-infinity')
                                AND coalesce(candidate.valid_to, 'infinity')
           -- where the scope is only preferred, what lies outside counts when nothing lies inside
           AND (candidate.in_scope OR NOT bool_or(candidate.in_scope) OVER (PARTITION BY candidate.row_id)) AS in_use
      FROM candidate
), found AS (
    SELECT row_id,
           count(DISTINCT listing_id) FILTER (WHERE in_use)      AS meanings,
           min(listing_id) FILTER (WHERE in_use)                 AS listing_id,
           min(on_day) FILTER (WHERE in_use)                     AS on_day,
           max(mapped_from) FILTER (WHERE in_use)                AS mapped_from,
           bool_or(approved) FILTER (WHERE in_use)               AS approved,
           min(on_day)                                           AS any_day,
           count(*)                                              AS candidates,
           string_agg(DISTINCT key, ', ')                        AS keys,
           string_agg(DISTINCT concat(valid_from, ' to ', valid_to), ', ') AS stretches
      FROM judged
     GROUP BY row_id
), answer AS (
    SELECT named.row_id,
           CASE WHEN found.meanings = 1 AND (NOT named.check_fails OR found.approved) THEN found.listing_id END AS listing_id,
           coalesce(found.on_day, found.any_day, named.on_day) AS on_day,
           found.mapped_from,
           concat_ws(' ', named.scheme, named.identifier, nullif(named.scope_sent, '')) AS reason,
           named.scheme, named.identifier, found.keys, found.stretches,
           CASE WHEN named.check_fails AND found.approved IS NOT TRUE THEN 'CHECK_DIGIT'
                WHEN found.candidates IS NULL               THEN 'UNKNOWN_INSTRUMENT'
                WHEN found.any_day IS NULL                  THEN 'UNKNOWN_VENUE'
                WHEN found.meanings > 1                     THEN 'AMBIGUOUS_IDENTIFIER'
                WHEN found.meanings = 0                     THEN 'EXPIRED_IDENTIFIER'
           END AS code
      FROM named
      LEFT JOIN found ON found.row_id = named.row_id
)
UPDATE {table} AS staged
   SET listing_id  = answer.listing_id,
       on_day      = answer.on_day,
       mapped_from = answer.mapped_from,
       code        = answer.code,
       reason      = CASE WHEN answer.code IS NOT NULL THEN answer.reason END,
       sentence    = CASE answer.code
                         WHEN 'CHECK_DIGIT' THEN format('%%s fails its check digit.', answer.reason)
                         WHEN 'UNKNOWN_INSTRUMENT' THEN format('No listing is known for %%s.', answer.reason)
                         WHEN 'UNKNOWN_VENUE' THEN
                             format('The time zone of the venue of %%s is not known, so neither is the trade date.', answer.keys)
                         WHEN 'AMBIGUOUS_IDENTIFIER' THEN
                             format('%%s means several listings: %%s.', answer.reason, answer.keys)
                         WHEN 'EXPIRED_IDENTIFIER' THEN
                             format('%%s was not in use on %%s (%%s: %%s).', answer.reason, answer.on_day, answer.keys, answer.stretches)
                     END
  FROM answer
 WHERE staged.row_id = answer.row_id
