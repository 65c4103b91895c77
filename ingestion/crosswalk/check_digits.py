"""Check digits of securities identifiers, by python-stdnum."""

from functools import lru_cache
from typing import Final

from stdnum import cusip, figi, isin, lei
from stdnum.gb import sedol

VALIDATORS: Final = {"ISIN": isin, "CUSIP": cusip, "SEDOL": sedol, "FIGI": figi, "LEI": lei}


@lru_cache(maxsize=65_536)
def fails(scheme: str, code: str) -> bool:
    """True when the scheme has a check digit and the code does not pass it."""
    validator = VALIDATORS.get(scheme)
    return validator is not None and not validator.is_valid(code)
