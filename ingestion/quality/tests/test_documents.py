"""docs/howto/findings.md tells of every code, and of no other."""

import re

from django.conf import settings

from ingestion.quality.codes import CODES
from ingestion.quality.run import CHECKS

HOWTO = settings.BASE_DIR / "docs" / "howto" / "findings.md"


def test_the_how_to_and_the_checks_know_the_same_codes():
    told = re.findall(r"^\| `([A-Z_]+)` \|", HOWTO.read_text("utf-8"), re.MULTILINE)

    assert told == list(CODES)


def test_every_check_raises_known_codes_only():
    raised = {code for check in CHECKS for code in check.codes}

    assert raised <= set(CODES)
