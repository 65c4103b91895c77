"""The result of a run is recorded where access proofs quote it."""

import json

import pytest
from django.core.management import CommandError, call_command

from helio.rls import isolation
from helio.testing import databases
from reports.isolation.tally import Tally

pytestmark = pytest.mark.usefixtures("fresh_database")


def record(tmp_path, tally: Tally, code_digest: str = "") -> None:
    result = tmp_path / "isolation.json"
    told = {
        "seconds": 1.5,
        "rule_digest": "a" * 64,
        "code_digest": code_digest or isolation.code_digest(),
    }
    result.write_text(json.dumps(tally.as_dict() | told))
    with databases.django_connected_to(role="worker"):
        call_command("record_isolation", str(result))


def last_passed() -> bool:
    with databases.django_connected_to(role="worker"):
        run = isolation.last_run()
    assert run is not None
    return run.passed


def test_a_run_without_a_wrong_row_passed(tmp_path) -> None:
    tally = Tally()
    tally.read("relation", 10)
    record(tmp_path, tally)
    assert last_passed()


def test_a_foreign_row_or_an_answer_that_never_came_did_not(tmp_path) -> None:
    for wrong in (lambda t: t.foreign(1, "x"), lambda t: t.failed("y")):
        tally = Tally()
        tally.read("page", 1)
        wrong(tally)
        record(tmp_path, tally)
        assert not last_passed()


def test_what_is_no_result_is_refused_with_a_sentence(tmp_path) -> None:
    (tmp_path / "nothing.json").write_text("none")
    with pytest.raises(CommandError, match="holds no result"):
        call_command("record_isolation", str(tmp_path / "nothing.json"))


def test_a_result_of_other_code_is_refused(tmp_path) -> None:
    with pytest.raises(CommandError, match="other code"):
        record(tmp_path, Tally(), code_digest="b" * 64)
