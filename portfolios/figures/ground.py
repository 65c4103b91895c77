"""What the figures stand on: the stored statements for now, a knowledge cut for then."""

from typing import Any

from portfolios import statements
from portfolios.figures.then import bridge_rows, firm_rows, index_rows, period_rows
from portfolios.figures.then import rows as then
from portfolios.figures.then.cut import Cut

_APART = (bridge_rows, firm_rows, period_rows, index_rows)


def rows(name: str, cut: Cut | None, **asked: Any) -> list[dict[str, Any]]:
    """The rows of the statement ``figures/<name>``, stored or computed from what was known."""
    if cut is None:
        return statements.rows(f"figures/{name}", **asked)
    source = next((one for one in _APART if name in one.NAMES), then)
    return getattr(source, name)(cut, **asked)
