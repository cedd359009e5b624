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


def joint(rates: Rates, time: np.ndarray) -> np.ndarray:
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
    return np.maximum(symmetric, 0) * root[:, None] * root
