"""Which sequences fit a model and which judge it, so that the verdicts of several fits may be put together.

A model must not have seen the sequences that it is tested on. Of a plain cross-fit each sequence is judged
once, but the p-values of its folds depend on each other in a way that nobody knows. So here the sequences
come in blocks: a first model is fitted to the first block and judged on the second, the next one to the first
two and judged on the third. Given all that came before, each p-value is valid by itself; so they may be put
together as if they were independent (Fisher 1932, sec. 21.1), whatever the models are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.config.tie_tests import LEAST_ALPHA
from motifnet.datasets.dealing import folds
from motifnet.datasets.look_alikes import cluster_sequences
from motifnet.errors import InvalidValue, ShapeMismatch, TooFewSequences
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences

# Parts that the sequences are dealt into; the first two of them are fitted to at once, and of the others each
# is judged. Convention: a first fit needs a good part of the data, and each fit costs its time.
_N_PARTS, _N_FIRST = 5, 2
_AT_ONCE = ((0, 2), (2, 4), (4, 5))  # parts that are one block: two fits, on 40% and on 80%
FEWEST = 40
"""Sequences, or pairs, that a test of held-out ones needs: 16 shape the first fit then. A convention."""
FEWEST_HELD_OUT = 8
"""Of them that judge, if a split is given: so many judge at last where blocks are dealt."""
# Of pairs, what a cluster of look-alikes may hold, and how many in any case: what is larger hangs together by
# repeats of a genome, which say nothing of what happened to their neighbours.
_LARGEST_SHARE, _LARGEST = 0.05, 8


class Deal(NamedTuple):
    """What one fit sees, and what it is judged on.

    Parameters
    ----------
    fit, judge : numpy.ndarray of int
        Indices of sequences.
    """

    fit: np.ndarray
    judge: np.ndarray


def check_alpha(alpha: float) -> None:
    """Refuse a level that no p-value of draws could reach.

    Raises
    ------
    InvalidValue
        If it is below 0.001, or not below 1.

    Examples
    --------
    >>> check_alpha(0.05)
    """
    if not LEAST_ALPHA <= alpha < 1:
        expected = f"{LEAST_ALPHA:g} or more, and less than 1: p-values of draws are hardly smaller"
        raise InvalidValue("alpha", alpha, expected)


def blocks(
    clusters: np.ndarray,
    *,
    held_out: np.ndarray | None = None,
    strata: np.ndarray | None = None,
    seed: int = 0,
) -> list[Deal]:
    """Blocks of sequences, each judged by what was fitted to those before it.

    Parameters
    ----------
    clusters : numpy.ndarray of int, shape=(n,)
        Of sequences that are alike, and stay together.
    held_out : numpy.ndarray of bool, shape=(n,), optional
        What is to be judged, by one fit to all that is not alike to it; if not given, blocks are dealt.
    strata : numpy.ndarray of int, shape=(n,), optional
        Kind of each sequence: blocks that are dealt have about the same share of each.
    seed : int
        Which of the equally large clusters go where.

    Returns
    -------
    list of Deal

    Raises
    ------
    ShapeMismatch
        If what is held out is not told of each sequence.
    TooFewSequences
        If fewer than eight clusters are held out, or sixteen are left to fit to.

    Examples
    --------
    >>> [(len(one.fit), len(one.judge)) for one in blocks(np.arange(100))]
    [(40, 40), (80, 20)]
    """
    if held_out is not None:
        return [_as_split(clusters, held_out)]
    part = folds(clusters, _N_PARTS, seed, strata=strata)
    edges = [np.flatnonzero((part >= first) & (part < last)) for first, last in _AT_ONCE]
    return [Deal(np.sort(np.concatenate(edges[:i])), edges[i]) for i in range(1, len(edges)) if len(edges[i])]


def _as_split(clusters: np.ndarray, held_out: np.ndarray) -> Deal:
    if held_out.shape != clusters.shape:
        raise ShapeMismatch("held_out", held_out.shape, f"{clusters.shape}, one a sequence")
    # A split may have cut a cluster that was too large for a part.
    may_fit = ~held_out & ~np.isin(clusters, clusters[held_out])
    for what, chosen, fewest in (
        ("held out", held_out, FEWEST_HELD_OUT),
        ("to fit to", may_fit, FEWEST * _N_FIRST // _N_PARTS),
    ):
        n = len(np.unique(clusters[chosen]))
        if n < fewest:
            raise TooFewSequences(f"targets unlike each other that are {what}", n, fewest)
    return Deal(np.flatnonzero(may_fit), np.flatnonzero(held_out))


def alike(sequences: Sequences, *, strand: Strand = Strand.BOTH) -> np.ndarray:
    """The cluster of each sequence: those that share a stretch of bases longer than a motif are one.

    Parameters
    ----------
    sequences : Sequences
    strand : Strand
        Whether a stretch may be shared in the other direction.

    Returns
    -------
    numpy.ndarray of int64, shape=(n,)

    Examples
    --------
    >>> stretch = "ACGGTCATTGCAATGCCGTATTGACCTGAACGTTAGCAGGCT"
    >>> alike(Sequences.from_text([stretch, "T" * 40, "GGG" + stretch])).tolist()
    [0, 1, 0]
    """
    return cluster_sequences(sequences, largest=len(sequences), strand=strand).whole


def alike_pairs(pairs: PairedSequences) -> np.ndarray:
    """The cluster of each pair: of those whose first sequences are alike, and their second ones as well.

    Parameters
    ----------
    pairs : PairedSequences

    Returns
    -------
    numpy.ndarray of int64, shape=(n,)

    Examples
    --------
    >>> one = "ACGGTCATTGCAATGCCGTATTGACCTGAACGTTAGCAGGCT"
    >>> other = "TTGGCATCCAGTCAATCGGATACCTGGTTAACCAGGTCATAC"
    >>> x, y = Sequences.from_text([one, one, one]), Sequences.from_text([one, other, one])
    >>> alike_pairs(PairedSequences(x, y, ["first", "second", "third"])).tolist()
    [0, 1, 0]
    """
    largest = max(int(_LARGEST_SHARE * len(pairs)), _LARGEST)
    groups = [cluster_sequences(one, largest=largest).groups for one in (pairs.x, pairs.y)]
    return np.unique(np.column_stack(groups), axis=0, return_inverse=True)[1].ravel()


def together(p_values: list[float]) -> float:
    """One p-value of several, each of which is valid given all that came before it: Fisher's method.

    Parameters
    ----------
    p_values : list of float
        Of the blocks.

    Returns
    -------
    float

    Examples
    --------
    >>> together([0.03]), round(together([0.03, 0.2]), 4), together([1.0, 1.0])
    (0.03, 0.0367, 1.0)
    """
    from scipy.special import chdtrc

    if len(p_values) == 1:
        return p_values[0]
    return float(chdtrc(2 * len(p_values), -2 * np.log(p_values).sum()))
