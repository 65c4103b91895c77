"""Addresses of what people read; stable, since bookmarks, scripts and checks rely on them."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from reports.dashboards import theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("theme/", theme.choose, name="theme"),
    path("", include("reports.live.urls")),
]
if find_spec("portfolios.figures") and find_spec("portfolios.figures.queries"):
    urlpatterns.append(path("", include("reports.dashboards.urls")))
for prefix, module in (
    ("reports/", "reports.register.urls"),
    ("operations/", "reports.operations.urls"),
    ("audit/", "reports.audit.urls"),
):
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
