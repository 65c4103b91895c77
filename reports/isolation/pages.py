"""Reads of the site as a signed-in person: pages, partials and files, over HTTP."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from typing import Any, Final

import httpx
from django.urls import reverse

from reports.isolation import naming
from reports.isolation.access import Access
from reports.isolation.addresses import Address, Shows, readable
from reports.isolation.cast import PASSWORD, Member
from reports.isolation.tally import Tally
from reports.isolation.truth import Truth

PATIENCE: Final = httpx.Timeout(60.0)
BACK_WITHIN: Final = 120.0
PAUSE: Final = 1.0
FIGURES: Final = ("net_asset_value", "day_pnl", "year")
EXPORTS: Final = (("positions", "csv"), ("transactions", "csv"), ("positions", "xlsx"))
# Figures of another currency or day: another path through the same pages.
PARAMETERS: Final = ("", "", "?currency=EUR", "?as_of={day}")
WITH_PARAMETERS: Final = frozenset({"home", "portfolios", "portfolio", "positions", "exposure"})


class SignInFailedError(RuntimeError):
    """A reader could not sign in."""


class PageReader:
    """One person's session at the web processes."""

    def __init__(
        self, urls: Sequence[str], member: Member, truth: Truth, access: Access, tally: Tally
    ) -> None:
        self.member = member
        self._urls, self._truth, self._access, self._tally = urls, truth, access, tally
        self._names = naming.Names(truth.codes)
        self._deck: list[Address] = []
        self.rounds = 0
        self._client = httpx.Client(timeout=PATIENCE, follow_redirects=False)

    def close(self) -> None:
        """Forgets the session."""
        self._client.close()

    def sign_in(self) -> None:
        """As anybody does, on the page."""
        address = f"{self._urls[0]}{reverse('accounts:login')}"
        self._client.get(address)
        fields = {"username": self.member.username, "password": PASSWORD}
        answer = self._post(address, fields)
        if answer.status_code != httpx.codes.FOUND:
            raise SignInFailedError(f"{self.member.username}: {answer.status_code}.")

    def cookies(self) -> str:
        """The session, as a socket sends it."""
        return "; ".join(f"{one.name}={one.value}" for one in self._client.cookies.jar)

    def read(self, rng: Random) -> None:
        """The next page as the person, compared with what the oracle says."""
        address = self._next(rng)
        portfolio, path = self._path(address, rng)
        # Half of them as htmx asks: for a partial.
        headers = {"HX-Request": "true"} if rng.random() < 0.5 else {}
        where = f"{self._who} at {path}"
        asked = self._asked(
            lambda: self._client.get(f"{rng.choice(self._urls)}{path}", headers=headers), path
        )
        if asked is not None:
            answer, span = asked
            self._judge(address, portfolio, answer, span, f"{where}: {answer.status_code}")

    def export(self, rng: Random) -> None:
        """One file of all that the person sees: each portfolio with rows in it and no other."""
        report, form = rng.choice(EXPORTS)
        days = self._truth.days
        fields = {"report": report, "format": form, "from": str(days[0]), "as_of": str(days[-1])}
        asked = self._asked(
            lambda: self._post(f"{rng.choice(self._urls)}{reverse('reports:export')}", fields),
            f"{report}.{form}",
        )
        if asked is not None:
            answer, span = asked
            # Who sees nothing is told so in a sentence, with status 400.
            due = self._truth.reported[report] if answer.status_code == httpx.codes.OK else set()
            where = f"{self._who}, {report}.{form}"
            self._compare("export", self._seen(answer), span, where, due=due)

    def _next(self, rng: Random) -> Address:
        """Every address in its turn, in another order each time."""
        if not self._deck:
            self._deck = readable()
            rng.shuffle(self._deck)
            self.rounds += 1
        return self._deck.pop()

    def _post(self, address: str, fields: dict[str, str]) -> httpx.Response:
        token = {"csrfmiddlewaretoken": self._client.cookies["csrftoken"]}
        return self._client.post(address, data=fields | token, headers={"Referer": address})

    def _path(self, address: Address, rng: Random) -> tuple[int, str]:
        """A portfolio, anybody's, and a path that names it if the address takes one."""
        portfolio = rng.choice(list(self._truth.codes))
        values: dict[str, Any] = {
            "code": self._truth.codes[portfolio],
            "key": rng.choice(self._truth.listings),
            "transaction_id": rng.choice(self._truth.transactions.get(portfolio) or [1]),
            "figure": rng.choice(FIGURES),
            "name": "net_asset_value",
            "number": rng.randint(1, 40),
        }
        path = address.path(values)
        if address.name in WITH_PARAMETERS:
            path += rng.choice(PARAMETERS).format(day=rng.choice(self._truth.days))
        return portfolio, path

    def _asked(
        self, ask: Callable[[], httpx.Response], what: str
    ) -> tuple[httpx.Response, tuple[float, float]] | None:
        """An answer and from when to when it was waited for; None where there was none to compare.

        A server that dies under a request answers with an error, or not at all. Who then reloads
        gets the page, at the latest when the server is back: an error that stays is one.
        """
        deadline = time.monotonic() + BACK_WITHIN
        while time.monotonic() < deadline:
            start = time.time()
            try:
                answer = ask()
            except httpx.TransportError:
                self._tally.again()
                continue
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                self._tally.again()
            elif self._was_signed_out(answer, what):
                self._sign_in_again()
            else:
                return answer, (start, time.time())
            time.sleep(PAUSE)
        self._tally.failed(f"{self._who}, {what}: no answer in {BACK_WITHIN:.0f} s")
        return None

    def _was_signed_out(self, answer: httpx.Response, what: str) -> bool:
        # The admin sends whoever it does not serve to the same page.
        return reverse("accounts:login") in answer.headers.get("location", "") and (
            not what.startswith(reverse("admin:index"))
        )

    def _sign_in_again(self) -> None:
        self._tally.again()
        with suppress(httpx.TransportError):
            self.sign_in()

    @property
    def _who(self) -> str:
        return f"{self.member.username} ({self.member.role})"

    def _seen(self, answer: httpx.Response) -> set[int]:
        return self._names.in_text(naming.text_of(answer.content))

    def _judge(
        self,
        address: Address,
        portfolio: int,
        answer: httpx.Response,
        span: tuple[float, float],
        where: str,
    ) -> None:
        seen = self._seen(answer)
        found = answer.status_code != httpx.codes.NOT_FOUND
        if self.member.role in address.named_to:
            seen = self._names.in_figures(naming.text_of(answer.content))
        if address.shows is Shows.ONE:
            if found and portfolio not in self._access.may(self.member.id, *span):
                self._tally.foreign(1, f"{where}, outside of the perimeter")
            if not found:
                # A page that is not there repeats the address that was asked for.
                seen.discard(portfolio)
                if address.always_there and portfolio in self._access.must(self.member.id, *span):
                    self._tally.missing(1, where)
        complete = address.shows is Shows.PERIMETER and answer.status_code == httpx.codes.OK
        due = set(self._truth.codes) if complete else set()
        self._compare("page", seen, span, where, due=due)

    def _compare(
        self, kind: str, seen: set[int], span: tuple[float, float], where: str, *, due: set[int]
    ) -> None:
        must, may = (
            self._access.must(self.member.id, *span),
            self._access.may(self.member.id, *span),
        )
        for portfolio in seen - may:
            self._tally.foreign(1, f"{where}: {self._truth.codes[portfolio]}")
        for portfolio in (must & due) - seen:
            self._tally.missing(1, f"{where}: {self._truth.codes[portfolio]}")
        self._tally.undecided_rows(len(may - must))
        self._tally.read(kind, len(self._truth.codes))
