"""Numbers as a person reads them: one function a kind, each with its three special cases.

Missing is a dash, zero is ``0.00`` at the column's decimals, not applicable is ``n/a`` and has a
reason. The minus is the true minus sign, thousands are parted by commas.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
DASH: Final = "\N{EN DASH}"
UP: Final = "\N{UPWARDS ARROW}"
DOWN: Final = "\N{DOWNWARDS ARROW}"

Number = Decimal | float | int


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Stands where a figure has no meaning, and says why."""

    reason: str


Value = Number | NotApplicable | None


def exact(number: Number) -> Decimal:
    """The number as a decimal; a statistic that is a float by its shortest writing."""
    return number if isinstance(number, Decimal) else Decimal(str(number))


def machine(value: Value) -> str:
    """Full precision with a decimal point, empty for missing and not applicable."""
    if value is None or isinstance(value, NotApplicable):
        return ""
    number = exact(value)
    if not number.is_finite():
        return ""
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(number: Number, places: int, *, signed: bool = False) -> str:
    """The number rounded half up with grouped thousands; with its plus sign when ``signed``."""
    rounded = exact(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if rounded == 0:
        return f"{abs(rounded):,.{places}f}"
    sign = MINUS if rounded < 0 else "+" if signed else ""
    return f"{sign}{abs(rounded):,.{places}f}"


def money(number: Number, places: int = 2, *, signed: bool = False) -> str:
    """An amount without its currency, which belongs to the header."""
    return grouped(number, places, signed=signed)


def compact(number: Number, places: int = 2, *, signed: bool = False) -> str:
    """An amount in thousands, millions or billions, for tiles and headlines."""
    size = abs(exact(number))
    for scale, unit in ((9, "bn"), (6, "m"), (3, "k")):
        if size >= Decimal(10) ** scale:
            scaled = exact(number).scaleb(-scale)
            return f"{grouped(scaled, places, signed=signed)} {unit}"
    return grouped(number, places, signed=signed)


def percent(number: Number, places: int = 2, *, signed: bool = False) -> str:
    """A fraction as a percentage: 0.0124 is 1.24%."""
    return f"{grouped(exact(number) * 100, places, signed=signed)}%"


def points(number: Number, places: int = 2, *, signed: bool = True) -> str:
    """A difference of two percentages in percentage points."""
    return f"{grouped(exact(number) * 100, places, signed=signed)} pp"


def units(number: Number, places: int = 0, *, signed: bool = False) -> str:
    """A quantity; whole numbers stay whole."""
    return grouped(number, places, signed=signed)


def plain(number: Number, places: int = 2, *, signed: bool = False) -> str:
    """A ratio, price or rate."""
    return grouped(number, places, signed=signed)


KINDS: Final[dict[str, Callable[..., str]]] = {
    "money": money,
    "compact": compact,
    "percent": percent,
    "points": points,
    "units": units,
    "plain": plain,
}


def text_of(
    value: Value, kind: str, places: int | None = None, *, signed: bool = False, arrow: bool = False
) -> str:
    """What stands in the cell."""
    if isinstance(value, NotApplicable):
        return "n/a"
    if value is None or not exact(value).is_finite():
        return DASH
    options = {} if places is None else {"places": places}
    words = KINDS[kind](value, signed=signed, **options)
    if not arrow or not any(digit in words for digit in "123456789"):
        return words
    return f"{DOWN if words.startswith(MINUS) else UP} {words}"


def day(value: date) -> str:
    """A business date in words that no locale can misread: Fri 31 Oct 2025."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def places_needed(values: list[Number], most: int = 6) -> int:
    """Fewest decimals, at most ``most``, that show every value of a column in full."""
    needed = 0
    for value in values:
        fraction = machine(value).partition(".")[2]
        needed = max(needed, min(len(fraction), most))
    return needed
