"""The folder that holds everything embedded: data, secrets, logs and locks (HELIO_HOME)."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


class HomeUnusable(RuntimeError):
    """HELIO_HOME cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Ports:
    """Where the embedded servers listen, always on 127.0.0.1; ``keeper`` is the process id."""

    postgres: int
    valkey: int
    keeper: int = 0


class Home:
    """Paths below HELIO_HOME; creates what is missing, readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.postgres = self.folder / "postgresql"
        self.valkey = self.folder / "valkey"
        self.logs = self.folder / "logs"
        self.locks = self.folder / "locks"
        self.secrets = self.folder / "secrets"
        self.ports_file = self.folder / "ports.json"

    def prepare(self) -> None:
        """Creates the folders. Raises HomeUnusable when the place is not ours to write."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for folder in (self.logs, self.locks, self.secrets):
                folder.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise HomeUnusable(
                f"HELIO_HOME={self.folder} cannot be written ({error.strerror}). Set HELIO_HOME to"
                " a folder of yours, or run as the user who made it."
            ) from error
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise HomeUnusable(
                f"HELIO_HOME={self.folder} belongs to another user. Run as that user, or set"
                " HELIO_HOME to a folder of yours."
            )

    def lock(self, name: str) -> Path:
        """Path of the lock file of that name."""
        return self.locks / f"{name}.lock"

    def log(self, name: str) -> Path:
        """Path of the log file of that name."""
        return self.logs / f"{name}.log"

    def secret(self, name: str) -> str:
        """The secret of that name, made at random (256 bits, hexadecimal) when first asked for."""
        path = self.secrets / name
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            self.prepare()
        except PermissionError as error:
            raise HomeUnusable(
                f"{path} belongs to another user. Run as the user who made {self.folder}, or set"
                " HELIO_HOME to a folder of yours."
            ) from error
        return _write_once(path, secrets.token_hex(32))

    def read_ports(self) -> Ports | None:
        """Where the servers listen or last listened; None before the first start."""
        try:
            return Ports(**json.loads(self.ports_file.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write_ports(self, ports: Ports) -> None:
        """Keeps where the servers listen, replaced in one step: a reader sees old or new."""
        scratch = self.ports_file.with_suffix(f".{os.getpid()}")
        scratch.write_text(json.dumps(asdict(ports)))
        scratch.replace(self.ports_file)


def _write_once(path: Path, value: str) -> str:
    """The value now in the file: ours, or that of whoever was first."""
    # A finished file is linked into place, so that two starters never read a half-written secret.
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value + "\n")
    try:
        os.link(scratch, path)
    except FileExistsError:
        return path.read_text().strip()
    finally:
        scratch.unlink()
    return value
