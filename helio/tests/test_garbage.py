"""Cycles are looked for rarely during a run, and as ever after it, however it ends."""

import gc

import pytest

from helio.garbage import MADE, collected_rarely, leave_what_is_loaded


def test_a_run_makes_searches_rare_and_leaves_them_as_they_were():
    before = gc.get_threshold()

    with collected_rarely():
        assert gc.get_threshold() == (MADE, *before[1:])

    assert gc.get_threshold() == before


def test_a_run_that_breaks_off_leaves_them_as_they_were():
    before = gc.get_threshold()

    with pytest.raises(ZeroDivisionError), collected_rarely():
        raise ZeroDivisionError

    assert gc.get_threshold() == before


def test_what_is_loaded_is_not_searched_again():
    stays = [[] for _ in range(10)]
    before = gc.get_freeze_count()
    try:
        leave_what_is_loaded()
        assert gc.get_freeze_count() > before
        searched = {id(one) for one in gc.get_objects()}
        assert not searched & {id(one) for one in stays}
    finally:
        gc.unfreeze()
