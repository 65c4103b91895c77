"""Checks ``precedence``: which source decides when two state the same fact."""

from ingestion.definition.section import Section

# Facts that stand for themselves, whoever states them; all others belong to their source.
SHARED = ("price", "fx_fixing", "index_level", "corporate_action", "identifier")
# A source that says nothing; lower decides.
USUAL = 50


def precedence(source: Section) -> dict[str, int]:
    """The source's rank for each kind of fact that several may state; lower decides."""
    section = source.child("precedence", source.get("precedence", {}))
    found = dict.fromkeys(SHARED, USUAL)
    for record in section.table:
        if record not in SHARED:
            section.get(record)
            shared = ", ".join(SHARED)
            section.wrong(record, f"is no fact that two sources share; allowed: {shared}.")
            continue
        rank = section.number(record, USUAL)
        if not 1 <= rank <= 99:
            section.wrong(record, f"is {rank}; write a rank from 1 (decides) to 99.")
        found[record] = rank
    return found
