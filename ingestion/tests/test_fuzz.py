"""A few hundred damaged inputs; ``python -m ingestion.tests.fuzz`` runs many more."""

from ingestion.tests.fuzz import run


def test_a_damaged_input_is_rows_rejects_or_a_refusal_with_a_sentence():
    found = run(seed=3, count=600)

    assert found.total() == 600
    kinds = {what.partition(":")[0] for what in found}
    assert len(kinds) == 12
    assert any(what.endswith(": rows") for what in found)
