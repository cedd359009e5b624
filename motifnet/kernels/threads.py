"""A few threads of our own for compiled loops, which release the interpreter's lock.

Parallel regions of OpenMP, which compilers and libraries offer, leave workers behind that spin
while they wait; two such pools in one process can make everything twenty times slower. These
threads sleep while there is nothing to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TypeVar

import numpy as np

Result = TypeVar("Result")

_chosen = [0]


def use_threads(n_threads: int) -> None:
    """Set how many threads compiled loops take; 0 is as many as the machine has cores."""
    _chosen[0] = n_threads


def n_threads() -> int:
    """How many threads compiled loops take."""
    return _chosen[0] or _cores()


def _cores() -> int:
    """Cores that this process may use, where the system tells; else all that there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool(n_workers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(n_workers, thread_name_prefix="motifnet")


if hasattr(os, "register_at_fork"):  # a forked process has its parent's pool, but none of its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)


def run(tasks: Sequence[Callable[[], Result]], advance: Callable[[], None] = lambda: None) -> list[Result]:
    """Results of the tasks, in their order.

    Parameters
    ----------
    tasks : sequence of callable
        Each calls a compiled loop that releases the interpreter's lock.
    advance : callable
        Called after each task, in the thread that waits for them.
    """
    workers = min(n_threads(), len(tasks))
    each = map if workers <= 1 else _pool(n_threads()).map
    results = []
    for result in each(lambda task: task(), tasks):
        results.append(result)
        advance()
    return results


def shares(offsets: np.ndarray, n_bases: int) -> list[tuple[int, int]]:
    """Ranges of sequences for a task each, the same for any number of threads.

    Parameters
    ----------
    offsets : numpy.ndarray of int64, shape=(n + 1,)
        Where each sequence begins, and the last one ends.
    n_bases : int
        About how many bases a range is to have; a sequence is never cut.

    Returns
    -------
    list of tuple of int
        First sequence of each range, and that after its last: one range at least, which is empty
        if there is no sequence.

    Examples
    --------
    >>> shares(np.array([0, 40, 80, 300, 310]), 100)
    [(0, 3), (3, 4)]
    """
    n = len(offsets) - 1
    wanted = np.arange(0, offsets[-1] + n_bases, n_bases)
    cuts = np.unique(np.concatenate([[0], np.searchsorted(offsets, wanted), [n]]).clip(0, n)).tolist()
    return list(pairwise(cuts)) or [(0, 0)]
