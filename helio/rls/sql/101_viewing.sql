-- Purpose: an identity that names two people: whose perimeter counts, and who really looks.
--              person . backend pid . transaction start . HMAC . actor . number of the view-as
-- Grain:   one answer per statement.
-- Owner:   helio_guard.  Readers: as before; helio_web may call security.viewer().
--
-- uid() answers with the person, so that every policy and view cuts as it does for them. But it
-- answers only in a transaction that is read-only, which no statement can undo once the first has
-- run: anywhere else, and once the view-as ended or its time is over, it raises. What is signed
-- starts with a word and has five parts, an identity has three: neither passes for the other.

CREATE FUNCTION security.may_view_as(actor bigint, person bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN actor <> person
       AND security.person_has_role(actor, '{administrator}')
       AND NOT security.person_has_role(person, '{administrator,auditor}')
       AND EXISTS (SELECT FROM public.person AS p
                    WHERE p.id = may_view_as.person AND p.is_active AND NOT p.is_superuser);
END
$$;

-- Until when this view-as lasts, in µs since 1970; null when it does not.
CREATE FUNCTION security.viewing_until(view_id bigint, actor bigint, person bigint) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN (SELECT (extract(epoch FROM v.ends_at) * 1000000)::bigint FROM view_as AS v
             WHERE v.id = view_id AND v.actor_id = viewing_until.actor
               AND v.person_id = viewing_until.person
               AND v.ended_at IS NULL AND v.ends_at > statement_timestamp()
               AND security.may_view_as(v.actor_id, v.person_id));
END
$$;

-- The person of a view-as identity; raises when it is forged, over, or could write.
CREATE FUNCTION security.viewed(part text[]) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF array_to_string(part, '.') !~ '^[0-9]{1,10}\.[0-9]{1,10}\.[0-9]{1,20}\.[0-9a-f]{64}\.[0-9]{1,10}\.[0-9]{1,18}$'
       OR NOT security.is_signed('view-as.' || part[6] || '.' || part[5] || '.' || security.message_of(part[1]), part[4])
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'The identity of this transaction is forged.';
    END IF;
    IF current_setting('transaction_read_only') <> 'on' THEN
        RAISE insufficient_privilege USING MESSAGE = 'Who looks as somebody else may only read.';
    END IF;
    IF security.viewing_until(part[6]::bigint, part[5]::bigint, part[1]::bigint) IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'Looking as somebody else has ended.';
    END IF;
    RETURN part[1]::integer;
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
    IF cardinality(part) = 6 THEN
        RETURN security.viewed(part);
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

-- Who really looks: null but in a view-as.
CREATE FUNCTION security.viewer() RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    part text[] := string_to_array(current_setting('helio.identity', true), '.');
BEGIN
    IF cardinality(part) = 6 AND security.uid() IS NOT NULL THEN
        RETURN part[5]::integer;
    END IF;
    RETURN NULL;
END
$$;

-- As in 080, and the perimeter of a view-as is remembered no longer than it lasts.
CREATE OR REPLACE FUNCTION security.enter(token text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person integer;
    part   text[] := string_to_array(token, '.');
    until  bigint;
    memo   text;
BEGIN
    PERFORM set_config('helio.identity', token, true);
    person := security.uid();
    IF person IS NULL OR current_setting('transaction_isolation') <> 'repeatable read' THEN
        RETURN;
    END IF;
    until := security.perimeter_until(person);
    IF cardinality(part) = 6 THEN
        until := least(until, security.viewing_until(part[6]::bigint, part[5]::bigint, person));
    END IF;
    memo := until || '.' || security.perimeter_of(person)::text;
    PERFORM set_config('helio.perimeter', encode(sha256(k.outer_pad || sha256(k.inner_pad
                       || convert_to('perimeter.' || security.message_of(person::text) || '.' || memo, 'UTF8'))), 'hex')
                       || '.' || memo, true)
       FROM (SELECT * FROM security.signing_key ORDER BY id LIMIT 1) AS k;
END
$$;

CREATE FUNCTION security.view_as_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO audit_event (action, object, detail)
    SELECT CASE TG_OP WHEN 'INSERT' THEN 'view-as begun' ELSE 'view-as ended' END, person.username,
           jsonb_build_object('view_as', NEW.id, 'reason', NEW.reason)
      FROM person WHERE person.id = NEW.person_id;
    RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION security.may_view_as(bigint, bigint), security.viewing_until(bigint, bigint, bigint),
    security.viewed(text[]), security.viewer(), security.view_as_noted() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.may_view_as(bigint, bigint), security.viewer() TO helio_owner, helio_web;
GRANT EXECUTE ON FUNCTION security.view_as_noted() TO helio_owner;
