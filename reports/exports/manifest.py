"""The manifest of a registered export, with what each of its columns means."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from reports.exports.files import thaw
from reports.models import ExportRecord


def manifest(record: ExportRecord) -> dict[str, Any]:
    """What the register keeps, and the glossary's words for the columns of each dataset.

    The words are the ones frozen with the dataset; an export made without them says nothing.
    """
    described = {
        dataset.report: [asdict(one) for one in dataset.described]
        for dataset in thaw(bytes(record.frozen))
        if dataset.described
    }
    return record.manifest() | ({"columns": described} if described else {})
