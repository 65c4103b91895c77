"""Rejects that were handed out to be mended come back: the old exceptions are settled by them.

A file that comes back carries the number of its hand-out in its name. Its trailer is not asked
for: whoever mends a line by hand cannot be expected to sum up a column, and what the trailer
guards against, a file that was cut off on its way, the hand-out itself knows better.
"""

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from fnmatch import fnmatch
from pathlib import PurePath
from typing import Any, Final

from django.utils import timezone
from psycopg import sql

from ingestion.definition.model import FileKind
from ingestion.landing.text import source_line
from ingestion.models import Batch, ExceptionItem, Resend, SourceFile
from ingestion.sqlfile import fetch, run
from ingestion.staging.stage import table

_NUMBER: Final = re.compile(r"resend-([0-9]{1,9})(?![0-9])")
_MARK: Final = re.compile(r"_?resend-[0-9]{1,9}(?![0-9])_?")
# Versions of these are told apart by a number of their own: when each became known is told apart
# from it, and a mended record was not known before it was mended.
_KNOWN_WHEN_MENDED: Final = ("event", "posting", "price")
# Lines less alike than this are not the same line, mended.
_ALIKE: Final = 0.6


@dataclass(frozen=True)
class Mended:
    """A file that came back, and which of its lines stand for which exceptions."""

    file: SourceFile
    exceptions: dict[int, int]


def name_for(number: int, original: str, pattern: str) -> str | None:
    """The name a hand-out goes under, so that it is taken as the same kind; None if none fits."""
    path = PurePath(_MARK.sub("", original))  # of what was mended before and is mended again
    mark = f"resend-{number}"
    names = (f"{path.stem}_{mark}{path.suffix}", f"{mark}_{path}", pattern.replace("*", mark, 1))
    return next((name for name in names if mark in name and fnmatch(name, pattern)), None)


def hand_out(file: SourceFile) -> Resend | None:
    """The hand-out that a file brings back; None for every other file."""
    found = _NUMBER.search(file.name)
    if found is None:
        return None
    return Resend.objects.filter(pk=int(found[1]), file__source_id=file.source_id).first()


def options_for(file: SourceFile, kind: FileKind) -> Any:
    """How the file is read: as its kind says, but without a trailer when it was mended by hand."""
    options: Any = kind.options
    if getattr(options, "trailer", None) is None or hand_out(file) is None:
        return options
    return replace(options, trailer=None)


def adopt(files: list[SourceFile], records: list[str]) -> list[Mended]:
    """The files of a wave that bring rejects back; their records replace those that were held.

    After staging and before the load.
    """
    found = []
    for file in files:
        resend = hand_out(file) if file.status == SourceFile.Status.LOADED else None
        if resend is None:
            continue
        mended = Mended(file, _match(file, resend, records))
        _known_since(file, records)
        if "event" in records and mended.exceptions:
            lines, items = zip(*mended.exceptions.items(), strict=True)
            run(
                "pipeline/sql/100_adopt.sql",
                file=file.pk,
                lines=list(lines),
                items=list(items),
            )
        found.append(mended)
    return found


def _known_since(file: SourceFile, records: list[str]) -> None:
    for record in _KNOWN_WHEN_MENDED:
        if record in records:
            names: dict[str, sql.Composable] = {"table": table(record)}
            run("pipeline/sql/102_known_since.sql", names, file=file.pk, at=file.received_at)


def release(batch: Batch, mended: list[Mended]) -> None:
    """What replaced a held record is an ordinary record again. After the load, before counting."""
    if mended:
        run("pipeline/sql/104_replaced.sql", batch=batch.pk)
        run("pipeline/sql/106_ordinary.sql", batch=batch.pk)


def settle(batch: Batch, mended: list[Mended]) -> None:
    """Settles the exceptions that came back, mended or not. After the new ones were raised."""
    open_states = (ExceptionItem.State.HELD, ExceptionItem.State.REJECTED)
    for each in mended:
        again = set(
            each.file.exceptions.filter(line_no__isnull=False).values_list("line_no", flat=True)
        )
        for line_no, item in each.exceptions.items():
            failed = line_no in again
            words = "sent again as" if failed else "mended by"
            old = ExceptionItem.objects.get(pk=item)
            # A line may have been held for two of its records.
            ExceptionItem.objects.filter(
                file=old.file_id, line_no=old.line_no, state__in=open_states
            ).update(
                state=ExceptionItem.State.RESENT if failed else ExceptionItem.State.MENDED,
                outcome=f"{words} file {each.file.pk}, line {line_no}",
                note=f"{words[0].upper()}{words[1:]} {each.file.name}, line {line_no}.",
                settled_at=timezone.now(),
                settled_in=batch,
            )


def _match(file: SourceFile, resend: Resend, records: list[str]) -> dict[int, int]:
    """Which exception each record's line mends: in turn, or by likeness when some are missing."""
    staged: set[int] = set()
    for record in [*records, "reject"]:
        names: dict[str, sql.Composable] = {"table": table(record)}
        staged |= {row[0] for row in fetch("pipeline/sql/108_lines.sql", names, file=file.pk)}
    lines = sorted(staged)
    if len(lines) == len(resend.exception_ids):
        return dict(zip(lines, resend.exception_ids, strict=True))
    return _by_likeness(file, lines, resend)


def _by_likeness(file: SourceFile, lines: list[int], resend: Resend) -> dict[int, int]:
    texts = dict(
        ExceptionItem.objects.filter(pk__in=resend.exception_ids).values_list("pk", "raw_text")
    )
    found: dict[int, int] = {}
    for line_no in lines:
        here = source_line(file.pk, line_no) or ""
        scored = [(SequenceMatcher(None, here, text).ratio(), item) for item, text in texts.items()]
        score, item = max(scored, default=(0.0, 0))
        if score >= _ALIKE:
            found[line_no] = item
            del texts[item]
    return found
