"""Hints to every hub that there is something new. Losing one costs a second, never a version."""

from typing import Any

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from portfolios.signals import access_changed, figures_refreshed
from reports.live import names

log = structlog.get_logger(__name__)


def connect() -> None:
    """Listen to what portfolios announces."""
    figures_refreshed.connect(_version_is_out, dispatch_uid="reports.live.version")
    access_changed.connect(_access_changed, dispatch_uid="reports.live.access")


def _version_is_out(sender: Any, version: Any, **_: Any) -> None:
    _hint({"type": names.VERSION_HINT, "version": getattr(version, "number", version)})


def _access_changed(sender: Any, user_ids: Any, **_: Any) -> None:
    _hint({"type": names.ACCESS_HINT, "people": list(user_ids)})


def _hint(message: dict[str, Any]) -> None:
    try:
        async_to_sync(get_channel_layer().group_send)(names.HUB_GROUP, message)
    except (RedisError, OSError) as error:
        # The hubs ask the database every second; the broker may be gone for a while.
        log.warning("live.hint_lost", error=str(error))
