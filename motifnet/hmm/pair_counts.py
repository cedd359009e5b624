"""Expected counts of a pair HMM as maximisation and scores take them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motifnet.hmm.pair import PairHmm
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences


@dataclass(frozen=True)
class PooledCounts:
    """Expected counts of all pairs, as an M-step takes them.

    Parameters
    ----------
    match : numpy.ndarray, shape=(4, 4)
    insert : numpy.ndarray, shape=(2, 4)
    opens, extensions, visits : numpy.ndarray, shape=(2, n_classes)
        Stretches of one sequence alone, bases after their first, and all their bases.
    exits : float
        Matches and beginnings after which a gap may open.
    ends, steps : float
        Next columns that are the end, and all of them.
    """

    match: np.ndarray
    insert: np.ndarray
    opens: np.ndarray
    extensions: np.ndarray
    visits: np.ndarray
    exits: float
    ends: float
    steps: float


def pooled(
    model: PairHmm, pairs: PairedSequences, counts: kernel.PairCounts, *, mode: str, pseudocount: float
) -> PooledCounts:
    """The expected counts of an M-step, with a pseudocount added to each."""
    extra, n = pseudocount, len(pairs)
    matches = complete_matches(model, counts.matches.sum(0))
    opens, visits = counts.gaps.sum(0) + extra, counts.gap_columns.sum(0)
    is_global = mode == "global"
    n_matches = counts.matches.sum()
    return PooledCounts(
        matches + extra,
        alone(pairs, counts.matches).sum(0) + extra,
        opens,
        visits - counts.gaps.sum(0) + extra,
        visits + 2 * extra,
        n_matches + (n if is_global else 0) + extra * (opens.size + 1),
        n + extra if is_global else 0.0,
        n_matches + n + 2 * extra,
    )


def complete_matches(model: PairHmm, matches: np.ndarray) -> np.ndarray:
    """Expected columns of known bases, ``(..., 4, 4)``, with unknown bases replaced by what they may be."""
    share = model.match
    found = matches[..., :4, :4].copy()
    found += matches[..., 4:, :4] * (share / share.sum(0))
    found += matches[..., :4, 4:] * (share / share.sum(1, keepdims=True))
    return found + matches[..., 4:, 4:] * share


def alone(pairs: PairedSequences, matches: np.ndarray) -> np.ndarray:
    """Expected bases of each sequence that stand alone, ``shape=(n, 2, 4)``."""
    composition = [_composition(sequences) for sequences in (pairs.x, pairs.y)]
    matched = [matches[:, :4].sum(2), matches[:, :, :4].sum(1)]
    return np.maximum(np.stack(composition, 1) - np.stack(matched, 1), 0)


def _composition(sequences: Sequences) -> np.ndarray:
    """How often each base is in each sequence, ``shape=(n, 4)``."""
    owner = np.repeat(np.arange(len(sequences)), sequences.lengths)
    counts = np.bincount(owner * 5 + np.minimum(sequences.codes, 4), minlength=5 * len(sequences))
    return counts.reshape(-1, 5)[:, :4]
