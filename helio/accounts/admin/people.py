"""People and roles in the admin.

Administrators add people and give roles (administrator and auditor by a request that another
approves); managers see the members of their teams and give or take the analyst role. Nobody changes
their own rights, and nobody makes a superuser: there is no field for it, and the database refuses.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from helio.accounts import roles
from helio.accounts.forms import GroupsMixin, NewPersonForm, PersonForm, TeamMemberForm
from helio.accounts.models import User
from helio.accounts.refusals import refusals_in_words
from helio.accounts.requests import person

REFUSED = (
    "The database refused this change of a person or role: managers give and take the analyst role "
    "in the teams they lead only, the roles administrator and auditor take two people, and nobody "
    "changes their own rights or takes over an administrator's or auditor's account. "
    "Nothing was changed."
)

admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People: administrators edit them, managers see their team."""

    form = PersonForm
    add_form = NewPersonForm
    list_display = ("username", "full_name", "role_list", "team_list", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    list_display_links = ("username",)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    list_per_page = 50
    actions = ("give_analyst", "take_analyst", "take_two_person_roles")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "reporting_currency")}),
        ("Roles and teams", {"fields": ("two_person_roles", "given_roles", "teams", "is_active")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "first_name", "last_name", "email", "given_roles", "teams")},
        ),
        ("Password", {"fields": ("usable_password", "password1", "password2")}),
    )
    team_fieldsets = (
        ("Person", {"fields": ("username", "first_name", "last_name", "team_list", "last_login")}),
        ("Role", {"fields": ("is_analyst",)}),
    )
    readonly_fields = ("last_login", "date_joined", "two_person_roles")

    # --- who may what -----------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return person(request).has_role(roles.ADMINISTRATOR, roles.MANAGER)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return person(request).has_role(roles.ADMINISTRATOR)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Administrators others, managers their team; nobody themselves."""
        if obj is not None and obj.pk == person(request).pk:
            return False
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody: a person who left is set inactive and stays on record."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people = super().get_queryset(request).prefetch_related("groups")
        if person(request).has_role(roles.ADMINISTRATOR):
            return people.filter(is_superuser=False)
        led = person(request).led_teams.values("pk")
        return people.filter(groups__team__in=led, is_superuser=False).distinct()

    # --- forms ------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if person(request).has_role(roles.ADMINISTRATOR):
            return super().get_fieldsets(request, obj)
        return self.team_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        if person(request).has_role(roles.ADMINISTRATOR):
            return self.readonly_fields
        return ("username", "first_name", "last_name", "team_list", "last_login")

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None and not person(request).has_role(roles.ADMINISTRATOR):
            kwargs["form"] = TeamMemberForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: forms.Form, change: bool) -> None:
        """Writes the person; a manager writes roles only, so no column of the person."""
        if person(request).has_role(roles.ADMINISTRATOR):
            super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: forms.Form, formsets: Any, change: bool
    ) -> None:
        if person(request).has_role(roles.ADMINISTRATOR):
            super().save_related(request, form, formsets, change)
        if isinstance(form, (GroupsMixin, TeamMemberForm)):
            form.save_groups()

    # --- refusals of the database, in words -------------------------------------------------

    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with refusals_in_words(REFUSED):
            return super().changeform_view(*args, **kwargs)

    def changelist_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with refusals_in_words(REFUSED):
            return super().changelist_view(*args, **kwargs)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sets another's password: administrators only."""
        if not person(request).has_role(roles.ADMINISTRATOR):
            raise PermissionDenied("Only an administrator may set another person's password.")
        with refusals_in_words(REFUSED):
            return super().user_change_password(request, *args, **kwargs)

    # --- columns and actions ----------------------------------------------------------------

    @admin.display(description="name")
    def full_name(self, one: User) -> str:
        return one.get_full_name()

    @admin.display(description="roles")
    def role_list(self, one: User) -> str:
        return ", ".join(sorted(one.role_names))

    @admin.display(description="teams")
    def team_list(self, one: User) -> str:
        return ", ".join(one.team_names)

    @admin.display(description="Roles that take two people")
    def two_person_roles(self, one: User) -> str:
        """The roles that were given on a request; they are taken by an action of the list."""
        return ", ".join(sorted(one.role_names.intersection(roles.TAKE_TWO))) or "none"

    @admin.action(description="Give the analyst role")
    def give_analyst(self, request: HttpRequest, people: QuerySet[User]) -> None:
        analyst = Group.objects.get(name=roles.ANALYST)
        for one in people.exclude(groups=analyst):
            one.groups.add(analyst)
        self._say(request, "The people chosen are analysts now.")

    @admin.action(description="Take the analyst role")
    def take_analyst(self, request: HttpRequest, people: QuerySet[User]) -> None:
        analyst = Group.objects.get(name=roles.ANALYST)
        for one in people.filter(groups=analyst):
            one.groups.remove(analyst)
        self._say(request, "The people chosen are no analysts any more.")

    @admin.action(description="Take the administrator and auditor roles")
    def take_two_person_roles(self, request: HttpRequest, people: QuerySet[User]) -> None:
        guarded = list(Group.objects.filter(name__in=roles.TAKE_TWO))
        for one in people.filter(groups__in=guarded).distinct():
            one.groups.remove(*guarded)
        self._say(request, "The people chosen are neither administrators nor auditors any more.")

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        if not person(request).has_role(roles.ADMINISTRATOR):
            actions.pop("take_two_person_roles", None)
        return actions

    def _say(self, request: HttpRequest, sentence: str) -> None:
        self.message_user(request, sentence, messages.SUCCESS)
