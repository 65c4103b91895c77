"""Forms of the admin's people: fields that the database would accept, and no others."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group

from helio.accounts import roles
from helio.accounts.models import User


class NewPersonForm(AdminUserCreationForm):
    """A new person with roles; never a superuser."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email", "team", "groups")
        labels = {"groups": "Roles"}
        widgets = {"groups": forms.CheckboxSelectMultiple}


class PersonForm(UserChangeForm):
    """A person as an administrator edits them."""

    class Meta(UserChangeForm.Meta):
        model = User
        fields = (  # type: ignore[assignment]
            "username",
            "password",
            "first_name",
            "last_name",
            "email",
            "reporting_currency",
            "groups",
            "team",
            "is_active",
        )
        labels = {"groups": "Roles"}
        widgets = {"groups": forms.CheckboxSelectMultiple}

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

    def save_role(self) -> None:
        """Gives or takes the analyst role as ticked; nothing else is written."""
        analyst = Group.objects.get(name=roles.ANALYST)
        if self.cleaned_data["is_analyst"]:
            self.instance.groups.add(analyst)
        else:
            self.instance.groups.remove(analyst)
