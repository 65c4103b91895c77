"""``/view-as/``: begin to look as somebody else, and end it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from helio.accounts import roles, viewing
from helio.accounts.models import User, ViewAs
from helio.accounts.refusals import refusals_in_words
from helio.accounts.requests import person
from helio.pages import parameters, permits

RECENT = 20
REFUSED = (
    "The database refused: administrators and auditors, people who are not active, and oneself are "
    "nobody's to look as."
)


class ViewAsForm(forms.Form):
    """As whom, and why."""

    person = forms.ModelChoiceField(
        label="Person", queryset=User.objects.none(), empty_label="choose …"
    )
    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, looker: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        superiors = User.objects.filter(groups__name__in=roles.TAKE_TWO)
        field.queryset = (
            User.objects.filter(is_active=True, is_superuser=False)
            .exclude(pk__in=superiors.values("pk"))
            .exclude(pk=looker.pk)
            .order_by("username")
        )
        for one in self.fields.values():
            one.widget.attrs["class"] = "field"


@permits.role(roles.ADMINISTRATOR)
def view_as(request: HttpRequest) -> HttpResponse:
    """The form, and who looked as whom lately; a POST begins."""
    parameters.accept(request)
    form = ViewAsForm(request.POST or None, looker=person(request))
    if request.method == "POST" and form.is_valid():
        with refusals_in_words(REFUSED):
            begun = viewing.begin(
                person_id=form.cleaned_data["person"].pk,
                reason=form.cleaned_data["reason"],
                by=person(request),
            )
        request.session[viewing.SESSION_KEY] = begun.pk
        return redirect("/")
    recent = ViewAs.objects.select_related("actor", "person").order_by("-pk")[:RECENT]
    return render(request, "accounts/view_as.html", {"form": form, "recent": recent})


@require_POST
@permits.signed_in
def end(request: HttpRequest) -> HttpResponse:
    """Back to oneself."""
    number = request.session.pop(viewing.SESSION_KEY, None)
    if number is not None:
        viewing.end(number=number)
    return redirect("view-as" if person(request).has_role(roles.ADMINISTRATOR) else "/")


urlpatterns = [
    path("", view_as, name="view-as"),
    path("end/", end, name="view-as-end"),
]
