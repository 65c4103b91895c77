"""How much arrived, against what usually arrives: the same kind of file on the same weekday."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce, TruncDate

from ingestion.models import SourceFile

# Fewer of the same weekday than this say little: then every day of the kind is compared.
ENOUGH: Final = 3
# Repetitions and the wrappings of files bring no records of their own.
NO_DELIVERY: Final = (SourceFile.Status.DUPLICATE, SourceFile.Status.OPENED)
# Mended lines that came back are no delivery of their own.
HAND_OUT: Final = r"resend-[0-9]+"
WORDS: Final = (
    (0.05, "next to nothing"),
    (0.35, "far less than usual"),
    (0.75, "half of usual"),
    (1.5, "as usual"),
    (3.0, "twice the usual"),
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """All files of one kind that speak of one day."""

    kind: str
    day: date
    files: int
    records: int


@dataclass(frozen=True, slots=True)
class Volume:
    """The last delivery of a kind beside the usual one; the usual is None for the first."""

    last: Delivery
    usual_files: int | None
    usual_records: int | None

    @property
    def word(self) -> str:
        """The comparison in words."""
        if self.usual_records is None:
            return "the first of its kind"
        return compared(self.last.records, self.usual_records)

    @property
    def is_odd(self) -> bool:
        """True when somebody should look."""
        return self.word not in ("as usual", "the first of its kind", "twice the usual")


def compared(records: int, usual: int) -> str:
    """How the number compares with the usual one, in words."""
    if not records:
        return "as usual" if not usual else "nothing"
    if not usual:
        return "more than usual"
    share = records / usual
    return next((word for limit, word in WORDS if share < limit), "far more than usual")


def deliveries(source_ids: Iterable[int]) -> dict[int, list[Delivery]]:
    """What each source delivered, by kind and day, oldest first.

    The day is the one a file was made on, as it says; else the one it arrived on.
    """
    rows = (
        SourceFile.objects.filter(source_id__in=list(source_ids))
        .exclude(status__in=NO_DELIVERY)
        .exclude(kind="")
        .exclude(name__regex=HAND_OUT)
        .annotate(day=TruncDate(Coalesce("made_at", "received_at")))
        .values_list("source_id", "kind", "day")
        .annotate(files=Count("id"), records=Sum("received"))
        .order_by("day", "kind")
    )
    found: dict[int, list[Delivery]] = defaultdict(list)
    for source_id, kind, day, files, records in rows:
        found[source_id].append(Delivery(kind, day, files, records))
    return found


def volumes(delivered: list[Delivery]) -> list[Volume]:
    """The last delivery of each kind against the median of those before, the newest kind first."""
    kinds: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in delivered:
        kinds[delivery.kind].append(delivery)
    found = [_volume(each) for each in kinds.values()]
    return sorted(found, key=lambda volume: (volume.last.day, volume.last.records), reverse=True)


def _volume(delivered: list[Delivery]) -> Volume:
    *before, last = delivered
    same_weekday = [each for each in before if each.day.weekday() == last.day.weekday()]
    compare = same_weekday if len(same_weekday) >= ENOUGH else before
    if not compare:
        return Volume(last, None, None)
    return Volume(
        last,
        round(median(each.files for each in compare)),
        round(median(each.records for each in compare)),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart: where its bar stands in a box of 100 by 100."""

    day: date
    files: int
    records: int
    x: str
    y: str
    width: str
    height: str


def chart(delivered: list[Delivery], days: int = 60) -> list[Bar]:
    """Bars of the last days on which something was delivered, all kinds together."""
    by_day: dict[date, list[Delivery]] = defaultdict(list)
    for delivery in delivered:
        by_day[delivery.day].append(delivery)
    shown = sorted(by_day.items())[-days:]
    totals = [
        (day, sum(one.files for one in each), sum(one.records for one in each))
        for day, each in shown
    ]
    most = max((records for _, _, records in totals), default=0) or 1
    step = 100 / max(len(totals), 20)
    return [
        Bar(
            day=day,
            files=files,
            records=records,
            x=f"{at * step:.2f}",
            y=f"{100 - 100 * records / most:.2f}",
            width=f"{step * 0.8:.2f}",
            height=f"{max(100 * records / most, 0.5 if records else 0):.2f}",
        )
        for at, (day, files, records) in enumerate(totals)
    ]
