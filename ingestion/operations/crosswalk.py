"""Pages of the crosswalk: unmapped keys by value at stake, and all mappings with their history."""

from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from helio.accounts import roles
from helio.numbers import NotApplicable, Value
from helio.pages import parameters, permits, rendering
from helio.pages.live import live_page
from ingestion.models import (
    ExceptionItem,
    Identifier,
    MappingProposal,
    PortfolioKey,
    UnmappedKey,
)
from portfolios.models import Instrument, Listing, MappedShare

readers = permits.role(roles.OPERATIONS, roles.AUDITOR, roles.ADMINISTRATOR)
TABLES: Final = ("identifiers", "keys", "issuers")
LINES_SHOWN: Final = 20


@live_page
@readers
def unmapped(request: HttpRequest) -> HttpResponse:
    """What held records wait for, by value at stake, and what waits for a second person."""
    parameters.accept(request, "page")
    keys = UnmappedKey.objects.all()
    paging = parameters.paged(request, keys.count())
    waiting = MappingProposal.objects.filter(state__in=("proposed", "approved"))
    context = {
        "keys": [described(key) for key in keys[paging.window]],
        "paging": paging,
        "share": MappedShare.objects.order_by("-pk").first(),
        "waiting": waiting.select_related("listing", "issuer", "instrument", "undoes"),
    }
    return rendering.page(request, "operations/crosswalk.html", context)


def described(key: UnmappedKey) -> dict[str, Any]:
    """A key with its value as people read it, and the best candidate in front."""
    value: Value = key.value_at_stake
    if value is None:
        value = NotApplicable(key.value_reason or "the records carry no amount")
    return {"row": key, "value": value, "best": next(iter(key.candidates), None)}


@live_page
@readers
def unmapped_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """One key: its records as received, what it may mean and why, and the form to propose it."""
    parameters.accept(request, "target")
    key = get_object_or_404(UnmappedKey, pk=key_id)
    held = ExceptionItem.objects.filter(pk__in=key.items).select_related("file", "source")
    context = described(key) | {
        "key": key,
        "items": held.order_by("-pk")[:LINES_SHOWN],
        "is_book": key.kind == MappingProposal.Kind.PORTFOLIO_KEY,
        "portfolios": mappable() if key.kind == MappingProposal.Kind.PORTFOLIO_KEY else [],
        "target": request.GET.get("target", ""),
        "pending": MappingProposal.objects.filter(
            scheme=key.scheme, value=key.value, scope=key.scope, state__in=("proposed", "approved")
        ),
    }
    return rendering.page(request, "operations/crosswalk_key.html", context)


def mappable() -> list[tuple[str, str]]:
    """Codes and names of the portfolios that a book may be mapped to; no figures."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, name FROM security.mappable()")
        return list(cursor.fetchall())


@live_page
@readers
def mappings(request: HttpRequest) -> HttpResponse:
    """All mappings, by what they mean or by code, as believed now or at a moment."""
    parameters.accept(request, "table", "q", "on", "at", "all", "page")
    table = parameters.choice(request, "table", TABLES, "identifiers")
    asked = {
        "q": request.GET.get("q", "").strip()[:60],
        "on": parameters.day(request, "on"),
        "at": parameters.instant(request, "at"),
        "all": parameters.choice(request, "all", ("yes", "no"), "no") == "yes",
    }
    rows = {"identifiers": _identifiers, "keys": _keys, "issuers": _issuers}[table](asked)
    paging = parameters.paged(request, rows.count())
    names = dict(mappable_ids()) if table == "keys" else {}
    context = {
        **asked,
        "table": table,
        "tables": TABLES,
        "rows": [(row, names.get(getattr(row, "portfolio_id", 0))) for row in rows[paging.window]],
        "paging": paging,
    }
    return rendering.page(request, "operations/crosswalk_mappings.html", context)


def mappable_ids() -> list[tuple[int, str]]:
    """Ids and codes of the portfolios that keys mean."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code FROM security.mappable()")
        return list(cursor.fetchall())


def _identifiers(asked: dict[str, Any]) -> QuerySet[Any]:
    rows = Identifier.objects.select_related("listing", "listing__instrument")
    if asked["q"]:
        rows = rows.filter(
            Q(value__icontains=asked["q"])
            | Q(listing__key__icontains=asked["q"])
            | Q(listing__instrument__name__icontains=asked["q"])
        )
    return _believed(rows, asked).order_by("listing__key", "scheme", "value", "scope", "pk")


def _keys(asked: dict[str, Any]) -> QuerySet[Any]:
    rows = PortfolioKey.objects.all()
    if asked["q"]:
        ids = [pk for pk, code in mappable_ids() if asked["q"].lower() in code.lower()]
        rows = rows.filter(Q(key__icontains=asked["q"]) | Q(portfolio_id__in=ids))
    return _believed(rows, asked).order_by("portfolio_id", "system", "key", "pk")


def _issuers(asked: dict[str, Any]) -> QuerySet[Any]:
    rows = Instrument.objects.exclude(security_type="Cash").select_related("issuer")
    if asked["q"]:
        rows = rows.filter(
            Q(name__icontains=asked["q"])
            | Q(issuer__name__icontains=asked["q"])
            | Q(issuer__lei=asked["q"])
            | Q(listings__key__icontains=asked["q"])
        ).distinct()
    return rows.order_by("issuer__name", "name", "pk")


def _believed(rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
    """Rows in use on a day, as believed now, at a moment, or ever."""
    if asked["on"]:
        rows = rows.filter(Q(valid_from=None) | Q(valid_from__lte=asked["on"]))
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=asked["on"]))
    if asked["at"]:
        rows = rows.filter(Q(known_from=None) | Q(known_from__lte=asked["at"]))
        return rows.filter(Q(known_to=None) | Q(known_to__gt=asked["at"]))
    return rows if asked["all"] else rows.filter(known_to=None)


@live_page
@readers
def listing(request: HttpRequest, listing_id: int) -> HttpResponse:
    """All codes a listing ever had, with its instrument and issuer."""
    parameters.accept(request)
    found = get_object_or_404(
        Listing.objects.select_related("instrument", "instrument__issuer"), pk=listing_id
    )
    issuer = found.instrument.issuer
    context = {
        "listing": found,
        "rows": found.identifiers.order_by("scheme", "value", "scope", "pk"),
        "siblings": found.instrument.listings.exclude(pk=found.pk),
        "classes": issuer.instruments.exclude(pk=found.instrument_id) if issuer else [],
        "proposals": MappingProposal.objects.filter(
            Q(listing=found) | Q(instrument_id=found.instrument_id)
        ).select_related("listing", "issuer", "instrument", "undoes"),
    }
    return rendering.page(request, "operations/crosswalk_listing.html", context)


def known_kind(kind: str) -> None:
    """Raises 404 for anything but the two kinds of mapping that have rows."""
    if kind not in ("identifier", "key"):
        raise Http404("There is no such kind of mapping.")


@live_page
@readers
def code(request: HttpRequest, kind: str, row_id: int) -> HttpResponse:
    """The history of one code or key: what it meant when, and since when that is believed."""
    known_kind(kind)
    parameters.accept(request)
    names = dict(mappable_ids())
    rows: QuerySet[Any]
    if kind == "identifier":
        one = get_object_or_404(Identifier, pk=row_id)
        rows = Identifier.objects.filter(scheme=one.scheme, value=one.value, scope=one.scope)
        rows = rows.select_related("listing")
        scheme, value, scope = one.scheme, one.value, one.scope
    else:
        key = get_object_or_404(PortfolioKey, pk=row_id)
        rows = PortfolioKey.objects.filter(system=key.system, key=key.key)
        scheme, value, scope = key.system, key.key, ""
    context = {
        "kind": kind,
        "row_id": row_id,
        "label": " ".join(filter(None, (scheme, value, scope))),
        "rows": [(row, names.get(getattr(row, "portfolio_id", 0))) for row in rows.order_by("pk")],
        "believed": rows.filter(known_to=None).order_by("pk"),
        "proposals": MappingProposal.objects.filter(
            scheme=scheme, value=value, scope=scope
        ).select_related("listing", "issuer", "instrument", "undoes"),
    }
    return rendering.page(request, "operations/crosswalk_code.html", context)
