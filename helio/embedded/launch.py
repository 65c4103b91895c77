"""Becomes the program it is given, unprivileged and tied to its parent's life.

Run as a file, with the standard library only (``python -I launch.py --signal INT … -- program``):

- PostgreSQL refuses to run as root. Root therefore enters a user namespace in which its files
  belong to ``nobody``; where namespaces are forbidden (some containers) it becomes the user who
  owns the data folder.
- The kernel sends the program a signal when its parent dies, so that even a killed parent leaves
  nothing running.
"""

import ctypes
import os
import signal
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534


def enter_user_namespace() -> bool:
    """True once this process is ``nobody`` in a user namespace of its own; False if forbidden."""
    uid, gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        return False
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123  starts faster without pathlib
            file.write(line)
    return True


def become(uid: int) -> None:
    """Drops root for good: this process is the given user afterwards."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def die_with_parent(signal_number: int, parent: int) -> None:
    """Asks the kernel for a signal at the parent's death; ends at once if it died already."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    # Closes the race with a parent that died before the call. In a namespace or under a
    # supervisor the number stays what it was, so any other number means "gone".
    if os.getppid() != parent:
        os.kill(os.getpid(), signal_number)


def main(arguments: list[str]) -> None:
    """``[--user UID] --signal NAME -- program argument …``: replaces this process."""
    split = arguments.index("--")
    options = dict(zip(arguments[:split:2], arguments[1:split:2], strict=True))
    program = arguments[split + 1 :]
    parent = os.getppid()
    user = options.get("--user")
    if user is not None:
        become(int(user))
    elif os.geteuid() == 0 and options.get("--root") == "namespace":
        enter_user_namespace()
    # After the change of user: the kernel forgets the wish when credentials change.
    die_with_parent(getattr(signal, "SIG" + options["--signal"]), parent)
    os.execv(program[0], program)  # noqa: S606  no shell is the point


if __name__ == "__main__":
    if sys.argv[1:] == ["--probe"]:
        try:
            sys.exit(0 if enter_user_namespace() else 1)
        except OSError:
            sys.exit(1)
    main(sys.argv[1:])
