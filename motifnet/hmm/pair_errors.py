"""Standard errors of a fitted pair HMM, from the scores of its pairs."""

from __future__ import annotations

import numpy as np

from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_counts import alone, complete_matches
from motifnet.hmm.pair_ties import PairTies
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.symbols.pairs import PairedSequences
from motifnet.ties import Tie

# Of the information, scaled so that each parameter by itself has one: a direction in which there is less is
# one of trade-offs, along which the pairs do not tell the parameters from each other. A parameter that
# lies in such directions by more than this share of its square gets no standard error. Both are conventions:
# far above the rounding of eigenvalues (1e-16), far below what a direction has that is known at all.
_LEAST_EIGENVALUE = 1e-4
_MOST_LOST = 1e-3


def standard_errors(
    model: PairHmm, pairs: PairedSequences, counts: kernel.PairCounts, ties: PairTies, mode: str
) -> dict[str, np.ndarray]:
    """Standard errors of the arrays of a model at the maximum, from the outer products of scores.

    NaN where pairs are no more than parameters, and for parameters that the pairs do not tell from
    others; of what a distribution leaves, from the others.
    """
    scores, names = scores_of_pairs(model, pairs, counts, ties, mode)
    errors = {name: np.full(tie.n_free, np.nan) for name, tie in ties.arrays().items()}
    if len(pairs) > len(names):
        for (name, orbit), error in zip(names, _errors(scores), strict=True):
            errors[name][orbit] = error
    return {name: np.asarray(tie.expand(errors[name])) for name, tie in ties.arrays().items()}


def _errors(scores: np.ndarray) -> np.ndarray:
    """Of parameters, from their scores, ``shape=(n, n_parameters)``; NaN where these leave them open."""
    size = np.sqrt((scores**2).sum(0))
    is_known = size > 0
    scaled = scores / np.where(is_known, size, 1)
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    lost = values < _LEAST_EIGENVALUE
    is_known &= (vectors[:, lost] ** 2).sum(1) < _MOST_LOST
    variance = (vectors[:, ~lost] ** 2 / values[~lost]).sum(1)
    errors = np.sqrt(variance) / np.where(size > 0, size, 1)
    return np.where(is_known & (errors < 1), errors, np.nan)


def scores_of_pairs(
    model: PairHmm, pairs: PairedSequences, counts: kernel.PairCounts, ties: PairTies, mode: str
) -> tuple[np.ndarray, list[tuple[str, int]]]:
    """Derivatives of each pair's log-likelihood by the free parameters (Fisher's identity).

    Returns
    -------
    scores : numpy.ndarray, shape=(n, n_parameters)
    names : list of (array, orbit)
        The parameter of each column. Of a distribution, the last orbit is what the others leave.
    """
    columns, names = [], []
    by_match, by_insert, by_open, by_extend, _ = by_parameters(model, pairs, counts, mode)
    for name, derivative, is_distribution in (
        ("match", by_match, True),
        ("insert", by_insert, True),
        ("open", by_open, False),
        ("extend", by_extend, False),
    ):
        tie = ties.arrays()[name]
        of_orbits = np.stack([np.asarray(tie.pool(one)) for one in derivative])
        for orbits in _distributions_of(name, tie) if is_distribution else [range(tie.n_free)]:
            orbits = list(orbits)
            free = orbits[:-1] if is_distribution else orbits
            sizes = tie.orbit_sizes
            for orbit in free:
                column = of_orbits[:, orbit]
                if is_distribution:
                    column = column - of_orbits[:, orbits[-1]] * sizes[orbit] / sizes[orbits[-1]]
                columns.append(column)
                names.append((name, orbit))
    return np.stack(columns, 1), names


def _distributions_of(name: str, tie: Tie) -> list[list[int]]:
    """The orbits of each distribution of an array."""
    if name == "match":
        return [list(range(tie.n_free))]
    rows = [sorted(set(row.tolist())) for row in tie.label]
    return rows[:1] if rows[0] == rows[1] else rows


def by_parameters(
    model: PairHmm, pairs: PairedSequences, counts: kernel.PairCounts, mode: str = "global"
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Derivatives of each pair's log-likelihood by match, insert, open, extend and end.

    Returns
    -------
    tuple of numpy.ndarray
        ``shape=(n, *shape of the parameter)``.
    """
    n_matches = counts.matches.sum((1, 2))
    n_next = n_matches + (mode == "global") - counts.gaps.sum((1, 2))  # the beginning is left as a match is
    return (
        complete_matches(model, counts.matches) / model.match,
        alone(pairs, counts.matches) / model.insert,
        counts.gaps / model.open - (n_next / (1 - model.open.sum()))[:, None, None],
        (counts.gap_columns - counts.gaps) / model.extend - counts.gaps / (1 - model.extend),
        1 / model.end - n_matches / (1 - model.end),
    )
