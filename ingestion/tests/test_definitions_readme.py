"""What the definitions' README lists is what the code knows, no more and no less."""

import re
from dataclasses import fields

from ingestion.mapping.expressions import STEPS, WAYS
from ingestion.mapping.style import PLAIN
from ingestion.pipeline.definitions import SHIPPED
from ingestion.records import EVENT_KINDS, RECORDS, STATUSES
from ingestion.sources import CONTAINERS, KINDS
from ingestion.sources.encodings import ENCODINGS

README = (SHIPPED / "README.md").read_text("utf-8")


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    found = [line.split(" | ") for line in section(title).splitlines() if line.startswith("| `")]
    return [[cell.strip("| ") for cell in row] for row in found]


def keys(cell: str) -> set[str]:
    """The words in code of a cell, each up to its equals sign."""
    return {code.split(" ")[0] for code in re.findall(r"`([^`]+)`", cell)}


def test_every_kind_of_file_is_listed():
    assert [keys(row[0]) for row in rows("Formats")] == [{kind} for kind in KINDS]
    assert all(encoding in section("Formats") for encoding in ENCODINGS)
    assert all(f'"{container}"' in README for container in CONTAINERS)


def test_every_record_is_listed_with_its_fields():
    listed = {keys(row[0]).pop(): row for row in rows("Records")}

    assert list(listed) == list(RECORDS)
    for name, row in listed.items():
        record = RECORDS[name]
        required = {field.strip() for field in row[2].split(",")}
        others = {field.strip() for field in row[3].split(",")} - {""}
        assert required == record.required
        assert others == record.fields.keys() - record.required
    assert all(word in README for word in (*EVENT_KINDS, *STATUSES))


def test_every_expression_is_listed():
    ways, steps = section("Expressions").split("Beside the way")
    listed = [keys(line.split(" | ")[0]) for line in ways.splitlines() if line.startswith("| `")]
    beside = [line.split(" | ")[0] for line in steps.splitlines() if line.startswith("| `")]
    named = re.findall(r"(?:`|, )([a-z_]+) =", " ".join(beside))

    assert {way for some in listed for way in some} == set(WAYS)
    # `with` stands beside its way, `plus` inside sign.
    assert {*named, "with"} - {"plus"} == set(STEPS)


def test_every_key_of_a_style_is_listed():
    named = {"days": "day", "times": "time"}
    wanted = {named.get(each.name, each.name) for each in fields(PLAIN)}
    listed = {key for row in rows("Style") for key in keys(row[0])}

    assert listed == wanted
