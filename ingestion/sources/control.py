"""Control totals: what a trailer promises, held against the records that came before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException

from ingestion.definition.section import Section
from ingestion.mapping.problem import FieldProblem
from ingestion.mapping.style import PLAIN, Style
from ingestion.sources.rows import FileRefused, Frame, Values

COUNTS = ("records", "lines")


@dataclass(frozen=True)
class TrailerRule:
    """Which record is the trailer, and what its count and its total are about."""

    tag: str
    counts: str
    total_of: tuple[str, ...]


def trailer_rule(section: Section) -> TrailerRule:
    """The rule of a ``trailer`` table; ``counts`` says whether its count includes every line."""
    return TrailerRule(
        tag=section.text("tag"),
        counts=section.text("counts", "records", COUNTS),
        total_of=section.texts("total_of"),
    )


class Control:
    """Counts and sums records, and refuses the file whole when its trailer does not fit."""

    def __init__(self, rule: TrailerRule | None, style: Style = PLAIN) -> None:
        self._rule = rule
        self._style = style
        self.records = 0
        self.lines = 0
        self.total = Decimal(0)
        self._promised: tuple[str | None, str] | None = None

    def add(self, values: Values) -> None:
        """Adds a record's control columns; what is no number makes the totals differ."""
        for column in self._rule.total_of if self._rule else ():
            self._add([values.get(column) or ""])

    def add_frame(self, frame: Frame) -> None:
        """Adds the control columns of many records."""
        for column in self._rule.total_of if self._rule else ():
            self._add(frame.column(column))

    def _add(self, texts: Sequence[str]) -> None:
        for text in texts:
            number = self._number(text or "0")
            if number is not None:
                self.total += number

    def trailer(self, count: str | None, total: str | None) -> None:
        """Takes what the trailer promises (None: nothing); FileRefused for a second trailer."""
        self.before_record()
        self._promised = (count, total or "")

    def before_record(self) -> None:
        """FileRefused when a record follows the trailer."""
        if self._promised is not None:
            raise FileRefused("TRAILER_MISMATCH", "records follow the trailer")

    def check(self) -> None:
        """Refuses the file whole when its trailer is missing or does not fit."""
        if self._rule is None:
            return
        if self._promised is None:
            raise FileRefused(
                "TRAILER_MISMATCH",
                f"no trailer; found {self._found}",
                "The trailer is missing: the file is cut off and rejected whole.",
                self.records,
            )
        count, total = self._promised
        expected = self.lines if self._rule.counts == "lines" else self.records
        fits_count = count is None or self._number(count) == expected
        fits_total = not self._rule.total_of or self._number(total) == self.total
        promises = count is not None or self._rule.total_of
        if not (promises and fits_count and fits_total):
            raise FileRefused(
                "TRAILER_MISMATCH",
                f"trailer {count or 'no'} records, total {total}; found {self._found}",
                f"The trailer promises {count or 'no count of'} records"
                f"{f' with a total of {total}' if self._rule.total_of else ''}, the file holds"
                f" {self._found}: it is rejected whole.",
                self.records,
            )

    def _number(self, text: str) -> Decimal | None:
        try:
            number = Decimal(self._style.number_text(text))
        except (FieldProblem, DecimalException):
            return None
        return number if number.is_finite() else None

    @property
    def _found(self) -> str:
        count = self.lines if self._rule and self._rule.counts == "lines" else self.records
        return f"{count}, {self.total:f}" if self._rule and self._rule.total_of else f"{count}"
