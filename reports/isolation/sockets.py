"""Open pages: whatever is pushed to a person is compared with what they may see."""

import json
import time
import zlib
from collections.abc import Sequence
from random import Random
from typing import Final
from urllib.parse import quote, urlsplit

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin

from reports.isolation import naming
from reports.isolation.access import Access
from reports.isolation.cast import Member
from reports.isolation.tally import Tally
from reports.isolation.truth import Truth

PAGES: Final = ("/", "/portfolios/")
# How long an open page may still show what was just ended.
GRACE: Final = 1.0
FRAMES: Final = 3
PATIENCE: Final = 3.0


class SocketReader:
    """Opens pages one after the other and reads what they are sent."""

    def __init__(self, urls: Sequence[str], truth: Truth, access: Access, tally: Tally) -> None:
        self._urls, self._truth, self._access, self._tally = urls, truth, access, tally
        self._names = naming.Names(truth.codes)

    def read(self, member: Member, cookies: str, rng: Random) -> None:
        """A few frames of one open page, from a version it has never had: all of it is sent."""
        url, page = rng.choice(self._urls), rng.choice(PAGES)
        address = f"ws://{urlsplit(url).netloc}/ws/live/?page={quote(page, safe='')}&version=0"
        try:
            with connect(
                address, origin=Origin(url), additional_headers={"Cookie": cookies}, open_timeout=30
            ) as socket:
                for _ in range(FRAMES):
                    started = time.time()
                    message = socket.recv(timeout=PATIENCE)
                    self._compare(member, page, message, started)
        except TimeoutError:
            return  # nothing new to push
        except (OSError, WebSocketException):
            self._tally.again()

    def _compare(self, member: Member, page: str, message: str | bytes, started: float) -> None:
        if isinstance(message, str):
            text = message
        else:
            text = json.dumps(json.loads(zlib.decompress(message, wbits=-15)))
        seen = self._names.in_text(text)
        may = self._access.may(member.id, started - GRACE, time.time())
        for portfolio in seen - may:
            where = f"{member.username} ({member.role}), pushed to {page}"
            self._tally.foreign(1, f"{where}: {self._truth.codes[portfolio]}")
        self._tally.read("push", len(self._truth.codes))
