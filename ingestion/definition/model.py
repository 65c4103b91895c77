"""A checked source definition, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ingestion.mapping.expressions import Expression
from ingestion.mapping.style import PLAIN, Style
from ingestion.schedule import Schedule
from ingestion.ways.options import Fetch

# What a newer record stands for: all of its account and day, not the one line alone.
DAY: Final = "day"


@dataclass(frozen=True)
class ListingRule:
    """One way a record names a listing: scheme, where the code stands, and its scope."""

    scheme: str
    value: Expression
    scope: Expression | None
    scope_preferred: bool
    when: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class RecordRule:
    """Which rows become which of Helio's records, and from which fields."""

    record: str
    part: str
    when: dict[str, tuple[str, ...]]
    beside: bool
    fields: dict[str, Expression]
    listing: tuple[ListingRule, ...]
    replaces: str = ""


@dataclass(frozen=True)
class FileKind:
    """One kind of file of a source: how it is recognised, read and mapped."""

    name: str
    pattern: str
    recognise: dict[str, str]
    format_kind: str
    options: Any
    made_at: str
    sequence: str
    ignored_parts: tuple[str, ...]
    records: tuple[RecordRule, ...]
    style: Style = PLAIN

    @property
    def states_days(self) -> bool:
        """True when what a file lacks of an account and day is gone."""
        return any(rule.replaces == DAY for rule in self.records)


@dataclass(frozen=True)
class Definition:
    """One source, as its TOML file says."""

    name: str
    title: str
    system: str
    order: int
    schedule: Schedule
    archives: tuple[str, ...]
    units: dict[str, str]
    files: tuple[FileKind, ...]
    fetch: Fetch | None = None
    precedence: Mapping[str, int] = field(default_factory=dict)
    keep_bytes_days: int | None = None
    text: str = field(repr=False, default="")
    digest: str = ""
