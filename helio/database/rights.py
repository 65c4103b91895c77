"""What a database still lacks: one sentence each, with the SQL that gives it. Needs no Django."""

from dataclasses import dataclass

import psycopg

from helio.database.bootstrap import FOLDER

OLDEST = 17
# The first minor releases with the row-security fixes of 2026-11-12.
FIXED_MINOR = {17: 12, 18: 6}


@dataclass(frozen=True)
class Missing:
    """One missing right."""

    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.sentence} Give it with: {self.remedy}" if self.remedy else self.sentence


def missing_rights(url: str) -> list[Missing]:
    """What the database at this address lacks; asked as the migration role, changes nothing."""
    try:
        # Not as the owner: it may be among what is missing.
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
            if version // 10000 < OLDEST:
                return [
                    Missing(f"PostgreSQL {version // 10000} is too old: use {OLDEST} or newer.", "")
                ]
            rows = connection.execute((FOLDER / "check_rights.sql").read_bytes()).fetchall()
            return [Missing(*row) for row in rows]
    except psycopg.OperationalError as error:
        return [Missing(f"The database cannot be reached: {first_line(error)}", "")]


def wrong_user(url: str, role: str) -> Missing | None:
    """What is wrong with the address of a login role, None when it lets that role in."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute("SELECT current_user").fetchone()
    except psycopg.OperationalError as error:
        return Missing(f"{role} cannot connect: {first_line(error)}", "")
    user = row[0] if row else ""
    if user == role:
        return None
    return Missing(f"This address signs in as {user}, where {role} is wanted.", "")


def old_release(server_version: int) -> str | None:
    """A warning when this release lacks known row-security fixes; None when it has them.

    ``server_version`` is PostgreSQL's number, such as 180006 for 18.6.
    """
    major, minor = divmod(server_version, 10000)
    wanted = FIXED_MINOR.get(major)
    if wanted is None or minor >= wanted:
        return None
    return f"PostgreSQL {major}.{minor} lacks row-security fixes: upgrade to {major}.{wanted}."


def first_line(error: Exception) -> str:
    """The first line of what the driver said."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
