"""Links that carry the state: the dates a person chose stay with them."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from helio.glossary import glossary
from helio.pages.parameters import CARRIED, OF_NOW

register = template.Library()


def _query(context: template.Context) -> QueryDict:
    query: QueryDict = context["request"].GET.copy()
    return query


def _joined(path: str, query: QueryDict) -> str:
    text = query.urlencode()
    return f"{path}?{text}" if text else path


@register.simple_tag(takes_context=True)
def same_page(context: template.Context, **changes: Any) -> str:
    """This page's address with some parameters changed; an empty one falls out."""
    query = _query(context)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return _joined(context["request"].path, query)


@register.simple_tag(takes_context=True)
def page(context: template.Context, name: str, *args: Any, **extra: Any) -> str:
    """Another page's address (a URL name or a path) at the dates chosen here."""
    path = name if name.startswith("/") else _path(name, *args)
    asked = context["request"].GET
    carried = [
        (kept, value)
        for kept in CARRIED
        if not (kept == "known_at" and path.startswith(OF_NOW))
        for value in asked.getlist(kept)
        if value
    ]
    text = urlencode([*carried, *((name, str(value)) for name, value in extra.items())])
    return f"{path}?{text}" if text else path


@lru_cache(maxsize=10_000)
def _path(name: str, *args: Any) -> str:
    """Where a URL name leads: a page has hundreds of links, and most are the same on the next."""
    return reverse(name, args=args)


def of_selection(context: template.Context, address: str) -> str:
    """The address with the portfolios that the page was asked for."""
    query = _query(context)
    for name in [name for name in query if name != "portfolio"]:
        del query[name]
    kept = query.urlencode()
    return f"{address}{'&' if '?' in address else '?'}{kept}" if kept else address


@register.simple_tag(takes_context=True)
def selection_page(context: template.Context, name: str) -> str:
    """Another page of the same selection of portfolios, at the dates chosen here."""
    return of_selection(context, page(context, name))


@register.simple_tag(takes_context=True)
def sort_header(
    context: template.Context,
    key: str,
    label: str,
    target: str,
    *,
    number: bool = True,
    rest: bool = False,
    figure: str = "",
) -> SafeString:
    """A column head that sorts its table, as a link that htmx turns into a swap of ``target``.

    Numbers sort from the largest first, words from A; ``rest`` columns fall out on a phone. With
    a ``figure`` a sign beside the label leads to its definition.
    """
    current = context["sort"]
    first, other = (f"-{key}", key) if number else (key, f"-{key}")
    wanted = other if current == first else first
    address = same_page(context, sort=wanted, page=None)
    state = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}" hx-get="{}" hx-target="#{}" hx-swap="outerHTML"'
        ' hx-push-url="true">{}</a>{}</th>',
        ("number" if number else "word") + (" rest" if rest else ""),
        format_html(' aria-sort="{}"', state) if state else "",
        address,
        address,
        target,
        label,
        term_mark(context, figure, label) if figure else "",
    )


def term_mark(context: template.Context, name: str, label: str) -> SafeString:
    """A sign beside a label that is a link already; it leads to the definition."""
    return format_html(
        '<a class="term-mark" href="{}#{}" data-panel="{}" title="{}" aria-label="What is {}?">'
        "?</a>",
        page(context, "glossary"),
        name,
        page(context, "glossary-term", name),
        glossary()[name].opening,
        label,
    )


@register.simple_tag(takes_context=True)
def hidden_state(context: template.Context, *replaced: str) -> SafeString:
    """Hidden inputs that keep the page's parameters in a GET form, but for the replaced ones."""
    query = _query(context)
    kept = (
        (name, value)
        for name, values in query.lists()
        if name not in replaced and name != "page"
        for value in values
    )
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', kept)
