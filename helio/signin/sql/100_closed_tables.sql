-- Purpose: tables that come with the sign-in library and that Helio does not use stay closed: what a
--          single sign-on says is not stored, and Helio keeps no e-mail addresses to confirm.
-- Owner:   helio_owner.  Readers: nobody.

REVOKE ALL ON public.account_emailaddress, public.account_emailconfirmation,
    public.socialaccount_socialapp, public.socialaccount_socialaccount, public.socialaccount_socialtoken
    FROM PUBLIC, helio_web, helio_worker;
