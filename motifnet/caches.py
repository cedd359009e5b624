"""Where things lie that can be made again: compiled kernels, indices, unpacked genomes.

Containers often run with a file system that is read-only, as a user whom the system does not know, and
without a home. Nothing here may fail for that: it takes the first place that can be written to.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_log = logging.getLogger(__name__)
_NAME = "motifnet"


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
    """Choose where numba keeps compiled kernels; called before numba is imported.

    Where packages can be written to, kernels lie beside their code, as numba has it. Else they go to
    :func:`cache_folder`; and without one they are compiled for this run alone, where numba would refuse.
    """
    if _is_writable(os.environ.get("NUMBA_CACHE_DIR")) or _packages_are_writable():
        return
    folder = cache_folder()
    if folder is not None:
        os.environ["NUMBA_CACHE_DIR"] = str(folder / "kernels")
        return
    from numba.core.dispatcher import Dispatcher

    Dispatcher.enable_caching = lambda self: None  # type: ignore[method-assign]  # numba has no switch
    _log.warning(
        "no folder can be written to for compiled kernels, so they are compiled for this run alone; "
        "XDG_CACHE_HOME can name one"
    )


@cache
def prepare_plot_cache() -> None:
    """Choose where matplotlib keeps its list of fonts; called before it is imported."""
    own = os.environ.get("MPLCONFIGDIR") or os.path.expanduser("~/.config/matplotlib")
    folder = None if _is_writable(own) else cache_folder()
    if folder is not None:
        os.environ["MPLCONFIGDIR"] = str(folder / "matplotlib")


def _packages_are_writable() -> bool:
    """Whether our code and that of other packages can have kernels beside it."""
    numba = importlib.util.find_spec("numba")
    files = [__file__, *([numba.origin] if numba is not None and numba.origin is not None else [])]
    return all(_is_writable(Path(file).parent / "__pycache__") for file in files)


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
