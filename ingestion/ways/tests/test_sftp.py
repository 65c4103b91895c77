"""Fetching over SFTP: new files only, once each, from a server that proves its key."""

import asyncio
import os
from threading import Event, Thread

import asyncssh
import pytest

from ingestion.models import RemoteFile, SourceFile
from ingestion.ways import retries
from ingestion.ways.tests.servers import fetch_now, portfolios
from portfolios.models import Portfolio

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")

HEADER = "portfolio_id,portfolio_name,client_id,base_currency,desk,team,opened_on,closed_on\n"


class Server(asyncssh.SSHServer):
    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == ("helio", "s3cr3t")


class Remote:
    """An SFTP server in a thread of its own, on a folder."""

    def __init__(self, root):
        self.root, self.port, self.ready = root, 0, Event()
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()
        assert self.ready.wait(10)

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.listening = self.loop.run_until_complete(self._listen())
        self.port = self.listening.get_port()
        self.ready.set()
        self.loop.run_forever()
        self.listening.close()
        self.loop.run_until_complete(self.listening.wait_closed())
        self.loop.run_until_complete(asyncio.sleep(0.05))
        self.loop.close()

    async def _listen(self):
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=Server,
            server_host_keys=[self.key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(
                channel, chroot=os.fsencode(self.root)
            ),
        )

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    @property
    def host_key(self):
        return self.key.export_public_key().decode().strip()


@pytest.fixture(scope="module")
def remote(tmp_path_factory):
    remote = Remote(tmp_path_factory.mktemp("remote"))
    yield remote
    remote.stop()


@pytest.fixture(autouse=True)
def secrets(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(retries, "FIRST_WAIT_SECONDS", 0)
    settings.HELIO_SECRETS_DIR = tmp_path
    (tmp_path / "sftp").write_text("s3cr3t")
    return tmp_path


def way(remote, *more, host_key=""):
    lines = [
        'way = "sftp"',
        'host = "127.0.0.1"',
        f"port = {remote.port}",
        'user = "helio"',
        f'host_key = "{host_key or remote.host_key}"',
        'password = "sftp"',
        'folder = "/out"',
        'pattern = "portfolio*"',
        "allow_private = true",
        "attempts = 1",
    ]
    return "\n".join([*lines, *more])


def put(remote, name, code):
    folder = remote.root / "out"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"{HEADER}{code},Test,C-1,USD,London,Team,2024-01-01,\n")


def test_only_new_and_whole_files_are_taken(remote, tmp_path):
    source = portfolios(tmp_path, "files", way(remote))
    put(remote, "portfolios.csv", "F-1")
    put(remote, "portfolios.csv.part", "F-9")
    put(remote, "notes.csv", "F-9")
    (remote.root / "out" / "portfolio_link.csv").symlink_to("/etc/passwd")

    first = fetch_now(source)
    second = fetch_now(source)
    put(remote, "portfolios.csv", "F-200")  # the same name with another content
    third = fetch_now(source)

    assert (first.state, first.files) == ("done", 1), first.sentence
    assert (second.files, second.sentence) == (0, "There is no new file.")
    assert (third.files, third.batch.loaded) == (1, 1)
    assert Portfolio.objects.filter(code__in=("F-1", "F-200")).count() == 2
    assert not Portfolio.objects.filter(code="F-9").exists()
    assert SourceFile.objects.filter(source=source, way="sftp").count() == 2
    assert RemoteFile.objects.filter(source=source).count() == 2


def test_a_server_with_another_key_is_told_nothing(remote, tmp_path):
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()

    run = fetch_now(portfolios(tmp_path, "imposter", way(remote, host_key=other)))

    assert run.sentence == (
        "127.0.0.1 shows another key than the one in its definition; nothing was sent."
    )


def test_a_wrong_password_is_a_sentence_without_it(remote, tmp_path, secrets):
    (secrets / "sftp").write_text("wrong-one")

    run = fetch_now(portfolios(tmp_path, "stranger", way(remote)))

    assert run.sentence == "127.0.0.1 refuses our credentials."


def test_a_folder_that_is_missing_is_a_sentence(remote, tmp_path):
    text = way(remote).replace('"/out"', '"/nowhere"')

    run = fetch_now(portfolios(tmp_path, "lost", text))

    assert run.state == "failed"
    assert run.sentence.startswith("127.0.0.1 refuses the folder or a file:")


def test_a_private_server_is_refused_unless_allowed(remote, tmp_path):
    text = way(remote).replace("allow_private = true", "")

    run = fetch_now(portfolios(tmp_path, "inside", text))

    assert "a private address; write allow_private = true" in run.sentence
