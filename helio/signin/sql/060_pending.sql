-- Purpose: who is in the middle of signing in? Between the password and the second factor a person is
--          nobody yet: no perimeter, no role, nothing but the factors they are about to prove.
-- Grain:   one person per transaction, in the setting helio.pending:  person . HMAC-SHA256
-- Owner:   helio_guard.  Readers: the policies on second factors; helio_web sets and asks.
--
-- Signed as an identity is (070_uid.sql), over another message: neither passes for the other.

CREATE FUNCTION security.pending() RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    token text   := current_setting('helio.pending', true);
    part  text[] := string_to_array(token, '.');
BEGIN
    IF token IS NULL OR token = '' THEN
        RETURN NULL;
    END IF;
    IF cardinality(part) = 2 AND part[1] ~ '^[0-9]{1,9}$'
       AND security.is_signed('pending.' || security.message_of(part[1]), part[2]) THEN
        RETURN part[1]::integer;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'The pending sign-in of this transaction is forged.';
END
$$;

CREATE FUNCTION security.await(token text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM set_config('helio.pending', token, true);
    PERFORM security.pending();
END
$$;

REVOKE ALL ON FUNCTION security.pending(), security.await(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.pending() TO helio_owner, helio_web;
GRANT EXECUTE ON FUNCTION security.await(text) TO helio_web;
