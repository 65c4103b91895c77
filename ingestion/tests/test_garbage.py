"""Cycles are looked for rarely during a run, and as ever after it, however it ends."""

import gc

import pytest

from ingestion.pipeline.garbage import MADE, collected_rarely


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
