"""Line charts: one description serves the script, the picture without script and the table."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from helio import numbers
from reports.dashboards.thinning import kept

WIDTH: Final = 800
HEIGHT: Final = 240
MARGIN: Final = 14
# One for each unit of the drawn width: more would fall on the same pixels.
MOST_POINTS: Final = WIDTH
_TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, its kind of number and a value, or None, for each date."""

    key: str
    label: str
    kind: str
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled grid line at a height of the picture."""

    share: str
    label: str


@dataclass(frozen=True)
class Chart:
    """A titled chart with its summary in words; ``series`` share one date axis.

    Series of kind ``percent`` are read on the left axis, ``money`` on the right one. Summary and
    table are told from all days, the lines are drawn from as many as can be seen.
    """

    id: str
    title: str
    summary: str
    dates: Sequence[date]
    series: Sequence[Series]

    @property
    def has_points(self) -> bool:
        """True when there is a line to draw."""
        return len(self.dates) > 1

    @property
    def last_date(self) -> date:
        """The day the lines end on."""
        return self.dates[-1]

    @cached_property
    def drawn(self) -> list[int]:
        """Places of the days that are drawn: those of the table always among them."""
        return kept([line.values for line in self.series], MOST_POINTS, self._month_ends)

    @property
    def is_thinned(self) -> bool:
        """True when some days are not drawn."""
        return len(self.drawn) < len(self.dates)

    @property
    def payload(self) -> str:
        """The chart as JSON for the custom element; deterministic, so that a push can diff it."""
        body = {
            "dates": [self.dates[at].isoformat() for at in self.drawn],
            "series": [
                {
                    "key": line.key,
                    "label": line.label,
                    "kind": line.kind,
                    "values": [_rounded(line.values[at], line.kind) for at in self.drawn],
                }
                for line in self.series
            ],
        }
        return json.dumps(body, separators=(",", ":"))

    @property
    def rows(self) -> list[tuple[date, list[tuple[Any, str]]]]:
        """The same numbers for the table, newest first, month ends and the last day only.

        A reader without the picture wants the course, not 500 rows; the CSV export has all.
        """
        return [
            (self.dates[at], [(line.values[at], line.kind) for line in self.series])
            for at in reversed(self._month_ends)
        ]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Key and SVG polyline points of every series on the left axis."""
        low, high = self._range()
        return [(line.key, self._points(line, low, high)) for line in self._left()]

    @property
    def ticks(self) -> list[Tick]:
        """Grid lines of the left axis."""
        low, high = self._range()
        step = (high - low) / _TICKS
        kind = self._left()[0].kind
        return [self._tick(low + step * at, low, high, kind) for at in range(_TICKS + 1)]

    @cached_property
    def _month_ends(self) -> list[int]:
        last = len(self.dates) - 1
        return [
            at
            for at in range(len(self.dates))
            if at in (0, last) or self.dates[at].month != self.dates[at + 1].month
        ]

    def _left(self) -> list[Series]:
        left = [line for line in self.series if line.kind == "percent"]
        return left or list(self.series)

    def _range(self) -> tuple[float, float]:
        present = [float(v) for line in self._left() for v in line.values if v is not None]
        low, high = min(present, default=0.0), max(present, default=1.0)
        return (low, high) if high > low else (low - 0.5, high + 0.5)

    def _points(self, line: Series, low: float, high: float) -> str:
        steps = len(self.dates) - 1
        return " ".join(
            f"{at / steps * WIDTH:.1f},{_height(float(line.values[at]), low, high):.1f}"
            for at in self.drawn
            if line.values[at] is not None
        )

    def _tick(self, value: float, low: float, high: float, kind: str) -> Tick:
        y = _height(value, low, high)
        text = numbers.text_of(value, "compact" if kind == "money" else kind, places=1)
        return Tick(f"{y / HEIGHT * 100:.1f}", text)


def _height(value: float, low: float, high: float) -> float:
    return HEIGHT - MARGIN - (value - low) / (high - low) * (HEIGHT - 2 * MARGIN)


def _rounded(value: Any, kind: str) -> float | None:
    """A float small enough to send; six digits of a percentage are finer than any pixel."""
    if value is None:
        return None
    return round(float(value), 2 if kind == "money" else 6)


def growth(wealth: Sequence[float | None]) -> list[float | None]:
    """Cumulated returns of a wealth index that starts at 1."""
    return [None if value is None else value - 1 for value in wealth]


def period_sentence(label: str, returns: Sequence[float], dates: Sequence[date]) -> str:
    """The course in a sentence: "Up 11.4% since 31 Dec 2024, worst fall 6.2% to 9 Apr 2025."

    ``returns`` are cumulated returns from the period's start, one for each date.
    """
    if len(returns) < 2:
        return f"Too few days {label} to draw a line."
    way = "Up" if returns[-1] >= 0 else "Down"
    sentence = f"{way} {numbers.percent(abs(returns[-1]), 1)} {label}"
    fall, trough = _worst_fall(returns, dates)
    if trough is None:
        return f"{sentence}, never below an earlier high."
    return f"{sentence}, worst fall {numbers.percent(fall, 1)} to {numbers.day(trough)[4:]}."


def _worst_fall(returns: Sequence[float], dates: Sequence[date]) -> tuple[float, date | None]:
    peak, worst, trough = 1.0, 0.0, None
    for cumulated, at in zip(returns, dates, strict=True):
        wealth = 1 + cumulated
        peak = max(peak, wealth)
        fall = 1 - wealth / peak
        if fall > worst:
            worst, trough = fall, at
    return worst, trough
