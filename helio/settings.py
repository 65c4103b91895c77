"""Django's settings: the only reader of the environment (docs/configuration.md lists it all)."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from helio import env
from helio.accounts.roles import ROLES
from helio.database import urls as database_urls
from helio.embedded import Mode, Services, services
from helio.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

# --- where the services are ---------------------------------------------------------------------
HELIO_HOME = env.folder("HELIO_HOME", BASE_DIR / ".helio")
PORT = env.integer("PORT", 8000, least=1, most=65535)
PORT_CHOSEN = bool(env.text("PORT"))
# Set by manage.py, `up` and the tests: which login role this process works as, and whether it may
# start the embedded servers or only find them.
DATABASE_ROLE = env.choice("HELIO_DATABASE_ROLE", "web", ("web", "worker", "migrate"))
MODES: tuple[Mode, ...] = ("find", "start", "throwaway")
HELIO_EMBEDDED = env.choice("HELIO_EMBEDDED", MODES[0], MODES)
TESTING = HELIO_EMBEDDED == "throwaway"

POSTGRES = ("postgresql", "postgres")
DATABASE_URLS = {
    "web": env.url("DATABASE_URL", POSTGRES),
    "worker": env.url("DATABASE_WORKER_URL", POSTGRES),
    "migrate": env.url("DATABASE_MIGRATE_URL", POSTGRES),
}
REDIS_URL = env.url("REDIS_URL", ("redis", "rediss", "unix"))
EMBEDDED: Services | None = None
if not any(DATABASE_URLS.values()):
    if REDIS_URL:
        raise ImproperlyConfigured(
            "REDIS_URL is set but DATABASE_URL is not: set both to use servers of your own, or"
            " neither to use the embedded ones."
        )
    EMBEDDED = services(HELIO_HOME, HELIO_EMBEDDED)
    DATABASE_URLS = {role: EMBEDDED.database_url(f"helio_{role}") for role in DATABASE_URLS}
    REDIS_URL = EMBEDDED.redis_url
else:
    variable = database_urls.VARIABLES[DATABASE_ROLE]
    why = f"this process works as {database_urls.ROLES[DATABASE_ROLE]} and needs its address"
    env.required(DATABASE_URLS[DATABASE_ROLE], variable, why)
    env.required(REDIS_URL, "REDIS_URL", "with databases of your own, Redis is your own too")

# --- secrets ------------------------------------------------------------------------------------
SECRET_KEY = env.required(
    env.secret("SECRET_KEY", EMBEDDED.secret("secret-key") if EMBEDDED else "", shortest=32),
    "SECRET_KEY",
    "sessions and forms are signed with it; give every process the same long random text",
)
# Whoever has this key can speak for anybody: the worker and beat never get it.
IDENTITY_KEY = (
    env.required(
        env.secret(
            "HELIO_IDENTITY_KEY",
            EMBEDDED.secret("identity-key") if EMBEDDED else "",
            shortest=32,
        ),
        "HELIO_IDENTITY_KEY",
        "the web process signs with it who is asking; use at least 32 random characters",
    )
    if DATABASE_ROLE != "worker"
    else ""
)

# --- the firm -----------------------------------------------------------------------------------
CURRENCY = (r"[A-Z]{3}", "use an ISO 4217 code such as USD")
HELIO_CURRENCY = env.code("HELIO_CURRENCY", "USD", *CURRENCY)
HELIO_FX_PIVOT = env.code("HELIO_FX_PIVOT", "USD", *CURRENCY)
HELIO_REFERENCE_EXCHANGE = env.code(
    "HELIO_REFERENCE_EXCHANGE", "XLON", r"[A-Z0-9]{4}", "use an ISO 10383 code such as XLON"
)
# Days after which somebody must look again at access that was given.
HELIO_ACCESS_REVIEW_DAYS = env.integer("HELIO_ACCESS_REVIEW_DAYS", 90, least=1, most=1_000)
HELIO_DEMO = env.boolean("HELIO_DEMO", default=EMBEDDED is not None)
HELIO_DEMO_FEED = env.boolean("HELIO_DEMO_FEED", default=True) and HELIO_DEMO
HELIO_DEMO_PASSWORD = env.secret(
    "HELIO_DEMO_PASSWORD", EMBEDDED.secret("demo-password")[:16] if EMBEDDED else "", shortest=8
)

# --- what comes in ------------------------------------------------------------------------------
# Apart from the embedded servers' own secrets: a definition can name what lies here.
HELIO_SECRETS_DIR = env.folder("HELIO_SECRETS_DIR", HELIO_HOME / "source-secrets")
HELIO_FILE_MAX_MEGABYTES = env.integer("HELIO_FILE_MAX_MEGABYTES", 4_000, least=1, most=1_000_000)
HELIO_UPLOAD_MAX_MEGABYTES = env.integer("HELIO_UPLOAD_MAX_MEGABYTES", 100, least=1, most=10_000)

# --- audit trail --------------------------------------------------------------------------------
HELIO_AUDIT_HEADS = Path(env.text("HELIO_AUDIT_HEADS") or HELIO_HOME / "audit" / "heads.log")
HELIO_AUDIT_SYSLOG = env.code(
    "HELIO_AUDIT_SYSLOG",
    "",
    r"|/\S+|[A-Za-z0-9.:\[\]-]+:\d{1,5}",
    "write host:port, or the path of a socket such as /dev/log",
)

# --- who may reach us ---------------------------------------------------------------------------
DEBUG = False
HELIO_ALLOWED_ORIGINS = env.origins(
    "HELIO_ALLOWED_ORIGINS", [f"http://127.0.0.1:{PORT}", f"http://localhost:{PORT}"]
)
HELIO_ALLOWED_ORIGINS_CHOSEN = bool(env.text("HELIO_ALLOWED_ORIGINS"))
ALLOWED_HOSTS = sorted({str(urlsplit(origin).hostname) for origin in HELIO_ALLOWED_ORIGINS})
if TESTING:
    ALLOWED_HOSTS += ["testserver"]
CSRF_TRUSTED_ORIGINS = HELIO_ALLOWED_ORIGINS
HTTPS_ONLY = all(origin.startswith("https://") for origin in HELIO_ALLOWED_ORIGINS)

# --- applications -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "helio.accounts.admin_app.HelioAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "csp",
    "django_htmx",
    "template_partials",
    "guardian",
    "django_celery_beat",
    "helio",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "helio.accounts",
    "helio.signin",
    "helio.rls",
    "helio.audit",
    "portfolios",
    "ingestion",
    "reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "helio.signin.middleware.NoStoreMiddleware",
    "helio.signin.middleware.SessionUseMiddleware",
    "helio.signin.dues.DuesMiddleware",
    "helio.audit.sights.SightsMiddleware",
    # Everything below runs, and renders, as the person who asks.
    "helio.rls.middleware.IdentityMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "helio.urls"
ASGI_APPLICATION = "helio.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.dashboards.frame.frame",
            ],
        },
    },
]

# --- data ---------------------------------------------------------------------------------------
# Connections kept open by a web process; 0 behind a pooler such as PgBouncer.
HELIO_DATABASE_POOL = env.integer("HELIO_DATABASE_POOL", 0, least=0, most=100)
DATABASES = {
    "default": database_urls.django_database(
        DATABASE_URLS[DATABASE_ROLE], DATABASE_ROLE, pool=HELIO_DATABASE_POOL
    )
}
# A copy to read from: an alias of its own, since identities are signed per connection.
if replica := env.url("DATABASE_REPLICA_URL", POSTGRES):
    DATABASES["replica"] = database_urls.django_database(replica, "web", pool=HELIO_DATABASE_POOL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "helio",
        "OPTIONS": {
            # A cache that is away costs speed, never a page.
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 0.3,
            "SOCKET_TIMEOUT": 0.5,
        },
    }
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py's default of 5 s would end an idle subscription.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "prefix": "helio"},
    }
}

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "helio.signin.backend.PasswordBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: nobody has rights without signing in
GUARDIAN_MONKEY_PATCH_USER = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Roles whose people sign in with a second factor or set one up before they see anything.
HELIO_MFA_ROLES = env.words("HELIO_MFA_ROLES", ROLES)
ACCOUNT_ADAPTER = "helio.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = False  # kept in the cache, which forgets; ours: helio/signin/throttle.py
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# Single sign-on: the provider says who somebody is, never what they may do.
HELIO_OIDC_ISSUER = env.url("HELIO_OIDC_ISSUER", ("https", "http"))
HELIO_OIDC_CLIENT_ID = env.required(
    env.text("HELIO_OIDC_CLIENT_ID"),
    "HELIO_OIDC_CLIENT_ID",
    "the provider knows Helio by it",
    when=lambda: bool(HELIO_OIDC_ISSUER),
)
HELIO_OIDC_CLIENT_SECRET = env.text("HELIO_OIDC_CLIENT_SECRET")
HELIO_OIDC_NAME = env.text("HELIO_OIDC_NAME", "single sign-on")
HELIO_OIDC_CLAIM = env.text("HELIO_OIDC_CLAIM", "preferred_username")
HELIO_OIDC_PROVES_FACTOR = env.boolean("HELIO_OIDC_PROVES_FACTOR", default=False)
SOCIALACCOUNT_ADAPTER = "helio.signin.sso.SocialAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form's answer may not lead elsewhere (form-action)
SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS_ONLY else "http"
MFA_ADAPTER = "helio.signin.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "helio.signin.second_factor.AuthenticateForm",
    "reauthenticate": "helio.signin.second_factor.ReauthenticateForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # Helio sends no mail and verifies no address
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Helio"
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
# In PostgreSQL: losing Redis signs nobody out.
SESSION_ENGINE = "helio.signin.store"
SESSION_COOKIE_AGE = 60 * 60 * env.integer("HELIO_SESSION_HOURS", 12, least=1, most=168)
HELIO_SESSION_IDLE_SECONDS = 60 * env.integer(
    "HELIO_SESSION_IDLE_MINUTES", 60, least=1, most=24 * 60
)
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"

# --- headers ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        # Older browsers do not count WebSockets as 'self'.
        "connect-src": [SELF, *("ws" + o.removeprefix("http") for o in HELIO_ALLOWED_ORIGINS)],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
# Only a proxy that always sets these headers itself may be believed: see docs/configuration.md.
HELIO_TRUSTED_PROXY = env.boolean("HELIO_TRUSTED_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HELIO_TRUSTED_PROXY else None
SECURE_SSL_REDIRECT = HTTPS_ONLY and HELIO_TRUSTED_PROXY
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
# The browsers' preload list takes whole domains, which is not Helio's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# --- static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HELIO_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = True
FORMAT_MODULE_PATH = "helio.formats"
USE_TZ = True
TIME_ZONE = "UTC"

# --- tasks: helio/celery.py reads what starts with CELERY_ ---------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task that outlives this is given to a second worker; advisory locks keep that harmless.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "global_keyprefix": "helio:"}
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = CELERY_RESULT_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_500_000  # kilobytes; pandas and Typst give little back
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "refresh"
CELERY_TASK_ROUTES = {
    "ingestion.*": {"queue": "ingest"},
    "portfolios.*": {"queue": "refresh"},
}
# A run that waited until the next is due is dropped: the next does its work.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "look into the inbox": {
        "task": "ingestion.scan_inbox",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "start what is due": {
        "task": "ingestion.start_due_fetches",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    # At the latest: a decision asks for it at once.
    "settle mappings": {
        "task": "ingestion.settle_mappings",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "take uploads in": {
        "task": "ingestion.take_uploads",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "let expired bytes go": {
        "task": "ingestion.expire_bytes",
        "schedule": crontab(hour="2", minute="30"),
        "options": {"expires": 3600},
    },
    "clear ended sessions": {
        "task": "helio.clear_sign_in",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "ship the audit trail's head": {
        "task": "helio.ship_audit_head",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Beside "Refresh the figures" and "Sweep up noted changes", entered by a migration.
    "reconcile the figures": {
        "task": "portfolios.reconcile",
        "schedule": crontab(hour="3", minute="15"),
        "options": {"expires": 3600},
    },
    "end sessions that overstay": {
        "task": "rls.end_overdue",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # At the latest: a load and a new version ask for the checks at once.
    "run the checks": {
        "task": "ingestion.run_checks",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
}
if HELIO_DEMO_FEED:
    CELERY_BEAT_SCHEDULE["feed the demo"] = {
        "task": "ingestion.feed_demo",
        "schedule": 30.0,
        "options": {"expires": 30},
    }
CELERY_BEAT_SCHEDULER = "helio.schedule:TableScheduler"
DJANGO_CELERY_BEAT_TZ_AWARE = True

# --- logs ---------------------------------------------------------------------------------------
HELIO_LOG_LEVEL = env.choice("HELIO_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING_CONFIG = "logging.config.dictConfig"
PASSWORDS = [urlsplit(address).password or "" for address in (*DATABASE_URLS.values(), REDIS_URL)]
LOGGING = logging_config(
    HELIO_LOG_LEVEL,
    [SECRET_KEY, IDENTITY_KEY, HELIO_OIDC_CLIENT_SECRET, HELIO_DEMO_PASSWORD, *PASSWORDS],
)
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)

# --- benchmarks: modules with a function `measure(place)`, in the order of `make bench` -----------
HELIO_BENCHMARKS = [
    "portfolios.bench.refresh",
    "portfolios.bench.reads",
    "portfolios.bench.access",
    "portfolios.bench.contention",
    "reports.bench.page",
    "reports.bench.push",
    "ingestion.bench.load",
    "helio.audit.bench",
]
