"""Source definitions in the database; loading them says what changed."""

from pathlib import Path

from django.db import transaction

from helio.audit import actions as audit
from ingestion.definition.load import load_path, load_text
from ingestion.definition.model import Definition
from ingestion.models import Source

SHIPPED = Path(__file__).parent.parent / "definitions"


@transaction.atomic
def load_definitions(path: Path, *, by: str) -> list[str]:
    """What changed, one sentence a source; BadDefinition when a file has mistakes."""
    return [_load(definition, by) for definition in load_path(path)]


def _load(definition: Definition, by: str) -> str:
    known = Source.objects.filter(name=definition.name).first()
    if known is not None and known.digest == definition.digest:
        return f"{definition.name}: unchanged"
    Source.objects.update_or_create(
        name=definition.name,
        defaults={
            "title": definition.title,
            "system": definition.system,
            "load_order": definition.order,
            "every_seconds": int(definition.schedule.every.total_seconds()),
            "grace_seconds": int(definition.schedule.grace.total_seconds()),
            "due_local_time": definition.schedule.at,
            "due_zone": definition.schedule.zone,
            "due_on": definition.schedule.on,
            "way": definition.fetch.way if definition.fetch else "folder",
            "keep_bytes_days": definition.keep_bytes_days,
            "definition": definition.text,
            "digest": definition.digest,
        },
    )
    change = "created" if known is None else "changed"
    audit.record(
        action=f"source.{change}",
        object=definition.name,
        by=None,
        started_by=by,
        digest=definition.digest,
    )
    if known is None:
        return f"{definition.name}: created, {_kinds(definition)}"
    return f"{definition.name}: changed, {_difference(known.definition, definition)}"


def _kinds(definition: Definition) -> str:
    return "files " + ", ".join(f"{kind.name} ({kind.pattern})" for kind in definition.files)


def _difference(before: str, after: Definition) -> str:
    """Which lines are new and which are gone, counted, and which kinds of file differ."""
    old = load_text(before, after.name)
    old_kinds, new_kinds = {k.name: k for k in old.files}, {k.name: k for k in after.files}
    words = [f"{name} added" for name in new_kinds.keys() - old_kinds.keys()]
    words += [f"{name} removed" for name in old_kinds.keys() - new_kinds.keys()]
    both = new_kinds.keys() & old_kinds.keys()
    words += [f"{name} changed" for name in both if new_kinds[name] != old_kinds[name]]
    return ", ".join(sorted(words)) or "settings changed"


def definition_of(source: Source) -> Definition:
    """The checked definition a source has now."""
    return load_text(source.definition, f"{source.name}.toml")
