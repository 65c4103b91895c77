"""As whom the embedded servers run, and the command line that makes it so."""

import os
import subprocess
import sys
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")
NOBODY = 65534


class FolderUnreachable(RuntimeError):
    """The data folder cannot be used by the user the servers run as."""


def launch_command(data: Path, stop_signal: str, program: list[str]) -> list[str]:
    """Command that runs ``program`` unprivileged and ends it with its parent."""
    command = [sys.executable, "-I", str(LAUNCHER), "--signal", stop_signal]
    if os.geteuid() == 0:
        owner = data.stat().st_uid
        command += ["--root", "namespace"] if owner == 0 else ["--user", str(owner)]
    return [*command, "--", *program]


def give_to_server_user(folder: Path) -> None:
    """Makes a new data folder usable by the user the server will run as.

    Nothing to do unless we are root on a machine that forbids user namespaces: then the folder
    goes to ``nobody``, who must be able to walk to it.
    """
    if os.geteuid() != 0 or folder.stat().st_uid != 0 or namespaces_allowed():
        return
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001 and not _is_ours(parent, folder):
            raise FolderUnreachable(
                f"PostgreSQL does not run as root, and the user it would run as cannot enter"
                f" {parent}. Set HELIO_HOME to a folder outside it, for example /var/lib/helio,"
                " or run as an ordinary user."
            )
    folder.parent.chmod(0o711)
    os.chown(folder, NOBODY, NOBODY)


def namespaces_allowed() -> bool:
    """True when root may enter a user namespace here (many containers forbid it)."""
    probe = [sys.executable, "-I", str(LAUNCHER), "--probe"]
    return subprocess.run(probe, check=False).returncode == 0


def _is_ours(parent: Path, folder: Path) -> bool:
    return parent == folder.parent
