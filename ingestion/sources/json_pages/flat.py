"""JSON objects as rows: nested fields under dotted names, values as text."""

from typing import Any

from ingestion.sources.rows import Values, as_text

DEPTH_MAX = 20


class Unfit(Exception):
    """An object that no row can hold; the message says why."""


def flatten(value: dict[str, Any], prefix: str = "", depth: int = 0) -> Values:
    """Nested objects as dotted names: {"terms": {"new": 3}} becomes {"terms.new": "3"}.

    A list has no text: a field that holds one is there, and empty.
    """
    if depth > DEPTH_MAX:
        raise Unfit(f"it is nested more than {DEPTH_MAX} deep")
    flat: Values = {}
    for key, item in value.items():
        if isinstance(item, dict):
            flat.update(flatten(item, f"{prefix}{key}.", depth + 1))
        else:
            flat[prefix + key] = None if isinstance(item, list) else _text(item)
    return flat


def _text(item: Any) -> str | None:
    text = as_text(item)
    if not text:
        return None
    if "\x00" in text or not (text.isascii() or _is_unicode(text)):
        raise Unfit("a text holds a zero byte or half of a character")
    return text


def _is_unicode(text: str) -> bool:
    """False for a lone surrogate, which JSON may escape and no database holds."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
