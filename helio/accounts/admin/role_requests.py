"""Requests for the roles that take two people: ask, approve, refuse, withdraw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from helio.accounts import role_requests, roles
from helio.accounts.models import RoleRequest, User
from helio.accounts.refusals import refusals_in_words
from helio.accounts.requests import person
from helio.accounts.site import Task, tasks

REFUSED = (
    "The database refused this decision: the roles administrator and auditor take two "
    "administrators, neither of them the person concerned; who asked must be one still, the "
    "request no older than seven days, and the person's password chosen by themselves. "
    "Nothing was changed."
)


@tasks
def waiting(who: User) -> Iterator[Task]:
    """Requests that this administrator may decide: another's, not for themselves."""
    if who.has_role(roles.ADMINISTRATOR):
        asked = RoleRequest.objects.filter(decision="").exclude(asked_by=who).exclude(person=who)
        yield Task(
            count=asked.count(),
            words="role requests wait for a second administrator",
            address=reverse("admin:accounts_rolerequest_changelist") + "?decision__exact=",
        )


class RoleRequestForm(forms.ModelForm):
    """Who is to become what, and why."""

    asker: User  # set by the admin for the request at hand

    class Meta:
        model = RoleRequest
        fields = ("person", "role", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["person"]
        people.queryset = (
            User.objects.filter(is_active=True).exclude(pk=self.asker.pk).order_by("username")
        )
        offered: Any = self.fields["role"]
        offered.queryset = Group.objects.filter(name__in=roles.TAKE_TWO)
        for name in ("person", "role"):
            for permit in ("can_add_related", "can_change_related", "can_view_related"):
                setattr(self.fields[name].widget, permit, False)

    def clean(self) -> dict[str, Any]:
        """The data, once the person lacks the role and no request for it waits."""
        data = super().clean() or {}
        whom, role = data.get("person"), data.get("role")
        if whom and role:
            if whom.groups.filter(pk=role.pk).exists():
                raise forms.ValidationError(f"{whom} has the role {role} already.")
            if RoleRequest.objects.filter(person=whom, role=role, decision="").exists():
                raise forms.ValidationError("Such a request waits for a decision already.")
        return data

    def validate_constraints(self) -> None:
        """Nothing: see ``clean``."""


@admin.register(RoleRequest)
class RoleRequestAdmin(admin.ModelAdmin):
    """Requests, newest first; administrators only."""

    list_display = ("person", "role", "state", "asked_by", "asked_at", "decided_by", "decided_at",
                    "reason")  # fmt: skip
    list_filter = ("decision", "role")
    list_select_related = ("person", "role", "asked_by", "decided_by")
    search_fields = ("person__username", "reason")
    ordering = ("-asked_at",)
    actions = ("approve", "refuse", "withdraw")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return person(request).has_role(roles.ADMINISTRATOR)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes a request; it is decided by an action of the list."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: requests stay on record."""
        return False

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = RoleRequestForm
        form = super().get_form(request, obj, change=change, **kwargs)
        form.asker = person(request)  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: RoleRequest, form: Any, change: bool) -> None:
        made = role_requests.ask(
            person_id=obj.person_id, role=obj.role, reason=obj.reason, by=person(request)
        )
        obj.pk = made.pk

    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with refusals_in_words(REFUSED):
            return super().changeform_view(*args, **kwargs)

    def changelist_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with refusals_in_words(REFUSED):
            return super().changelist_view(*args, **kwargs)

    @admin.display(description="state", ordering="decision")
    def state(self, asked: RoleRequest) -> str:
        return asked.decision or "waiting"

    @admin.action(description="Approve: give the role")
    def approve(self, request: HttpRequest, asked: QuerySet[RoleRequest]) -> None:
        self._decide(request, asked, role_requests.APPROVED)

    @admin.action(description="Refuse")
    def refuse(self, request: HttpRequest, asked: QuerySet[RoleRequest]) -> None:
        self._decide(request, asked, role_requests.REFUSED)

    @admin.action(description="Withdraw a request of my own")
    def withdraw(self, request: HttpRequest, asked: QuerySet[RoleRequest]) -> None:
        self._decide(request, asked, role_requests.WITHDRAWN)

    def _decide(self, request: HttpRequest, asked: QuerySet[RoleRequest], decision: str) -> None:
        for one in asked:
            role_requests.decide(request=one, decision=decision)
        self.message_user(request, f"{len(asked)} {decision}.", messages.SUCCESS)
