"""The answers of the alpha case, as plain rows."""

import csv
import gzip
from pathlib import Path

ALPHA = Path(__file__).parent.parent / "fixtures" / "alpha"


def expected(name: str) -> list[dict[str, str]]:
    """Rows of a file of answers, compressed or not."""
    path = ALPHA / "expected" / name
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(body.decode("utf-8").splitlines()))
