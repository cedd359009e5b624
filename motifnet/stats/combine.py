"""Several p-values of one hypothesis, from folds or splits of the same data, made one.

They depend on each other in ways that nobody knows, so the rule has to hold under any dependence. Of those
that do, this takes the one of Rüger (1978, Metrika 25:171): if at least ``k`` of ``K`` p-values are at most
``p``, then ``p K / k`` is a p-value; with half of them, that is twice the median. Means have the same
guarantee with the same factor of 2, and the harmonic mean with about e log K (Vovk and Wang 2020, Biometrika
107:791), but a single fold that saw nothing decides the first, and a single lucky one the second. What folds
agree upon is the median.
"""

from __future__ import annotations

import numpy as np

from motifnet.errors import InvalidValue


def merge_dependent(p_values: np.ndarray) -> float:
    """One p-value of several, valid however they depend on each other: about twice their median.

    Parameters
    ----------
    p_values : numpy.ndarray of float, shape=(n,)
        Of the same hypothesis, each valid, between 0 and 1.

    Returns
    -------
    float
        ``n / k`` times the ``k``-th smallest, ``k`` being half of them, rounded up; at most 1. One alone is
        returned as it is.

    Raises
    ------
    InvalidValue
        If there is none, or one is not between 0 and 1.

    References
    ----------
    Rüger B (1978). Das maximale Signifikanzniveau des Tests "Lehne H0 ab, wenn k unter n gegebenen Tests zur
    Ablehnung führen". Metrika 25:171-178.

    Examples
    --------
    >>> merge_dependent(np.array([0.01, 0.8, 0.02, 0.03])), merge_dependent(np.array([0.01, 0.8, 0.03]))
    (0.04, 0.045)
    """
    p_values = np.asarray(p_values, np.float64)
    if not p_values.size or not ((p_values >= 0) & (p_values <= 1)).all():
        raise InvalidValue("p_values", p_values.tolist(), "one at least, each between 0 and 1")
    n = len(p_values)
    k = (n + 1) // 2
    return min(float(np.sort(p_values)[k - 1]) * n / k, 1.0)
