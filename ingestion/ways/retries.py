"""Tries again what may succeed later: exponential backoff with jitter, within the fetch's limit."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from ingestion.ways.visit import FetchFailed, Visit

T = TypeVar("T")

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 60.0


def persistently(visit: Visit, ask: Callable[[], T]) -> T:
    """What the question answers, asked as often as the definition allows.

    A server that says how long to wait (Retry-After) is waited for; one that says longer than the
    fetch may take is not asked again.
    """

    def counted() -> T:
        visit.asked += 1
        visit.check_time()
        return ask()

    retrying = Retrying(
        stop=stop_after_attempt(visit.policy.attempts),
        retry=retry_if_exception(lambda error: _may_help(error, visit)),
        wait=_wait,
        reraise=True,
    )
    return retrying(counted)


def _may_help(error: BaseException, visit: Visit) -> bool:
    if not isinstance(error, FetchFailed) or not error.again:
        return False
    return (error.wait or 0) < min(visit.remaining, LONGEST_WAIT_SECONDS)


def _wait(state: RetryCallState) -> float:
    backoff = wait_exponential_jitter(
        multiplier=FIRST_WAIT_SECONDS, max=LONGEST_WAIT_SECONDS, jitter=FIRST_WAIT_SECONDS
    )(state)
    error = state.outcome.exception() if state.outcome else None
    wished = error.wait if isinstance(error, FetchFailed) and error.wait else 0.0
    return max(backoff, wished)
