"""What the implementations of the operation agree on.

Each is a module of functions on tensors that also says in which types it computes, ``DTYPES``,
and which errors its compiler raises, ``FAILURES``.
"""

from __future__ import annotations

from typing import Generic, Literal, NamedTuple, TypeVar

Array = TypeVar("Array")

Pool = Literal["logsumexp", "max", "mean", "relu"]

POOLS: tuple[Pool, ...] = ("logsumexp", "max", "mean", "relu")
"""How scores along a sequence become one number."""


class Best(NamedTuple, Generic[Array]):
    """The best window of each sequence for each filter.

    Parameters
    ----------
    score : array, shape=(n, n_filters)
        Minus infinity where a sequence has no window.
    position : array of int32, shape=(n, n_filters)
        First base of the window, the leftmost of equals; -1 where there is none.
    reverse : array of bool, shape=(n, n_filters)
        Whether the window is read on the reverse strand; at one place, only where that is better.
    """

    score: Array
    position: Array
    reverse: Array
