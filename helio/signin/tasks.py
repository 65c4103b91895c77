"""What beat does for sign-in."""

from celery import shared_task
from django.db import connection

CLEAR = (
    "SELECT security.clear_sessions() AS sessions, security.clear_tries() AS tries,"
    " security.clear_sights() AS sights"
)


@shared_task(name="helio.clear_sign_in")
def clear_sign_in() -> dict[str, int]:
    """How many ended sessions, forgotten tries and old sights were cleared away."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAR)
        return dict(zip(("sessions", "tries", "sights"), cursor.fetchone(), strict=True))
