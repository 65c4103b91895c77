"""The access proof: who could see a portfolio on a day and why, who did, and what judged it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Count, Max, Min
from django.utils import timezone

from helio.audit.models import Event
from helio.columns import Column, Kind
from helio.rls import isolation
from portfolios import effective
from portfolios.figures import queries
from reports.exports.dataset import Dataset
from reports.exports.frame import dataset
from reports.exports.request import Wanted
from reports.models import ExportRecord

COULD: Final = (
    Column("holder", "Who", Kind.TEXT, 6),
    Column("right", "Right", Kind.TEXT, 4),
    Column("through", "Through", Kind.TEXT, 7),
    Column("granted_by", "Granted by", Kind.TEXT, 6),
    Column("reason", "Reason", Kind.TEXT, 10),
    Column("covers", "Covers", Kind.TEXT, 5),
    Column("since", "Since", Kind.TIME, 8),
    Column("until", "Until", Kind.TIME, 8),
)
DID: Final = (
    Column("actor", "Who", Kind.TEXT, 8),
    Column("action", "Did", Kind.TEXT, 10),
    Column("events", "Events", Kind.COUNT, 4),
    Column("first_at", "First", Kind.TIME, 8),
    Column("last_at", "Last", Kind.TIME, 8),
)
EXPORTED: Final = (
    Column("export", "Export", Kind.COUNT, 4),
    Column("exported_at", "At", Kind.TIME, 8),
    Column("exported_by", "Who", Kind.TEXT, 6),
    Column("report", "Report", Kind.TEXT, 7),
    Column("version", "Version", Kind.COUNT, 4),
    Column("sha256", "SHA-256 of the files", Kind.TEXT, 20),
)
RULE: Final = (
    Column("part", "Part", Kind.TEXT, 8),
    Column("part_sha256", "SHA-256 of the part", Kind.TEXT),
    Column("line", "Line", Kind.COUNT, 2),
    Column("rule_text", "Text", Kind.TEXT, 24),
)
PROVEN: Final = (
    Column("ran_at", "Run at", Kind.TIME, 7),
    Column("passed", "Passed", Kind.TEXT, 4),
    Column("reads_compared", "Reads compared", Kind.COUNT, 5),
    Column("foreign_rows", "Foreign rows", Kind.COUNT, 4),
    Column("missing_rows", "Missing rows", Kind.COUNT, 4),
    Column("rule_is_as_proven", "Rule unchanged since", Kind.TEXT, 6),
    Column("rule_digest", "SHA-256 of the rule now", Kind.TEXT, 12),
    Column("proven_rule_digest", "SHA-256 of the rule proven", Kind.TEXT),
    Column("code_digest", "SHA-256 of the judging code", Kind.TEXT),
)

COLUMNS: Final = (*COULD, *DID, *EXPORTED, *RULE, *PROVEN)


def build_all(wanted: Wanted, version: queries.Version) -> list[Dataset]:
    """The five parts of the proof, read under the identity in force: an auditor's."""
    on, portfolio = wanted.as_of, wanted.portfolios[0]
    parts: tuple[tuple[str, str, tuple[Column, ...], Iterable[Mapping[str, object]]], ...] = (
        ("access_proof", "Who could see it", COULD, _could(on, portfolio.code)),
        ("access_uses", "Who did what with it", DID, _did(on, portfolio.pk)),
        ("access_exports", "What left with it", EXPORTED, _exported(on, portfolio.pk)),
        ("access_rule", "The rule that judged", RULE, _rule()),
        ("access_isolation", "The last proof of isolation", PROVEN, _proven()),
    )
    return [
        dataset(
            report=report,
            title=title,
            wanted=wanted,
            version=version,
            columns=columns,
            records=records,
        )
        for report, title, columns, records in parts
    ]


def _could(on: dt.date, code: str) -> Iterable[Mapping[str, object]]:
    # Of today too the whole day so far: whose access ended this morning could see it.
    starts = dt.datetime.combine(on, dt.time(), tzinfo=dt.UTC)
    ends = min(starts + dt.timedelta(days=1, microseconds=-1), timezone.now())
    for one in effective.spans(starts, ends, codes=[code]):
        yield {
            "holder": one.person,
            "right": one.right,
            "through": one.through,
            "granted_by": one.given_by,
            "reason": one.reason,
            "covers": one.covers,
            "since": one.since,
            "until": one.until,
        }


def _did(on: dt.date, portfolio_id: int) -> Iterable[Mapping[str, object]]:
    """Events of the trail that name the portfolio, counted by person and action."""
    return (
        Event.objects.between(on, on)
        .filter(portfolio_id=portfolio_id)
        .values("actor", "action")
        .annotate(events=Count("id"), first_at=Min("at"), last_at=Max("at"))
        .order_by("actor", "action")
    )


def _exported(on: dt.date, portfolio_id: int) -> Iterable[Mapping[str, object]]:
    starts = dt.datetime.combine(on, dt.time(), tzinfo=dt.UTC)
    records = ExportRecord.objects.for_register().filter(
        portfolio_ids__contains=[portfolio_id],
        created_at__gte=starts,
        created_at__lt=starts + dt.timedelta(days=1),
    )
    for record in records.order_by("number"):
        yield {
            "export": record.number,
            "exported_at": record.created_at,
            "exported_by": record.person.get_username(),
            "report": record.report,
            "version": record.version_number,
            "sha256": " ".join(str(file["sha256"]) for file in record.files),
        }


def _rule() -> Iterable[Mapping[str, object]]:
    """The rule as it stands in the database, line by line, so that it fits on paper."""
    for name, body in isolation.rule().parts:
        digest = hashlib.sha256(body.encode()).hexdigest()
        for number, line in enumerate(body.splitlines(), start=1):
            yield {"part": name, "part_sha256": digest, "line": number, "rule_text": line}


def _proven() -> Iterable[Mapping[str, object]]:
    """The last run of the proof, beside the digest of the rule that stands now; one row always."""
    now, run = isolation.rule().digest, isolation.last_run()
    row: dict[str, Any] = dict.fromkeys(column.name for column in PROVEN)
    row |= {"rule_digest": now, "passed": "not run yet"}
    if run is not None:
        row |= {
            "ran_at": run.ran_at,
            "passed": "yes" if run.passed else "no",
            "reads_compared": run.reads_compared,
            "foreign_rows": run.foreign_rows,
            "missing_rows": run.missing_rows,
            "rule_is_as_proven": "yes" if run.rule_digest == now else "no",
            "proven_rule_digest": run.rule_digest,
            "code_digest": run.code_digest,
        }
    yield row
