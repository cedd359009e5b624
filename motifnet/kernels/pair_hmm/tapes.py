"""Room for the boundaries that a forward pass keeps for the pass back.

A thread uses its room again for the next pass: the machine takes a tenth of the time of a pass to hand out
memory that was never used, a page at a time.
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
        kept: np.ndarray = getattr(_OF_THREAD, "numbers", _NONE)
        if len(kept) < self.n_numbers:
            kept = _OF_THREAD.numbers = np.empty(self.n_numbers)
        return kept


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
        Numbers of which all boundaries are kept.

    Examples
    --------
    >>> envelope = np.array([[0, 2]] * 100, np.int32)
    >>> tape_for(envelope, 1, 1 << 20), tape_for(envelope, 1, 0)
    (TapeRoom(every=1, n_numbers=9600), TapeRoom(every=10, n_numbers=1920))

    Without limit, those between two lie in the cache of a processor.
    """
    sizes = np.diff(envelope, axis=1)[:, 0].astype(np.int64) * BLOCK * (2 + n_classes)
    if sizes.sum() <= most:
        return TapeRoom(1, int(sizes.sum()))
    every = max(min(math.isqrt(len(sizes)), _NEAR), 1)
    between = np.add.reduceat(sizes, np.arange(0, len(sizes), every))
    return TapeRoom(every, int(sizes[::every].sum() + between.max()))
