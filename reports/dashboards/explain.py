"""A figure opened to its inputs: beside the page, or on a page of its own without a script."""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from helio.accounts import roles
from helio.accounts.requests import person
from helio.glossary import glossary
from helio.pages import parameters, permits, rendering
from portfolios.explain import answer, restatement
from portfolios.explain.parts import Asked, Explanation, Section
from portfolios.figures import queries
from portfolios.models import Portfolio, Version
from reports.dashboards.firm import is_ready
from reports.dashboards.frame import Frame
from reports.dashboards.portfolio_pages import known, visible_portfolio
from reports.glossary.views import shown

BREAKDOWNS: Final = ("sector", "currency", "security_type", "domicile")
LONGEST_KEY: Final = 80


@dataclass(frozen=True, slots=True)
class Place:
    """Whose figure it is, so that links of the explanation lead back to the same."""

    kind: str
    title: str
    portfolio: str = ""


@permits.signed_in
def of_portfolio(request: HttpRequest, code: str, figure: str) -> HttpResponse:
    """A figure of one portfolio, in its base currency."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request, "key", "breakdown", "since")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    cut = known(frame, portfolio)
    asked = _asked(request, figure, (portfolio,), portfolio.base_currency, cut, is_one=True)
    place = Place("portfolio", f"{portfolio.code} {portfolio.name}", portfolio.code)
    return _answer(request, asked, place, _told(asked))


@permits.signed_in
def of_selection(request: HttpRequest, figure: str) -> HttpResponse:
    """A figure of the portfolios a person sees, or of those chosen, in the reporting currency."""
    parameters.accept_figures(request, "key", "breakdown", "since", "portfolio")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    codes = parameters.codes(request)
    found = Portfolio.objects.order_by("code")
    portfolios = tuple(found.filter(code__in=codes) if codes else found)
    currency = person(request).reporting_currency
    asked = _asked(request, figure, portfolios, currency, frame.cut, is_one=len(portfolios) == 1)
    title = portfolios[0].code if asked.is_one else f"{len(portfolios)} portfolios"
    return _answer(request, asked, Place("selection", title), _told(asked))


@permits.role(roles.EXECUTIVE, roles.AUDITOR)
def of_firm(request: HttpRequest, figure: str) -> HttpResponse:
    """A figure of the firm or of a desk, told by aggregates alone."""
    parameters.accept_figures(request, "key")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    if frame.cut is not None and not is_ready(frame.cut):
        raise BadRequest("The firm as known then was not computed yet: ask for it on its page.")
    asked = _asked(request, figure, (), settings.HELIO_CURRENCY, frame.cut, is_one=False)
    place = Place("firm", asked.key or "The firm")
    return _answer(request, asked, place, answer.of_firm(asked))


def _asked(
    request: HttpRequest,
    figure: str,
    portfolios: tuple[Portfolio, ...],
    currency: str,
    cut: queries.Cut | None,
    *,
    is_one: bool,
) -> Asked:
    if figure not in glossary():
        raise Http404("No such figure.")
    key = request.GET.get("key", "")
    if len(key) > LONGEST_KEY:
        raise BadRequest(f"A key has {LONGEST_KEY} characters at most.")
    breakdown = request.GET.get("breakdown", "")
    if breakdown and breakdown not in BREAKDOWNS:
        raise BadRequest(f"Choose a breakdown from {', '.join(BREAKDOWNS)}.")
    as_of = Frame.of(request).as_of
    assert as_of is not None  # noqa: S101  the views answer for it
    return Asked(figure, as_of, currency, portfolios, is_one, key, breakdown, cut)


def _told(asked: Asked) -> Explanation | None:
    try:
        return answer.explanation(asked)
    except LookupError as error:
        raise Http404(str(error)) from error


def _answer(
    request: HttpRequest, asked: Asked, place: Place, told: Explanation | None
) -> HttpResponse:
    then = _since(request, asked)
    can = place.kind != "firm" and bool(asked.portfolios) and restatement.can_be_told(asked)
    since: list[Section] = []
    if then is not None and can:
        since = restatement.since(asked.of(cut=None), then)
    context: dict[str, Any] = {
        "asked": asked,
        "place": place,
        "told": told,
        "term": shown(glossary()[asked.figure]),
        "since": since,
        "can_be_restated": can,
        "versions": _versions() if can and asked.cut is None else [],
        "sees_lines": person(request).has_role(roles.OPERATIONS, roles.AUDITOR),
    }
    return rendering.panel(request, "explain/explain.html", context)


def _since(request: HttpRequest, asked: Asked) -> queries.Cut | None:
    """What to compare with: the page's own cut, a version, or a moment in the address."""
    if asked.cut is not None:
        return asked.cut
    text = request.GET.get("since", "")
    if text.isdecimal() and len(text) <= len("123456789"):
        version = Version.objects.filter(number=int(text)).first()
        if version is None:
            raise BadRequest(f"There is no version {text}.")
        return queries.version_cut(version)
    moment = parameters.moment(text, "since")
    return queries.knowledge_cut(moment) if moment else None


def _versions() -> list[Version]:
    """The versions before the newest, the last few."""
    return list(Version.objects.order_by("-number")[1:4])
