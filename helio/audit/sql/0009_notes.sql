-- Purpose: an event is noted inside the transaction of what it records, and chained when that
--          transaction commits. Chained at once, the lock on the chain's head would be held to the
--          end of the longest load, and every sign-in would wait for it.
-- Grain:   one row per event of a transaction still open: between transactions it is empty.
-- Owner:   helio_owner.  Readers: helio_guard's functions only.

CREATE TABLE public.audit_note (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id       integer,
    actor          text NOT NULL,
    recorded_by    text NOT NULL,
    action         text NOT NULL,
    object         text NOT NULL,
    portfolio_id   integer,
    version_number integer,
    detail         jsonb NOT NULL
);
REVOKE ALL ON public.audit_note FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON public.audit_note TO helio_guard;

ALTER TABLE public.audit_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.audit_note FORCE ROW LEVEL SECURITY;
CREATE POLICY guard ON public.audit_note TO helio_guard USING (true) WITH CHECK (true);

-- One door for everybody: who writes into the trail itself could say that somebody else did.
REVOKE INSERT ON public.audit_event FROM helio_web, helio_worker;
DROP POLICY records_own ON public.audit_event;
DROP POLICY worker_records ON public.audit_event;
