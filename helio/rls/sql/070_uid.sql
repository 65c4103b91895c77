-- Purpose: security.uid() and the role tests again, at a third of their cost: they run for every
--          relation of every statement. What is refused, and in which words, is as in 010.
-- Grain:   one answer per statement.
-- Owner:   helio_guard.  Readers: as before.
--
-- A pattern match alone cost more than the whole verification, and a function in SQL is set up anew
-- in each statement: hence plain comparisons, in PL/pgSQL. Only a token that fails is looked at
-- closely, to say what is wrong with it.

-- The message that a good identity of this transaction signs, for the person it names.
CREATE FUNCTION security.message_of(person text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN person || '.' || pg_backend_pid() || '.'
           || (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint;
END
$$;

-- Is this the HMAC-SHA256 (RFC 2104), in hexadecimal, of the message with a key of ours?
CREATE FUNCTION security.is_signed(message text, code text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM security.signing_key k
      WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(message, 'UTF8'))), 'hex') = code;
    RETURN FOUND;
END
$$;

CREATE OR REPLACE FUNCTION security.uid() RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    token text   := current_setting('helio.identity', true);
    part  text[] := string_to_array(token, '.');
BEGIN
    IF token IS NULL OR token = '' THEN
        RETURN NULL;
    END IF;
    IF cardinality(part) = 4 AND security.is_signed(security.message_of(part[1]), part[4]) THEN
        RETURN part[1]::integer;
    END IF;
    IF token !~ '^[0-9]{1,10}\.[0-9]{1,10}\.[0-9]{1,20}\.[0-9a-f]{64}$' THEN
        RAISE insufficient_privilege USING MESSAGE = 'The identity of this transaction is malformed.';
    END IF;
    IF part[2]::bigint <> pg_backend_pid() OR part[3]::numeric <> security.transaction_start() THEN
        RAISE insufficient_privilege USING MESSAGE = 'The identity belongs to another transaction.';
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'The identity of this transaction is forged.';
END
$$;

CREATE OR REPLACE FUNCTION security.person_has_role(person_id bigint, role_names text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM person
          JOIN person_groups ON person_groups.user_id = person.id
          JOIN auth_group    ON auth_group.id = person_groups.group_id
         WHERE person.id = person_id
           AND person.is_active
           AND auth_group.name = ANY (role_names)
    );
END
$$;

CREATE OR REPLACE FUNCTION security.has_role(VARIADIC role_names text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN security.person_has_role(security.uid(), role_names);
END
$$;

REVOKE ALL ON FUNCTION security.message_of(text), security.is_signed(text, text) FROM PUBLIC;
