"""One-hot features of sequences, which convolutions read."""

from __future__ import annotations

from typing import Any

import numpy as np

from motifnet.errors import ShapeMismatch
from motifnet.symbols.given import as_sequences

_N_BASES = 4


def one_hot(sequences: Any, dtype: Any = None) -> Any:
    """One-hot features, bases in the order A, C, G, T; an unknown base is a column of zeros.

    Complementing is reversing the channels, and so the reverse complement is ``x.flip(1, 2)``: the channel
    type :data:`motifnet.ties.DNA`.

    Parameters
    ----------
    sequences : numpy.ndarray, torch.Tensor, Sequences or iterable
        Codes, ``(batch, length)``, of :meth:`motifnet.symbols.Sequences.padded` say; or sequences as
        :func:`~motifnet.symbols.given.as_sequences` takes them, which are padded to the longest.
    dtype : dtype, optional
        Of numpy or torch, as the codes are; float32 if not given.

    Returns
    -------
    numpy.ndarray or torch.Tensor, shape=(batch, 4, length)
        A tensor, on its device, where codes are a tensor.

    Raises
    ------
    ShapeMismatch
        If codes are not ``(batch, length)``.
    InvalidValue
        If what is given is no sequence.

    Examples
    --------
    >>> one_hot(["ACGT", "AN"])[:, 0].tolist()
    [[1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]
    >>> one_hot(np.array([[3, 4]], np.uint8)).shape
    (1, 4, 2)
    """
    if not hasattr(sequences, "ndim"):
        known = as_sequences(sequences)
        sequences, _ = known.padded(np.arange(len(known)))
    elif isinstance(sequences, np.ndarray) and sequences.dtype.kind in "OSU":
        return one_hot(list(sequences), dtype)
    if sequences.ndim != 2:
        raise ShapeMismatch("codes", sequences.shape, "(batch, length)")
    if isinstance(sequences, np.ndarray):
        bases = np.arange(_N_BASES, dtype=sequences.dtype)
        return (sequences[:, None] == bases[:, None]).astype(dtype or np.float32)
    is_base = sequences[:, None] == sequences.new_tensor(range(_N_BASES))[:, None]
    return is_base.float() if dtype is None else is_base.to(dtype)
