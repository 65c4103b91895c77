-- Purpose: a held event that an amendment or cancel has overtaken need not be mapped any more.
-- Grain:   one row per held event of a reference that has several versions in this load.
-- Owner:   helio_worker, while loading, after 10_quarantine; staging.renewed names the references.

UPDATE exception_item AS item
   SET state = 'released',
       outcome = 'released by a later version',
       settled_at = now(),
       settled_in_id = %(batch)s::integer
  FROM source
  JOIN (SELECT DISTINCT source AS name, reference
          FROM staging.renewed
         WHERE batch_id = %(batch)s::integer) AS renewed ON renewed.name = source.name
 WHERE source.id = item.source_id
   AND item.reference = renewed.reference
   AND item.state = 'held'
   AND item.record = 'event'
   AND EXISTS (SELECT FROM event_version AS higher
                WHERE higher.source = source.name
                  AND higher.reference = item.reference
                  AND higher.version > coalesce(item.version, 0)
                  AND NOT higher.held)
