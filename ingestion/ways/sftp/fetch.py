"""Fetches a source's new files from an SFTP server whose key the definition pins."""

import asyncio
import fnmatch
import posixpath
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import asyncssh

from ingestion.models import RemoteFile
from ingestion.ways import addresses
from ingestion.ways.folder.inbox import UNFINISHED
from ingestion.ways.retries import persistently
from ingestion.ways.secrets import secret
from ingestion.ways.sftp.options import Options
from ingestion.ways.visit import PART_BYTES, Brought, Fetched, FetchFailed, Visit

# More than this in one go waits for the next.
FILES_MOST = 500

Known = dict[tuple[str, int, datetime], RemoteFile]


def fetch(options: Options, visit: Visit) -> Fetched:
    """The files that were not taken before: by name, size and time."""
    secrets = {key: secret(name) for key, name in _named(options).items()}
    known = {
        (file.name, file.size, file.modified_at): file
        for file in RemoteFile.objects.filter(source_id=visit.source_id)
    }
    files = persistently(visit, lambda: asyncio.run(_bounded(options, visit, secrets, known)))
    return Fetched(files, dict(visit.memory), "" if files else "There is no new file.")


def _named(options: Options) -> dict[str, str]:
    named = {"password": options.password, "key": options.key}
    return {key: name for key, name in named.items() if name}


async def _bounded(
    options: Options, visit: Visit, secrets: dict[str, str], known: Known
) -> list[Brought]:
    visit.bytes = 0
    try:
        async with asyncio.timeout(visit.remaining):
            return await _files(options, visit, secrets, known)
    except TimeoutError:
        raise FetchFailed(f"{options.host} did not answer in time.", again=True) from None
    except asyncssh.HostKeyNotVerifiable:
        raise FetchFailed(
            f"{options.host} shows another key than the one in its definition; nothing was sent."
        ) from None
    except asyncssh.PermissionDenied:
        raise FetchFailed(f"{options.host} refuses our credentials.") from None
    except asyncssh.SFTPError as error:
        raise FetchFailed(f"{options.host} refuses the folder or a file: {error.reason}.") from None
    except (OSError, asyncssh.Error) as error:
        reason = getattr(error, "reason", "") or type(error).__name__
        raise FetchFailed(f"{options.host} cannot be reached: {reason}.", again=True) from None


async def _files(
    options: Options, visit: Visit, secrets: dict[str, str], known: Known
) -> list[Brought]:
    async with _connected(options, visit, secrets) as client:
        brought: list[Brought] = []
        for entry in sorted(await client.readdir(options.folder), key=lambda each: each.filename):
            found = _wanted(str(entry.filename), entry.attrs, options, visit)
            if found is None or not _is_new(found, known, visit):
                continue
            path = visit.place(found.name)
            if await _taken(client, posixpath.join(options.folder, found.name), path, found, visit):
                brought.append(Brought(found.name, path, found))
            if len(brought) == FILES_MOST:
                break
        return brought


@asynccontextmanager
async def _connected(
    options: Options, visit: Visit, secrets: dict[str, str]
) -> AsyncIterator[asyncssh.SFTPClient]:
    """A session with the server that proved its key; nothing of this machine's user is used."""
    [address, *_] = addresses.allowed(
        options.host, options.port, allow_private=options.allow_private
    )
    try:
        trusted = asyncssh.import_public_key(options.host_key)
        keys = [asyncssh.import_private_key(secrets["key"])] if "key" in secrets else None
    except asyncssh.KeyImportError:
        raise FetchFailed("The host_key or the secret key is not a key that can be read.") from None
    async with (
        asyncssh.connect(
            address,
            options.port,
            username=options.user,
            password=secrets.get("password"),
            client_keys=keys,
            known_hosts=([trusted], [], []),
            config=None,
            agent_path=None,
            connect_timeout=visit.timeout,
            login_timeout=visit.timeout,
        ) as connection,
        connection.start_sftp_client() as client,
    ):
        yield client


def _wanted(
    name: str, attrs: asyncssh.SFTPAttrs, options: Options, visit: Visit
) -> RemoteFile | None:
    """The entry when it is a whole file of ours; None for folders, links and unfinished files."""
    if attrs.type != asyncssh.FILEXFER_TYPE_REGULAR or "/" in name or name.startswith("."):
        return None
    if name.lower().endswith(UNFINISHED) or not fnmatch.fnmatch(name, options.pattern):
        return None
    return RemoteFile(
        source_id=visit.source_id,
        name=name[:255],
        size=attrs.size or 0,
        modified_at=datetime.fromtimestamp(attrs.mtime or 0, UTC),
        definition_digest=visit.digest,
    )


def _is_new(file: RemoteFile, known: Known, visit: Visit) -> bool:
    before = known.get((file.name, file.size, file.modified_at))
    if before is None:
        return True
    # Rejected by another definition than today's: it may be taken now.
    return before.rejected and before.definition_digest != visit.digest


async def _taken(
    client: asyncssh.SFTPClient, remote: str, path: Path, found: RemoteFile, visit: Visit
) -> bool:
    """Whether the file was read whole; not when its sender was writing meanwhile."""
    async with client.open(remote, "rb") as source:
        with path.open("wb") as target:
            while part := cast(bytes, await source.read(PART_BYTES)):
                visit.count(len(part))
                target.write(part)
    after = await client.stat(remote)
    whole = path.stat().st_size == found.size == after.size
    if not whole or int(found.modified_at.timestamp()) != after.mtime:
        path.unlink()
        return False
    return True
