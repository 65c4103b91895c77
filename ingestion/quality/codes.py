"""The codes of findings: how much each matters, and in a few words what it says.

docs/howto/findings.md tells people what to do about each; a test compares the two lists.
"""

from dataclasses import dataclass
from typing import Final

from ingestion.models import Finding

NOTE, WARNING, ERROR = Finding.Severity.NOTE, Finding.Severity.WARNING, Finding.Severity.ERROR


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its weight, its family of checks and its title for people."""

    name: str
    severity: Finding.Severity
    family: str
    title: str


CODES: Final[dict[str, Code]] = {
    code.name: code
    for code in (
        Code("TRAILER_MISMATCH", ERROR, "files", "A file's trailer does not fit its records"),
        Code("DUPLICATE_FILE", NOTE, "files", "The same bytes came under another name"),
        Code("DUPLICATE_RECORD", NOTE, "files", "A record was delivered before"),
        Code("SEQUENCE_GAP", WARNING, "files", "A numbered file never came"),
        Code("SCHEMA_DRIFT", WARNING, "files", "A file's columns differ from the one before"),
        Code("CONFLICTING_RECORD", ERROR, "files", "One identity came with two contents"),
        Code("CONFLICTING_MAPPING", ERROR, "reference", "One code was given two meanings"),
        Code("UNKNOWN_BOOK", ERROR, "reference", "A book or account belongs to no portfolio"),
        Code("UNKNOWN_INSTRUMENT", ERROR, "reference", "No listing is known for a code"),
        Code("AMBIGUOUS_IDENTIFIER", ERROR, "reference", "A code means several listings"),
        Code("EXPIRED_IDENTIFIER", ERROR, "reference", "A code was not in use on its day"),
        Code("CHECK_DIGIT", ERROR, "reference", "An identifier fails its check digit"),
        Code("UNKNOWN_CURRENCY", ERROR, "reference", "Nothing of ours is in a currency"),
        Code("UNKNOWN_VENUE", ERROR, "reference", "A venue's time zone is not known"),
        Code("TRADE_DATE_SHIFTED", NOTE, "trades", "Desk and venue disagree about the date"),
        Code("LATE_CAPTURE", WARNING, "trades", "A trade was captured days late"),
        Code("VERSION_OUT_OF_ORDER", NOTE, "trades", "A version came after a higher one"),
        Code("AMENDED", NOTE, "trades", "A record replaces an earlier version"),
        Code("CANCELLED", NOTE, "trades", "A record cancels an earlier version"),
        Code("OVERSOLD", ERROR, "trades", "A sale leaves fewer than no units"),
        Code("PRICE_MISSING", WARNING, "prices", "A session has no price"),
        Code("PRICE_STALE", WARNING, "prices", "Five or more sessions in a row have no price"),
        Code("PRICE_STARTS_LATE", NOTE, "prices", "A listing's prices start late"),
        Code("PRICE_JUMP", WARNING, "prices", "A price jumps and no split explains it"),
        Code("PRICE_UNIT_SUSPECT", ERROR, "prices", "A price is off by about a hundred times"),
        Code("PRICE_RESTATED", NOTE, "prices", "A price was restated"),
        Code("PRICE_UNIT_CHANGED", NOTE, "prices", "A price comes in another unit than before"),
        Code("FX_MISSING", WARNING, "prices", "A fixing is missing"),
        Code("FX_RESTATED", NOTE, "prices", "A fixing was restated"),
        Code("PRICE_NOT_POSITIVE", ERROR, "prices", "A price of zero or less"),
        Code("FX_NOT_POSITIVE", ERROR, "prices", "A fixing of zero or less"),
        Code("PRICE_DIFFERS", WARNING, "prices", "Two sources state different prices"),
        Code("SOURCES_DIFFER", WARNING, "prices", "Two sources state one fact differently"),
        Code("CUSTODIAN_ADJUSTMENT", WARNING, "custody", "The custodian corrected itself"),
        Code("BREAK_POSITION", ERROR, "custody", "Ledger and custodian hold different units"),
        Code("BREAK_CASH", ERROR, "custody", "Ledger and custodian hold different cash"),
        Code("ACTION_NOT_BOOKED", ERROR, "custody", "A split was not booked"),
        Code("BRIDGE_OPEN", ERROR, "results", "The bridge of net asset value does not close"),
        Code("CONTRIBUTION_GAP", ERROR, "results", "Contributions do not sum to the return"),
        Code("EXPOSURE_GAP", ERROR, "results", "Exposures do not sum to 100 %"),
        Code("RETURN_OUT_OF_RANGE", ERROR, "results", "A return outside that of the holdings"),
        Code("NEGATIVE_QUANTITY", ERROR, "results", "A quantity below nothing"),
        Code("NO_FIGURES", ERROR, "results", "A portfolio has no figures from a day on"),
        Code("HOLDING_UNPRICED", ERROR, "results", "A holding has no value"),
        Code("PERIOD_RESTATED", ERROR, "results", "A closed month was restated after its close"),
        Code("FIGURE_RESTATED", WARNING, "results", "A published month end changed"),
        Code("CHECK_FAILED", ERROR, "checks", "A check itself could not be run"),
    )
}


def code(name: str) -> Code:
    """The code; one that only a reader of files knows counts as an error of its file."""
    return CODES.get(name) or Code(name, ERROR, "files", name.replace("_", " ").capitalize())
