-- Purpose: a held event that an amendment or cancel has overtaken need not be mapped any more.
-- Grain:   one row per held event that this load brought, or brought a later version of.
-- Owner:   helio_worker, while loading, after 10_quarantine.

UPDATE exception_item AS item
   SET state = 'released',
       outcome = 'released by a later version',
       settled_at = now(),
       settled_in_id = %(batch)s::integer
  FROM source
 WHERE source.id = item.source_id
   AND item.state = 'held'
   AND item.record = 'event'
   AND (item.batch_id = %(batch)s::integer
        OR item.reference IN (SELECT reference FROM staging.event WHERE batch_id = %(batch)s::integer))
   AND EXISTS (SELECT FROM event_version AS higher
                WHERE higher.source = source.name
                  AND higher.reference = item.reference
                  AND higher.version > coalesce(item.version, 0)
                  AND NOT higher.held)
