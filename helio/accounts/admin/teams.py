"""Teams in the admin: administrators make them and name who leads them; leaders join members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from helio.accounts import roles, teams
from helio.accounts.forms import NewTeamForm
from helio.accounts.models import Team, User
from helio.accounts.refusals import refusals_in_words
from helio.accounts.requests import person

REFUSED = (
    "The database refused this change of a team: its leader joins people without a role beyond "
    "analyst, and only while the leader manages every portfolio the team may view. Nobody joins "
    "themselves. Nothing was changed."
)


class TeamForm(forms.ModelForm):
    """Who is in the team and, for administrators, who leads it."""

    members = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(),
        required=False,
        widget=FilteredSelectMultiple("members", is_stacked=False),
    )
    leader: User  # set by the admin for the request at hand: who asks

    class Meta:
        model = Team
        fields = ("managers",)
        widgets = {"managers": forms.CheckboxSelectMultiple}
        labels = {"managers": "Led by"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members: Any = self.fields["members"]
        members.queryset = self._may_join().order_by("username")
        members.initial = User.objects.filter(groups=self.instance.group)
        if "managers" in self.fields:
            managers: Any = self.fields["managers"]
            managers.queryset = User.objects.filter(
                Q(groups__name=roles.MANAGER, is_active=True) | Q(led_teams=self.instance)
            ).exclude(pk=self.leader.pk).distinct().order_by("username")  # fmt: skip
            # A leader is chosen here, not made.
            managers.widget.can_add_related = False

    def _may_join(self) -> QuerySet[User]:
        people = User.objects.filter(is_active=True, is_superuser=False).exclude(pk=self.leader.pk)
        if self.leader.has_role(roles.ADMINISTRATOR):
            return people
        beyond = Group.objects.filter(name__in=set(roles.ROLES) - {roles.ANALYST})
        # Whoever is in stays on the list, so that they can be taken out.
        return people.filter(
            ~Q(pk__in=User.objects.filter(groups__in=beyond)) | Q(groups=self.instance.group)
        ).distinct()

    def save_members(self) -> None:
        """Joins who was ticked and takes out who was not; nobody beyond the list on offer."""
        group, chosen = self.instance.group, set(self.cleaned_data["members"])
        offered: Any = self.fields["members"]
        before = set(group.user_set.filter(pk__in=offered.queryset.values("pk")))
        group.user_set.add(*(chosen - before))
        group.user_set.remove(*(before - chosen))


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """Teams: administrators see all, managers those they lead."""

    list_display = ("name", "led_by", "member_count")
    search_fields = ("group__name",)
    ordering = ("group__name",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return person(request).has_role(roles.ADMINISTRATOR, roles.MANAGER)

    def has_view_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return person(request).has_role(roles.ADMINISTRATOR)

    def has_change_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        """Nobody: what was granted to a team stays on record with its name."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        found = super().get_queryset(request).select_related("group")
        found = found.prefetch_related("managers", "group__user_set")
        if person(request).has_role(roles.ADMINISTRATOR):
            return found
        return found.filter(managers=person(request))

    def get_fields(self, request: HttpRequest, obj: Team | None = None) -> Any:
        if obj is None:
            return ("name",)
        if person(request).has_role(roles.ADMINISTRATOR):
            return ("managers", "members")
        return ("members",)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        # The admin asks the database for no more fields than the form declares itself.
        fields = self.get_fields(request, obj)
        kwargs["fields"] = [name for name in fields if name == "managers"]
        kwargs["form"] = TeamForm if obj else NewTeamForm
        form = super().get_form(request, obj, change=change, **kwargs)
        form.leader = person(request)  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        if not change:
            made = teams.make(name=form.cleaned_data["name"])
            obj.pk, obj.group = made.pk, made.group

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if change:
            if "managers" in form.cleaned_data:
                self._name_leaders(request, form)
            form.save_members()

    def _name_leaders(self, request: HttpRequest, form: Any) -> None:
        chosen = set(form.cleaned_data["managers"])
        before = set(form.instance.managers.exclude(pk=person(request).pk))
        form.instance.managers.add(*(chosen - before))
        form.instance.managers.remove(*(before - chosen))

    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with refusals_in_words(REFUSED):
            return super().changeform_view(*args, **kwargs)

    @admin.display(description="team", ordering="group__name")
    def name(self, team: Team) -> str:
        return team.group.name

    @admin.display(description="led by")
    def led_by(self, team: Team) -> str:
        return ", ".join(sorted(one.username for one in team.managers.all()))

    @admin.display(description="members")
    def member_count(self, team: Team) -> int:
        return len(team.group.user_set.all())
