"""Substitution models: how likely two bases face each other after a divergence time.

All are time-reversible, with one rate matrix scaled to one expected substitution a site and unit
of time (Jukes and Cantor 1969; Kimura 1980; Hasegawa, Kishino and Yano 1985).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.registry import Registry

SUBSTITUTIONS: Registry[Substitution] = Registry("substitution model")
"""Substitution models, by name."""

_PURINES = np.array([0, 1, 0, 1])  # of A, C, G, T: which bases a transition leads to
_UNIFORM = np.full(4, 0.25)

# Substitutions a site between which divergence times are sought: one base in 10,000, less than which few
# pairs of some thousand bases can show, and five for each, after which a base says nothing of its partner.
_TIMES = (1e-4, 5.0)
_START_TIME = 0.2
# Logarithms of ratios between which kappa and frequencies are sought: a factor of 148 either way.
_LOG_RATIOS = (-5.0, 5.0)
_LEAST = 1e-300  # of a probability whose logarithm is taken: next to the smallest float that is not rounded
_LEAST_COUNT = 1e-6  # of a base that is never matched, so that its frequency has a logarithm


class Rates(NamedTuple):
    """Parameters of a substitution model.

    Attributes
    ----------
    kappa : float
        How much more often a transition happens than a transversion.
    frequencies : numpy.ndarray, shape=(4,)
        Of A, C, G and T in the long run.
    """

    kappa: float = 1.0
    frequencies: np.ndarray = _UNIFORM


class Substitution(NamedTuple):
    """Which parameters a model has."""

    has_kappa: bool
    has_frequencies: bool

    @property
    def n_free(self) -> int:
        """Free parameters, without the divergence time."""
        return self.has_kappa + 3 * self.has_frequencies


SUBSTITUTIONS.register("jc69")(Substitution(has_kappa=False, has_frequencies=False))
SUBSTITUTIONS.register("k80")(Substitution(has_kappa=True, has_frequencies=False))
SUBSTITUTIONS.register("hky85")(Substitution(has_kappa=True, has_frequencies=True))


def joint(rates: Rates, time: np.ndarray | float) -> np.ndarray:
    """Probability of a base of X and one of Y, ``shape=(*time.shape, 4, 4)``.

    Parameters
    ----------
    rates : Rates
    time : numpy.ndarray or float
        Expected substitutions a site between the two.

    Examples
    --------
    >>> table = joint(Rates(kappa=2.0), 0.1)
    >>> float(table.sum().round(6)), bool(table[0, 2] > table[0, 1])
    (1.0, True)
    """
    frequencies = np.asarray(rates.frequencies, np.float64)
    rate = np.where(_PURINES[:, None] == _PURINES, rates.kappa, 1.0) * frequencies
    np.fill_diagonal(rate, 0)
    rate /= frequencies @ rate.sum(1)
    np.fill_diagonal(rate, -rate.sum(1))
    root = np.sqrt(frequencies)
    # A reversible rate matrix is similar to a symmetric one, whose eigenvectors are orthogonal.
    values, vectors = np.linalg.eigh(rate * root[:, None] / root)
    grown = np.exp(np.multiply.outer(np.asarray(time, np.float64), values))
    symmetric = np.einsum("ik,...k,jk->...ij", vectors, grown, vectors)
    table = np.maximum(symmetric, 0) * np.outer(root, root)
    # A reversible table is symmetric; so it is to the last bit.
    return (table + np.swapaxes(table, -1, -2)) / 2


def fit_rates(
    counts: np.ndarray, substitution: Substitution, rates: Rates | None, time: float | None
) -> tuple[Rates, float]:
    """The rates and divergence time under which matches are likeliest.

    Parameters
    ----------
    counts : numpy.ndarray, shape=(4, 4)
    substitution : Substitution
    rates, time : optional
        Where to begin.
    """
    from scipy.optimize import minimize

    rates = rates or Rates(frequencies=_start_frequencies(counts, substitution))
    time = time or _START_TIME
    first = [np.log(time)]
    first += [np.log(rates.kappa)] if substitution.has_kappa else []
    first += (
        list(np.log(rates.frequencies[:3] / rates.frequencies[3])) if substitution.has_frequencies else []
    )

    def unpacked(free: np.ndarray) -> tuple[Rates, float]:
        values = list(free[1:])
        kappa = float(np.exp(values.pop(0))) if substitution.has_kappa else 1.0
        weights = np.exp(np.append(values, 0.0)) if substitution.has_frequencies else np.ones(4)
        return Rates(kappa, weights / weights.sum()), float(np.exp(free[0]))

    def loss(free: np.ndarray) -> float:
        return -float((counts * np.log(np.maximum(joint(*unpacked(free)), _LEAST))).sum()) / counts.sum()

    bounds = [tuple(np.log(_TIMES))] + [_LOG_RATIOS] * (len(first) - 1)
    found = minimize(loss, np.array(first), method="L-BFGS-B", bounds=bounds)
    best = found.x if found.fun <= loss(np.array(first)) else np.array(first)
    return unpacked(best)


def _start_frequencies(counts: np.ndarray, substitution: Substitution) -> np.ndarray:
    if not substitution.has_frequencies:
        return np.full(4, 0.25)
    marginal = counts.sum(0) + counts.sum(1) + _LEAST_COUNT
    return marginal / marginal.sum()
