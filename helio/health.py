"""Is this process alive, can it serve, and how is it doing: /livez, /readyz, /metrics."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

HEAD_VERSION = Gauge("helio_head_version", "Number of the newest version of all figures.")


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all; asks nobody else."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 with the newest version's number when pages can be served, else 503 with the reason.

    The broker is left out on purpose: without it pages are still served, only not pushed. So is
    the first version: without it nobody could sign in to see why there are no figures yet.
    """
    version, fault = readiness()
    return JsonResponse(
        {"ready": not fault, "version": version, "fault": fault}, status=503 if fault else 200
    )


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """This process's metrics in Prometheus' text format."""
    try:
        HEAD_VERSION.set(head_version())
    except DatabaseError:
        HEAD_VERSION.set(float("nan"))
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def readiness() -> tuple[int, str]:
    """Number of the newest version (0 before the first) and what keeps us from serving, if any."""
    try:
        if missing := pending_migrations():
            return 0, f"{missing} migrations are not applied: run `manage.py bootstrap`."
        return head_version(), ""
    except DatabaseError:
        return 0, "The database does not answer, or does not know this role."


def pending_migrations() -> int:
    """How many of this code's migrations the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def head_version() -> int:
    """Number of the newest version; 0 when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM security.pulse('{}', '{}') WHERE kind = 'version'")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
