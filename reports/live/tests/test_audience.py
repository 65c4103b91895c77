"""An audience computes each frame once and forgets what nobody has any more."""

import json
import zlib

import pytest

from reports.live.audience import Audience
from reports.live.mailbox import Mailbox
from reports.live.tests.test_frames import page


def body(message: bytes) -> dict:
    return json.loads(zlib.decompress(message, wbits=-15))


@pytest.fixture
def audience() -> Audience:
    filled = Audience()
    for version in (1, 2, 3):
        filled.add(page(version=version, nav=f"{version}.00"))
    return filled


def test_a_browser_one_version_behind_gets_the_difference(audience):
    message = body(audience.frame_from(2))
    assert (message["from"], message["to"]) == (2, 3)
    assert set(message["ops"]["cells"]) == {"nav", "version"}


def test_versions_in_between_are_merged_into_one_frame(audience):
    message = body(audience.frame_from(1))
    assert (message["from"], message["to"]) == (1, 3)
    assert message["ops"]["cells"]["nav"] == ["3.00", "3.00", "up"]


def test_a_browser_too_far_behind_gets_everything(audience):
    audience.add(page(version=4))
    message = body(audience.frame_from(1))
    assert message["from"] is None
    assert "tiles" in message["ops"]["fragments"]


def test_the_same_frame_is_compressed_once(audience):
    assert audience.frame_from(2) is audience.frame_from(2)


def test_an_acknowledgement_of_another_frame_changes_nothing():
    async def ignore(*_):
        return None

    mailbox = Mailbox("/", 1, "session", 1, send=ignore, close=ignore)
    mailbox.in_flight = 3
    mailbox.acknowledge(2)
    assert (mailbox.has, mailbox.in_flight) == (1, 3)
    mailbox.acknowledge(3)
    assert (mailbox.has, mailbox.in_flight) == (3, None)
