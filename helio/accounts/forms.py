"""Forms of the admin's people: fields that the database would accept, and no others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AdminUserCreationForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
)
from django.contrib.auth.models import Group
from django.db.models import QuerySet

from helio.accounts import roles
from helio.accounts.models import Team, User


def plain_roles() -> QuerySet[Group]:
    """The roles that one administrator gives alone."""
    return Group.objects.filter(name__in=set(roles.ROLES) - set(roles.TAKE_TWO)).order_by("name")


def team_groups() -> QuerySet[Group]:
    """The groups that are teams."""
    return Group.objects.filter(team__isnull=False).order_by("name")


class GroupsMixin(forms.ModelForm):
    """Roles and teams as two fields; the roles that take two people are not among them."""

    given_roles = forms.ModelMultipleChoiceField(
        label="Roles",
        queryset=Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Administrator and auditor take two people: ask for them under Role requests.",
    )
    teams = forms.ModelMultipleChoiceField(
        queryset=Group.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (("given_roles", plain_roles()), ("teams", team_groups())):
            field: Any = self.fields[name]
            field.queryset = offered
            if self.instance.pk:
                field.initial = offered.filter(user=self.instance)

    def save_groups(self) -> None:
        """Joins the person to what was ticked and takes them out of the rest on offer."""
        chosen = {*self.cleaned_data["given_roles"], *self.cleaned_data["teams"]}
        before = set(self.instance.groups.all())
        offered = {*plain_roles(), *team_groups()}
        self.instance.groups.add(*(chosen - before))
        self.instance.groups.remove(*(before & offered - chosen))


class NewPersonForm(GroupsMixin, AdminUserCreationForm):
    """A new person with roles; never a superuser."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email")


class PasswordState(ReadOnlyPasswordHashWidget):
    """Whether there is a password, and the way to set another; of its hash nothing is read."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        said = "Set." if value else "None: this person cannot sign in with a password."
        return super().get_context(name, None, attrs) | {
            "summary": [{"label": said}],
            "button_label": "Set another password" if value else "Set a password",
        }


class PersonForm(GroupsMixin, UserChangeForm):
    """A person as an administrator edits them."""

    password = ReadOnlyPasswordHashField(
        widget=PasswordState,
        help_text="Kept as a hash that nobody can read in these pages.",
    )

    class Meta(UserChangeForm.Meta):
        model = User
        fields = (  # type: ignore[assignment]
            "username",
            "password",
            "first_name",
            "last_name",
            "email",
            "reporting_currency",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].initial = self.instance.has_usable_password()

    def clean_reporting_currency(self) -> str:
        """The currency as an upper-case ISO 4217 code."""
        code: str = self.cleaned_data["reporting_currency"].strip().upper()
        if len(code) != 3 or not code.isalpha() or not code.isascii():
            raise forms.ValidationError("A currency is three letters, such as USD.")
        return code


class TeamMemberForm(forms.ModelForm):
    """A member of a manager's team: the analyst role is theirs to give, nothing else."""

    is_analyst = forms.BooleanField(
        label="Analyst",
        required=False,
        help_text="An analyst sees the portfolios granted to them.",
    )

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_analyst"].initial = self.instance.has_role(roles.ANALYST)

    def save_groups(self) -> None:
        """Gives or takes the analyst role as ticked; nothing else is written."""
        analyst = Group.objects.get(name=roles.ANALYST)
        if self.cleaned_data["is_analyst"]:
            self.instance.groups.add(analyst)
        else:
            self.instance.groups.remove(analyst)


class NewTeamForm(forms.ModelForm):
    """A new team: a name that no role or team has."""

    name = forms.CharField(max_length=150)

    class Meta:
        model = Team
        fields: tuple[str, ...] = ()

    def clean_name(self) -> str:
        """The name, trimmed."""
        name: str = self.cleaned_data["name"].strip()
        if Group.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError("A team or role of this name exists already.")
        return name
