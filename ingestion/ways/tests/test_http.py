"""Fetching from an HTTP API: pages, conditions, credentials, retries, and where it may not go."""

import socket
import time
from types import SimpleNamespace

import httpx
import pytest

from ingestion.landing.received import received
from ingestion.models import Batch, FetchState, SourceFile
from ingestion.ways import addresses, retries
from ingestion.ways.http_api import ask
from ingestion.ways.tests.servers import fetch_now, fixings, http_server, vendor
from ingestion.ways.visit import FetchFailed
from portfolios.models import FxFixing

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")

HERE = "allow_private = true"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(retries, "FIRST_WAIT_SECONDS", 0)


@pytest.fixture
def server():
    with http_server() as server:
        yield server


@pytest.fixture
def secrets(settings, tmp_path):
    settings.HELIO_SECRETS_DIR = tmp_path / "secrets"
    settings.HELIO_SECRETS_DIR.mkdir()
    (settings.HELIO_SECRETS_DIR / "token").write_text("s3cr3t-of-the-vendor\n")
    return settings.HELIO_SECRETS_DIR


def way(server, *more: str, path: str = "/fixings") -> str:
    return "\n".join(['way = "http"', f'url = "{server.url}{path}"', HERE, *more])


def test_an_answer_is_landed_byte_for_byte_and_loaded(server, tmp_path):
    body = fixings("2026-01-05", "2026-01-06")
    server.answers = [(200, {}, body)]

    run = fetch_now(vendor(tmp_path, "plain", way(server)))

    file = SourceFile.objects.get(batch=run.batch)
    assert (run.state, run.files, run.sentence) == ("done", 1, "1 file taken.")
    assert b"".join(received(file)) == body
    assert (file.way, file.status) == ("http", "loaded")
    assert FxFixing.objects.filter(fixed_on="2026-01-06").count() == 1


@pytest.mark.parametrize(
    ("page", "answers"),
    [
        (
            'page = { kind = "link_header" }',
            [
                (200, {"Link": '</fixings?p=2>; rel="next"'}, fixings("2026-02-02")),
                (200, {}, fixings("2026-02-03")),
            ],
        ),
        (
            'page = { kind = "next", path = "links.next" }',
            [
                (200, {}, fixings("2026-02-04", links={"next": "/fixings?p=2"})),
                (200, {}, fixings("2026-02-05", links={"next": None})),
            ],
        ),
        (
            'page = { kind = "cursor", path = "cursor", parameter = "after" }',
            [
                (200, {}, fixings("2026-02-06", cursor="abc")),
                (200, {}, fixings("2026-02-09")),
            ],
        ),
        (
            'page = { kind = "number", parameter = "p", results = "results" }',
            [
                (200, {}, fixings("2026-02-10")),
                (200, {}, fixings("2026-02-11")),
                (200, {}, fixings()),
            ],
        ),
    ],
    ids=["link_header", "next", "cursor", "number"],
)
def test_every_page_is_taken(server, tmp_path, page, answers):
    server.answers = list(answers)

    run = fetch_now(vendor(tmp_path, "paged", way(server, page)))

    assert (run.state, run.files, run.batch.files_loaded) == ("done", 2, 2), run.sentence
    assert len({path for path, _ in server.asked}) == len(server.asked)


def test_a_page_that_names_itself_as_the_next_is_refused(server, tmp_path):
    server.answers = [(200, {"Link": '</fixings>; rel="next"'}, fixings("2026-02-12"))]

    run = fetch_now(vendor(tmp_path, "circle", way(server, 'page = { kind = "link_header" }')))

    assert (run.state, run.batch) == ("failed", None)
    assert "its own next page" in run.sentence


def test_a_next_page_on_another_server_is_refused(server, tmp_path):
    server.answers = [(200, {"Link": '<http://other.example/>; rel="next"'}, fixings("2026-02-13"))]

    run = fetch_now(vendor(tmp_path, "abroad", way(server, 'page = { kind = "link_header" }')))

    assert "on another server, which is refused" in run.sentence


def test_what_did_not_change_is_not_sent_again(server, tmp_path):
    stamp = "Sat, 31 Jan 2026 18:00:00 GMT"
    server.answers = [
        (200, {"ETag": '"v1"', "Last-Modified": stamp}, fixings("2026-03-02")),
        (304, {}, b""),
    ]
    source = vendor(tmp_path, "tagged", way(server))
    fetch_now(source)

    again = fetch_now(source)

    headers = server.asked[1][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"v1"', stamp)
    assert (again.state, again.batch) == ("done", None)
    assert again.sentence == "The server says that nothing changed."
    source.refresh_from_db()
    assert source.confirmed_at is not None


def test_the_same_bytes_make_no_second_batch(server, tmp_path):
    server.answers = [(200, {}, fixings("2026-03-03"))]
    source = vendor(tmp_path, "same", way(server))
    fetch_now(source)

    again = fetch_now(source)

    assert again.sentence == "The same bytes as before; nothing is new."
    assert Batch.objects.filter(source=source).count() == 1


def test_a_rejected_file_is_asked_for_again_without_conditions(server, tmp_path):
    server.answers = [(200, {"ETag": '"bad"'}, b'{"resource": "fx-fixings", "results": [')]
    source = vendor(tmp_path, "broken", way(server))

    run = fetch_now(source)
    fetch_now(source)

    assert run.sentence == "1 of 1 file rejected; they are asked for again."
    assert "If-None-Match" not in server.asked[1][1]


def test_a_token_is_sent_and_stands_nowhere(server, tmp_path, secrets, caplog, capfd):
    server.answers = [(401, {}, b"s3cr3t-of-the-vendor is wrong")]

    run = fetch_now(vendor(tmp_path, "guarded", way(server, 'secret = "token"')))

    assert server.asked[0][1]["Authorization"] == "Bearer s3cr3t-of-the-vendor"
    assert run.sentence == "127.0.0.1 refuses our credentials (status 401)."
    assert len(server.asked) == 1  # asking again would not help
    everything = caplog.text + "".join(capfd.readouterr()) + str(vars(run))
    assert "s3cr3t" not in everything


def test_a_missing_secret_is_named(server, tmp_path, secrets):
    run = fetch_now(vendor(tmp_path, "poor", way(server, 'secret = "other"')))

    assert run.sentence.startswith("The secret 'other' is missing: put it into a file")
    assert server.asked == []


def test_a_server_in_trouble_is_asked_again(server, tmp_path):
    server.answers = [
        (503, {"Retry-After": "0"}, b""),
        (200, {"Content-Length": "9999"}, b"cut off"),
        (200, {}, fixings("2026-03-04")),
    ]

    run = fetch_now(vendor(tmp_path, "shaky", way(server)))

    assert (run.state, run.attempts) == ("done", 3), run.sentence


def test_a_server_that_asks_for_an_hour_is_left_alone(server, tmp_path):
    server.answers = [(429, {"Retry-After": "3600"}, b"")]

    run = fetch_now(vendor(tmp_path, "busy", way(server)))

    assert (run.state, run.attempts) == ("failed", 1)


def test_the_breaker_opens_after_failures_and_a_trial_closes_it(server, tmp_path):
    server.answers = [(500, {}, b"")]
    breaker = 'breaker = { failures = 2, pause = "10 minutes" }'
    source = vendor(tmp_path, "down", way(server, "attempts = 1", breaker))

    states = []
    for _ in range(2):
        fetch_now(source)
        states.append(FetchState.objects.get(source=source).breaker)
    FetchState.objects.filter(source=source).update(paused_until="2026-01-01T00:00:00Z")
    trial = FetchState.objects.get(source=source).breaker
    server.answers = [(200, {}, fixings("2026-03-05"))]
    fetch_now(source)

    assert [*states, trial] == ["closed", "open", "half-open"]
    state = FetchState.objects.get(source=source)
    assert (state.breaker, state.failures) == ("closed", 0)


def test_more_bytes_than_allowed_are_not_taken(server, tmp_path):
    server.answers = [(200, {}, b" " * 1_500_000)]

    run = fetch_now(vendor(tmp_path, "fat", way(server, "max_megabytes = 1")))

    assert run.sentence == "The source sends more than the 1 MB its definition allows."
    assert run.batch is None


def test_a_server_that_drips_is_left_when_time_is_over(server, tmp_path):
    def late(path):
        time.sleep(1.2)
        return 200, {}, fixings("2026-03-06")

    server.answers = [late]
    more = ('limit = "1 second"', "attempts = 1")

    run = fetch_now(vendor(tmp_path, "slow", way(server, *more)))

    assert run.state == "failed"
    assert run.sentence == "The fetch took longer than its limit of 1 seconds."


def test_a_private_address_is_refused_unless_allowed(server, tmp_path):
    server.answers = [(200, {}, fixings("2026-03-09"))]
    closed = way(server).replace(HERE, "allow_private = false")

    run = fetch_now(vendor(tmp_path, "inside", closed))

    assert run.state == "failed"
    assert "127.0.0.1, a private address; write allow_private = true" in run.sentence
    assert server.asked == []


def test_a_redirect_to_the_cloud_s_own_address_is_refused_even_then(server, tmp_path):
    server.answers = [(302, {"Location": "http://169.254.169.254/latest/meta-data"}, b"")]

    run = fetch_now(vendor(tmp_path, "lured", way(server)))

    assert "leads to 169.254.169.254, which no source may be" in run.sentence


@pytest.mark.parametrize("status", sorted(ask.REDIRECTS))
def test_a_redirect_from_https_to_plain_http_is_refused_before_anything_is_sent_there(status):
    heard = []

    def answer(request):
        heard.append(str(request.url))
        return httpx.Response(status, headers={"Location": "http://vendor.example/fixings"})

    url, who = httpx.URL("https://vendor.example/fixings"), {"Authorization": "Bearer token"}
    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as client,
        pytest.raises(FetchFailed, match="redirects from https to plain http, which is refused"),
        ask.asked(client, SimpleNamespace(timeout=1), url, {}, who),
    ):
        pass

    assert heard == [str(url)]


def test_credentials_do_not_follow_a_redirect_to_another_origin(server, tmp_path, secrets):
    with http_server() as other:
        server.answers = [(302, {"Location": f"{other.url}/there"}, b"")]
        other.answers = [(200, {}, fixings("2026-03-10"))]

        run = fetch_now(vendor(tmp_path, "moved", way(server, 'secret = "token"')))

    assert run.state == "done", run.sentence
    assert "Authorization" in server.asked[0][1]
    assert "Authorization" not in other.asked[0][1]


def test_a_name_is_judged_by_every_address_it_has(monkeypatch):
    def both(host, port, **kind):
        public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))
        return [public, (*public[:4], ("10.0.0.7", port))]

    monkeypatch.setattr(socket, "getaddrinfo", both)

    with pytest.raises(addresses.FetchFailed, match=r"leads to 10\.0\.0\.7, a private address"):
        addresses.allowed("two.example", 443, allow_private=False)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "100.64.0.1", "::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
     "2002:7f00:1::", "169.254.169.254", "fe80::1", "0.0.0.0",  # noqa: S104
     "224.0.0.1"],
)  # fmt: skip
def test_no_private_address_passes_in_any_disguise(monkeypatch, address):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kind: found)

    with pytest.raises(addresses.FetchFailed):
        addresses.allowed("some.example", 443, allow_private=False)


def test_a_name_is_resolved_once_for_each_connection(server, tmp_path, monkeypatch):
    """What was judged is what is connected to: a second answer of the name is never asked for."""
    answers = []
    real = socket.getaddrinfo

    def once(host, *args, **kind):
        if host == "rebinding.example":
            answers.append(host)
            return real("127.0.0.1", *args, **kind)
        return real(host, *args, **kind)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    server.answers = [(200, {}, fixings("2026-03-11"))]
    url = way(server).replace("127.0.0.1", "rebinding.example")

    run = fetch_now(vendor(tmp_path, "rebound", url))

    assert run.state == "done", run.sentence
    assert answers == ["rebinding.example"]
    assert server.asked[0][1]["Host"].startswith("rebinding.example")
