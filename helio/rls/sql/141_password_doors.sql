-- Purpose: the stored hash of one person's password, for the process that is about to check one.
-- Grain:   one person per signature; in the argument:  person . HMAC-SHA256
-- Owner:   helio_guard.  Readers: helio_web (signing in, changing one's password), helio_migrate (set-up).
--
-- Signing in comes before an identity, so it cannot be asked for. What is asked for is a signature of
-- the web process over this person and this transaction, as for an identity (070_uid.sql) but over
-- another message: a query that somebody slipped in cannot make it, and no identity passes for it.

CREATE FUNCTION security.password_of(token text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    part text[] := string_to_array(token, '.');
BEGIN
    -- Who looks as somebody else never needs it.
    IF cardinality(part) = 2 AND part[1] ~ '^[0-9]{1,9}$'
       AND security.is_signed('password.' || security.message_of(part[1]), part[2])
       AND security.viewer() IS NULL
    THEN
        RETURN (SELECT password FROM person WHERE id = part[1]::bigint);
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'A password is checked by the web process only.';
END
$$;

REVOKE ALL ON FUNCTION security.password_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.password_of(text) TO helio_web, helio_migrate;
