"""Checks the [[file]] and [[file.record]] tables of a definition."""

from dataclasses import replace

from ingestion.definition.fields import expression, when
from ingestion.definition.model import DAY, FileKind, ListingRule, RecordRule
from ingestion.definition.section import Section
from ingestion.definition.style import style
from ingestion.records import RECORDS, Record
from ingestion.sources import KINDS

SCHEMES = ("FIGI", "ISIN", "CUSIP", "SEDOL", "SYMBOL", "LEI", "CASH", "INTERNAL")


def file_kind(section: Section) -> FileKind:
    """One kind of file."""
    options_section = section.child("format", section.get("format", {}))
    kind = options_section.text("kind", allowed=KINDS)
    options = KINDS.get(kind, KINDS["delimited"]).parse_options(options_section)
    options_section.close()
    written = style(section)
    if hasattr(options, "style"):  # control totals are written as the fields are
        options = replace(options, style=written)
    result = FileKind(
        name=section.text("name"),
        pattern=section.text("pattern"),
        recognise=section.words("recognise"),
        format_kind=kind,
        options=options,
        style=written,
        made_at=section.text("made_at", ""),
        sequence=section.text("sequence", ""),
        ignored_parts=section.texts("ignored_parts"),
        records=tuple(_record_rule(table) for table in section.tables("record")),
    )
    if not result.records:
        section.wrong("record", "is missing; a file has at least one [[file.record]].")
    section.close()
    return result


def _record_rule(section: Section) -> RecordRule:
    name = section.text("is", allowed=RECORDS)
    record = RECORDS.get(name)
    fields_section = section.child("fields", section.get("fields", {}))
    fields = {key: expression(fields_section, key) for key in fields_section.table}
    if record is not None:
        _check_fields(fields_section, record)
    listing = tuple(_listing_rule(table) for table in section.tables("listing"))
    if record is not None and listing and not record.listing:
        section.wrong("listing", f"is not part of the record {name!r}.")
    rule = RecordRule(
        record=name,
        part=section.text("part", ""),
        when=when(section),
        beside=section.flag("beside"),
        fields=fields,
        listing=listing,
        replaces=_replaces(section, name),
    )
    section.close()
    return rule


def _replaces(section: Section, name: str) -> str:
    """What a newer file stands for; only of statements of holdings is the whole day known."""
    if "replaces" not in section.table:
        return ""
    value = section.text("replaces", allowed=(DAY,))
    if value == DAY and name != "holding":
        section.wrong("replaces", "is for the record 'holding' only.")
    return value


def _check_fields(section: Section, record: Record) -> None:
    for key in section.table.keys() - record.fields.keys():
        allowed = ", ".join(sorted(record.fields))
        section.wrong(key, f"is no field of the record {record.name!r}; allowed: {allowed}.")
    for key in sorted(record.required - section.table.keys()):
        section.wrong(key, f"is missing; the record {record.name!r} needs it.")


def _listing_rule(section: Section) -> ListingRule:
    scheme = section.text("scheme", allowed=SCHEMES)
    value = expression(section, "value")
    scope = expression(section, "scope") if "scope" in section.table else None
    preferred = section.flag("scope_preferred")
    words = when(section)
    section.close()
    return ListingRule(scheme, value, scope, preferred, words)
