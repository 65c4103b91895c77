"""What each process may know: its own database address, and secrets only where they are needed."""

import os

from django.conf import settings

from helio.database.urls import ROLES, VARIABLES
from helio.embedded import Services

# From the operator's environment; what has a default here is said explicitly below.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER", "SSL_CERT_FILE")
# What an operator may set beside it, and whose business it is.
PASSED_ON = (
    *("HELIO_AUDIT_HEADS", "HELIO_AUDIT_SYSLOG", "HELIO_ACCESS_REVIEW_DAYS", "HELIO_MFA_ROLES"),
    *("HELIO_SESSION_HOURS", "HELIO_SESSION_IDLE_MINUTES", "HELIO_TRUSTED_PROXY"),
    *("HELIO_FILE_MAX_MEGABYTES", "HELIO_UPLOAD_MAX_MEGABYTES"),
)
PASSED_TO = {
    "web": (
        *("HELIO_OIDC_ISSUER", "HELIO_OIDC_CLIENT_ID", "HELIO_OIDC_CLIENT_SECRET"),
        *("HELIO_OIDC_NAME", "HELIO_OIDC_CLAIM", "HELIO_OIDC_PROVES_FACTOR"),
        "DATABASE_REPLICA_URL",
    ),
    "worker": ("HELIO_SECRETS_DIR",),
    "migrate": (),
}
POOL = "10"


def address(role: str, services: Services | None) -> str:
    """Address of the database for ``web``, ``worker`` or ``migrate``."""
    if services is not None:
        return services.database_url(ROLES[role])
    configured: str = settings.DATABASE_URLS[role]
    return configured


def for_role(role: str, port: int, services: Services | None) -> dict[str, str]:
    """Environment of a process that works as ``web``, ``worker`` or ``migrate``."""
    passed = (*KEPT, *PASSED_ON, *PASSED_TO[role])
    environment = {name: os.environ[name] for name in passed if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "helio.settings",
        "PYTHONUNBUFFERED": "1",
        "PORT": str(port),
        VARIABLES[role]: address(role, services),
        "REDIS_URL": services.redis_url if services else settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "HELIO_HOME": str(settings.HELIO_HOME),
        "HELIO_DATABASE_ROLE": role,
        "HELIO_ALLOWED_ORIGINS": ",".join(origins(port)),
        "HELIO_CURRENCY": settings.HELIO_CURRENCY,
        "HELIO_FX_PIVOT": settings.HELIO_FX_PIVOT,
        "HELIO_REFERENCE_EXCHANGE": settings.HELIO_REFERENCE_EXCHANGE,
        "HELIO_LOG_LEVEL": settings.HELIO_LOG_LEVEL,
        "HELIO_DEMO": _flag(settings.HELIO_DEMO),
        "HELIO_DEMO_FEED": _flag(settings.HELIO_DEMO_FEED),
    }
    if settings.HELIO_DEMO and role == "migrate":  # it adds the demo's people
        environment["HELIO_DEMO_PASSWORD"] = settings.HELIO_DEMO_PASSWORD
    if role != "worker":
        # Whoever can sign can speak for anybody: never the processes that read foreign files.
        environment["HELIO_IDENTITY_KEY"] = settings.IDENTITY_KEY
    if role == "web":
        environment["HELIO_DATABASE_POOL"] = str(settings.HELIO_DATABASE_POOL or POOL)
    return environment


def origins(port: int) -> list[str]:
    """The origins that pages may be opened from; the default ones follow the port in use."""
    if settings.HELIO_ALLOWED_ORIGINS_CHOSEN:
        chosen: list[str] = settings.HELIO_ALLOWED_ORIGINS
        return chosen
    return [f"http://127.0.0.1:{port}", f"http://localhost:{port}"]


def _flag(value: bool) -> str:
    return "1" if value else "0"
