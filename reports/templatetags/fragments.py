"""``{% fragment "name" %} … {% endfragment %}``: a part of a page that an audience shares."""

from typing import Any, Final, NoReturn

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

from reports.fragments.audience import Audience
from reports.fragments.store import store

register = template.Library()

# What belongs to the person who asks, and to no audience.
PERSONAL: Final = ("csrf_token", "messages", "perms", "user")


class PersonalInFragmentError(RuntimeError):
    """A shared part of a page asked for something of the person who looks at it."""


class _Personal:
    def __init__(self, name: str) -> None:
        self._name = name

    def _refuse(self, *_: Any) -> NoReturn:
        raise PersonalInFragmentError(
            f"“{self._name}” is a person's own and cannot be in a fragment that others get too."
        )

    __str__ = __bool__ = __iter__ = __getitem__ = __len__ = _refuse


@register.tag("fragment")
def fragment(parser: Parser, token: Token) -> "FragmentNode":
    """A part that depends on the address, the perimeter, roles, currency and version alone.

    It has a name that is written on one page once. Nothing in it may tell of the person, of the
    clock, or of anything that changes without a version; what it shows is read only when nobody of
    the audience has asked lately (see helio/pages/later.py).
    """
    words = token.split_contents()
    if len(words) != 2:
        raise template.TemplateSyntaxError("A fragment takes its name: {% fragment 'name' %}.")
    nodelist = parser.parse(("endfragment",))
    parser.delete_first_token()
    return FragmentNode(words[1].strip("\"'"), nodelist)


class FragmentNode(template.Node):
    """Renders its content, or takes what was rendered for the same audience."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self._name = name
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        """The part's markup."""
        audience = None if context["frame"].cut else Audience.in_force()
        if audience is None:
            return self._rendered(context)
        key = audience.key(context["request"], self._name)
        markup = store().get(key)
        if markup is None:
            markup = self._rendered(context)
            store().set(key, markup)
        return mark_safe(markup)  # noqa: S308  our own markup, signed with our own key

    def _rendered(self, context: template.Context) -> SafeString:
        with context.push(**{name: _Personal(name) for name in PERSONAL}):
            return self.nodelist.render(context)
