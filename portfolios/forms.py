"""Forms for giving and ending portfolio access; they offer what the database would accept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone

from helio.accounts import roles
from helio.accounts.models import User
from portfolios import access
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
    """A new grant to a person."""

    portfolio = forms.TypedMultipleChoiceField(
        coerce=int, label="Portfolios", widget=forms.CheckboxSelectMultiple
    )
    right = forms.ChoiceField()
    receiver_field = "user"

    class Meta:
        model = PortfolioUserGrant
        fields: tuple[str, ...] = ("user", "portfolio", "right", "last_day", "reason")
        labels = {"user": "Person"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choice("portfolio").choices = [(p.id, str(p)) for p in access.directory()]
        rights = (
            RIGHTS
            if self.giver.has_role(roles.ADMINISTRATOR)
            else {access.VIEW: RIGHTS[access.VIEW]}
        )
        self._choice("right").choices = rights.items()
        self._offer_receivers()
        # The admin would offer to add or change the person from here; that has a page of its own.
        for name in ("can_add_related", "can_change_related", "can_view_related"):
            setattr(self.fields[self.receiver_field].widget, name, False)

    def _choice(self, name: str) -> Any:
        """A field with choices; Django's types know only that it is a field."""
        return self.fields[name]

    def _offer_receivers(self) -> None:
        self._choice("user").queryset = (
            User.objects.filter(is_active=True).exclude(pk=self.giver.pk).order_by("username")
        )

    @property
    def receiver(self) -> User | Group:
        """Who gets the access."""
        return self.cleaned_data["user"]

    def clean(self) -> dict[str, Any]:
        """The data, once no open grant says the same already."""
        data = super().clean() or {}
        if {"portfolio", "right"} <= data.keys():
            codes = {portfolio.id: portfolio.code for portfolio in access.directory()}
            standing = self._standing(data).values_list("content_object_id", flat=True)
            if named := sorted(codes[id_] for id_ in standing if id_ in codes):
                raise forms.ValidationError(
                    f"This access was given already and has no end: {', '.join(named)}."
                )
        return data

    def _standing(self, data: dict[str, Any]) -> Any:
        return PortfolioUserGrant.objects.filter(
            user=data.get("user"),
            content_object_id__in=data["portfolio"],
            permission__codename=data["right"],
            valid_until=None,
        )

    def validate_unique(self) -> None:
        """Nothing: the model's own checks would read the portfolio, which not everyone may."""

    def validate_constraints(self) -> None:
        """Nothing: see ``clean``."""


class GiveToTeamForm(GiveForm):
    """A new grant to everybody with a role."""

    receiver_field = "group"

    class Meta:
        model = PortfolioGroupGrant
        fields = ("group", "portfolio", "right", "last_day", "reason")
        labels = {"group": "Team"}

    def _offer_receivers(self) -> None:
        self._choice("group").queryset = Group.objects.order_by("name")

    @property
    def receiver(self) -> User | Group:
        return self.cleaned_data["group"]

    def _standing(self, data: dict[str, Any]) -> Any:
        return PortfolioGroupGrant.objects.filter(
            group=data.get("group"),
            content_object_id__in=data["portfolio"],
            permission__codename=data["right"],
            valid_until=None,
        )
