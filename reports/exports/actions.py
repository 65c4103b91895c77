"""Verbs of exporting: make, register and audit in one transaction; issue again to the byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from helio.accounts.models import User
from helio.audit.actions import record as record_event
from portfolios.figures import queries
from reports.exports import catalogue, files
from reports.exports.dataset import Dataset
from reports.exports.files import File
from reports.exports.manifest import manifest
from reports.exports.remarks import remarks
from reports.exports.request import ExportRefusedError, Wanted
from reports.models import ExportRecord

ATTEMPTS = 3


class CannotReissueError(ExportRefusedError):
    """The registered file cannot be made again to the byte."""


@dataclass(frozen=True)
class Issued:
    """A registered export and the file to hand over."""

    record: ExportRecord
    file: File


@transaction.atomic
def export(*, wanted: Wanted, by: User) -> Issued:
    """The export, made under the rights of the identity in force, registered and audited."""
    version, datasets = _at_one_version(wanted)
    made = [files.render(dataset, wanted.parameters()) for dataset in datasets]
    record = ExportRecord.objects.create(
        person=by,
        report=wanted.report,
        parameters=wanted.parameters(),
        portfolio_ids=wanted.portfolio_ids,
        version_number=version,
        as_of=wanted.as_of,
        template_version=files.TEMPLATE_VERSION,
        row_counts={dataset.report: len(dataset.rows) for dataset in datasets},
        control_totals={dataset.report: dataset.control_totals() for dataset in datasets},
        files=[file.described() for file in made],
        frozen=files.freeze(datasets),
        remarks=remarks(wanted),
    )
    _audit("export", record, by)
    return Issued(record, _handed_over(record, made))


@transaction.atomic
def issue_again(*, record: ExportRecord, by: User) -> Issued:
    """The registered export's file once more, the same to the byte, audited."""
    datasets = files.thaw(bytes(record.frozen))
    made = [files.render(dataset, record.parameters) for dataset in datasets]
    if [file.described() for file in made] != record.files:
        raise CannotReissueError(
            f"Export {record.number} was made with template version {record.template_version} and "
            "its files cannot be made again to the byte. Its rows stay in the register."
        )
    _audit("export issued again", record, by)
    return Issued(record, _handed_over(record, made))


def _at_one_version(wanted: Wanted) -> tuple[int, Sequence[Dataset]]:
    # A write runs READ COMMITTED, so a refresh may land between two reads: then read again.
    for _ in range(ATTEMPTS):
        version = queries.head()
        if version is None:
            break
        try:
            datasets = catalogue.build(wanted, version)
        except (queries.NotKnown, queries.TooMuch) as told:
            raise ExportRefusedError(str(told)) from told
        after = queries.head()
        if after is not None and after.number == version.number:
            return version.number, datasets
    raise ExportRefusedError("The figures are changing at this moment. Try again in a minute.")


def _handed_over(record: ExportRecord, made: Sequence[File]) -> File:
    if len(made) == 1:
        return made[0]
    known = files.known_part(record.parameters)
    name = f"helio_{record.report}_{record.as_of}{known}_v{record.version_number}.zip"
    return files.packed(name, made, manifest(record))


def _audit(action: str, record: ExportRecord, by: User) -> None:
    detail: dict[str, Any] = {
        "export": record.number,
        "parameters": record.parameters,
        "rows": record.row_counts,
        "sha256": [file["sha256"] for file in record.files],
    }
    ids = record.portfolio_ids
    record_event(
        action=action,
        object=record.report,
        by=by,
        portfolio=ids[0] if len(ids) == 1 else None,
        version=record.version_number,
        **detail,
    )
