"""Controls that match targets in composition: pairs of about the same propensity score.

The propensity score of a sequence is its log-odds of being a target, given its composition alone. Among
sequences of one score, composition says nothing on which of them are targets (Rosenbaum and Rubin 1983,
Biometrika 70:41), so that what still sets targets and controls of like scores apart is no composition.
"""

from __future__ import annotations

import numpy as np

from motifnet.datasets.baselines import SUSPICIOUS, base_counts, gc_score, length_score
from motifnet.kernels import words
from motifnet.kernels.pairing import nearest_pairs
from motifnet.stats.logistic import log_odds_weights
from motifnet.stats.rank_test import mann_whitney
from motifnet.strand import Strand
from motifnet.symbols import Sequences

# Log-odds of two sequences that are near: the odds of one are 1.1 times those of the other. Measured: wider
# ones leave composition that 5,000 targets are enough to show.
_CALIPER = 0.1
# Largest p-value of an AUROC that is more than what few sequences have by chance. A convention.
_LARGEST_P = 0.01
# Share by which mean lengths differ at least where length matters: a twentieth more bases have a twentieth
# more sites, which no test shows of 5,000 sequences of which one in twenty has a site.
_LONGER = 0.05
_NEEDED = 0.9  # share of targets that must find another control, for all to have one more
_MOST_CONTROLS = 20  # of a target, as of those that are made
_ENOUGH = 20_000  # sequences of a kind that weights are learnt from: far more than there are weights
_LENGTH = 4 + 16  # the feature that is the length: the last one, after the words


def told_apart(targets: Sequences, controls: Sequences) -> str | None:
    """By what alone controls are told from targets, as a clause, strongest first; ``None`` if by nothing.

    Length counts where mean lengths differ by more than a twentieth.

    Parameters
    ----------
    targets, controls : Sequences

    Examples
    --------
    >>> rich, poor = (Sequences.from_text([word * n for n in range(1, 30)]) for word in ("GC", "AT"))
    >>> told_apart(rich, poor)
    'GC content alone tells targets from them with an AUROC of 1.00'
    >>> told_apart(rich, rich) is None
    True
    """
    differ = _differ_in_length(targets, controls)
    telling: list[tuple[float, str]] = []
    for name, score in (("GC content", gc_score), *([("length", length_score)] if differ else [])):
        scores = score(targets), score(controls)
        found = max(mann_whitney(*scores), mann_whitney(*scores[::-1]), key=lambda test: test.auroc)
        if found.auroc > SUSPICIOUS and found.log10_p < np.log10(_LARGEST_P):
            telling.append((found.auroc, name))
    if not telling:
        return None
    (first, name), *others = sorted(telling, reverse=True)
    rest = "".join(f", and {other} with one of {area:.2f}" for area, other in others)
    return f"{name} alone tells targets from them with an AUROC of {first:.2f}{rest}"


def matched(
    targets: Sequences,
    controls: Sequences,
    parts: tuple[np.ndarray, np.ndarray],
    *,
    strand: Strand = Strand.BOTH,
    seed: int = 0,
) -> np.ndarray:
    """For each target, controls of about its propensity score and of its part, each for one target at most.

    Targets are served in random order, each with the nearest control that is left; and once more, as long as
    nine in ten find another one.

    Parameters
    ----------
    targets, controls : Sequences
        Of each at least one.
    parts : tuple of numpy.ndarray of int
        The part of each target and of each control.
    strand : Strand
        Whether a word and its reverse complement are one.
    seed : int
        Of the order.

    Returns
    -------
    numpy.ndarray of int64, shape=(n_each, n_targets)
        Which controls; -1 where there is none near.

    Examples
    --------
    >>> targets = Sequences.from_text(["GGCC", "GACA"])
    >>> controls = Sequences.from_text(["TTTT", "GACA"])
    >>> matched(targets, controls, (np.zeros(2, int), np.zeros(2, int))).tolist()
    [[-1, 1]]
    """
    of_targets, of_controls = propensity(targets, controls, strand=strand, seed=seed)
    # Scores of different parts are set so far apart that none of them are near.
    apart = 1 + np.ptp(np.concatenate([of_targets, of_controls]))
    wanted, offered = of_targets + apart * parts[0], of_controls + apart * parts[1]
    ascending = np.argsort(offered, kind="stable")
    offered, is_free = offered[ascending], np.ones(len(offered), bool)
    rng = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    while len(found) < _MOST_CONTROLS:
        taken = nearest_pairs(wanted, rng.permutation(len(wanted)), offered, is_free, _CALIPER)
        if found and (taken >= 0).mean() < _NEEDED:
            break
        found.append(np.where(taken >= 0, ascending[taken], -1))
    return np.array(found)


def propensity(
    targets: Sequences, controls: Sequences, *, strand: Strand = Strand.BOTH, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds of being a target, up to a constant, given the composition.

    That is the shares of words of one and two bases, and the logarithm of the length where that differs.

    Parameters
    ----------
    targets, controls : Sequences
        Of each at least one.
    strand : Strand
        Whether a word and its reverse complement are one.
    seed : int
        Of the sequences that weights are learnt from, where there are very many.

    Returns
    -------
    tuple of numpy.ndarray
        Of targets and of controls, ``shape=(n_targets,)`` and ``shape=(n_controls,)``.

    Examples
    --------
    >>> rich, poor = (Sequences.from_text([word * n for n in range(1, 30)]) for word in ("GC", "AT"))
    >>> of_rich, of_poor = propensity(rich, poor)
    >>> bool(of_rich.min() > of_poor.max())
    True
    """
    rng = np.random.default_rng(seed)
    sides = [_composition(side, strand=strand) for side in (targets, controls)]
    if not _differ_in_length(targets, controls):
        sides = [side[:, :_LENGTH] for side in sides]
    learnt = [
        side if len(side) <= _ENOUGH else side[rng.choice(len(side), _ENOUGH, replace=False)]
        for side in sides
    ]
    is_target = np.repeat([True, False], [len(side) for side in learnt])
    weights = log_odds_weights(np.concatenate(learnt), is_target)
    of_targets, of_controls = (side @ weights for side in sides)
    return of_targets, of_controls


def _composition(sequences: Sequences, *, strand: Strand) -> np.ndarray:
    """Shares of the words of one and two bases and the logarithm of the length, ``shape=(n, 21)``."""
    bases = base_counts(sequences)[:, :4]
    pairs = words.pair_counts(sequences.codes, sequences.offsets)
    if strand.reads_both:
        bases = bases + bases[:, ::-1]
        pairs = pairs + pairs.reshape(-1, 4, 4).transpose(0, 2, 1)[:, ::-1, ::-1].reshape(-1, 16)
    shares = [counts / np.maximum(counts.sum(1, keepdims=True), 1) for counts in (bases, pairs)]
    return np.column_stack([*shares, np.log1p(sequences.lengths)])


def _differ_in_length(targets: Sequences, controls: Sequences) -> bool:
    """Whether their mean lengths differ by more than a little."""
    one, other = sorted(float(side.lengths.mean()) for side in (targets, controls))
    return other > (1 + _LONGER) * one
