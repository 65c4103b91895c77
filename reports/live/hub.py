"""The hub: one per web process, with a mailbox for each open page.

It listens to the channel layer once for all sockets (a dispatch per socket costs a thread hop
each), asks the database twice a second in case a hint was lost, renders a changed page once per
audience, and never has more than one frame on the way to a browser.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

import structlog
from channels.exceptions import ChannelFull
from channels.layers import get_channel_layer
from django.db import DatabaseError
from redis.exceptions import RedisError

from reports.live import names
from reports.live.audience import Audience
from reports.live.frames import deflate
from reports.live.mailbox import Mailbox
from reports.live.pulse import Pulse, take_pulse
from reports.live.render import PageGoneError, render
from reports.live.work import in_pulse_thread, in_thread

log = structlog.get_logger(__name__)

# Ended access has to leave open pages within a second: half of it to notice, half to act.
PULSE_SECONDS = 0.5
# A look that takes long, with thousands of people, rests this many times as long (at most a pulse).
PULSE_REST = 2.0
BEACON_SECONDS = (25.0, 45.0)
HINT_RETRY_SECONDS = 5.0

Run = Callable[..., Awaitable[Any]]


class Hub:
    """Mailboxes of one web process and the loops that serve them."""

    def __init__(self) -> None:
        self.mailboxes: set[Mailbox] = set()
        self.audiences: dict[tuple, Audience] = {}
        self.version = 0
        self.marks: dict[int, str] = {}
        self._tasks: list[asyncio.Task] = []
        self._woken = asyncio.Event()
        self._outdated = asyncio.Event()

    def start(self) -> None:
        """Start the loops; does nothing when they run already."""
        if not self._tasks:
            loops = (self._listen(), self._watch(), self._publish(), self._beacon())
            self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def stop(self) -> None:
        """End the loops; used when the process ends and by tests."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def join(self, mailbox: Mailbox) -> None:
        """Serve a new socket. Registers it before the page is read, so that no version is lost."""
        self.mailboxes.add(mailbox)
        self.start()
        pulse = await self._take_pulse()
        self.version = self.version or pulse.version
        await self._serve([mailbox] if mailbox in self.mailboxes else [])

    def leave(self, mailbox: Mailbox) -> None:
        """Forget a socket that closed, and the audience it was the last of."""
        mailbox.closed = True
        self.mailboxes.discard(mailbox)
        used = {one.key for one in self.mailboxes}
        self.audiences = {key: value for key, value in self.audiences.items() if key in used}

    async def acknowledged(self, mailbox: Mailbox, version: int) -> None:
        """The browser applied a frame: send what came meanwhile, merged."""
        mailbox.acknowledge(version)
        await self._deliver(mailbox)

    async def resync(self, mailbox: Mailbox) -> None:
        """The browser lost track: send everything."""
        mailbox.forget()
        await self._serve([mailbox])

    async def follow(self, mailbox: Mailbox, address: str) -> None:
        """The browser shows another address of the site now, swapped in place."""
        mailbox.address = address
        mailbox.key = None
        await self.resync(mailbox)

    async def _listen(self) -> None:
        """Wake up at each hint; a broker that is gone costs a second, not a version."""
        while True:
            layer = get_channel_layer()
            try:
                channel = await layer.new_channel()
                await layer.group_add(names.HUB_GROUP, channel)
                while True:
                    await layer.receive(channel)
                    self._woken.set()
            except (RedisError, OSError, ChannelFull) as error:
                log.warning("live.layer_lost", error=str(error))
                await asyncio.sleep(HINT_RETRY_SECONDS)

    async def _watch(self) -> None:
        """Compare the database's pulse with what was sent, at each hint and twice a second."""
        clock = asyncio.get_running_loop().time
        while True:
            begun = clock()
            if self.mailboxes:
                await self._guarded(self._look)
            spent = clock() - begun
            # No hint by then: look all the same.
            with suppress(TimeoutError):
                rest = max(PULSE_SECONDS - spent, min(spent * PULSE_REST, PULSE_SECONDS))
                await asyncio.wait_for(self._woken.wait(), rest)
            self._woken.clear()

    async def _publish(self) -> None:
        """Bring every page to a new version; meanwhile the watch goes on looking at access."""
        while True:
            await self._outdated.wait()
            self._outdated.clear()
            await self._guarded(self._serve_all)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        """Runs the work; whatever happens the loop goes on, or no page here would move again."""
        try:
            await work()
        except DatabaseError as error:
            log.warning("live.database_lost", error=str(error))
        except Exception:
            log.exception("live.look_failed")

    async def _look(self) -> None:
        pulse = await self._take_pulse()
        if pulse.version != self.version:
            self.version = pulse.version
            self._outdated.set()
        await self._serve(
            (
                one
                for one in list(self.mailboxes)
                if one.mark not in (None, self.marks.get(one.person_id))
            ),
            in_pulse_thread,
        )

    async def _serve_all(self) -> None:
        await self._serve(list(self.mailboxes))

    async def _take_pulse(self) -> Pulse:
        """The pulse for all open pages; those whose person or session ended are emptied."""
        # Others may join while the database answers: the answer says nothing about them.
        asked = list(self.mailboxes)
        people = {one.person_id for one in asked}
        sessions = {one.session_key for one in asked}
        pulse = await in_pulse_thread(take_pulse, people, sessions)
        kept = {who: mark for who, mark in self.marks.items() if who not in people}
        self.marks = kept | pulse.marks
        await self._dismiss(asked, pulse)
        return pulse

    async def _dismiss(self, asked: Iterable[Mailbox], pulse: Pulse) -> None:
        for mailbox in asked:
            if mailbox.session_key not in pulse.sessions:
                await self._end(mailbox, names.CLOSE_SIGNED_OUT, "You were signed out.")
            elif mailbox.person_id not in pulse.marks:
                await self._end(mailbox, names.CLOSE_SIGNED_OUT, "This account was closed.")

    async def _serve(self, mailboxes: Iterable[Mailbox], run: Run = in_thread) -> None:
        """Render each page once for those who share it, and send them what they lack."""
        done: dict[tuple, tuple | PageGoneError | None] = {}
        for mailbox in mailboxes:
            # The mark came from the database a moment ago: equal marks, equal perimeters.
            mailbox.mark = mark = self.marks.get(mailbox.person_id)
            shared = (mailbox.address, mark)
            if shared not in done:
                done[shared] = await self._render(mailbox, run)
            key = done[shared]
            if self.marks.get(mailbox.person_id) != mark:
                # Read before the access changed, perhaps: the look that saw it reads it again.
                continue
            if key is None:
                continue
            if isinstance(key, PageGoneError):
                await self._end(mailbox, names.CLOSE_ACCESS_ENDED, str(key))
                continue
            if mailbox.key not in (None, key):
                mailbox.forget()
            mailbox.key = key
            await self._deliver(mailbox)

    async def _render(self, mailbox: Mailbox, run: Run) -> tuple | PageGoneError | None:
        """Key of the audience whose newest state is now this page, or why there is none.

        None when the page's own view failed: one broken page must not hold up the others.
        """
        try:
            rendering = await run(render, mailbox.address, mailbox.person_id)
        except PageGoneError as gone:
            return gone
        except DatabaseError:
            raise
        except Exception:
            log.exception("live.render_failed", address=mailbox.address)
            return None
        audience = self.audiences.setdefault(rendering.key, Audience())
        if audience.newest != rendering.page:
            audience.add(rendering.page)
        return rendering.key

    async def _deliver(self, mailbox: Mailbox) -> None:
        audience = self.audiences.get(mailbox.key or ())
        if audience is None or audience.newest is None or mailbox.in_flight is not None:
            return
        version = audience.newest.version
        if mailbox.has == version or mailbox.closed:
            return
        mailbox.in_flight = version
        await mailbox.send(audience.frame_from(mailbox.has))

    async def _end(self, mailbox: Mailbox, code: int, sentence: str) -> None:
        """Empty the page and close its socket for good."""
        self.leave(mailbox)
        await mailbox.send(deflate({"gone": sentence}))
        await mailbox.close(code, sentence)

    async def _beacon(self) -> None:
        """Tell every page now and then which version is out, so that silence means a fault."""
        while True:
            await asyncio.sleep(random.uniform(*BEACON_SECONDS))  # noqa: S311  no secret
            message = deflate({"beacon": self.version})
            for mailbox in list(self.mailboxes):
                await mailbox.send(message)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The hub of this process (of this event loop, so that tests do not share one)."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs.clear()
        _hubs[loop] = Hub()
    return _hubs[loop]
