"""Room for the boundaries that a forward pass keeps for the pass back.

A thread uses its room again for the next pass: the machine takes a tenth of the time of a pass to hand out
memory that was never used, a page at a time. It is no more than 64 MB, since all boundaries of larger pairs
take as long to write and read as those that are left out take to compute.
"""

from __future__ import annotations

import math
import threading
from typing import NamedTuple

import numpy as np

from motifnet.kernels.pair_hmm.cells import BLOCK


class TapeRoom(NamedTuple):
    """How boundaries between strips are kept.

    Attributes
    ----------
    every : int
        Of so many, one is kept all the time, and those between two while these strips are worked on.
    n_numbers : int
        Of all that are kept at a time.
    """

    every: int
    n_numbers: int

    def numbers(self) -> np.ndarray:
        """Room of this thread, whatever is in it, ``shape=(at least n_numbers,)``."""
        room: np.ndarray = getattr(_OF_THREAD, "room", _NONE)
        if len(room) < self.n_numbers:
            room = np.empty(self.n_numbers)
            if len(room) <= _WORTH_KEEPING:
                _OF_THREAD.room = room
        return room


_WORTH_KEEPING = 1 << 23  # numbers
_NEAR = 32  # strips whose boundaries, of a few hundred columns each, lie in half a megabyte
_OF_THREAD, _NONE = threading.local(), np.empty(0)


def tape_for(envelope: np.ndarray, n_classes: int, most: int) -> TapeRoom:
    """Room for the boundaries of a pass: all of them if they are few enough, else some of them.

    Parameters
    ----------
    envelope : numpy.ndarray of int32, shape=(n_strips, 2)
        Of every strip, the first block, and the one after the last.
    n_classes : int
        Of gaps.
    most : int
        Numbers to keep at most, where all boundaries are.

    Examples
    --------
    >>> envelope = np.array([[0, 2]] * 100, np.int32)
    >>> tape_for(envelope, 1, 1 << 20), tape_for(envelope, 1, 0)
    (TapeRoom(every=1, n_numbers=9600), TapeRoom(every=10, n_numbers=1920))
    """
    sizes = np.diff(envelope, axis=1)[:, 0].astype(np.int64) * BLOCK * (2 + n_classes)
    most = min(most, _WORTH_KEEPING)
    if sizes.sum() <= most:
        return TapeRoom(1, int(sizes.sum()))
    least = max(math.isqrt(len(sizes)), 1)  # how far apart they are where they take least room
    near = _spaced(sizes, min(_NEAR, least))
    return near if near.n_numbers <= most else _spaced(sizes, least)


def _spaced(sizes: np.ndarray, every: int) -> TapeRoom:
    between = np.add.reduceat(sizes, np.arange(0, len(sizes), every))
    return TapeRoom(every, int(sizes[::every].sum() + between.max()))
