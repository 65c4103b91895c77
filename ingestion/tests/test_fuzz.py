"""A few hundred damaged inputs; ``python -m ingestion.tests.fuzz`` runs many more."""

import subprocess
import sys

from ingestion.tests.fuzz import run


def test_a_damaged_input_is_rows_rejects_or_a_refusal_with_a_sentence():
    found = run(seed=3, count=600)

    assert found.total() == 600
    kinds = {what.partition(":")[0] for what in found}
    assert len(kinds) == 12
    assert any(what.endswith(": rows") for what in found)


def test_the_longer_run_starts_by_its_command():
    command = [sys.executable, "-m", "ingestion.tests.fuzz", "--minutes", "0.02"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "rows" in done.stdout
