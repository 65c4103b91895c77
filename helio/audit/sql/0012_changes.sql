-- Purpose: definitions, mappings and closes leave an event whoever writes them, by whatever way: the
--          code that changes them tells its story, and these tell what was really written.
-- Grain:   one event per row of definitions, proposals and closes; one per statement of the
--          crosswalk, which a load writes by the thousand.
-- Owner:   helio_guard.  Readers: called by the triggers of 0013_change_triggers.sql only.

-- Arguments: the action's first word, the column that names the object, the columns that count.
CREATE FUNCTION security.audit_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    counting text[] := string_to_array(TG_ARGV[2], ',');
    before   jsonb  := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    after    jsonb  := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    changed  jsonb;
BEGIN
    SELECT jsonb_object_agg(key, value) INTO changed
      FROM jsonb_each(security.audit_difference(before, after, '{definition}'))
     WHERE key = ANY (counting) AND value <> '[null, null]';
    IF changed IS NOT NULL THEN
        PERFORM security.record(
            TG_ARGV[0] || ' row ' || CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
            coalesce(after, before) ->> TG_ARGV[1], NULL, NULL,
            changed || jsonb_build_object('id', coalesce(after, before) -> 'id'), NULL, '');
    END IF;
    RETURN NULL;
END
$$;

-- Argument: the action's first word. The rows are in the transition table "changed".
CREATE FUNCTION security.audit_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    written bigint := (SELECT count(*) FROM changed);
BEGIN
    IF written > 0 THEN
        PERFORM security.record(
            TG_ARGV[0] || ' rows ' || CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
            TG_TABLE_NAME::text, NULL, NULL,
            jsonb_build_object('rows', written, 'first',
                (SELECT jsonb_agg(to_jsonb(one) - 'evidence') FROM (SELECT * FROM changed LIMIT 5) AS one)),
            NULL, '');
    END IF;
    RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION security.audit_change(), security.audit_rows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.audit_change(), security.audit_rows() TO helio_owner;
