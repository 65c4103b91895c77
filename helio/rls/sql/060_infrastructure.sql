-- Purpose: what the framework itself needs: sessions, the admin's log, the list of migrations.
-- Owner:   helio_owner.  Readers: helio_web, helio_worker. None of it belongs to a portfolio.

GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO helio_web;
GRANT SELECT, INSERT ON django_admin_log TO helio_web;
GRANT SELECT ON django_migrations TO helio_web, helio_worker, helio_migrate;
GRANT SELECT ON django_content_type, auth_permission, auth_group, auth_group_permissions
    TO helio_worker, helio_migrate;
GRANT INSERT, DELETE ON auth_group_permissions TO helio_migrate;
