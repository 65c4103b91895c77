"""A replay's rows as frames, for tests that select and compare columns."""

import pandas as pd

from portfolios.valuation.replay import ActivityRow, ListingRow, Replay, StateRow


def states(told: Replay) -> pd.DataFrame:
    """The spans of holdings, columns as in StateRow."""
    return pd.DataFrame(told.state_rows, columns=list(StateRow._fields), dtype=object)


def activity(told: Replay) -> pd.DataFrame:
    """The days, columns as in ActivityRow."""
    return pd.DataFrame(told.activity_rows, columns=list(ActivityRow._fields), dtype=object)


def listing_activity(told: Replay) -> pd.DataFrame:
    """The days of each listing, columns as in ListingRow."""
    return pd.DataFrame(told.listing_rows, columns=list(ListingRow._fields), dtype=object)
