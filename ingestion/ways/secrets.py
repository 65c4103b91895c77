"""Secrets of sources: one file each in HELIO_SECRETS_DIR, named in definitions, read when used."""

from django.conf import settings

from ingestion.ways.visit import FetchFailed


def secret(name: str) -> str:
    """The secret of that name; FetchFailed with the name, never with the secret.

    Read at every use, so that a changed secret needs no restart.
    """
    path = settings.HELIO_SECRETS_DIR / name
    try:
        value: str = path.read_text("utf-8").strip()
    except FileNotFoundError:
        raise FetchFailed(
            f"The secret {name!r} is missing: put it into a file of that name in"
            f" HELIO_SECRETS_DIR ({settings.HELIO_SECRETS_DIR})."
        ) from None
    except (OSError, UnicodeDecodeError):
        raise FetchFailed(f"The secret {name!r} cannot be read by the worker.") from None
    if not value:
        raise FetchFailed(f"The secret {name!r} is empty.")
    return value
