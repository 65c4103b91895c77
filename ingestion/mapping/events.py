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
# Fields that are above zero, and below it, where they are stated.
POSITIVE: Final[Mapping[str, tuple[str, ...]]] = {
    "BUY": ("units",),
    "TRANSFER_IN": ("units",),
    "SPLIT": ("split_new", "split_old"),
}
NEGATIVE: Final[Mapping[str, tuple[str, ...]]] = {"SELL": ("units",), "TRANSFER_OUT": ("units",)}


def troubles(columns: Mapping[str, Texts]) -> Iterator[tuple[int, str]]:
    """Places of events that lack what their kind must state, with a sentence; canonical texts."""
    kinds = columns["kind"]
    for name, wanted in _by_field(NEEDED).items():
        for at, text in enumerate(columns[name]):
            if not text and kinds[at] in wanted:
                yield at, f"{name} is empty, which a {kinds[at]} must state"
    for by_kind, side in ((POSITIVE, "above"), (NEGATIVE, "below")):
        for name, wanted in _by_field(by_kind).items():
            for at, text in enumerate(columns[name]):
                if text and kinds[at] in wanted and not _lies(text, side):
                    yield at, f"{name}: {text} is not {side} zero, as in a {kinds[at]}"


def _by_field(by_kind: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
    fields: dict[str, set[str]] = {}
    for kind, names in by_kind.items():
        for name in names:
            fields.setdefault(name, set()).add(kind)
    return fields


def _lies(text: str, side: str) -> bool:
    below = text.startswith("-")
    return bool(text.strip("-0.")) and below == (side == "below")
