-- Purpose: the perimeter judged once in a transaction that cannot see it change, then remembered.
--          security.perimeter() runs for every secured relation of every statement of a page.
-- Grain:   one memo per transaction, in the setting helio.perimeter:
--              HMAC . until . {portfolio ids}
-- Owner:   helio_guard.  Readers: as before; helio_web may call security.enter().
--
-- The rule itself stays where it is, in 030_perimeter.sql; this only spares asking it again.
--
-- Who may write a setting may write anything there, so a memo is believed only
--   * signed with the key that no login role can read, over the person, the backend and the start of
--     this very transaction: made up, changed, or of another person or transaction, it is worth nothing;
--   * in a REPEATABLE READ transaction, where no memo is made otherwise: its grants are those of one
--     moment, whatever others commit meanwhile;
--   * as long as the transaction wrote nothing, for it would see a grant of its own;
--   * until the first grant of this person begins or ends by the clock.
-- Everything else is judged anew. A memo signs six parts and an identity three: neither passes for
-- the other.

-- The first moment, in µs since 1970, at which the clock alone changes what the person may see.
CREATE FUNCTION security.perimeter_until(asked_id bigint) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN (
        WITH grants AS (
            SELECT valid_from, valid_until FROM portfolio_user_grant WHERE user_id = asked_id
            UNION ALL
            SELECT valid_from, valid_until FROM portfolio_group_grant
             WHERE group_id IN (SELECT group_id FROM person_groups WHERE user_id = asked_id)
        ), edge AS (
            SELECT valid_from AS at FROM grants UNION ALL SELECT valid_until FROM grants
        )
        SELECT coalesce((extract(epoch FROM min(at)) * 1000000)::bigint, 9223372036854775807)
          FROM edge
         WHERE at > statement_timestamp());
END
$$;

-- Sets the identity of this transaction and, where it cannot change, remembers its perimeter.
CREATE FUNCTION security.enter(token text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person integer;
    memo   text;
BEGIN
    PERFORM set_config('helio.identity', token, true);
    person := security.uid();
    IF person IS NULL OR current_setting('transaction_isolation') <> 'repeatable read' THEN
        RETURN;
    END IF;
    memo := security.perimeter_until(person) || '.' || security.perimeter_of(person)::text;
    PERFORM set_config('helio.perimeter', encode(sha256(k.outer_pad || sha256(k.inner_pad
                       || convert_to('perimeter.' || security.message_of(person::text) || '.' || memo, 'UTF8'))), 'hex')
                       || '.' || memo, true)
       FROM (SELECT * FROM security.signing_key ORDER BY id LIMIT 1) AS k;
END
$$;

CREATE OR REPLACE FUNCTION security.perimeter() RETURNS integer[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person text   := split_part(current_setting('helio.identity', true), '.', 1);
    memo   text[] := string_to_array(current_setting('helio.perimeter', true), '.');
BEGIN
    IF cardinality(memo) = 3
       AND pg_current_xact_id_if_assigned() IS NULL
       AND security.is_signed('perimeter.' || security.message_of(person) || '.' || memo[2] || '.' || memo[3], memo[1])
       AND memo[2]::bigint > extract(epoch FROM statement_timestamp()) * 1000000
    THEN
        RETURN memo[3]::integer[];
    END IF;
    RETURN security.perimeter_of(security.uid());
END
$$;

REVOKE ALL ON FUNCTION security.perimeter_until(bigint), security.enter(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.enter(text) TO helio_web, helio_worker, helio_migrate;
