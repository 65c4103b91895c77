"""Addresses of what people read; stable, since bookmarks, scripts and checks rely on them."""

from django.urls import include, path

from reports.dashboards import theme

urlpatterns = [
    path("theme/", theme.choose, name="theme"),
    path("", include("reports.live.urls")),
    path("access/", include("reports.access.urls")),
    path("audit/", include("reports.audit.urls")),
    path("glossary/", include("reports.glossary.urls")),
    path("reports/", include("reports.register.urls")),
    path("", include("reports.dashboards.urls")),
]
