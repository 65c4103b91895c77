"""Frames: what takes an open page from one version to another, and nothing more."""

import json
import zlib
from typing import Any

from reports.live.page import Figure, Page

Ops = dict[str, Any]


def changes(old: Page, new: Page) -> Ops:
    """Operations that turn the page at ``old`` into the page at ``new``.

    ``fragments`` {id: markup} replace a block or part whose structure changed; ``cells`` {id:
    [text, value, class]} set figures; ``append`` {id: [[date, values…], …]} set chart points;
    ``remove`` [id, …] drops blocks; ``reload`` asks for the page itself, when a block appeared.
    """
    if not old.blocks.keys() >= new.blocks.keys():
        return {"reload": True}
    replaced = {
        name: block.markup
        for name, block in new.blocks.items()
        if block.shape != old.blocks[name].shape
    }
    for name, part in new.parts.items():
        before = old.parts.get(name)
        if new.home[name] not in replaced and before is not None and before.shape != part.shape:
            replaced[name] = part.markup
    ops: Ops = {
        "fragments": replaced,
        "cells": _cells(old, new, replaced),
        "append": _appended(old, new, replaced),
        "remove": sorted(old.blocks.keys() - new.blocks.keys()),
    }
    return {name: value for name, value in ops.items() if value}


def everything(page: Page) -> Ops:
    """Operations that bring any open copy of this page to its state: the answer to a resync."""
    replaced = {name: block.markup for name, block in page.blocks.items()}
    cells = {name: _cell(figure) for name, figure in page.figures.items() if name not in page.home}
    return {"fragments": replaced, "cells": cells}


def frame(*, start: int | None, page: Page, ops: Ops) -> bytes:
    """One compressed message (raw deflate of JSON): from, to, business date, title, operations."""
    body = {
        "from": start,
        "to": page.version,
        "as_of": page.as_of,
        "title": page.title,
        "ops": ops,
    }
    return deflate(body)


def deflate(body: dict[str, Any]) -> bytes:
    """JSON as raw deflate, which browsers inflate with DecompressionStream('deflate-raw')."""
    packer = zlib.compressobj(level=6, wbits=-15)
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return packer.compress(text.encode()) + packer.flush()


def _inside(name: str, page: Page, replaced: dict[str, str]) -> bool:
    """True when the element is delivered with a fragment already (its part's or its block's)."""
    owner = page.home.get(name)
    return owner is not None and (owner in replaced or page.home.get(owner) in replaced)


def _cells(old: Page, new: Page, replaced: dict[str, str]) -> dict[str, list[str]]:
    return {
        name: _cell(figure)
        for name, figure in new.figures.items()
        if figure != old.figures.get(name) and not _inside(name, new, replaced)
    }


def _cell(figure: Figure) -> list[str]:
    return [figure.text, figure.value, figure.css]


def _appended(old: Page, new: Page, replaced: dict[str, str]) -> dict[str, list[list[Any]]]:
    appended = {}
    for name, points in new.charts.items():
        if points == old.charts.get(name) or _inside(name, new, replaced):
            continue
        rows = _rows(points)
        known = _rows(old.charts.get(name, {}))
        gone = known.keys() - rows.keys()
        changed = [[day, *values] for day, values in rows.items() if known.get(day) != values]
        appended[name] = [*changed, *([day] for day in sorted(gone))]
    return appended


def _rows(points: dict[str, Any]) -> dict[str, list[Any]]:
    """Chart points by date: one value per series."""
    series = [one["values"] for one in points.get("series", [])]
    columns = zip(*series, strict=True) if series else ()
    return {
        day: list(values) for day, values in zip(points.get("dates", []), columns, strict=False)
    }
