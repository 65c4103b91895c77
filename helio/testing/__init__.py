"""What the tests stand on; loaded by pytest before Django's settings (``-p helio.testing``).

Gives the run a folder of its own with embedded servers that do not wait for disks, and makes sure
that no test ever reaches a server named in the developer's environment.
"""

import os
from pathlib import Path

from helio.testing import place, templates

OUTSIDE = (
    "DATABASE_URL",
    "DATABASE_WORKER_URL",
    "DATABASE_MIGRATE_URL",
    "DATABASE_REPLICA_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "HELIO_IDENTITY_KEY",
    "HELIO_ACCESS_REVIEW_DAYS",
    "HELIO_ALLOWED_ORIGINS",
    "HELIO_DEMO",
    "HELIO_DEMO_FEED",
    "HELIO_DEMO_PASSWORD",
    "HELIO_AUDIT_HEADS",
    "HELIO_AUDIT_SYSLOG",
    "HELIO_MFA_ROLES",
    "HELIO_OIDC_CLAIM",
    "HELIO_OIDC_CLIENT_ID",
    "HELIO_OIDC_CLIENT_SECRET",
    "HELIO_OIDC_ISSUER",
    "HELIO_OIDC_NAME",
    "HELIO_OIDC_PROVES_FACTOR",
    "HELIO_TRUSTED_PROXY",
    "HELIO_SECRETS_DIR",
    "HELIO_SESSION_HOURS",
    "HELIO_SESSION_IDLE_MINUTES",
    "HELIO_FILE_MAX_MEGABYTES",
    "HELIO_UPLOAD_MAX_MEGABYTES",
    "PORT",
)


def _throw_away_home() -> Path:
    home = place.make()
    (home / "static").mkdir()  # WhiteNoise warns when its folder is missing
    templates.fetch(home)
    return home


for name in OUTSIDE:
    os.environ.pop(name, None)
os.environ["DJANGO_SETTINGS_MODULE"] = "helio.settings"
os.environ["HELIO_HOME"] = str(_throw_away_home())
os.environ["HELIO_EMBEDDED"] = "throwaway"
os.environ["HELIO_DATABASE_ROLE"] = "web"
