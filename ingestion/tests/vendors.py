"""Three vendors of closes, fixings, levels and terms that state the same facts, by definition."""

from collections.abc import Iterable
from pathlib import Path

from ingestion.models import Batch, Source
from ingestion.pipeline.definitions import load_definitions
from ingestion.tests.facts import take, write

TEXT = """
[source]
name = "{name}"
title = "Vendor {name}"
order = 31
{precedence}

[[file]]
name = "closes"
pattern = "{name}_closes*.csv"
format = {{ kind = "delimited" }}
[[file.record]]
is = "price"
[file.record.fields]
on_day = "on"
price = "last"
unit = "unit"
revision = "rev"
known_from = "at"
[[file.record.listing]]
scheme = "FIGI"
value = "figi"
[[file.record.listing]]
scheme = "SYMBOL"
value = "symbol"
scope = {{ value = "XNYS" }}

[[file]]
name = "fixings"
pattern = "{name}_fixings*.csv"
format = {{ kind = "delimited" }}
[[file.record]]
is = "fx_fixing"
[file.record.fields]
fixed_on = "on"
base_currency = "base"
quote_currency = "quote"
rate = "rate"
known_from = "at"

[[file]]
name = "levels"
pattern = "{name}_levels*.csv"
format = {{ kind = "delimited" }}
[[file.record]]
is = "index_level"
[file.record.fields]
index_code = "index"
currency = "currency"
level_on = "on"
level = "level"
known_from = "at"
"""
CLOSES = "figi,symbol,on,last,unit,rev,at\n"
FIXINGS = "on,base,quote,rate,at\n"
LEVELS = "index,currency,on,level,at\n"


def define(folder: Path, name: str, precedence: object = None) -> list[str]:
    """What loading the vendor's definition with that rank changed."""
    said = f"precedence = {precedence}" if precedence is not None else ""
    text = TEXT.format(name=name, precedence=said)
    return load_definitions(write(folder, f"{name}.toml", text), by="test")


def deliver(folder: Path, name: str, kind: str, number: int, lines: Iterable[str]) -> Batch:
    """The batch of one file of the vendor."""
    head = {"closes": CLOSES, "fixings": FIXINGS, "levels": LEVELS}[kind]
    file = write(folder, f"{name}_{kind}_{number}.csv", head + "".join(f"{x}\n" for x in lines))
    return take(Source.objects.get(name=name), file)
