"""Forms for giving and ending portfolio access; they offer what the database would accept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from helio.accounts import roles
from helio.accounts.models import User
from portfolios import access
from portfolios.access import AnyGrant
from portfolios.models import PortfolioGroupGrant, PortfolioUserGrant

RIGHTS = {access.VIEW: "View", access.MANAGE: "Manage (view, give and end view access)"}


class EndOfGrant(forms.ModelForm):
    """The optional last day of a grant and the reason that the next reader will want."""

    last_day = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Access ends when this day ends (UTC). Empty: no end.",
    )
    giver: User  # set by the admin for the request at hand

    def clean_last_day(self) -> dt.date | None:
        """A day that is not over yet."""
        day: dt.date | None = self.cleaned_data["last_day"]
        if day and day < timezone.now().date():
            raise forms.ValidationError("This day is over. To end access now, choose “End now”.")
        return day

    def until(self) -> dt.datetime | None:
        """The moment at which the grant ends: midnight after its last day."""
        day = self.cleaned_data.get("last_day")
        if day is None:
            return None
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.instance.valid_until = self.until()


class EndForm(EndOfGrant):
    """A grant that stands: only its end can change, for a reason of its own."""

    end_now = forms.BooleanField(required=False, label="End now")

    class Meta:
        model = PortfolioUserGrant
        fields = ("end_reason",)
        labels = {"end_reason": "Reason of the change"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until = self.instance.valid_until
        if until and not self.is_bound:
            self.initial["last_day"] = (until - dt.timedelta(seconds=1)).date()

    def until(self) -> dt.datetime | None:
        if self.cleaned_data.get("end_now"):
            return timezone.now()
        return super().until()

    def clean_last_day(self) -> dt.date | None:
        """A day that is not over, unless it is the one that already stands or access ends now."""
        if self.data.get("end_now") or "last_day" not in self.changed_data:
            day: dt.date | None = self.cleaned_data["last_day"]
            return day
        return super().clean_last_day()


class GiveForm(EndOfGrant):
    """New grants: each of the portfolios to each of the people."""

    receivers: Any = forms.ModelMultipleChoiceField(
        label="People",
        queryset=User.objects.none(),
        widget=FilteredSelectMultiple("people", is_stacked=False),
    )
    portfolio = forms.TypedMultipleChoiceField(
        coerce=int, label="Portfolios", widget=FilteredSelectMultiple("portfolios", False)
    )
    right = forms.ChoiceField()

    class Meta:
        model = PortfolioUserGrant
        fields: tuple[str, ...] = ("last_day", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choice("portfolio").choices = [(p.id, str(p)) for p in access.directory()]
        rights = (
            RIGHTS
            if self.giver.has_role(roles.ADMINISTRATOR)
            else {access.VIEW: RIGHTS[access.VIEW]}
        )
        self._choice("right").choices = rights.items()
        self._choice("receivers").queryset = self._receivers()

    def give(self, *, by: User) -> AnyGrant:
        """Gives what was chosen; the last of the grants made, all in one transaction."""
        with transaction.atomic():
            for receiver in self.cleaned_data["receivers"]:
                *_, last = access.give(
                    to=receiver,
                    portfolio_ids=self.cleaned_data["portfolio"],
                    codename=self.cleaned_data["right"],
                    until=self.until(),
                    reason=self.cleaned_data["reason"],
                    by=by,
                )
        return last

    def _choice(self, name: str) -> Any:
        """A field with choices; Django's types know only that it is a field."""
        return self.fields[name]

    def _receivers(self) -> QuerySet[Any]:
        people = User.objects.filter(is_active=True).exclude(pk=self.giver.pk)
        return people.order_by("username")

    def clean(self) -> dict[str, Any]:
        """The data, once no open grant says the same already."""
        data = super().clean() or {}
        if {"portfolio", "right", "receivers"} <= data.keys():
            codes = {portfolio.id: portfolio.code for portfolio in access.directory()}
            standing = self._standing(data)
            if named := sorted(f"{who}: {codes[id_]}" for who, id_ in standing if id_ in codes):
                raise forms.ValidationError(
                    f"This access was given already and has no end: {', '.join(named)}."
                )
        return data

    def _standing(self, data: dict[str, Any]) -> QuerySet[Any, tuple[str, int]]:
        """Who holds which of the portfolios without an end already."""
        return PortfolioUserGrant.objects.filter(
            user__in=data["receivers"],
            content_object_id__in=data["portfolio"],
            permission__codename=data["right"],
            valid_until=None,
        ).values_list("user__username", "content_object_id")

    def validate_unique(self) -> None:
        """Nothing: the model's own checks would read the portfolio, which not everyone may."""

    def validate_constraints(self) -> None:
        """Nothing: see ``clean``."""


class GiveToTeamForm(GiveForm):
    """New grants to teams: to everybody who is or becomes a member."""

    receivers: Any = forms.ModelMultipleChoiceField(
        label="Teams",
        queryset=Group.objects.none(),
        widget=FilteredSelectMultiple("teams", is_stacked=False),
    )

    class Meta:
        model = PortfolioGroupGrant
        fields = ("last_day", "reason")

    def _receivers(self) -> QuerySet[Any]:
        # Not to a team of one's own, which the database refuses.
        return Group.objects.filter(team__isnull=False).exclude(user=self.giver).order_by("name")

    def _standing(self, data: dict[str, Any]) -> QuerySet[Any, tuple[str, int]]:
        return PortfolioGroupGrant.objects.filter(
            group__in=data["receivers"],
            content_object_id__in=data["portfolio"],
            permission__codename=data["right"],
            valid_until=None,
        ).values_list("group__name", "content_object_id")
