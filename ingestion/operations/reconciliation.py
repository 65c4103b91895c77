"""The page of reconciliation: ledger by settlement date beside the custodian, day by day."""

from datetime import date
from typing import Any, Final

from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse

from helio.pages import parameters, rendering
from helio.pages.live import live_page
from ingestion.models import Finding, ReconciliationDay, ReconciliationLine
from ingestion.operations.shared import may_read

DAYS_SHOWN: Final = 30
SHOWN: Final = ("breaks", "pending", "all")


@live_page
@may_read
def reconciliation(request: HttpRequest) -> HttpResponse:
    """A statement day: each portfolio's comparison, its breaks, and what is on the way."""
    parameters.accept(request, "day", "portfolio", "show")
    day = parameters.day(request, "day") or _newest() or date.min
    portfolio = request.GET.get("portfolio", "")
    show = parameters.choice(request, "show", SHOWN, "all")
    compared = ReconciliationDay.objects.filter(as_at=day).order_by("portfolio_code")
    if portfolio:
        compared = compared.filter(portfolio_code=portfolio)
    context = {
        "day": None if day == date.min else day,
        "days": _days(),
        "portfolio": portfolio,
        "portfolios": ReconciliationDay.objects.order_by("portfolio_code")
        .values_list("portfolio_code", flat=True)
        .distinct(),
        "show": show,
        "shown": SHOWN,
        "compared": compared,
        "totals": compared.aggregate(
            positions=Sum("positions"),
            cash=Sum("cash_balances"),
            position_breaks=Sum("position_breaks"),
            cash_breaks=Sum("cash_breaks"),
            made_at=Max("made_at"),
        ),
        "lines": _with_findings(_lines(day, portfolio, show)),
    }
    return rendering.page(request, "operations/reconciliation.html", context)


def _newest() -> date | None:
    return ReconciliationDay.objects.aggregate(newest=Max("as_at"))["newest"]


def _days() -> list[Any]:
    """The last statement days with their breaks, newest first; and older ones that had any."""
    counted = ReconciliationDay.objects.values("as_at").annotate(
        position_breaks=Sum("position_breaks"), cash_breaks=Sum("cash_breaks")
    )
    days = list(counted.order_by("-as_at"))
    broken = [one for one in days[DAYS_SHOWN:] if one["position_breaks"] or one["cash_breaks"]]
    return days[:DAYS_SHOWN] + broken[:DAYS_SHOWN]


def _lines(day: date, portfolio: str, show: str) -> QuerySet[ReconciliationLine]:
    lines = ReconciliationLine.objects.filter(as_at=day).select_related("listing")
    if portfolio:
        lines = lines.filter(portfolio_code=portfolio)
    if show == "breaks":
        lines = lines.filter(broken=True)
    elif show == "pending":
        lines = lines.filter(pending_count__gt=0)
    return lines.order_by("-broken", "portfolio_code", "is_cash", "listing__key")


def _with_findings(lines: QuerySet[ReconciliationLine]) -> list[tuple[ReconciliationLine, Any]]:
    """Each line with the finding its break raised, None for what agrees."""
    found = Finding.objects.filter(
        code__in=("BREAK_POSITION", "BREAK_CASH"), finding_day__in=lines.values("as_at")
    )
    by_key = {(one.portfolio_id, one.listing_id): one for one in found}
    return [(line, by_key.get((line.portfolio_id, line.listing_id))) for line in lines]
