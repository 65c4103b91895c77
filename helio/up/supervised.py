"""The processes that supervisor keeps: web, worker and beat, as its configuration file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helio.embedded.privilege import LAUNCHER

PATIENCE = 15  # seconds a process gets to end by itself


@dataclass(frozen=True)
class Program:
    """One process to keep, with all it may know."""

    name: str
    command: list[str]
    environment: Mapping[str, str]


def tied(command: list[str], signal_name: str = "TERM") -> list[str]:
    """The command, ended by the kernel when the process that runs it dies."""
    return [sys.executable, "-I", str(LAUNCHER), "--signal", signal_name, "--", *command]


def configuration(programs: list[Program], folder: Path, logs: Path, project: Path) -> str:
    """supervisord.conf for the programs."""
    lines = [
        "[supervisord]",
        "nodaemon=true",
        "silent=true",
        f"pidfile={_escaped(str(pid_file(folder)))}",
        f"logfile={_escaped(str(logs / 'supervisor.log'))}",
        "logfile_maxbytes=10MB",
        "logfile_backups=1",
        f"childlogdir={_escaped(str(logs))}",
        # Said only to quiet a warning about root; the user stays who started us.
        *([f"user={os.geteuid()}"] if os.geteuid() == 0 else []),
    ]
    for program in programs:
        lines += _section(program, logs, project)
    return "\n".join(lines) + "\n"


def _section(program: Program, logs: Path, project: Path) -> list[str]:
    environment = ",".join(f"{k}={_quoted(v)}" for k, v in sorted(program.environment.items()))
    return [
        "",
        f"[program:{program.name}]",
        f"command={' '.join(_quoted(part) for part in tied(program.command))}",
        f"directory={_escaped(str(project))}",
        f"environment={environment}",
        "autorestart=true",
        "startsecs=2",
        "startretries=100000",
        f"stopwaitsecs={PATIENCE}",
        "killasgroup=true",
        "redirect_stderr=true",
        f"stdout_logfile={_escaped(str(logs / (program.name + '.log')))}",
        "stdout_logfile_maxbytes=10MB",
        "stdout_logfile_backups=1",
    ]


def _escaped(value: str) -> str:
    return value.replace("%", "%%")


def _quoted(value: str) -> str:
    if '"' in value or "\n" in value:
        raise ValueError("A value with a quotation mark or line break cannot be passed on.")
    return f'"{_escaped(value)}"'


def pid_file(folder: Path) -> Path:
    """Where supervisord writes its process id."""
    return folder / "supervisord.pid"


def start(programs: list[Program], folder: Path, logs: Path, project: Path) -> subprocess.Popen:
    """A running supervisord, in a session of its own: the terminal's Ctrl-C is ours to pass on."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "supervisord.conf"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(configuration(programs, folder, logs, project))
    command = tied([sys.executable, "-m", "supervisor.supervisord", "-c", str(path)])
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with (logs / "supervisor.log").open("a") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=project,
            env=kept,
            start_new_session=True,
        )


def stop(process: subprocess.Popen) -> None:
    """Ends supervisord and all it keeps; returns once they are gone."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE + 10)
    except subprocess.TimeoutExpired:
        process.kill()  # the kernel then ends its programs, which are tied to it
        process.wait()


def wait_for_predecessor(folder: Path, patience: float = PATIENCE + 10) -> None:
    """Waits until a supervisord whose starter was killed has ended its programs."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and _runs(folder):
        time.sleep(0.1)


def _runs(folder: Path) -> bool:
    try:
        pid = int(pid_file(folder).read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return False
    return str(folder / "supervisord.conf").encode() in command
