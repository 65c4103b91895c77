"""The task queue: ``celery -A helio.celery worker``, ``celery -A helio.celery beat``."""

import os

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helio.settings")
os.environ.setdefault("HELIO_DATABASE_ROLE", "worker")

app = Celery("helio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_unused: object) -> None:
    """Does nothing, which is the point: Celery then leaves the JSON logs alone."""


@worker_init.connect
@beat_init.connect
def refuse_unsafe_role(**_unused: object) -> None:
    """Stops a worker that could read around row-level security."""
    from helio.database import guard

    guard.refuse_unsafe_role()


@worker_init.connect
def leave_what_is_loaded(**_unused: object) -> None:
    """Before the pool forks: its processes share what they never write to."""
    from helio import garbage

    garbage.leave_what_is_loaded()
