-- Purpose: who may read the ranks of sources; which sources stand alike; room for the facts of a
--          load that several sources may state.
-- Grain:   peer_file: one row per kind of record, source, and file of a source of the same rank;
--          staging.contested: one row per fact to be judged again, by any of its rows.
-- Owner:   helio_owner.  Readers: everybody signed in may know the ranks; the rest is the worker's.

CALL security.share('source_rank');
REVOKE UPDATE, DELETE ON source_rank FROM helio_worker;
GRANT USAGE ON SEQUENCE source_rank_id_seq TO helio_worker;

CREATE VIEW peer_file WITH (security_invoker = true) AS
WITH standing AS (
    SELECT kind.record, source.id, source.name,
           coalesce((SELECT said.rank FROM source_rank AS said
                      WHERE said.source_id = source.id AND said.record = kind.record
                      ORDER BY said.known_from DESC LIMIT 1), 50) AS rank
      FROM source
     CROSS JOIN (SELECT DISTINCT record FROM source_rank) AS kind
)
SELECT mine.record, mine.name AS source, source_file.id AS file_id
  FROM standing AS mine
  JOIN standing AS peer ON peer.record = mine.record AND peer.rank = mine.rank
  JOIN source_file ON source_file.source_id = peer.id;

GRANT SELECT ON peer_file TO helio_worker;

CREATE UNLOGGED TABLE staging.contested (
    batch_id integer NOT NULL,
    fact_id  bigint NOT NULL
);

GRANT SELECT, INSERT, DELETE, MAINTAIN ON staging.contested TO helio_worker;
GRANT SELECT ON staging.contested TO helio_audit;
