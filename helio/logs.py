"""One JSON object a line on standard error, from our own loggers and everybody else's.

A line cannot be forged: whatever a name, path or browser says is escaped by JSON, in ASCII. And it
gives no secret away: the secrets of this process, and what looks like one, are struck out of the
finished line, traceback included.
"""

import json
import re
from collections.abc import Collection
from typing import Any, Final

import structlog

SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
STRUCK: Final = "[struck out]"
SHORTEST_SECRET: Final = 6
# What looks like a secret in the text of any error: passwords in addresses; bearer and basic
# credentials, cookies of ours, fields and settings named like secrets.
IN_ADDRESS: Final = re.compile(r"(?P<kept>://[^\s:/@\"']*:)(?P<secret>[^\s/@\"']+)(?=@)")
LOOKS_SECRET: Final = re.compile(
    r"(?P<kept>"
    r"\b(?:bearer|basic)\s+"
    r"|\b(?:sessionid|csrftoken|helio_device)="
    r"|(?<![a-z])(?:[a-z_-]*(?:password|passwd|secret|token|api_?key|identity_key|secret_key))"
    r"(?:\\*[\"'])?\s*[=:]\s*(?:\\*[\"'])?"
    r")(?P<secret>[^\s@\"'\\&;,})]+)",
    re.IGNORECASE,
)


class Redactor:
    """Strikes secrets out of finished lines: those it was told, and what looks like one."""

    def __init__(self, secrets: Collection[str]) -> None:
        known = sorted({one for one in secrets if len(one) >= SHORTEST_SECRET}, key=len)[::-1]
        # As they stand in a line, too: JSON escapes quotes, backslashes and what is not ASCII.
        forms = [form for one in known for form in (one, json.dumps(one)[1:-1])]
        self._known = re.compile("|".join(map(re.escape, forms))) if forms else None

    def __call__(self, logger: Any, method: str, line: str) -> str:
        """The line without secrets; the last processor of each."""
        return self.struck(line)

    def struck(self, text: str) -> str:
        """The text without secrets."""
        if self._known is not None:
            text = self._known.sub(STRUCK, text)
        for pattern in (IN_ADDRESS, LOOKS_SECRET):
            text = pattern.sub(lambda found: found["kept"] + STRUCK, text)
        return text


def logging_config(level: str, secrets: Collection[str] = ()) -> dict[str, Any]:
    """The dictionary for ``logging.config.dictConfig``; ``secrets`` never reach a line."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    *SHARED,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(default=str, sort_keys=True),
                    Redactor(secrets),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Without the handler that mails administrators the whole request.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": ["stderr"], "level": level, "propagate": False},
            # Every static file and probe would be a line.
            "daphne.access": {"level": "WARNING"},
            "django.channels.server": {"level": "WARNING"},
            # Each question to a source would be a line, with its whole address.
            "httpx": {"level": "WARNING"},
            "asyncssh": {"level": "WARNING"},
            # Each look into the inbox would be four; a task that fails is still told.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "django_celery_beat": {"level": "WARNING"},
        },
    }
