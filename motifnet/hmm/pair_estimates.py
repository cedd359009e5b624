"""What was learnt of pairs, as it is told: by name, with standard errors where they are known."""

from __future__ import annotations

import numpy as np

from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_fit import PairFit
from motifnet.hmm.pair_learn import PairModels
from motifnet.hmm.pair_times import SharedProcess

WHAT_TWO_SEQUENCES_CANNOT_TELL = (
    "Two sequences alone cannot tell an insertion in x from a deletion in y: a stretch that only x has "
    "was gained by the one or lost by the other. A third, more distant sequence can tell "
    "(motifnet align --outgroup)."
)
"""Goes with every result about which sequence gained or lost bases."""

MODEL_OF_ALL = "model of all"
"""What is told of pairs of groups without a model, where others have one."""

LOG_LIKELIHOOD, N_FREE = "log-likelihood", "free parameters"
"""Names of what is told of a fit, and not of its model."""


def estimates(models: PairModels) -> dict[str, dict[str, str]]:
    """Estimates by name, as text, with standard errors where they are known, of each group of pairs.

    Parameters
    ----------
    models : PairModels

    Returns
    -------
    dict of str to dict of str to str
        By group; what is of all pairs is of :data:`motifnet.hmm.pair_learn.OF_ALL`.

    Examples
    --------
    >>> model = PairHmm.start(divergence=0.1, gap_open=0.01)
    >>> estimates(PairModels([model], {}, {"": model}))[""]["gap opening, x alone"]
    '0.01000'
    """
    given = {group: _of_model(model, None) for group, model in models.given.items()}
    return given or {group: _of_learnt(one) for group, one in models.fits.items()}


def _of_learnt(fitted: PairFit | SharedProcess) -> dict[str, str]:
    if isinstance(fitted, SharedProcess):
        return {
            "median substitutions a site": f"{np.median(fitted.times):.4f}",
            **_of_gaps("gaps for each substitution", fitted.gap_rates),
            **_of_gaps("gap extension", fitted.extend),
            **_of_fit(fitted),
        }
    return _of_model(fitted.model, fitted)


def _of_model(model: PairHmm, fitted: PairFit | None) -> dict[str, str]:
    errors = {} if fitted is None else fitted.standard_errors
    found = {
        "identity of matched bases": f"{model.identity:.4f}",
        **_of_gaps("gap opening", model.open, errors.get("open")),
        **_of_gaps("gap extension", model.extend, errors.get("extend")),
    }
    if fitted is None:
        return found
    if fitted.time is not None:
        found["substitutions a site"] = f"{fitted.time:.4f}"
    return found | _of_fit(fitted)


def _of_gaps(word: str, array: np.ndarray, errors: np.ndarray | None = None) -> dict[str, str]:
    """A number of the gaps of each sequence and class."""
    found = {}
    for side, letter in enumerate("xy"):
        for k in range(array.shape[1]):
            label = f"{word}, {letter} alone" + (f", class {k + 1}" if array.shape[1] > 1 else "")
            error = np.nan if errors is None else errors[side, k]
            found[label] = f"{array[side, k]:.5f}" + (f" ± {error:.5f}" if np.isfinite(error) else "")
    return found


def _of_fit(fitted: PairFit | SharedProcess) -> dict[str, str]:
    found = {LOG_LIKELIHOOD: f"{fitted.log_likelihood:.4f}", N_FREE: str(fitted.n_free)}
    if fitted.rates is not None and fitted.rates.kappa != 1:
        return {"transitions over transversions": f"{fitted.rates.kappa:.3f}"} | found
    return found
