"""Addresses of the dashboards and of every portfolio page."""

from django.urls import path, register_converter

from reports.dashboards import (
    attribution,
    explain,
    findings,
    firm,
    home,
    ledger,
    market_lines,
    performance,
    portfolio_list,
    portfolio_pages,
    preferences,
)


class ListingKey:
    """A listing in an address: ``ZORB@XNYS`` or ``CASH:USD``."""

    regex = r"[A-Za-z0-9.@:_ -]{1,40}"

    def to_python(self, value: str) -> str:
        """The key as written."""
        return value

    def to_url(self, value: str) -> str:
        """The key as written."""
        return value


register_converter(ListingKey, "listing")

urlpatterns = [
    path("", home.home, name="home"),
    path("firm/", firm.firm, name="firm"),
    path("firm/performance/", firm.firm_performance, name="firm-performance"),
    path("firm/then/", firm.ask_then, name="firm-then"),
    path("firm/explain/<slug:figure>/", explain.of_firm, name="explain-firm"),
    path("firm/explain/<slug:figure>/since/", explain.ask_firm_since, name="firm-since"),
    path("attribution/", attribution.together, name="book-attribution"),
    path("explain/<slug:figure>/", explain.of_selection, name="explain"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("portfolios/", portfolio_list.portfolio_list, name="portfolios"),
    path("portfolios/<slug:code>/", portfolio_pages.overview, name="portfolio"),
    path("portfolios/<slug:code>/positions/", portfolio_pages.positions, name="positions"),
    path(
        "portfolios/<slug:code>/positions/<listing:key>/", portfolio_pages.listing, name="listing"
    ),
    path(
        "portfolios/<slug:code>/positions/<listing:key>/market/",
        market_lines.market_lines,
        name="market-lines",
    ),
    path("portfolios/<slug:code>/transactions/", ledger.transactions, name="transactions"),
    path(
        "portfolios/<slug:code>/transactions/<int:transaction_id>/",
        ledger.transaction,
        name="transaction",
    ),
    path("portfolios/<slug:code>/performance/", performance.performance, name="performance"),
    path("portfolios/<slug:code>/attribution/", attribution.attribution, name="attribution"),
    path(
        "portfolios/<slug:code>/explain/<slug:figure>/",
        explain.of_portfolio,
        name="explain-portfolio",
    ),
    path("portfolios/<slug:code>/exposure/", portfolio_pages.exposure, name="exposure"),
    path("portfolios/<slug:code>/findings/", findings.of_portfolio, name="findings-of"),
    path("findings/", findings.findings, name="findings"),
]
