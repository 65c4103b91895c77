"""Requests for the roles that take two people; helio/rls/sql/095_role_request.sql holds to it."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now

APPROVED: Final = "approved"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"


class RoleRequest(models.Model):
    """One administrator asks for a role for somebody; another says yes or no."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_requests"
    )
    role = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(db_default=Now())
    decision = models.CharField(
        max_length=10,
        blank=True,
        db_default=Value(""),
        default="",
        choices=[
            ("", "waiting"),
            (APPROVED, "approved"),
            (REFUSED, "refused"),
            (WITHDRAWN, "withdrawn"),
        ],
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "role_request"
        verbose_name = "role request"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(decision=""),
                name="one_waiting_role_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.person}"


def ask(*, person_id: int, role: Group, reason: str, by: models.Model) -> RoleRequest:
    """The request; the database refuses one for oneself, or by anybody but an administrator."""
    return RoleRequest.objects.create(
        person_id=person_id, role=role, reason=reason, asked_by_id=by.pk
    )


def decide(*, request: RoleRequest, decision: str) -> int:
    """Number of requests decided; the database refuses who may not, and gives an approved role."""
    return RoleRequest.objects.filter(pk=request.pk).update(decision=decision)
