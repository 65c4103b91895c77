"""Landing: takes a delivery's bytes as received, once, and cuts them into lines.

Text in UTF-8 is kept as its lines alone, which give its bytes again (received.py); whatever else,
bytes are kept beside the text that is read from them.
"""

from typing import Any

from django.db import connection, transaction

from ingestion.definition.model import Definition
from ingestion.landing.cut import chunks
from ingestion.landing.delivery import (
    Delivery,
    Fingerprint,
    MemberDelivery,
    fingerprint,
    parts,
    spooled,
)
from ingestion.landing.kinds import bytes_are_text, container_of, text_of
from ingestion.landing.limits import is_too_large, refuse_too_large
from ingestion.models import Batch, ExceptionItem, SourceFile
from ingestion.sources import CONTAINERS
from ingestion.sources.rows import FileRefused
from ingestion.sqlfile import fetch

# COPY is not for tables with row security; these rows are few and large.
INSERT_PART = "INSERT INTO source_part (file_id, part_no, body) VALUES (%s, %s, %s)"
INSERT_TEXT = (
    "INSERT INTO source_text (file_id, first_line, last_line, body) VALUES (%s, %s, %s, %s)"
)


@transaction.atomic
def land(batch: Batch, definition: Definition, delivery: Delivery) -> SourceFile:
    """The delivery as a landed file: ready to load, a duplicate, rejected, or an opened archive.

    All in one transaction: a worker that is killed leaves no half file behind.
    """
    batch.files_received += 1
    return _land(batch, definition, delivery, parent=None)


def _land(
    batch: Batch,
    definition: Definition,
    delivery: Delivery | MemberDelivery,
    parent: SourceFile | None,
) -> SourceFile:
    found = fingerprint(delivery)
    file = _new_or_known(batch, definition, delivery, found, parent)
    if file.status == SourceFile.Status.DUPLICATE or file.line_count:
        return file
    try:
        refuse_too_large(found.size)
        with transaction.atomic():
            inside = parent is not None
            if container := container_of(definition, file.name, found.first, inside=inside):
                _store(file, delivery)
                _open_archive(batch, definition, file, delivery, container)
            else:
                file.bytes_are_text = bytes_are_text(definition, file.name, found.first)
                if not file.bytes_are_text:
                    _store(file, delivery)
                _cut_lines(definition, file, delivery)
    except FileRefused as refusal:
        file.bytes_are_text = False  # of a text that is none, the bytes are all there is
        if not _has_parts(file) and not is_too_large(found.size):
            _store(file, delivery)
        refuse(file, refusal, batch)
    return file


def _new_or_known(
    batch: Batch,
    definition: Definition,
    delivery: Delivery | MemberDelivery,
    found: Fingerprint,
    parent: SourceFile | None,
) -> SourceFile:
    """The row for these bytes: a new original, else a repeat of the first one.

    Of two arrivals at the same moment the unique index lets one in; the other waits for its
    commit and then finds it.
    """
    common: dict[str, Any] = {
        "source": batch.source_id,
        "batch": batch.pk,
        "parent": parent.pk if parent else None,
        "name": delivery.name[:255],
        "sha256": found.sha256,
        "size": found.size,
        "by": delivery.by,
        "way": delivery.way,
        "digest": definition.digest,
    }
    rows = fetch("landing/sql/110_original.sql", **common)
    if rows:
        return SourceFile.objects.get(pk=rows[0][0])
    original = SourceFile.objects.get(
        source=batch.source_id, sha256=found.sha256, duplicate_of=None
    )
    if (
        original.status == SourceFile.Status.REJECTED
        and original.definition_digest != definition.digest
    ):
        return _try_again(original, batch, definition)
    rows = fetch("landing/sql/120_repeat.sql", original=original.pk, **common)
    return SourceFile.objects.get(pk=rows[0][0])


def _try_again(original: SourceFile, batch: Batch, definition: Definition) -> SourceFile:
    """A rejected file that came again after its definition was mended is taken anew."""
    original.status = SourceFile.Status.LANDED
    original.batch, original.sentence = batch, ""
    original.definition_digest = definition.digest
    original.received = original.rejected = 0
    original.bytes_expired_at = None
    original.save()
    return original


def _has_parts(file: SourceFile) -> bool:
    return file.sourcepart_set.exists()


def _store(file: SourceFile, delivery: Delivery | MemberDelivery) -> None:
    if _has_parts(file):
        return
    with delivery.opened() as stream, connection.cursor() as cursor:
        for number, part in enumerate(parts(stream)):
            cursor.execute(INSERT_PART, (file.pk, number, part))


def _cut_lines(
    definition: Definition, file: SourceFile, delivery: Delivery | MemberDelivery
) -> None:
    last = 0
    with delivery.opened() as stream, connection.cursor() as cursor:
        for chunk in chunks(*text_of(definition, file.name, stream)):
            row = (file.pk, chunk.first_line, chunk.last_line, chunk.body)
            cursor.execute(INSERT_TEXT, row)
            last = chunk.last_line
    if not last:
        raise FileRefused("EMPTY_FILE", "the file is empty")
    file.line_count = last
    file.save(update_fields=["line_count", "bytes_are_text"])


def _open_archive(
    batch: Batch,
    definition: Definition,
    file: SourceFile,
    delivery: Delivery | MemberDelivery,
    container: str,
) -> None:
    """Lands each member as a file of its own; the archive itself holds no records."""
    with delivery.opened() as stream:
        for member in CONTAINERS[container].members(stream, file.name):
            with spooled(member.name, member.stream, delivery.by) as inner:
                _land(batch, definition, inner, parent=file)
    file.status = SourceFile.Status.OPENED
    file.save(update_fields=["status"])


def refuse(file: SourceFile, refusal: FileRefused, batch: Batch) -> None:
    """Rejects a file whole, with its sentence in the quarantine."""
    file.status, file.sentence = SourceFile.Status.REJECTED, refusal.sentence
    file.received = file.rejected = refusal.records
    file.save()
    ExceptionItem.objects.update_or_create(
        file=file,
        line_no=None,
        record="",
        code=refusal.code,
        defaults={
            "source_id": file.source_id,
            "batch": batch,
            "reason": refusal.reason,
            "sentence": refusal.sentence,
            "reference": file.name,
            "known_from": file.made_at or file.received_at,
            "state": ExceptionItem.State.REJECTED,
            "outcome": "rejected",
        },
    )
