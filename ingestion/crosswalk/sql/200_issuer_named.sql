-- Purpose: the issuers that staged listings name, found by LEI, else by name; new ones are added.
--          What operations decided stands: a source does not move their instruments.
-- Grain:   one row per issuer.
-- Owner:   helio_worker runs it while loading, after instruments; %(wrong)s are the LEIs that
--          fail their check digit: they are left out, and the issuer's evidence says so.

WITH stated AS (
    SELECT DISTINCT ON (instrument_id)
           instrument_id,
           issuer_name AS name,
           CASE WHEN issuer_lei <> ALL (%(wrong)s::text[]) THEN issuer_lei END AS lei,
           CASE WHEN issuer_lei = ANY (%(wrong)s::text[])
                THEN format('LEI %%s, as %%s states it, fails its check digit and was left out.', issuer_lei, source)
                ELSE format('stated by %%s', source) END AS evidence,
           coalesce(issuer_country, '') AS country,
           source
      FROM staging.listing
     WHERE batch_id = %(batch)s::integer AND code IS NULL AND issuer_name IS NOT NULL
     ORDER BY instrument_id, file_id DESC, line_no DESC
), known AS (
    SELECT stated.instrument_id,
           coalesce(by_lei.id, by_name.id) AS issuer_id
      FROM stated
      LEFT JOIN public.issuer AS by_lei ON by_lei.lei = stated.lei
      LEFT JOIN LATERAL (
           SELECT id FROM public.issuer
            WHERE issuer.name = stated.name AND NOT issuer.derived
              AND (issuer.lei IS NULL OR stated.lei IS NULL)
            ORDER BY id LIMIT 1) AS by_name ON by_lei.id IS NULL
), added AS (
    INSERT INTO public.issuer (name, lei, country, derived, evidence)
    SELECT DISTINCT ON (coalesce(stated.lei, stated.name))
           stated.name, stated.lei, stated.country, false, stated.evidence
      FROM stated JOIN known USING (instrument_id)
     WHERE known.issuer_id IS NULL
     ORDER BY coalesce(stated.lei, stated.name), stated.instrument_id
    RETURNING id, name, lei
)
UPDATE public.instrument AS now
   SET issuer_id     = coalesce(known.issuer_id, added.id),
       issuer_source = stated.source
  FROM stated
  JOIN known USING (instrument_id)
  LEFT JOIN added ON added.lei = stated.lei OR (added.lei IS NULL AND stated.lei IS NULL AND added.name = stated.name)
 WHERE now.id = stated.instrument_id
   AND now.issuer_source <> 'operations'
   AND now.issuer_id IS DISTINCT FROM coalesce(known.issuer_id, added.id)
