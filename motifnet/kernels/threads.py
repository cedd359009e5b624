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
from typing import TypeVar

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


def run(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """Results of the tasks, in their order.

    Parameters
    ----------
    tasks : sequence of callable
        Each calls a compiled loop that releases the interpreter's lock.
    """
    workers = min(n_threads(), len(tasks))
    if workers <= 1:
        return [task() for task in tasks]
    return list(_pool(n_threads()).map(lambda task: task(), tasks))
