"""Every request of a signed-in person runs in one transaction under that person's identity."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from psycopg import IsolationLevel

from helio.accounts import looking
from helio.accounts.models import ViewAs
from helio.rls.identity import acting_as

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Answered without a database identity, so that they work while the database does not.
OPEN_PATHS = ("/livez", "/readyz", "/metrics", "/static/")


class IdentityMiddleware:
    """Wraps views and the rendering of their templates in ``acting_as(request.user)``.

    Reads run REPEATABLE READ, so that every tile of a page comes from one version; writes run
    READ COMMITTED, because the audit chain must see the event before its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN_PATHS) or not request.user.is_authenticated:
            return self.get_response(request)
        look = looking.look_of(request)
        if look is not None:
            return self._looked_at(request, look)
        with (
            one_state(repeatable=request.method in SAFE_METHODS),
            acting_as(request.user),
        ):
            response = self.get_response(request)
            # Only now: the page that tells of the failure may still ask the database.
            if response.status_code >= 500 or getattr(request, "view_raised", False):
                transaction.set_rollback(True)
            return response

    def _looked_at(self, request: HttpRequest, look: ViewAs) -> HttpResponse:
        """The page as another person gets it, in a transaction that cannot write."""
        if not looking.may_answer(request):
            with one_state(), acting_as(look.actor):
                return looking.refusal(request)
        request.looks_as = look  # type: ignore[attr-defined]
        request.user = look.person
        with one_state(), acting_as(look.person, look=look):
            response = self.get_response(request)
            return looking.refusal(request) if looking.is_file(response) else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A view that raises, if only a refusal, leaves nothing half written."""
        request.view_raised = True  # type: ignore[attr-defined]


@contextmanager
def one_state(*, repeatable: bool = True) -> Iterator[None]:
    """Transaction that, when ``repeatable``, shows one state of the database from end to end."""
    outermost = not connection.in_atomic_block
    if outermost:
        connection.ensure_connection()
        connection.connection.isolation_level = (
            IsolationLevel.REPEATABLE_READ if repeatable else None
        )
    try:
        with transaction.atomic():
            yield
    finally:
        # The connection goes back to the pool: the next borrower gets the default again.
        if outermost and connection.connection is not None:
            connection.connection.isolation_level = None
