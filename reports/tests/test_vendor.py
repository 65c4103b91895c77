"""What is vendored is what its table says, byte for byte."""

import base64
import hashlib
import re

import pytest
from django.conf import settings

VENDOR = settings.BASE_DIR / "static" / "vendor"
ROWS = re.findall(
    r"^\| (\S+) \|.*\| (sha384-\S+) \|", (VENDOR / "VERSIONS.md").read_text(), re.MULTILINE
)


@pytest.mark.parametrize(("name", "digest"), ROWS)
def test_a_vendored_file_has_its_recorded_digest(name, digest):
    actual = hashlib.sha384((VENDOR / name).read_bytes()).digest()
    assert f"sha384-{base64.b64encode(actual).decode()}" == digest


def test_every_vendored_file_is_recorded_and_every_folder_has_its_licence():
    recorded = {name for name, _ in ROWS}
    found = {
        str(path.relative_to(VENDOR))
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in {"LICENSE", "VERSIONS.md"}
    }
    assert found == recorded
    for folder in filter(lambda path: path.is_dir(), VENDOR.iterdir()):
        assert (folder / "LICENSE").exists(), f"{folder.name} has no licence"


def test_no_vendored_file_points_to_a_source_map():
    for name, _ in ROWS:
        assert b"sourceMappingURL" not in (VENDOR / name).read_bytes()
