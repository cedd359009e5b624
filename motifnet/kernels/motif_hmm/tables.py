"""Motifs as look-up tables of words, and expected counts of bases from those of look-ups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

WORD = 4
"""Letters of a word: a base, and as many before it as a background of order 3 looks back at."""
LETTERS = 5
"""Letters of the text: four bases, and one that is unknown."""
LOOKED_UP = 3
"""Tables looked up in one pass, so that a motif has so many at least: most motifs have 12 columns or less."""


class Chains(NamedTuple):
    """Motifs as look-up tables.

    Parameters
    ----------
    widths : numpy.ndarray of int64, shape=(n_motifs,)
    first : numpy.ndarray of int64, shape=(n_motifs + 1,)
        Tables ``first[m]`` to ``first[m + 1] - 1`` are those of motif ``m``.
    tables : numpy.ndarray, shape=(n_strands, n_tables, 625)
        Odds of each word in four states of a motif, over independent bases.
    context : numpy.ndarray, shape=(625,)
        Probability of the last base of each word by itself, over that after the three before it.
    widest : int
        Columns of the widest motif.
    distinct : numpy.ndarray of int64, shape=(n_distinct,)
        The widths that there are.
    row : numpy.ndarray of int64, shape=(n_motifs,)
        Which of them a motif has.
    """

    widths: np.ndarray
    first: np.ndarray
    tables: np.ndarray
    context: np.ndarray
    widest: int
    distinct: np.ndarray
    row: np.ndarray


def chains(emissions: Sequence[np.ndarray], independent: np.ndarray, conditional: np.ndarray) -> Chains:
    """The look-up tables of motifs.

    Parameters
    ----------
    emissions : sequence of numpy.ndarray, shape=(n_strands, width, 4)
        Probability of each base in each state of each motif, in the order of the sequence: the
        second row is a site on the reverse strand.
    independent : numpy.ndarray, shape=(4,)
        Probability of each base of the background by itself.
    conditional : numpy.ndarray, shape=(5, 5, 5, 5)
        Probability of the last base after the three before it, of which 4 is unknown.
    """
    tables = [_word_tables(one / independent) for one in emissions]
    context = np.ones(conditional.shape)
    context[..., :4] = independent / conditional[..., :4]
    widths = np.array([one.shape[1] for one in emissions])
    distinct, row = np.unique(widths, return_inverse=True)
    return Chains(
        widths,
        np.cumsum([0, *(one.shape[1] for one in tables)]),
        np.ascontiguousarray(np.concatenate(tables, axis=1)),
        np.ascontiguousarray(context.ravel()),
        int(widths.max()),
        distinct,
        row,
    )


def _word_tables(odds: np.ndarray) -> np.ndarray:
    """Odds of the words in each four columns, ``shape=(n_strands, n_tables, 625)``."""
    n_strands, width, _ = odds.shape
    n_tables = max(LOOKED_UP, -(-width // WORD))
    padded = np.ones((n_strands, n_tables * WORD, LETTERS))
    padded[:, :width, :4] = odds
    columns = padded.reshape(n_strands, n_tables, WORD, LETTERS)
    words = np.einsum("sta,stb,stc,std->stabcd", *(columns[:, :, place] for place in range(WORD)))
    return words.reshape(n_strands, n_tables, -1)


def base_counts(words: np.ndarray, chains: Chains) -> list[np.ndarray]:
    """Expected counts of bases in the states of each motif, from those of look-ups.

    The adjoint of a product of look-ups, in logarithms: a base counts as often as the words that
    hold it were looked up.

    Returns
    -------
    list of numpy.ndarray, shape=(n_strands, width, 4)
    """
    n_strands, n_tables, _ = words.shape
    by_letter = words.reshape(n_strands, n_tables, *(LETTERS,) * WORD)
    others = [tuple(2 + other for other in range(WORD) if other != place) for place in range(WORD)]
    counts = np.stack([by_letter.sum(axis)[..., :4] for axis in others], axis=2)
    return [
        counts[:, first:last].reshape(n_strands, -1, 4)[:, :width]
        for first, last, width in zip(chains.first[:-1], chains.first[1:], chains.widths, strict=True)
    ]


def weighted(chains: Chains, weights: np.ndarray) -> Chains:
    """The same with the weight of each motif in its first table."""
    tables = chains.tables.copy()
    tables[:, chains.first[:-1]] *= weights[:, None]
    return chains._replace(tables=tables)
