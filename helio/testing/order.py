"""Which files of tests are begun first, and how seldom Python looks for garbage meanwhile.

Two processes that share the tests end together only if neither is left with a long file at the end.
"""

import gc
from pathlib import Path
from typing import Final

import pytest

from helio.garbage import leave_what_is_loaded

ROOT: Final = Path(__file__).parents[2]
# Files that take more than ten seconds, the longest first.
LONG: Final = (
    "reports/tests/test_pages.py",
    "helio/rls/tests/test_migrations.py",
    "helio/tests/test_up.py",
    "reports/isolation/tests/test_proof.py",
    "reports/live/tests/test_socket.py",
    "ingestion/tests/test_order_of_delivery.py",
    "portfolios/tests/test_known_then.py",
    "portfolios/tests/test_incremental.py",
    "portfolios/tests/test_figures_of_the_case.py",
    "portfolios/tests/test_explain.py",
    "helio/tests/test_glossary.py",
    "portfolios/tests/test_refresh.py",
    "helio/rls/tests/test_key_rotation.py",
    "ingestion/quality/tests/test_planted_faults.py",
    "portfolios/tests/test_identities.py",
    "helio/tests/test_demo_people.py",
    "helio/tests/test_ending.py",
    "reports/tests/test_known_then.py",
    "reports/tests/test_exports.py",
    "reports/tests/test_explain.py",
    "ingestion/crosswalk/tests/test_applying.py",
    "helio/tests/test_embedded.py",
    "ingestion/ways/tests/test_hardening.py",
    "portfolios/tests/test_periods_of_figures.py",
    "reports/tests/test_attribution_page.py",
    "reports/tests/test_strict_addresses.py",
    "ingestion/tests/test_precedence.py",
    "ingestion/tests/test_kinds.py",
    "ingestion/tests/test_lookup.py",
    "portfolios/tests/test_replay_of_the_case.py",
)
# New objects before the young ones are looked through; pages and frames make many that stay.
YOUNG: Final = 10_000


def longest_first(items: list[pytest.Item]) -> None:
    """Brings the tests of long files to the front. Raises UsageError for a file that is no more."""
    rank = {ROOT / name: number for number, name in enumerate(LONG)}
    gone = [str(path.relative_to(ROOT)) for path in rank if not path.exists()]
    if gone:
        raise pytest.UsageError(f"helio.testing.order names files that are gone: {gone}")
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


def spare_what_stays() -> None:
    """Takes what importing and collecting made out of the search for garbage: it all stays."""
    leave_what_is_loaded()
    _, middle, old = gc.get_threshold()
    gc.set_threshold(YOUNG, middle, old)
