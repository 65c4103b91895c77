"""The web's side of an upload: checks what was chosen and writes it down, whole or not at all."""

import fnmatch
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile as ChosenFile
from django.db import connection, transaction

from helio.accounts.models import User
from helio.audit import actions as audit
from ingestion.landing.delivery import PART_BYTES
from ingestion.models import Source
from ingestion.pipeline.definitions import definition_of
from ingestion.pipeline.gather import patterns_of
from ingestion.sqlfile import fetch
from ingestion.ways.options import MEGABYTE

FILES_MOST = 50
INSERT_PART = "INSERT INTO upload_part (file_id, part_no, body) VALUES (%s, %s, %s)"


def complaints(source: Source | None, files: Sequence[ChosenFile]) -> list[str]:
    """What keeps the files from being taken, a sentence each; nothing when all is well."""
    if source is None:
        return ["Choose the source that the files are from."]
    if not files:
        return ["Choose at least one file."]
    if len(files) > FILES_MOST:
        return [f"These are {len(files)} files; upload at most {FILES_MOST} at a time."]
    patterns = list(dict.fromkeys(patterns_of(definition_of(source))))
    found = [sentence for file in files if (sentence := _complaint(source, file, patterns))]
    most = settings.HELIO_UPLOAD_MAX_MEGABYTES
    if sum(file.size or 0 for file in files) > most * MEGABYTE:
        found.append(f"Together the files are larger than {most} MB; upload fewer at a time.")
    return found


def _complaint(source: Source, file: ChosenFile, patterns: list[str]) -> str:
    name = file.name or ""
    if not file.size:
        return f"{name} is empty."
    if not any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
        return (
            f"{name} is not named like a file of {source.title}; its files are named"
            f" {', '.join(patterns)}."
        )
    return ""


@transaction.atomic
def bring(*, source: Source, files: Sequence[ChosenFile], by: User) -> int:
    """Number of the upload that now waits for the worker; audited."""
    [(upload,)] = fetch(
        "ways/sql/110_upload.sql", source=source.pk, person=by.pk, name=by.get_username()
    )
    told = [_add(upload, file) for file in files]
    audit.record(action="upload", object=source.name, by=by, upload=upload, files=told)
    return int(upload)


def _add(upload: int, file: ChosenFile) -> dict[str, Any]:
    """One file with its bytes in pieces; what the audit trail says of it."""
    digest = hashlib.sha256()
    for part in _parts(file):
        digest.update(part)
    told = {"name": (file.name or "")[:255], "size": file.size, "sha256": digest.hexdigest()}
    parameters: dict[str, Any] = {"upload": upload, **told}
    [(number,)] = fetch("ways/sql/120_uploaded_file.sql", **parameters)
    with connection.cursor() as cursor:
        for part_no, part in enumerate(_parts(file)):
            cursor.execute(INSERT_PART, (number, part_no, part))
    return told


def _parts(file: ChosenFile) -> Iterator[bytes]:
    file.seek(0)
    while part := file.read(PART_BYTES):
        yield part
