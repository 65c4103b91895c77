"""Portfolio access in the admin: managers give and end view access on what they manage.

What the forms offer is what portfolios/sql/030_grants.sql accepts; a request made by other means
meets the database, whose refusal is shown as a sentence.
"""

import datetime as dt
from abc import abstractmethod
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from helio.accounts import roles
from helio.accounts.refusals import refusals_in_words
from helio.accounts.requests import person
from portfolios import access
from portfolios.admin.pages import cover_page, reviews_page
from portfolios.forms import EndForm, GiveForm, GiveToTeamForm
from portfolios.models import PortfolioGroupGrant, PortfolioUserGrant


class LastingFilter(admin.SimpleListFilter):
    """Grants that hold now, will hold, or are history."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("current", "In force"), ("ending", "With an end date"), ("ended", "Ended")]

    def queryset(self, request: HttpRequest, grants: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        match self.value():
            case "current":
                return grants.filter(Q(valid_until=None) | Q(valid_until__gt=now))
            case "ending":
                return grants.filter(valid_until__gt=now)
            case "ended":
                return grants.filter(valid_until__lte=now)
        return grants


class PortfolioFilter(admin.SimpleListFilter):
    """Grants on one portfolio of the reader's directory."""

    title = "portfolio"
    parameter_name = "portfolio"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(portfolio.id), portfolio.code) for portfolio in access.directory()]

    def queryset(self, request: HttpRequest, grants: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        return grants.filter(content_object_id=int(value)) if value.isdecimal() else grants


class RightFilter(admin.SimpleListFilter):
    """Grants to view, or grants to manage."""

    title = "right"
    parameter_name = "right"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(access.VIEW, "View"), (access.MANAGE, "Manage")]

    def queryset(self, request: HttpRequest, grants: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return grants.filter(permission__codename=value) if value else grants


class UntilForm(ActionForm):
    """The last day that an action sets; empty for none."""

    last_day = forms.DateField(
        required=False, label="Last day:", widget=forms.DateInput(attrs={"type": "date"})
    )


class GrantAdmin(admin.ModelAdmin):
    """What access of people and of teams share."""

    list_filter = (LastingFilter, PortfolioFilter, RightFilter)
    list_per_page = 100
    ordering = ("content_object_id", "permission_id", "-id")
    actions = ("end_now", "set_last_day")
    action_form = UntilForm
    may_open: tuple[str, ...] = (roles.MANAGER, roles.ADMINISTRATOR)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return person(request).has_role(*self.may_open)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """True for grants that this person could have given: see the policies."""
        if obj is None or person(request).has_role(roles.ADMINISTRATOR):
            return self.has_module_permission(request) and not self._own(request, obj)
        return (
            obj.permission.codename == access.VIEW
            and not self._own(request, obj)
            and obj.content_object_id in {one.id for one in access.directory()}
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: ending a grant keeps it as history."""
        return False

    def _own(self, request: HttpRequest, grant: Any) -> bool:
        """True for one's own grant, and for one of a team one belongs to."""
        if grant is None:
            return False
        if isinstance(grant, PortfolioUserGrant):
            return grant.user_id == person(request).pk
        return person(request).groups.filter(pk=grant.group_id).exists()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Grants of the reader's directory, without a join that would hide them."""
        names = {portfolio.id: str(portfolio) for portfolio in access.directory()}
        words = [When(content_object_id=id_, then=Value(name)) for id_, name in names.items()]
        return (
            super()
            .get_queryset(request)
            .filter(content_object_id__in=names)
            .annotate(portfolio_name=Case(*words, default=Value(""), output_field=TextField()))
            .select_related("permission", "granted_by")
        )

    # --- writing ----------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = self._form(obj)
        form = super().get_form(request, obj, change=change, **kwargs)
        form.giver = person(request)  # type: ignore[attr-defined]
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("receivers", "portfolio", "right", "last_day", "reason")
        return super().get_fields(request, obj)

    @abstractmethod
    def _form(self, obj: Any) -> type:
        """The form to add (None) or change a grant; each kind of holder has its own."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            changed = access.set_end(grants=[obj], until=obj.valid_until, reason=obj.end_reason)
            if not changed:
                messages.error(request, "The database refused: this grant is not yours to end.")
            return
        made = form.give(by=person(request))
        obj.pk = made.pk
        obj.content_object_id = made.content_object_id
        obj.permission = made.permission
        holder = "user" if isinstance(made, PortfolioUserGrant) else "group"
        setattr(obj, holder, getattr(made, holder))
        names = {portfolio.id: portfolio.code for portfolio in access.directory()}
        obj.portfolio_code = names[made.content_object_id]

    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with refusals_in_words():
            return super().changeform_view(*args, **kwargs)

    def changelist_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with refusals_in_words():
            return super().changelist_view(*args, **kwargs)

    # --- columns and actions ----------------------------------------------------------------

    @admin.display(description="portfolio", ordering="portfolio_name")
    def portfolio(self, grant: Any) -> str:
        return grant.portfolio_name

    @admin.display(description="right")
    def may(self, grant: Any) -> str:
        return grant.permission.codename.removesuffix("_portfolio")

    @admin.display(description="since", ordering="valid_from")
    def since(self, grant: Any) -> str:
        return f"{grant.valid_from:%Y-%m-%d %H:%M}"

    @admin.display(description="until", ordering="valid_until")
    def until(self, grant: Any) -> str | None:
        return f"{grant.valid_until:%Y-%m-%d %H:%M}" if grant.valid_until else None

    @admin.display(description="state")
    def state(self, grant: Any) -> str:
        if grant.valid_until is None:
            return "in force"
        return "ended" if grant.valid_until <= timezone.now() else "ends"

    @admin.action(description="End access now")
    def end_now(self, request: HttpRequest, grants: QuerySet[Any]) -> None:
        ended = access.end(grants=self._lasting(request, grants))
        self._tell(request, f"{ended} ended.", len(grants) - ended)

    @admin.action(description="Set the last day")
    def set_last_day(self, request: HttpRequest, grants: QuerySet[Any]) -> None:
        """Extends or shortens what lasts; an empty day means no end."""
        form = UntilForm(request.POST)
        form.fields.pop("action")
        if not form.is_valid():
            self.message_user(request, "Choose the last day from the calendar.", messages.ERROR)
            return
        day = form.cleaned_data["last_day"]
        if day and day < timezone.now().date():
            self.message_user(request, "This day is over. End access now instead.", messages.ERROR)
            return
        until = day and dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
        changed = access.set_end(grants=self._lasting(request, grants), until=until)
        last = f"last until {day}" if day else "last without an end"
        self._tell(request, f"{changed} {last}.", len(grants) - changed)

    def _lasting(self, request: HttpRequest, grants: QuerySet[Any]) -> list[Any]:
        """Those that have not ended and that this person may change."""
        lasting = [g for g in grants if g.valid_until is None or g.valid_until > timezone.now()]
        return [g for g in lasting if self.has_change_permission(request, g)]

    def _tell(self, request: HttpRequest, sentence: str, kept: int) -> None:
        self.message_user(request, sentence, messages.SUCCESS)
        if kept:
            self.message_user(
                request,
                f"{kept} left as they are: already ended, your own, or not yours to change.",
                messages.WARNING,
            )


@admin.register(PortfolioUserGrant)
class PersonAccessAdmin(GrantAdmin):
    """Access of people."""

    list_display = (
        "user", "portfolio", "may", "state", "since", "until", "granted_by", "reason",
    )  # fmt: skip
    search_fields = ("user__username", "user__last_name", "reason")
    list_select_related = ("user", "permission", "granted_by")

    def _form(self, obj: Any) -> type:
        return EndForm if obj else GiveForm

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("cover/", wrap(cover_page), name="portfolios_portfoliousergrant_cover"),
            path("reviews/", wrap(reviews_page), name="portfolios_portfoliousergrant_reviews"),
        ]
        return own + super().get_urls()


@admin.register(PortfolioGroupGrant)
class TeamAccessAdmin(GrantAdmin):
    """Access of teams: of everybody who is or becomes a member."""

    list_display = (
        "group", "portfolio", "may", "state", "since", "until", "granted_by", "reason",
    )  # fmt: skip
    search_fields = ("group__name", "reason")
    list_select_related = ("group", "permission", "granted_by")

    def _form(self, obj: Any) -> type:
        return EndForm if obj else GiveToTeamForm
