-- Purpose: who is asking? Verifies the identity that the web process signed for this transaction.
-- Grain:   one signing key now, two while a key is being rotated.
-- Owner:   helio_guard.  Readers: nobody reads the key; helio_web may call security.uid().
--
-- The token is  person . backend pid . transaction start (µs) . HMAC-SHA256 of the three.
-- It is good for one transaction of one connection: a copy replayed elsewhere or later raises.

CREATE TABLE security.signing_key (
    id           smallint PRIMARY KEY,
    inner_pad    bytea NOT NULL CHECK (octet_length(inner_pad) = 64),
    outer_pad    bytea NOT NULL CHECK (octet_length(outer_pad) = 64),
    installed_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON security.signing_key FROM PUBLIC;

CREATE FUNCTION security.transaction_start() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint;

-- Returns the id of the signed-in person, NULL when no identity was set; raises when it is forged.
CREATE FUNCTION security.uid() RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    token   text := current_setting('helio.identity', true);
    part    text[];
    message bytea;
BEGIN
    IF token IS NULL OR token = '' THEN
        RETURN NULL;
    END IF;
    IF token !~ '^[0-9]{1,10}\.[0-9]{1,10}\.[0-9]{1,20}\.[0-9a-f]{64}$' THEN
        RAISE insufficient_privilege USING MESSAGE = 'The identity of this transaction is malformed.';
    END IF;
    part := string_to_array(token, '.');
    IF part[2]::bigint <> pg_backend_pid() OR part[3]::numeric <> security.transaction_start() THEN
        RAISE insufficient_privilege USING MESSAGE = 'The identity belongs to another transaction.';
    END IF;
    message := convert_to(part[1] || '.' || part[2] || '.' || part[3], 'UTF8');
    PERFORM FROM security.signing_key k
      WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad || message)), 'hex') = part[4];
    IF NOT FOUND THEN
        RAISE insufficient_privilege USING MESSAGE = 'The identity of this transaction is forged.';
    END IF;
    RETURN part[1]::integer;
END
$$;

REVOKE ALL ON FUNCTION security.transaction_start(), security.uid() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.transaction_start(), security.uid()
    TO helio_owner, helio_gate, helio_web, helio_worker, helio_migrate;
