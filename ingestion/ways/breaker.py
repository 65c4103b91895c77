"""The circuit breaker of a source, kept in the database so that all workers share it.

Closed: every due fetch is made. After so many failures in a row it opens: nothing is asked until
the pause is over. Then one fetch is a trial (half-open): it closes the breaker, or opens it again.
"""

from datetime import datetime, timedelta

from ingestion.models import FetchState
from ingestion.ways.options import Policy

FIRST_RETRY = timedelta(minutes=1)
# A trial that fails makes the next pause twice as long, up to so many times the first.
LONGEST_PAUSES = 8


def failed(state: FetchState, policy: Policy, now: datetime) -> None:
    """Counts a failure; the next try comes soon, or after the pause once the breaker opens."""
    state.failures += 1
    beyond = state.failures - policy.failures
    if beyond >= 0:
        pause = policy.pause * min(2**beyond, LONGEST_PAUSES)
        state.paused_until = state.next_at = now + pause
    else:
        soon = now + min(FIRST_RETRY * 2 ** (state.failures - 1), policy.pause)
        state.next_at = min(state.next_at, soon) if state.next_at else soon
    state.save()


def succeeded(state: FetchState, now: datetime) -> None:
    """Closes the breaker; the schedule says what is next."""
    state.failures, state.paused_until = 0, None
    if state.next_at is not None:
        state.next_at = min(state.next_at, state.source.rule.after(now))
    state.save()
