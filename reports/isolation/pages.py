"""Reads of the site as a signed-in person: pages, partials and files, over HTTP."""

import time
from collections.abc import Sequence
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
        start = time.time()
        try:
            answer = self._client.get(f"{rng.choice(self._urls)}{path}", headers=headers)
        except httpx.TransportError:
            self._tally.again()
            return
        end = time.time()
        if not self._is_answer(answer, path):
            return
        where = f"{self.member.username} ({self.member.role}) at {path}: {answer.status_code}"
        self._judge(address, portfolio, answer, (start, end), where)

    def export(self, rng: Random) -> None:
        """One file of all that the person sees: it names each portfolio and no other."""
        report, form = rng.choice(EXPORTS)
        days = self._truth.days
        fields = {"report": report, "format": form, "from": str(days[0]), "as_of": str(days[-1])}
        start = time.time()
        try:
            answer = self._post(f"{rng.choice(self._urls)}{reverse('reports:export')}", fields)
        except httpx.TransportError:
            self._tally.again()
            return
        end = time.time()
        where = f"{self.member.username} ({self.member.role}), {report}.{form}"
        if not self._is_answer(answer, where):
            return
        # Who sees nothing is told so in a sentence, with status 400.
        complete = answer.status_code == httpx.codes.OK
        self._compare("export", self._seen(answer), (start, end), where, complete=complete)

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

    def _is_answer(self, answer: httpx.Response, where: str) -> bool:
        """False where a server was dying, or the session has ended: then it is asked again."""
        if answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
            self._tally.failed(f"{self.member.username}, {where}: an internal error")
            return False
        if answer.status_code > httpx.codes.INTERNAL_SERVER_ERROR:
            self._tally.again()
            return False
        if reverse("accounts:login") not in answer.headers.get("location", ""):
            return True
        if where.startswith(reverse("admin:index")):
            return True  # the admin sends away whoever it does not serve
        self._tally.again()
        with suppress(httpx.TransportError):
            self.sign_in()
        return False

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
        self._compare("page", seen, span, where, complete=complete)

    def _compare(
        self, kind: str, seen: set[int], span: tuple[float, float], where: str, *, complete: bool
    ) -> None:
        must, may = (
            self._access.must(self.member.id, *span),
            self._access.may(self.member.id, *span),
        )
        for portfolio in seen - may:
            self._tally.foreign(1, f"{where}: {self._truth.codes[portfolio]}")
        for portfolio in must - seen if complete else ():
            self._tally.missing(1, f"{where}: {self._truth.codes[portfolio]}")
        self._tally.undecided_rows(len(may - must))
        self._tally.read(kind, len(self._truth.codes))
