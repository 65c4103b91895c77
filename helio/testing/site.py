"""A real web process on a test database, for tests that drive a browser."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from helio.embedded.ports import HOST, any_free
from helio.testing import databases
from helio.up.runner import answers
from helio.up.supervised import tied

READY_WITHIN = 60.0


@dataclass(frozen=True)
class Site:
    """Where the pages are, and what they show."""

    url: str
    database: str

    def manage(self, *arguments: str, role: str = "worker") -> str:
        """Output of a manage.py command on the site's database."""
        return databases.manage(*arguments, role=role, database=self.database)


@contextmanager
def serving(database: str) -> Iterator[Site]:
    """The site, served by daphne as helio_web for the length of the block."""
    port = any_free()
    site = Site(f"http://{HOST}:{port}", database)
    environment = databases.serving_environment(database, "web") | {"PORT": str(port)}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
    )
    log_path = settings.HELIO_HOME / f"site-{port}.log"
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT, 0o600)
    process = subprocess.Popen(
        tied(
            [
                *(sys.executable, "-m", "daphne", "--bind", HOST, "--port", str(port)),
                *("--websocket_timeout", "-1", "--verbosity", "0", "helio.asgi:application"),
            ]
        ),
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=log,
        stderr=log,
    )
    os.close(log)
    try:
        deadline = time.monotonic() + READY_WITHIN
        while not answers(f"{site.url}/readyz"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"The site did not come up:\n{log_path.read_text()}")
            time.sleep(0.1)
        yield site
    finally:
        process.terminate()
        process.wait()
