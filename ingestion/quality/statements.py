"""Runs the SQL files of the checks: one statement a file, only the parameters it names."""

import re
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "sql"
_NAMES = re.compile(r"%\((\w+)\)s")


@cache
def _read(path: str) -> str:
    return (FOLDER / path).read_text("utf-8")


def execute(cursor: Any, path: str, parameters: dict[str, Any]) -> None:
    """Executes the file; the server plans it better for knowing nothing it does not need."""
    text = _read(path)
    wanted = {name: parameters[name] for name in _NAMES.findall(text)}
    cursor.execute(text, wanted)
