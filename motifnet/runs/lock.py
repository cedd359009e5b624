"""One run a folder: a lock with its owner, which ends with the process that holds it."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shlex
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from motifnet.errors import FolderInUse, shown
from motifnet.io.text import writing

_WITHOUT_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EINVAL)
_TO_SIGN = 60  # seconds that an owner may take to write its name
_MOST = 4096  # bytes of the record of an owner


@contextmanager
def locked(path: Path, folder: Path) -> Iterator[None]:
    """Hold the lock file ``path`` of a run folder for as long as the context lasts.

    The system takes the lock back when its process ends in whatever way, so that of a dead run there is
    nothing to clear away. The file says who holds it, for whoever comes second.

    Parameters
    ----------
    path : Path
        The lock file; made if it is not there, removed at the end.
    folder : Path
        The run folder, which an error names.

    Raises
    ------
    FolderInUse
        If another process holds it.
    """
    with ExitStack() as unheld:
        unheld.callback(_forsake, path)  # a signal may come when the file is made, and before we know of it
        with writing(folder):
            descriptor = _acquired(path, folder)
        unheld.pop_all()
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(_ourselves()).encode()[:_MOST], 0)
        yield
    finally:
        # While we hold it: once it is let go, a file of that name may be another's.
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _acquired(path: Path, folder: Path) -> int:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor, is_new = _opened(path)
        except FileNotFoundError:  # its last owner removed it, or its folder, between our two steps
            continue
        with ExitStack() as closing:
            closing.callback(os.close, descriptor)
            _lock(descriptor, folder, is_new=is_new)
            if _is_still(path, descriptor):  # or its last owner removed the file
                closing.pop_all()
                return descriptor


def _opened(path: Path) -> tuple[int, bool]:
    """The file, and whether it was made here and now."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644), True
    except FileExistsError:
        return os.open(path, os.O_RDWR), False


def _lock(descriptor: int, folder: Path, *, is_new: bool) -> None:
    owner = _owner(descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderInUse(folder, _told(owner)) from None
    except OSError as problem:
        if problem.errno not in _WITHOUT_LOCKS:
            raise
        # Some file systems of clusters have no locks: whoever made the file has it, and it says who that is.
        is_young = time.time() - os.fstat(descriptor).st_mtime < _TO_SIGN
        if not is_new and (_may_live(owner) if owner else is_young):
            raise FolderInUse(folder, f"{_told(owner)}; if that is dead, remove .work/lock") from None


def _forsake(path: Path) -> None:
    """Remove the file if nobody holds it, and nobody has signed it."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return
    with ExitStack() as closing, suppress(OSError):
        closing.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _owner(descriptor) is None and _is_still(path, descriptor):
            path.unlink(missing_ok=True)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _ourselves() -> dict[str, object]:
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": time.time(),
        "command": shown(shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]), 200),
    }


class _Owner(NamedTuple):
    """Who holds a lock, and since when, in seconds since 1970."""

    pid: int
    since: float
    host: str
    command: str


def _owner(descriptor: int) -> _Owner | None:
    """What the file says of its owner; ``None`` where it was not written yet."""
    try:
        owner = json.loads(os.pread(descriptor, _MOST, 0))
        return _Owner(int(owner["pid"]), float(owner["since"]), str(owner["host"]), str(owner["command"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


def _may_live(owner: _Owner) -> bool:
    if owner.host != socket.gethostname():
        return True
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _told(owner: _Owner | None) -> str:
    if owner is None:
        return "another run, which has just begun"
    minutes = max(0.0, time.time() - owner.since) / 60
    age = f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.0f} hours"
    return f"another run, process {owner.pid} on {owner.host} for {age} ({owner.command})"
