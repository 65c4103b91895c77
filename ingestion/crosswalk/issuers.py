"""The level above the instrument: who issued it, as a source says or as derived."""

from ingestion.crosswalk.check_digits import fails
from ingestion.sqlfile import fetch, run


def load_issuers(batch_id: int) -> None:
    """Gives the instruments of the staged listings their issuers."""
    stated = fetch("crosswalk/sql/190_stated_leis.sql", batch=batch_id)
    wrong = [lei for (lei,) in stated if fails("LEI", lei)]
    run("crosswalk/sql/200_issuer_named.sql", batch=batch_id, wrong=wrong)
    run("crosswalk/sql/210_issuer_derived.sql")
