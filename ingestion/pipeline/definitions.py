"""Source definitions in the database; loading them says what changed."""

from pathlib import Path
from typing import Any

from django.db import transaction

from helio.audit import actions as audit
from ingestion.definition.load import load_path, load_text
from ingestion.definition.model import Definition
from ingestion.definition.section import BadDefinition
from ingestion.models import Source
from ingestion.pipeline.ranks import set_ranks

SHIPPED = Path(__file__).parent.parent / "definitions"


@transaction.atomic
def load_definitions(path: Path, *, by: str) -> list[str]:
    """What changed, one sentence a source; BadDefinition when a file has mistakes."""
    return [_load(definition, by) for definition in load_path(path)]


def _load(definition: Definition, by: str) -> str:
    known = Source.objects.filter(name=definition.name).first()
    columns = _columns(definition)
    # The text may be the same while a newer Helio reads more out of it.
    if known is not None and all(getattr(known, key) == columns[key] for key in columns):
        return f"{definition.name}: unchanged"
    source, _ = Source.objects.update_or_create(name=definition.name, defaults=columns)
    ranks = set_ranks(source, definition, new=known is None, by=by)
    change = "created" if known is None else "changed"
    audit.record(
        action=f"source.{change}",
        object=definition.name,
        by=None,
        started_by=by,
        digest=definition.digest,
        precedence=ranks,
    )
    if known is None:
        return f"{definition.name}: created, {_kinds(definition)}"
    changes = [*ranks, _difference(known.definition, definition)]
    return f"{definition.name}: changed, {', '.join(changes)}"


def _columns(definition: Definition) -> dict[str, Any]:
    """What the table of sources says of a definition."""
    schedule = definition.schedule
    return {
        "title": definition.title,
        "system": definition.system,
        "load_order": definition.order,
        "every_seconds": int(schedule.every.total_seconds()),
        "grace_seconds": int(schedule.grace.total_seconds()),
        "due_local_time": schedule.at,
        "due_zone": schedule.zone,
        "due_on": schedule.on,
        "way": definition.fetch.way if definition.fetch else "folder",
        "keep_bytes_days": definition.keep_bytes_days,
        "definition": definition.text,
        "digest": definition.digest,
    }


def _kinds(definition: Definition) -> str:
    return "files " + ", ".join(f"{kind.name} ({kind.pattern})" for kind in definition.files)


def _difference(before: str, after: Definition) -> str:
    """Which lines are new and which are gone, counted, and which kinds of file differ."""
    try:
        old = load_text(before, after.name)
    except BadDefinition:
        return "and can be read again"  # what was loaded before is no definition any more
    old_kinds, new_kinds = {k.name: k for k in old.files}, {k.name: k for k in after.files}
    words = [f"{name} added" for name in new_kinds.keys() - old_kinds.keys()]
    words += [f"{name} removed" for name in old_kinds.keys() - new_kinds.keys()]
    both = new_kinds.keys() & old_kinds.keys()
    words += [f"{name} changed" for name in both if new_kinds[name] != old_kinds[name]]
    return ", ".join(sorted(words)) or "settings changed"


def definition_of(source: Source) -> Definition:
    """The checked definition a source has now."""
    return load_text(source.definition, f"{source.name}.toml")
