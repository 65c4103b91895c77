-- Purpose: how many held records wait for a mapping now.  Grain: one row.  Owner: helio_worker.

SELECT count(*)
  FROM exception_item AS item
 WHERE item.state = 'held' AND item.staged IS NOT NULL
   AND item.code IN ('UNKNOWN_BOOK', 'UNKNOWN_INSTRUMENT', 'EXPIRED_IDENTIFIER',
                     'AMBIGUOUS_IDENTIFIER', 'CHECK_DIGIT', 'REMAPPED')
   AND CASE WHEN item.code = 'UNKNOWN_BOOK' THEN item.staged ->> 'portfolio_key' ELSE item.staged ->> 'identifier' END IS NOT NULL
