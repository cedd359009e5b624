"""How the log-likelihood of pairs bends around a pair HMM: scores of pairs, and second derivatives.

Every parameter is taken by its logarithm, so that a step is a share of it; of a distribution, the last
parameter is what the others leave.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_errors import by_parameters, scores_of_pairs
from motifnet.hmm.pair_ties import PairTies
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.stats.evenly import evenly
from motifnet.symbols.pairs import PairedSequences

Parameter = tuple[str, int]
"""An array of a pair HMM, and the number of an entry of it when it is flat."""

_STEP = 1e-3  # of a logarithm: differences of scores are then right to about one part in 1,000

# Pairs from which second derivatives are taken, of many. A convention, which costs a few percent of a
# standard error: what tells whether the scores sum up to 0, all pairs do.
_MOST_PAIRS = 400


class Curvature(NamedTuple):
    """Derivatives of the log-likelihood at a model, nothing of which is taken for tied.

    Attributes
    ----------
    parameters : list of (str, int)
        What the columns are: entries of ``match``, ``insert``, ``open`` and ``extend``, and ``("end", 0)``.
    scores : numpy.ndarray, shape=(n, n_parameters)
        First derivatives of each pair, by the logarithms of the parameters.
    hessian : numpy.ndarray, shape=(n_parameters, n_parameters)
        Mean second derivatives of a pair.
    """

    parameters: list[Parameter]
    scores: np.ndarray
    hessian: np.ndarray


def curvature(
    model: PairHmm, pairs: PairedSequences, *, band: kernel.Band = kernel.DEFAULT_BAND
) -> Curvature:
    """Scores of globally aligned pairs, and second derivatives as differences of their sums.

    Parameters
    ----------
    model : PairHmm
    pairs : PairedSequences
    band : Band

    Returns
    -------
    Curvature
        Second derivatives are of some of many pairs, evenly from the first to the last.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> x, y = Sequences.from_text(["ACGTTTGACAGG"] * 2), Sequences.from_text(["ACGTTGACAGC"] * 2)
    >>> found = curvature(PairHmm.start(), PairedSequences(x, y, ["one", "other"]))
    >>> found.scores.shape, found.hessian.shape, bool(found.hessian[-1, -1] < 0)
    ((2, 26), (26, 26), True)
    """
    parameters, scores = scores_by_logarithms(model, pairs, band=band)
    some = pairs.select(evenly(np.arange(len(pairs)), _MOST_PAIRS))

    def mean(at: PairHmm) -> np.ndarray:
        return scores_by_logarithms(at, some, band=band)[1].mean(0)

    middle = mean(model)
    hessian = np.array([(mean(_moved(model, one)) - middle) / _STEP for one in parameters])
    return Curvature(parameters, scores, (hessian + hessian.T) / 2)


def scores_by_logarithms(
    model: PairHmm, pairs: PairedSequences, *, band: kernel.Band = kernel.DEFAULT_BAND
) -> tuple[list[Parameter], np.ndarray]:
    """First derivatives of each pair's log-likelihood, as :class:`Curvature` has them.

    Parameters
    ----------
    model : PairHmm
    pairs : PairedSequences
    band : Band

    Returns
    -------
    parameters : list of (str, int)
    scores : numpy.ndarray, shape=(n, n_parameters)
    """
    which = np.zeros(len(pairs), np.int64)
    counts = kernel.expected_counts(model.odds, *arrays(pairs), which, "global", band)
    scores, parameters = scores_of_pairs(model, pairs, counts, PairTies.none(model.n_classes), "global")
    by_end = by_parameters(model, pairs, counts)[4]
    values = [getattr(model, name).flat[entry] for name, entry in parameters]
    return [*parameters, ("end", 0)], np.column_stack([scores * values, by_end * model.end])


def _moved(model: PairHmm, parameter: Parameter) -> PairHmm:
    """The model with one of its parameters larger by a step, and what is left of a distribution smaller."""
    name, entry = parameter
    if name == "end":
        return replace(model, end=model.end * np.exp(_STEP))
    array = getattr(model, name).copy()
    step = array.flat[entry] * np.expm1(_STEP)
    array.flat[entry] += step
    if name == "match":
        array.flat[-1] -= step
    if name == "insert":
        array[entry // 4, -1] -= step
    return replace(model, **{name: array})
