"""Servers in the test's own process, and sources that are fetched from them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from ingestion.models import FetchRun, Source
from ingestion.pipeline.definitions import SHIPPED, load_definitions
from ingestion.ways import due
from ingestion.ways.run import perform

Answer = tuple[int, dict[str, str], bytes]


class Server:
    """An HTTP server that answers as it is told, and remembers what it was asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answers: list[Answer | Callable[[str], Answer]] = []

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """The next answer; the last one is given for ever."""
        self.asked.append((path, headers))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer(path) if callable(answer) else answer


@contextmanager
def http_server() -> Iterator[Server]:
    """A server on a free port, for the length of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = told.answer(self.path, dict(self.headers))
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing: the test's own output counts."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Server(listening.server_address[1])
    thread = Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def fixings(*days: str, rate: str = "1.1", **more: object) -> bytes:
    """A page of euro fixings, one a day."""
    return json.dumps(
        {
            "resource": "fx-fixings",
            "retrieved_at": "2026-01-31T18:00:00Z",
            "results": [
                {
                    "on": day,
                    "pair": "EURUSD",
                    "rate": rate,
                    "released_at": f"{day}T16:00:00Z",
                }
                for day in days
            ],
            **more,
        }
    ).encode()


def vendor(folder: Path, name: str, fetch: str, *, schedule: str = 'every = "1 day"') -> Source:
    """A source that reads the vendor's pages and is fetched as said."""
    text = (SHIPPED / "vendor.toml").read_text()
    text = text.replace('name = "vendor"', f'name = "{name}"', 1)
    text = text.replace('schedule = { every = "1 day", grace', f"schedule = {{ {schedule}, grace")
    return _loaded(folder, name, f"{text}\n[fetch]\n{fetch}\n")


def portfolios(folder: Path, name: str, fetch: str) -> Source:
    """A source that reads portfolios as CSV and is fetched as said."""
    text = (SHIPPED / "crosswalk.toml").read_text()
    text = text.replace('name = "crosswalk"', f'name = "{name}"', 1)
    return _loaded(folder, name, f"{text}\n[fetch]\n{fetch}\n")


def _loaded(folder: Path, name: str, text: str) -> Source:
    path = folder / f"{name}.toml"
    path.write_text(text)
    load_definitions(path, by="test")
    return Source.objects.get(name=name)


def fetch_now(source: Source) -> FetchRun:
    """The run of fetching a source at once."""
    run = due.begin_now(source, cause="command", worker="test")
    assert run is not None
    perform(run)
    run.refresh_from_db()
    return run
