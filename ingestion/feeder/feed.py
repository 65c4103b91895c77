"""One turn of the feeder: which files it drops, from a seed and the present state alone."""

from datetime import date, datetime
from random import Random

from django.utils import timezone

from ingestion.feeder import market, state, trades
from ingestion.ways.folder.inbox import Inbox

SEED = "helio"
# Every so many turns (one in about 30 s): a restated fixing, some trades, a new business day.
FIXINGS_EVERY = 5
TRADES_EVERY = 2
NEW_DAY_EVERY = 20


def feed(inbox: Inbox, at: datetime | None = None) -> list[str]:
    """Drops this turn's files into the inbox; their names. Waits while earlier ones lie there."""
    waiting = [*inbox.names("vendor"), *inbox.names("blotter")]
    day = state.last_day()
    if day is None or any(name.startswith(state.PREFIX) for name in waiting):
        return []
    tick = state.tick_number()
    files = files_of_turn(tick, day, at or timezone.now())
    for source, name, text in files:
        inbox.drop(source, name, text)
    return [name for _, name, _ in files]


def files_of_turn(tick: int, day: date, at: datetime) -> list[tuple[str, str, str]]:
    """Source, name and text of each file: a function of the turn, the facts and the time alone."""
    random = Random(f"{SEED} {tick}")  # noqa: S311  made-up prices, not secrets
    following = state.next_day(day) if tick % NEW_DAY_EVERY == NEW_DAY_EVERY - 1 else None
    if following is not None:
        return _new_day(random, tick, following, at)
    quotes = state.quotes(day)
    results = market.revised_quotes(random, quotes, day, at)
    files = [_vendor("quotes", tick, market.page("quotes", results, at))]
    if tick % FIXINGS_EVERY == FIXINGS_EVERY - 1:
        restated = [f for f in state.fixings() if f.fixed_on == day]
        fixed = market.fixing_results(random, restated, day, at, 0.0005)
        files.append(_vendor("fixings", tick, market.page("fx-fixings", fixed, at)))
    if tick % TRADES_EVERY == TRADES_EVERY - 1:
        possible = trades.chances(state.holdings(), quotes, day)
        text = trades.blotter(random, possible, day, tick) if possible else None
        if text:
            files.append(("blotter", f"{state.PREFIX}-blotter-{tick:06d}.csv", text))
    return files


def _new_day(random: Random, tick: int, day: date, at: datetime) -> list[tuple[str, str, str]]:
    """Closes, fixings and index levels of the next business day."""
    venues = state.open_venues(day)
    trading = [quote for quote in state.last_quotes() if quote.operating_mic in venues]
    closes = market.new_quotes(random, trading, day, at)
    fixed = market.fixing_results(random, state.fixings(), day, at, 0.004)
    levels = market.index_results(random, state.index_levels(), day, at)
    return [
        _vendor("fixings", tick, market.page("fx-fixings", fixed, at)),
        _vendor("index", tick, market.page("index-levels", levels, at)),
        _vendor("quotes", tick, market.page("quotes", closes, at)),
    ]


def _vendor(what: str, tick: int, text: str) -> tuple[str, str, str]:
    return ("vendor", f"{state.PREFIX}-{what}-{tick:06d}.json", text)
