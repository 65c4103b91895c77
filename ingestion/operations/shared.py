"""What the pages of operations share: who may enter, who may act, filters."""

from typing import Final

from django.http import HttpRequest

from helio.accounts import roles
from helio.pages import parameters, permits
from ingestion.models import Source

# Auditors read everything here and write nothing; the database holds them to it as well.
may_read = permits.role(roles.OPERATIONS, roles.AUDITOR)
may_act = permits.role(roles.OPERATIONS)

ANY: Final = "any"


def acts(request: HttpRequest) -> bool:
    """True when the person who asks may act, so that pages offer only what will be done."""
    return bool(request.user.has_role(roles.OPERATIONS))  # type: ignore[union-attr]


def source_chosen(request: HttpRequest) -> Source | None:
    """The source of the parameter ``source``, None when none was given."""
    name = request.GET.get("source")
    if not name:
        return None
    found = Source.objects.filter(name=name).first()
    if found is None:
        raise parameters.BadRequest(f"“{name[:40]}” is no source here.")
    return found
