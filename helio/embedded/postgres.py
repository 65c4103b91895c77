"""The embedded PostgreSQL: its first set-up, its command line, and whether it answers."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg

from helio.embedded import binaries
from helio.embedded.home import Home
from helio.embedded.ports import HOST
from helio.embedded.privilege import give_to_server_user, launch_command

SUPERUSER = "postgres"
STOP_SIGNAL = "INT"  # PostgreSQL's fast shutdown: ends sessions, loses nothing
# Asked about; tests make folders of their own in it.
MEMORY = Path("/dev/shm")  # noqa: S108
SHARED_MEMORY_WANTED = 512 * 1024 * 1024

# For two cores and a few gigabytes; a larger machine deserves a server of its own.
TUNING = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_connections": "100",
    "max_parallel_workers_per_gather": "1",
    "max_parallel_workers": "2",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
}
# For data that is thrown away anyway: tests.
UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
# The same where it lies in memory, of which a log takes no more than it must. What is measured
# lies on a disk, with the log of a server that serves.
SPARING = {"wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "256MB"}


class SetupFailed(RuntimeError):
    """initdb did not succeed; the message carries what it said."""


def set_up(home: Home) -> None:
    """Creates the cluster when it is not there yet; an unfinished one is made anew."""
    if (home.postgres / "PG_VERSION").exists():
        return
    # Built beside its place and moved there whole: a set-up that was killed half-way leaves
    # nothing that looks like a cluster.
    scratch = home.folder / "postgresql.new"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    give_to_server_user(scratch)
    _initdb(home, scratch)
    scratch.rename(home.postgres)


def _initdb(home: Home, data: Path) -> None:
    password = home.folder / "postgresql.password"
    program = [
        *(str(binaries.postgres("initdb")), "--pgdata", str(data), "--username", SUPERUSER),
        *("--pwfile", str(password), "--auth", "scram-sha-256", "--encoding", "UTF8"),
        *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
        "--no-sync",
    ]
    password.unlink(missing_ok=True)
    descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(home.secret("postgres-superuser") + "\n")
    if os.geteuid() == 0:
        os.chown(password, data.stat().st_uid, -1)  # whoever initdb runs as must read it
    try:
        done = subprocess.run(
            launch_command(data, STOP_SIGNAL, program),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=_environment(),
            cwd=data,
        )
    finally:
        password.unlink()
    if done.returncode != 0:
        raise SetupFailed(f"PostgreSQL could not be set up in {data}: {done.stderr.strip()}")


def command(home: Home, port: int, durable: bool) -> list[str]:
    """The command that runs the server in the foreground on the port."""
    settings = TUNING | {
        "listen_addresses": HOST,
        "port": str(port),
        "unix_socket_directories": "",
        "dynamic_shared_memory_type": _shared_memory_type(),
    }
    if not durable:
        settings |= UNSAFE | (SPARING if home.postgres.is_relative_to(MEMORY) else {})
    program = [str(binaries.postgres("postgres")), "-D", str(home.postgres)]
    for name, value in settings.items():
        program += ["-c", f"{name}={value}"]
    return launch_command(home.postgres, STOP_SIGNAL, program)


def _environment() -> dict[str, str]:
    # PGPORT, PGDATA and their kind would override what we say.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _shared_memory_type() -> str:
    # Containers give /dev/shm 64 MB by default, where a parallel query fails half-way.
    try:
        room = shutil.disk_usage(MEMORY).total
    except OSError:
        return "mmap"
    return "posix" if room >= SHARED_MEMORY_WANTED else "mmap"


def superuser_dsn(home: Home, port: int, database: str = "postgres") -> str:
    """Connection string of the superuser, whom only the starter and ``bootstrap`` use."""
    return psycopg.conninfo.make_conninfo(
        host=HOST,
        port=port,
        user=SUPERUSER,
        password=home.secret("postgres-superuser"),
        dbname=database,
        connect_timeout=3,
        application_name="helio starter",
    )


def answers(home: Home, port: int) -> bool:
    """True when this home's server lets us in; a stranger on the port does not count."""
    try:
        with psycopg.connect(superuser_dsn(home, port)) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and Path(row[0]) == home.postgres
