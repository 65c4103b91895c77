"""Template tags that lead from a label to its definition, and tell what a page shows."""

import re
from html import escape
from typing import Final

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from helio.glossary import Entry, glossary
from reports.templatetags.links import page

register = template.Library()

_MARK: Final = re.compile(r'data-figure="([a-z0-9_]+)"')


def definition_address(context: template.Context, name: str) -> str:
    """Where the glossary defines the figure, at the dates chosen here."""
    return f"{page(context, 'glossary')}#{name}"


@register.simple_tag(takes_context=True)
def term(context: template.Context, name: str, label: str = "") -> SafeString:
    """A label that leads to its definition; the tip is the definition's first sentence."""
    entry = glossary().get(name)
    if entry is None:
        return format_html("{}", label or name)
    # As with figures: a page has dozens, and plain strings take a part of what format_html does.
    return mark_safe(  # noqa: S308
        f'<a class="term" href="{escape(definition_address(context, name))}"'
        f' data-panel="{escape(page(context, "glossary-term", name))}"'
        f' title="{escape(entry.opening)}">{escape(label or entry.term)}</a>'
    )


@register.tag("figures_shown")
def figures_shown(parser: Parser, token: Token) -> "FiguresShown":
    """Renders what it encloses and notes, for what follows, which figures stand in it."""
    nodelist = parser.parse(("endfigures_shown",))
    parser.delete_first_token()
    return FiguresShown(nodelist)


class FiguresShown(template.Node):
    """Sets ``figures_shown``: the entries of the figures in the markup, in order of appearance.

    Read off the markup, so that a cached part of the page counts like one rendered now.
    """

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        """The markup as it is."""
        markup = self.nodelist.render(context)
        context["figures_shown"] = entries_in(markup)
        return markup


def entries_in(markup: str) -> list[Entry]:
    """The glossary's entries of the figures in a markup, each once."""
    names = dict.fromkeys(_MARK.findall(markup))
    found = (glossary().get(name) for name in names)
    return [entry for entry in found if entry is not None]
