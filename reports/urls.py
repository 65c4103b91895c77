"""Addresses of what people read; stable, since bookmarks, scripts and checks rely on them."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from reports.dashboards import theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("theme/", theme.choose, name="theme"),
    path("", include("reports.live.urls")),
    path("operations/", include("reports.operations.urls")),
    path("audit/", include("reports.audit.urls")),
]
if find_spec("portfolios.figures.queries"):
    urlpatterns += [
        path("", include("reports.dashboards.urls")),
        path("reports/", include("reports.register.urls")),
    ]
