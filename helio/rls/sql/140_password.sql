-- Purpose: the stored hash of a password is read by nobody who merely asks. Whoever slips a query into a
--          page would otherwise carry everybody's hash home and guess at leisure.
-- Grain:   one row per person.
-- Owner:   helio_owner.  Readers: helio_guard (141_password_doors.sql), dumps, set-up.
--
-- The mark stands for the password wherever one is to be told from the next: in sessions, and in the
-- question whether there is one. It is random, so that it tells nothing of the password.

ALTER TABLE person ALTER COLUMN password SET DEFAULT '!';

REVOKE SELECT ON person FROM helio_web, helio_worker, helio_audit;
GRANT SELECT (id, username, first_name, last_name, email, is_active, is_staff, is_superuser, date_joined,
              last_login, reporting_currency, password_mark)
   ON person TO helio_web, helio_worker, helio_audit;

CREATE FUNCTION public.person_password_mark() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.password_mark := CASE
        WHEN NEW.password LIKE '!%' THEN NULL
        WHEN TG_OP = 'UPDATE' AND NEW.password = OLD.password THEN OLD.password_mark
        ELSE gen_random_uuid() END;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION public.person_password_mark() FROM PUBLIC;
CREATE TRIGGER person_password_mark BEFORE INSERT OR UPDATE OF password, password_mark ON person
    FOR EACH ROW EXECUTE FUNCTION public.person_password_mark();
