"""Which files of tests are begun first, and how seldom Python looks for garbage meanwhile.

Two processes that share the tests end together only if neither is left with a long file at the end.
"""

import gc
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
# Files that take more than ten seconds, the longest first.
LONG: Final = (
    "helio/tests/test_up.py",
    "reports/isolation/tests/test_proof.py",
    "portfolios/tests/test_figures_of_the_case.py",
    "reports/tests/test_pages.py",
    "portfolios/tests/test_known_then.py",
    "helio/rls/tests/test_migrations.py",
    "portfolios/tests/test_explain.py",
    "reports/tests/test_known_then.py",
    "portfolios/tests/test_identities.py",
    "ingestion/tests/test_order_of_delivery.py",
    "reports/live/tests/test_socket.py",
    "portfolios/tests/test_refresh.py",
    "ingestion/quality/tests/test_planted_faults.py",
    "helio/rls/tests/test_key_rotation.py",
    "helio/signin/tests/test_throttle.py",
    "reports/tests/test_attribution_page.py",
    "portfolios/tests/test_incremental.py",
    "helio/signin/tests/test_sessions.py",
    "portfolios/tests/test_periods_of_figures.py",
    "reports/tests/test_exports.py",
    "ingestion/operations/tests/test_upload.py",
    "ingestion/tests/test_precedence.py",
    "portfolios/tests/test_replay_of_the_case.py",
    "helio/tests/test_glossary.py",
    "ingestion/crosswalk/tests/test_proposing.py",
    "ingestion/crosswalk/tests/test_applying.py",
    "reports/tests/test_explain.py",
    "helio/tests/test_demo_people.py",
    "ingestion/tests/test_style.py",
    "helio/signin/tests/test_second_factor.py",
    "ingestion/tests/test_lookup.py",
    "ingestion/ways/tests/test_hardening.py",
    "helio/tests/test_embedded.py",
    "helio/rls/tests/test_remembered_perimeter.py",
    "reports/tests/test_strict_addresses.py",
    "helio/audit/tests/test_sights.py",
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
    gc.collect()
    gc.freeze()
    _, middle, old = gc.get_threshold()
    gc.set_threshold(YOUNG, middle, old)
