"""The audit of dependencies fails on what is known, and says when it knows nothing."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from helio import dependencies

CONSTRAINTS = "# made by: make constraints\nDjango==5.2.19\nold-thing==0.1  # why\n\n"


class _Service(BaseHTTPRequestHandler):
    answer: Any = None

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        results = [
            {"vulns": [{"id": "PYSEC-1"}]} if one["package"]["name"] == "old-thing" else {}
            for one in asked
        ]
        content = json.dumps(self.answer or {"results": results}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing: a test prints enough."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Service]]:
    server = HTTPServer(("127.0.0.1", 0), _Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OSV_SERVICE", f"http://127.0.0.1:{server.server_port}/")
    yield _Service
    _Service.answer = None
    server.shutdown()
    server.server_close()


@pytest.fixture
def constraints(tmp_path: Path) -> Path:
    path = tmp_path / "constraints.txt"
    path.write_text(CONSTRAINTS)
    return path


def test_a_known_vulnerability_fails_the_check(service, constraints, capsys):
    assert dependencies.main(constraints) == 1
    assert "old-thing==0.1: https://osv.dev/vulnerability/PYSEC-1" in capsys.readouterr().out


def test_an_excuse_holds_until_its_day(service, constraints, monkeypatch):
    excuse = dependencies.Excuse("not reachable", dt.date(2999, 1, 1))
    monkeypatch.setattr(dependencies, "EXCUSED", {"PYSEC-1": excuse})
    assert dependencies.main(constraints) == 0
    late = dependencies.Excuse("not reachable", dt.date(2020, 1, 1))
    monkeypatch.setattr(dependencies, "EXCUSED", {"PYSEC-1": late})
    assert dependencies.main(constraints) == 1


@pytest.mark.parametrize("answer", [{"results": []}, {"error": "x"}, ["x"]])
def test_an_answer_that_does_not_fit_is_no_audit(service, constraints, capsys, answer):
    service.answer = answer
    assert dependencies.main(constraints) == 0
    assert "NOT audited" in capsys.readouterr().out


def test_without_the_service_it_says_that_nothing_was_audited(constraints, monkeypatch, capsys):
    monkeypatch.setenv("OSV_SERVICE", "http://127.0.0.1:9/")
    assert dependencies.main(constraints) == 0
    assert "the 2 pinned packages were NOT audited" in capsys.readouterr().out


def test_every_package_of_the_constraints_is_pinned():
    text = Path(settings.BASE_DIR, "constraints.txt").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(dependencies.pinned(text)) == len(lines)
