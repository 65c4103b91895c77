"""The control record at the end: what it promises against what the file holds."""

from decimal import Decimal, InvalidOperation

from ingestion.sources.delimited.lines import Records
from ingestion.sources.delimited.options import Trailer
from ingestion.sources.rows import FileRefused, Frame


class Control:
    """Counts and sums the records, and holds them against the trailer."""

    def __init__(self, trailer: Trailer | None) -> None:
        self.trailer = trailer
        self.count = 0
        self.total = Decimal(0)
        self.promised: list[str] | None = None

    def take(self, records: Records) -> Records:
        """The records without the control record, which is kept for the check at the end."""
        if self.trailer is None or not records:
            return records
        if self.promised is not None:
            raise FileRefused("TRAILER_MISMATCH", "records follow the trailer")
        tags = [fields[0] for fields in records.fields]
        if self.trailer.tag not in tags:
            return records
        at = tags.index(self.trailer.tag)
        if at + 1 < len(records):
            raise FileRefused("TRAILER_MISMATCH", "records follow the trailer")
        self.promised = records.fields[at][1:]
        return records.pick(range(at))

    def add(self, frame: Frame) -> None:
        """Adds the control columns; what is no number makes the totals differ."""
        for column in self.trailer.total_of if self.trailer else ():
            for text in frame.column(column):
                self.total += _number(text)

    def check(self) -> None:
        """Refuses the file whole when its trailer is missing or does not fit."""
        if self.trailer is None:
            return
        if self.promised is None:
            raise FileRefused(
                "TRAILER_MISMATCH",
                f"no trailer; found {self.found}",
                "The trailer is missing: the file is cut off and rejected whole.",
                self.count,
            )
        promised_count, promised_total = (*self.promised, "", "")[:2]
        if not self._fits(self.trailer, promised_count, promised_total):
            raise FileRefused(
                "TRAILER_MISMATCH",
                f"trailer {promised_count} records, total {promised_total}; found {self.found}",
                f"The trailer promises {promised_count} records with a total of "
                f"{promised_total}, the file holds {self.found}: it is rejected whole.",
                self.count,
            )

    def _fits(self, trailer: Trailer, count: str, total: str) -> bool:
        try:
            return int(count) == self.count and (
                not trailer.total_of or Decimal(total) == self.total
            )
        except (ValueError, InvalidOperation):
            return False

    @property
    def found(self) -> str:
        """Count and total as found, in the words of the report."""
        if self.trailer is not None and not self.trailer.total_of:
            return f"{self.count}"
        return f"{self.count}, {self.total:f}"


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text or 0)
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)
