"""Two pages beside the list of grants: holiday cover, and grants to look at again."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from helio.accounts import roles
from helio.accounts.models import User
from helio.accounts.refusals import refusals_in_words
from helio.accounts.requests import person
from helio.pages import parameters
from portfolios import cover, reviews

# Grants to look at on one page.
AT_ONCE: Final = 100
LONGEST_COVER: Final = dt.timedelta(days=92)


class CoverForm(forms.Form):
    """Who is away, who covers, from when to when."""

    absent = forms.ModelChoiceField(label="Away", queryset=User.objects.none())
    covering = forms.ModelChoiceField(label="Covered by", queryset=User.objects.none())
    first_day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Access ends by itself when this day ends (UTC).",
    )
    reason = forms.CharField(max_length=200, required=False, help_text="Empty: “Cover for …”.")

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [one.pk for one in cover.candidates(giver)]
        people = User.objects.filter(pk__in=ids).order_by("username")
        for name in ("absent", "covering"):
            field: Any = self.fields[name]
            field.queryset = people

    def clean(self) -> dict[str, Any]:
        """The data, once two people and an honest period are named."""
        data = super().clean() or {}
        if data.get("absent") and data.get("absent") == data.get("covering"):
            raise forms.ValidationError("Nobody covers for themselves.")
        first, last = data.get("first_day"), data.get("last_day")
        if first and last:
            if last < first or last < timezone.now().date():
                raise forms.ValidationError("The last day is over, or before the first.")
            if last - first > LONGEST_COVER:
                raise forms.ValidationError(
                    f"Cover lasts {LONGEST_COVER.days} days at most; give ordinary access instead."
                )
        return data

    def period(self) -> tuple[dt.datetime | None, dt.datetime]:
        """When cover begins (None: now) and ends."""
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        since = _midnight(first) if first > timezone.now().date() else None
        return since, _midnight(last + dt.timedelta(days=1))


def cover_page(request: HttpRequest) -> HttpResponse:
    """Choose, see what would be given, give it."""
    giver = _admitted(request)
    form = CoverForm(request.POST or request.GET or None, giver=giver)
    planned = None
    if form.is_bound and form.is_valid():
        absent, covering = form.cleaned_data["absent"], form.cleaned_data["covering"]
        since, until = form.period()
        if request.method == "POST":
            with refusals_in_words():
                given = cover.give(
                    absent=absent,
                    cover=covering,
                    since=since,
                    until=until,
                    reason=form.cleaned_data["reason"],
                    by=giver,
                )
            sentence = f"{covering} covers {absent} on {given} portfolios until {until:%Y-%m-%d}."
            messages.success(request, sentence)
            return redirect("admin:portfolios_portfoliousergrant_changelist")
        planned = cover.plan(absent=absent, cover=covering, until=until)
    context = {
        **admin.site.each_context(request),
        "title": "Holiday cover",
        "form": form,
        "planned": planned,
    }
    return render(request, "admin/cover.html", context)


def reviews_page(request: HttpRequest) -> HttpResponse:
    """Grants that are due, to confirm or to end, one or many at once."""
    who = _admitted(request)
    if request.method == "POST":
        chosen = reviews.chosen(who, request.POST.getlist("grant"))
        if not chosen:
            messages.warning(request, "Nothing was chosen. Tick the grants first.")
        else:
            with refusals_in_words():
                messages.success(request, _reviewed(request, chosen, who))
        return redirect("admin:portfolios_portfoliousergrant_reviews")
    place = parameters.paged(request, sys.maxsize, AT_ONCE).window
    waiting = reviews.mine(who, place)
    context = {
        **admin.site.each_context(request),
        "title": "Grants to look at again",
        "waiting": waiting.grants,
        "paging": parameters.paged(request, waiting.total, AT_ONCE),
    }
    return render(request, "admin/reviews.html", context)


def _reviewed(request: HttpRequest, chosen: list[Any], who: User) -> str:
    if request.POST.get("outcome") == "end":
        return f"{reviews.end(grants=chosen, by=who)} ended."
    return f"{reviews.confirm(grants=chosen, by=who)} confirmed as still needed."


def _admitted(request: HttpRequest) -> User:
    who = person(request)
    if not who.has_role(roles.MANAGER, roles.ADMINISTRATOR):
        raise PermissionDenied("Managers and administrators give access.")
    return who


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
