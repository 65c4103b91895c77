"""Django's admin application with Helio's own site in place of the default one."""

from django.contrib.admin.apps import AdminConfig


class HelioAdminConfig(AdminConfig):
    default_site = "helio.accounts.site.HelioAdminSite"
