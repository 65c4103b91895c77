"""The worker's side of an upload: lands and loads what waits, as one batch each."""

from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from ingestion.landing.delivery import Delivery
from ingestion.models import Batch, Upload, UploadedFile
from ingestion.pipeline.run import ingest
from ingestion.ways.heartbeat import SILENT, heard

log = structlog.get_logger(__name__)

TRIES_MOST = 3
WAITING, LANDING = Upload.State.WAITING, Upload.State.LANDING
READ_PARTS = "SELECT body FROM upload_part WHERE file_id = %s ORDER BY part_no"
LET_GO = (
    "DELETE FROM upload_part WHERE file_id IN (SELECT id FROM uploaded_file WHERE upload_id = %s)"
)


def take_all() -> list[Batch]:
    """The batches of all uploads that waited."""
    batches = []
    while upload := _next():
        batch = _take(upload)
        batches += [batch] if batch else []
    return batches


def _next() -> Upload | None:
    """The oldest upload that nobody works on, now this worker's."""
    now = timezone.now()
    free = Q(state=WAITING) | Q(state=LANDING, heard_at__lt=now - SILENT)
    with transaction.atomic():
        upload = Upload.objects.select_for_update(skip_locked=True).filter(free).last()
        if upload is None:
            return None
        if upload.tries >= TRIES_MOST:
            _end(
                upload, Upload.State.FAILED, upload.sentence or "The worker was stopped each time."
            )
            return _next()
        upload.state, upload.heard_at, upload.tries = LANDING, now, upload.tries + 1
        upload.save()
    return upload


def _take(upload: Upload) -> Batch | None:
    """The batch of the upload; None when it could not be taken, which is tried again."""
    try:
        with heard(upload), TemporaryDirectory(prefix="helio-upload-") as folder:
            deliveries = [
                Delivery(file.name, _written(file, Path(folder)), "upload", upload.uploaded_by[:60])
                for file in upload.files.all()
            ]
            batch = ingest(upload.source, deliveries, by=upload.uploaded_by[:60])
    except (OSError, DatabaseError) as error:
        log.exception("upload.failed", upload=upload.pk)
        sentence = f"It could not be taken in: {type(error).__name__}. It is tried again."
        Upload.objects.filter(pk=upload.pk).update(state=WAITING, sentence=sentence)
        raise
    with transaction.atomic():
        upload.batch = batch
        _end(upload, Upload.State.DONE, "")
    return batch


def _written(file: UploadedFile, folder: Path) -> Path:
    """The file's bytes on this worker's disk; its own name is never a path here."""
    path = folder / str(file.pk)
    with path.open("wb") as target, connection.cursor() as cursor:
        cursor.execute(READ_PARTS, [file.pk])
        while row := cursor.fetchone():
            target.write(row[0])
    return path


def _end(upload: Upload, state: Upload.State, sentence: str) -> None:
    """Nothing more happens to it; its bytes are in landing, or of no more use."""
    upload.state, upload.sentence = state, sentence
    upload.save()
    with connection.cursor() as cursor:
        cursor.execute(LET_GO, [upload.pk])
