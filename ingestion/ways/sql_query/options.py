"""Options of ``way = "sql"``."""

import re
from dataclasses import dataclass
from typing import Final

from ingestion.definition.section import Section
from ingestion.ways.options import secret_name

# ``:mark`` as a parameter, but not the second half of a cast ``::mark``.
MARK: Final = re.compile(r"(?<!:):mark\b")


@dataclass(frozen=True)
class Options:
    """Which database, which query, and from which mark on."""

    database: str  # name of the secret that holds its address
    query: str
    name: str
    mark_column: str
    mark_start: int | str


def parse_options(section: Section) -> Options:
    """The checked options."""
    mark = section.child("mark", section.get("mark", {})) if "mark" in section.table else None
    query = section.text("query")
    options = Options(
        database=secret_name(section, "database", required=True),
        query=query.strip().rstrip(";"),
        name=section.text("name", f"{section.file.removesuffix('.toml')}-{{time}}.csv"),
        mark_column=mark.text("column") if mark else "",
        mark_start=_start(mark) if mark else "",
    )
    if mark is not None:
        mark.close()
        if query and not MARK.search(query):
            section.wrong("query", "needs the parameter :mark, since [fetch.mark] is given.")
    elif MARK.search(query):
        section.wrong("mark", "is missing; write mark = { column = …, start = … } for :mark.")
    return options


def _start(mark: Section) -> int | str:
    start = mark.get("start")
    if isinstance(start, (int, str)) and not isinstance(start, bool) and start != "":
        return start
    mark.wrong("start", "is missing; write the first mark, a number or a text such as a day.")
    return ""
