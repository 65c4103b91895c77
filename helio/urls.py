"""Addresses of the whole site; every app brings its own."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from helio import health

# By name: helio imports none of its neighbours.
handler400 = "reports.dashboards.errors.not_understood"

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
]
for prefix, module in (
    ("accounts/", "helio.accounts.urls"),
    ("audit/", "helio.audit.urls"),
    ("", "reports.urls"),
):
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
