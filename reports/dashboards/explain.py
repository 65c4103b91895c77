"""A figure opened to its inputs: beside the page, or on a page of its own without a script."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from helio.accounts import roles
from helio.accounts.requests import person
from helio.glossary import glossary
from helio.pages import parameters, permits, rendering
from portfolios.explain import answer, firm_change, restatement
from portfolios.explain.parts import Asked, Explanation, Section
from portfolios.figures import queries
from portfolios.models import FirmCut, Portfolio, Version
from portfolios.tasks import compute_firm_change
from reports.dashboards.firm import LOOK_AGAIN_SECONDS, is_ready
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
    parameters.accept_figures(request, "key", "since")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    if frame.cut is not None and not is_ready(frame.cut):
        raise BadRequest("The firm as known then was not computed yet: ask for it on its page.")
    asked = _asked(request, figure, (), settings.HELIO_CURRENCY, frame.cut, is_one=False)
    place = Place("firm", asked.key or "The firm")
    return _answer(request, asked, place, answer.of_firm(asked), _firm_since(request, asked))


def _firm_since(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Context of why a figure of the firm changed since a version, as far as it was asked for."""
    if asked.cut is not None or asked.figure not in firm_change.FIGURES:
        return {}
    told: dict[str, Any] = {"firm_versions": _versions()}
    if text := request.GET.get("since", ""):
        version = _version(text)
        change = firm_change.change_of(asked, version.number)
        row = answer.composite_of(asked)
        if change is not None and change.state == FirmCut.State.READY and row is not None:
            told["since"] = [firm_change.table(change, row)]
        else:
            told |= {"firm_since": version, "firm_change": change}
    return told


@require_POST
@permits.role(roles.EXECUTIVE, roles.AUDITOR)
def ask_firm_since(request: HttpRequest, figure: str) -> HttpResponse:
    """Asks the worker why a figure changed since a version, and goes back to where it will be."""
    as_of = queries.resolve_as_of(request.POST.get("as_of"))
    version = _version(request.POST.get("since", ""))
    change = firm_change.ask(
        figure=figure, as_of=as_of, since=version.number, by=person(request).pk
    )
    if change is None:
        raise BadRequest("Choose a value or a result, and a version before the newest.")
    if change.state == FirmCut.State.ASKED:
        transaction.on_commit(partial(compute_firm_change.delay, change.pk), robust=True)
    kept = {name: text for name in ("key", "as_of", "since") if (text := request.POST.get(name))}
    response = HttpResponseRedirect(f"{reverse('explain-firm', args=[figure])}?{urlencode(kept)}")
    response.status_code = HTTPStatus.SEE_OTHER
    return response


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
    request: HttpRequest,
    asked: Asked,
    place: Place,
    told: Explanation | None,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:
    then = None if place.kind == "firm" else _since(request, asked)
    can = bool(asked.portfolios) and restatement.can_be_told(asked)
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
        **more,
    }
    response = rendering.panel(request, "explain/explain.html", context)
    change = more.get("firm_change")
    if change is not None and change.state == FirmCut.State.ASKED:
        # Without a script: the browser looks again by itself.
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def _since(request: HttpRequest, asked: Asked) -> queries.Cut | None:
    """What to compare with: the page's own cut, a version, or a moment in the address."""
    if asked.cut is not None:
        return asked.cut
    text = request.GET.get("since", "")
    if text.isdecimal():
        return queries.version_cut(_version(text))
    moment = parameters.moment(text, "since")
    return queries.knowledge_cut(moment) if moment else None


def _version(text: str) -> Version:
    """The version of the number; raises BadRequest where there is none."""
    is_number = text.isdecimal() and len(text) <= len("123456789")
    version = Version.objects.filter(number=int(text)).first() if is_number else None
    if version is None:
        raise BadRequest(f"There is no version {text[:20]}.")
    return version


def _versions() -> list[Version]:
    """The versions before the newest, the last few."""
    return list(Version.objects.order_by("-number")[1:4])
