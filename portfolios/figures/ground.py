"""What the figures stand on: the stored statements for now, a knowledge cut for then."""

from collections.abc import Mapping
from typing import Any

from portfolios import statements
from portfolios.figures.notebook import Notebook, Rows
from portfolios.figures.then import bridge_rows, firm_rows, index_rows, period_rows
from portfolios.figures.then import rows as then
from portfolios.figures.then.cut import Cut

Question = tuple[str, Mapping[str, Any]]

_APART = (bridge_rows, firm_rows, period_rows, index_rows)


def rows(name: str, cut: Cut | None, **asked: Any) -> Rows:
    """The rows of the statement ``figures/<name>``, stored or computed from what was known."""
    if cut is None:
        return _stored(name, asked)
    source = next((one for one in _APART if name in one.NAMES), then)
    found: Rows = getattr(source, name)(cut, **asked)
    return found


def read_ahead(*questions: Question) -> None:
    """Reads what a page will ask for now, together, so that it waits for the database once.

    A question that is forgotten here, or of which nothing can be kept, is asked when it comes up.
    """
    notebook = Notebook.in_force()
    if notebook is None:
        return
    new = [one for one in questions if notebook.find(*one) is None]
    answers = statements.rows_of_each([(f"figures/{name}", asked) for name, asked in new])
    for (name, asked), answer in zip(new, answers, strict=True):
        notebook.keep(name, asked, answer)


def _stored(name: str, asked: Mapping[str, Any]) -> Rows:
    notebook = Notebook.in_force()
    if notebook is None:
        return statements.rows(f"figures/{name}", **asked)
    found = notebook.find(name, asked)
    if found is None:
        found = statements.rows(f"figures/{name}", **asked)
        notebook.keep(name, asked, found)
        found = list(found)
    return found
