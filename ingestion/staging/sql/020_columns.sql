-- Purpose: whole columns are copied in with empty text for NULL, so the scope of a code may be
--          NULL until it is looked up; and room for the few records of a load that are not alone:
--          references with several versions, records with rivals.
-- Grain:   renewed: one row per source and reference of a load; rival: one row per staged record.
-- Owner:   helio_owner.  Writers and readers: helio_worker alone, while loading.

DO $$
DECLARE
    staged record;
BEGIN
    FOR staged IN
        SELECT attrelid::regclass AS name
          FROM pg_attribute
          JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = 'staging'::regnamespace AND relkind = 'r' AND attname = 'scope'
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER scope DROP NOT NULL', staged.name);
    END LOOP;
END
$$;

CREATE UNLOGGED TABLE staging.renewed (
    batch_id  integer NOT NULL,
    source    text NOT NULL,
    reference text NOT NULL
);

CREATE UNLOGGED TABLE staging.rival (
    batch_id integer NOT NULL,
    row_id   bigint NOT NULL
);

GRANT SELECT, INSERT, DELETE, MAINTAIN ON staging.renewed, staging.rival TO helio_worker;
GRANT SELECT ON staging.renewed, staging.rival TO helio_audit;
