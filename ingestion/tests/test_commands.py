"""The commands of operators: sources, ingest."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import manage
from ingestion.management import commands
from ingestion.models import Source
from ingestion.pipeline.definitions import SHIPPED
from ingestion.tests.expected import ALPHA

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_loading_definitions_says_what_changed(tmp_path):
    first = run("sources", "load", str(SHIPPED))
    assert "blotter: created, files blotter (*blotter*.csv)" in first

    assert "blotter: unchanged" in run("sources", "load", str(SHIPPED))

    changed = tmp_path / "blotter.toml"
    changed.write_text((SHIPPED / "blotter.toml").read_text().replace('remark = "remark"\n', ""))
    assert run("sources", "load", str(changed)) == "blotter: changed, blotter changed\n"
    run("sources", "load", str(SHIPPED))


def test_a_source_that_an_older_helio_loaded_is_brought_up_to_date():
    run("sources", "load", str(SHIPPED))
    Source.objects.filter(name="blotter").update(keep_bytes_days=None, definition="[nonsense")

    said = run("sources", "load", str(SHIPPED / "blotter.toml"))

    assert said == "blotter: changed, and can be read again\n"
    assert Source.objects.get(name="blotter").keep_bytes_days == 2555


def test_a_bad_definition_changes_nothing_and_says_why(tmp_path):
    (tmp_path / "bad.toml").write_text('[source]\nname = "bad"\n')

    with pytest.raises(CommandError, match=r"bad\.toml: file is missing"):
        run("sources", "load", str(tmp_path))
    assert "bad" not in run("sources", "list")


def test_ingest_says_which_files_were_rejected_whole_and_fails_for_them(tmp_path):
    run("sources", "load", str(SHIPPED))
    (tmp_path / "bad_blotter.csv").write_bytes(b"\x00\x01")
    printed, told = StringIO(), StringIO()

    with pytest.raises(CommandError, match=r"^1 of 1 file was rejected whole\.$") as failure:
        call_command(
            "ingest", "blotter", path=tmp_path / "bad_blotter.csv", stdout=printed, stderr=told
        )

    assert failure.value.returncode == 1
    assert told.getvalue() == (
        "bad_blotter.csv was rejected whole: The file is binary, not text.\n"
    )
    assert printed.getvalue().splitlines()[1].split()[1:4] == ["blotter", "done", "1"]


def test_ingest_prints_the_counts_as_a_table_and_as_json():
    run("sources", "load", str(SHIPPED))

    table = run("ingest", "crosswalk", "--path", str(ALPHA / "crosswalk"))
    assert table.splitlines()[0].split() == [
        *("batch", "source", "state", "files", "received", "loaded", "superseded"),
        *("duplicate", "quarantined", "rejected", "released"),
    ]
    assert table.splitlines()[1].split()[1:6] == ["crosswalk", "done", "2", "66", "66"]

    [row] = json.loads(run("ingest", "crosswalk", "--path", str(ALPHA / "crosswalk"), "--json"))
    assert (row["received"], row["duplicate"], row["loaded"]) == (66, 66, 0)


def test_a_file_rejected_whole_keeps_no_other_from_being_taken(tmp_path):
    run("sources", "load", str(SHIPPED))
    for path in sorted((ALPHA / "crosswalk").iterdir()):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    first = min(tmp_path.iterdir())
    first.write_bytes(b"\x00\x01")
    printed = StringIO()

    with pytest.raises(CommandError, match=r"^1 of 2 files were rejected whole\.$"):
        call_command(
            "ingest", "crosswalk", path=tmp_path, json=True, stdout=printed, stderr=StringIO()
        )

    [row] = json.loads(printed.getvalue())
    assert (row["state"], row["files"]) == ("done", 2)
    assert row["received"] > 0, "the other file's records"


def test_ingest_says_what_it_does_not_know(tmp_path):
    run("sources", "load", str(SHIPPED))

    with pytest.raises(CommandError, match="Unknown: nobody; known: crosswalk"):
        run("ingest", "nobody")
    with pytest.raises(CommandError, match="there is no such file or folder"):
        run("ingest", "--path", str(tmp_path / "none"))
    with pytest.raises(CommandError, match="no file here is named like"):
        run("ingest", "--path", str(tmp_path))


def test_every_command_of_ingestion_works_as_the_worker_by_itself():
    files = Path(next(iter(commands.__path__))).glob("[a-z]*.py")
    names = {path.stem for path in files}

    assert "ingest" in names
    assert names <= manage.WORKER
