"""What an event must state by its kind: a purchase without a quantity is no purchase."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

Texts = Sequence[str]

# Fields that may not be empty.
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "BUY": ("units", "cash_effect"),
    "SELL": ("units", "cash_effect"),
    "TRANSFER_IN": ("units",),
    "TRANSFER_OUT": ("units",),
    "SPLIT": ("split_new", "split_old"),
    "FX": ("cash_effect", "second_cash_effect"),
    "DIVIDEND": ("cash_effect",),
    "SUBSCRIPTION": ("cash_effect",),
    "REDEMPTION": ("cash_effect",),
    "MGMT_FEE": ("cash_effect",),
    "CUSTODY_FEE": ("cash_effect",),
}
# Fields that are on one side of zero where they are stated.
SIDES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "BUY": (("units", "above"),),
    "SELL": (("units", "below"),),
    "TRANSFER_IN": (("units", "above"),),
    "TRANSFER_OUT": (("units", "below"),),
    "SPLIT": (("split_new", "above"), ("split_old", "above")),
}


def troubles(columns: Mapping[str, Texts]) -> Iterator[tuple[int, str]]:
    """Places of events that lack what their kind must state, with a sentence; canonical texts.

    An event's places come together, what is empty before what lies on the wrong side.
    """
    kinds = columns["kind"]
    needed = {
        kind: tuple((name, columns[name]) for name in NEEDED.get(kind, ())) for kind in set(kinds)
    }
    sided = {
        kind: tuple((name, columns[name], side) for name, side in SIDES.get(kind, ()))
        for kind in needed
    }
    for at, kind in enumerate(kinds):
        for name, texts in needed[kind]:
            if not texts[at]:
                yield at, f"{name} is empty, which a {kind} must state"
        for name, texts, side in sided[kind]:
            text = texts[at]
            if text and ((text[0] == "-") != (side == "below") or not text.strip("-0.")):
                yield at, f"{name}: {text} is not {side} zero, as in a {kind}"
