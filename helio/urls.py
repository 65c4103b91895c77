"""Addresses of the whole site; every app brings its own."""

from django.contrib import admin
from django.urls import include, path

from helio import health

# By name: helio imports none of its neighbours.
handler400 = "reports.dashboards.errors.not_understood"

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("view-as/", include("helio.accounts.view_as_pages")),
    path("accounts/", include("helio.signin.urls")),
    path("accounts/", include("helio.signin.library_urls")),
    path("operations/", include("ingestion.operations.urls")),
    path("", include("reports.urls")),
]
