"""What beat does for the trail."""

from celery import shared_task

from helio.audit import heads


@shared_task(name="helio.ship_audit_head")
def ship_audit_head() -> str:
    """The line that was shipped, empty when the chain has not moved."""
    head = heads.ship()
    return head.line if head else ""
