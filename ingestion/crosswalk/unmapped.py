"""Keys that held records wait for, by value at stake, and the share of value that is mapped.

Share of value mapped = 1 - held / (held + effective). *Held* is the value at stake of every record
that waits for a mapping, however old: what is missing from the figures does not get less by age.
*Effective* is the same measure over what took effect in the last 30 days of data, so that a long
history does not make today's gap look small. Both in the firm's currency at each day's fixing.
"""

from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from ingestion.crosswalk.candidates import candidates
from ingestion.models import UnmappedKey
from ingestion.sqlfile import fetch
from portfolios.models import MappedShare

COLUMNS: Final = (
    "kind", "scheme", "value", "scope", "code", "sentence", "records", "first_on", "last_on",
    "waiting_since", "value_at_stake", "value_reason", "unvalued", "items",
)  # fmt: skip
# Candidates are looked for among the keys that matter most; the others are listed without.
WITH_CANDIDATES: Final = 50
COUNT_LOCK: Final = 7_301_013


def count() -> int:
    """How many keys wait; the table and the share say what is held from here on.

    Runs in the transaction of the load or mapping that changed what is held.
    """
    _alone()
    money: dict[str, Any] = {"pivot": settings.HELIO_FX_PIVOT, "firm": settings.HELIO_CURRENCY}
    found = [
        dict(zip(COLUMNS, row, strict=True))
        for row in fetch("crosswalk/sql/400_unmapped.sql", **money)
    ]
    UnmappedKey.objects.all().delete()
    keys = [_key(row) for row in found]
    for key in keys[:WITH_CANDIDATES]:
        key.candidates = candidates(key)
    UnmappedKey.objects.bulk_create(keys, batch_size=500)
    _note_share(found, money)
    return len(keys)


def keep_current() -> bool:
    """Counts again when records were set aside or tried again since; true when it did."""
    [(held,)] = fetch("crosswalk/sql/405_held.sql")
    counted = UnmappedKey.objects.aggregate(records=Sum("records"))["records"] or 0
    if held == counted:
        return False
    with transaction.atomic():
        count()
    return True


def _alone() -> None:
    """Two loads that end at one moment count one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COUNT_LOCK])


def _key(row: dict[str, Any]) -> UnmappedKey:
    return UnmappedKey(
        currency=settings.HELIO_CURRENCY,
        **{name: row[name] for name in COLUMNS if name != "unvalued"},
    )


def _note_share(found: list[dict[str, Any]], money: dict[str, Any]) -> None:
    held = sum((row["value_at_stake"] or Decimal(0) for row in found), Decimal(0))
    [(effective,)] = fetch("crosswalk/sql/410_effective_value.sql", **money)
    total = held + effective
    share = (1 - held / total).quantize(Decimal("1e-10")) if total else None
    now = {
        "share": share,
        "held_records": sum(row["records"] for row in found),
        "unvalued_records": sum(row["unvalued"] for row in found),
    }
    last = MappedShare.objects.order_by("-pk").values(*now).first()
    if last != now:
        MappedShare.objects.create(**now)
