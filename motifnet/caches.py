"""Where things lie that can be made again: compiled kernels, indices, unpacked genomes.

Containers often run with a file system that is read-only, as a user whom the system does not know, and
without a home. Nothing here may fail for that: it takes the first place that can be written to.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

_log = logging.getLogger(__name__)
_NAME = "motifnet"
_KERNELS = "motifnet-kernels-"  # what the names of folders of compiled kernels begin with
_DIGEST_BYTES = 8
_UNUSED_SECONDS = 30 * 24 * 3600


def cache_folder() -> Path | None:
    """The folder for what can be made again; ``None`` if nothing can be written to.

    It is ``$XDG_CACHE_HOME/motifnet``, by default ``~/.cache/motifnet``, or else a folder of the user's own
    among the temporary files.
    """
    for folder, is_shared in _candidates():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK | os.X_OK) and (not is_shared or _is_ours(folder)):
                return folder
        except OSError:
            continue
    return None


def _candidates() -> Iterator[tuple[Path, bool]]:
    """Places to try, and whether others can make files there."""
    if os.environ.get("XDG_CACHE_HOME"):
        yield Path(os.environ["XDG_CACHE_HOME"], _NAME), False
    home = os.path.expanduser("~")
    if home != "~":  # a user whom the system does not know has none
        yield Path(home, ".cache", _NAME), False
    # Not tempfile.gettempdir(): where there is no other place, that is the folder one happens to be in.
    for folder in (os.environ.get("TMPDIR"), "/tmp", "/var/tmp", "/dev/shm"):
        if folder:
            yield Path(folder, f"{_NAME}-{os.getuid()}"), True


def _is_ours(folder: Path) -> bool:
    """Whether nobody else can have put files there: compiled code is read from it."""
    state = folder.lstat()
    return (
        stat.S_ISDIR(state.st_mode)
        and state.st_uid == os.getuid()
        and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


@cache
def prepare_kernel_cache() -> None:
    """Choose where numba keeps compiled kernels; called before they are imported.

    It is a folder of its own for every state of their sources: numba can read no index of functions whose
    types have classes that are gone, and does not see that a function which another one calls has changed.
    The folder lies where ``NUMBA_CACHE_DIR`` says, or beside the code, or in :func:`cache_folder`; where
    none of these can be written to, kernels are compiled for this run alone, where numba would refuse.
    """
    folder = kernel_folder()
    if folder is not None:
        os.environ["NUMBA_CACHE_DIR"] = str(folder)
        if "numba" in sys.modules:  # imported by somebody else, and has read the environment
            from numba.core import config

            config.reload_config()
        return
    from numba.core.dispatcher import Dispatcher

    Dispatcher.enable_caching = lambda self: None  # type: ignore[method-assign]  # numba has no switch
    _log.warning(
        "no folder can be written to for compiled kernels, so they are compiled for this run alone; "
        "XDG_CACHE_HOME can name one"
    )


def kernel_folder() -> Path | None:
    """The folder of compiled kernels of these sources, which is made; ``None`` if nothing can be written to.

    Where it is new, those of other sources are removed that nobody has used for a month.
    """
    name = _KERNELS + kernel_digest(Path(__file__).parent / "kernels")
    for base in _kernel_bases():
        folder = base / name
        is_new = not folder.exists()
        if _is_writable(folder):
            os.utime(folder)  # a folder that is only read from shall not look unused
            if is_new:
                _remove_unused(base)
            return folder
    return None


def kernel_digest(sources: Path) -> str:
    """What tells the sources of kernels, and the numba that compiles them, from others."""
    digest = hashlib.blake2b(version("numba").encode(), digest_size=_DIGEST_BYTES)
    for path in sorted(sources.rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _kernel_bases() -> Iterator[Path]:
    """Folders that may hold those of kernels, the one to try first in front."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        # What started this process may have been one of ours, with a folder for its own sources.
        yield Path(given).parent if Path(given).name.startswith(_KERNELS) else Path(given)
    yield Path(__file__).parent / "__pycache__"
    own = cache_folder()
    if own is not None:
        yield own


def _remove_unused(base: Path) -> None:
    """Remove folders of kernels that have not been used for a month."""
    for folder in base.glob(f"{_KERNELS}*"):
        with suppress(OSError):  # another process may be removing it
            if time.time() - folder.stat().st_mtime > _UNUSED_SECONDS:
                shutil.rmtree(folder)


@cache
def prepare_plot_cache() -> None:
    """Choose where matplotlib keeps its list of fonts; called before it is imported."""
    own = os.environ.get("MPLCONFIGDIR") or os.path.expanduser("~/.config/matplotlib")
    folder = None if _is_writable(own) else cache_folder()
    if folder is not None:
        os.environ["MPLCONFIGDIR"] = str(folder / "matplotlib")


def _is_writable(folder: str | Path | None) -> bool:
    """Whether files can be made in a folder, which is made itself if it is not there."""
    if not folder:
        return False
    # Permissions do not tell of a file system that is read-only; a file does.
    try:
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except (OSError, ValueError):
        return False
