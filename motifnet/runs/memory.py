"""How much memory there is, so that work that cannot fit is refused before it begins."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from pathlib import Path

from motifnet.config.align import GIGABYTE
from motifnet.errors import NotEnoughMemory

_GROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def check_memory(what: str, n_bytes: float, hint: str) -> None:
    """Refuse work that takes more memory than this process can ever have.

    Parameters
    ----------
    what : str
        The work, such as ``"comparing 100,000 motifs"``.
    n_bytes : float
        What it takes, about.
    hint : str
        What would take less.

    Raises
    ------
    NotEnoughMemory
        If it does not fit.

    Examples
    --------
    >>> check_memory("nothing", 0, "")
    """
    allowed = min(_limits())
    if n_bytes > allowed:
        raise NotEnoughMemory(what, n_bytes / GIGABYTE, round(allowed / GIGABYTE, 1), hint)


def _limits() -> Iterator[float]:
    """What the machine has, and what a container, or the user, allows."""
    yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        yield soft
    for path in map(Path, _GROUP_LIMITS):
        if path.is_file() and (text := path.read_text().strip()).isdigit():
            yield int(text)
