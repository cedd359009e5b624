"""Long pairs cut into pieces at matches that are sure, so that one alignment is many observations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_align import align
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.symbols import Sequences
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment
from motifnet.symbols.pairs import PairedSequences

SURE = 0.99
"""Posterior probability of the two matches that a cut goes between, at least: a convention. Then the pieces
have the alignment that the whole had there, but for once in fifty cuts at most."""


def pieces(
    model: PairHmm,
    pairs: PairedSequences,
    n_columns: int,
    *,
    band: kernel.Band = kernel.DEFAULT_BAND,
) -> tuple[PairedSequences, np.ndarray]:
    """Cut pairs into pieces of so many columns at least, each between two matches that are sure.

    Where cuts lie does not depend on which sequence is x, if the model does not.

    Parameters
    ----------
    model : PairHmm
    pairs : PairedSequences
    n_columns : int
        Columns of the alignment, at least. What is left at the end is a piece if it is half as long, and goes
        with the last otherwise.
    band : Band

    Returns
    -------
    pieces : PairedSequences
        Along the pairs, with the names of their pairs, numbered where there are several.
    owner : numpy.ndarray of int64, shape=(n_pieces,)
        The pair of each.

    Examples
    --------
    >>> one = "ACGTTTGACAGGACGATTACCAGTACCGATAGG"
    >>> pairs = PairedSequences(Sequences.from_text([one]), Sequences.from_text([one]), ["same"])
    >>> found, owner = pieces(PairHmm.start(divergence=0.02, gap_open=0.001), pairs, 12)
    >>> found.x.text(0), found.names, owner.tolist()
    ('ACGTTTGACAGG', ['same.1', 'same.2', 'same.3'], [0, 0, 0])
    """
    x, y, names, owner = [], [], [], []
    x_places, y_places = [], []
    for i, name in enumerate(pairs.names):
        of_x, of_y = pairs[i]
        parts = list(_parts(align(model, of_x, of_y, band=band).alignment, n_columns))
        for k, (in_x, in_y) in enumerate(parts, 1):
            x.append(of_x[in_x])
            y.append(of_y[in_y])
            names.append(f"{name}.{k}" if len(parts) > 1 else name)
            x_places.append(pairs.x_places[i].part(in_x.start, in_x.stop))
            y_places.append(pairs.y_places[i].part(in_y.start, in_y.stop))
            owner.append(i)
    cut_x, cut_y = (
        Sequences.from_codes(codes, [whole.names[i] for i in owner])
        for codes, whole in ((x, pairs.x), (y, pairs.y))
    )
    return PairedSequences(cut_x, cut_y, names, x_places, y_places), np.array(owner, np.int64)


def _parts(alignment: Alignment, n_columns: int) -> Iterator[tuple[slice, slice]]:
    """The parts of x and of y of each piece."""
    columns = alignment.columns
    x, y = (np.concatenate([[0], np.cumsum(columns != other)]) for other in (Y_ONLY, X_ONLY))
    for start, stop in pairwise([0, *_starts(alignment, n_columns), len(columns)]):
        yield slice(int(x[start]), int(x[stop])), slice(int(y[start]), int(y[stop]))


def _starts(alignment: Alignment, n_columns: int) -> list[int]:
    """First columns of the second piece and of those after it."""
    is_sure = (alignment.columns == MATCH) & (np.asarray(alignment.confidence) >= SURE)
    allowed = np.flatnonzero(is_sure[1:] & is_sure[:-1]) + 1
    starts: list[int] = []
    place = n_columns
    while (k := int(np.searchsorted(allowed, place))) < len(allowed):
        if len(is_sure) - allowed[k] < n_columns / 2:
            break
        starts.append(int(allowed[k]))
        place = starts[-1] + n_columns
    return starts
