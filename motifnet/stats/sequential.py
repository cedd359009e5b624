"""A Monte Carlo p-value that stops drawing once the answer is clear: Besag and Clifford (1991).

A parametric bootstrap fits a model to each data set that it draws, so draws are dear. Where what was seen is
nothing special, a few draws show it: one stops at the tenth that is as large. Where it is special, all the
draws are made that were allowed. The p-value is valid either way.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.progress import Progress, Silent

N_EXCEED = 10
"""Draws as large as what was seen at which drawing stops: a large p-value is then known to a third."""

MOST = 9_999
"""Draws at most: the smallest p-value is then 1e-4."""


class SequentialTest(NamedTuple):
    """What was seen among what was drawn.

    Parameters
    ----------
    p : float
        Chance of a statistic as large under what was drawn from.
    n_draws : int
        Made until it was clear.
    n_exceed : int
        Draws that were as large as what was seen.
    null : numpy.ndarray of float64, shape=(n_draws,)
        The statistic of each draw.
    """

    p: float
    n_draws: int
    n_exceed: int
    null: np.ndarray


def sequential_p(
    draw: Callable[[int], float],
    observed: float,
    *,
    n_exceed: int = N_EXCEED,
    most: int = MOST,
    progress: Progress | None = None,
    name: str = "draws",
) -> SequentialTest:
    """Draw until so many draws are as large as what was seen.

    With ``n_exceed`` of them at draw ``l`` the p-value is ``n_exceed / l``; with fewer, ``g``, of all draws
    it is ``(g + 1) / (most + 1)``. Under the null hypothesis its chance to be at most ``u`` is at most ``u``.

    Parameters
    ----------
    draw : callable
        The statistic of draw ``i``, from 0. It has a seed of its own, so that a run that was interrupted may
        give back what it has drawn.
    observed : float
        The statistic of the data; large ones are special.
    n_exceed : int
        As large draws to wait for, 1 at least.
    most : int
        Draws, 1 at least.
    progress : Progress, optional
        Is told of each draw.
    name : str
        What the draws are called there.

    Returns
    -------
    SequentialTest
        The p-value and all draws; a draw that equals what was seen is as large.

    Raises
    ------
    InvalidValue
        If a number of draws is less than 1, or a statistic is not a number.

    References
    ----------
    Besag J, Clifford P (1991). Sequential Monte Carlo p-values. Biometrika 78:301-304.

    Examples
    --------
    >>> from numpy.random import default_rng
    >>> nothing = sequential_p(lambda i: default_rng(i).normal(), 0.0)
    >>> nothing.n_draws < 40, nothing.n_exceed, nothing.p > 0.25
    (True, 10, True)
    >>> sequential_p(lambda i: default_rng(i).normal(), 9.0, most=199).p
    0.005
    """
    for what, number in (("n_exceed", n_exceed), ("most", most)):
        if number < 1:
            raise InvalidValue(what, number, "at least 1")
    if math.isnan(observed):
        raise InvalidValue("the statistic of the data", observed, "a number")
    null: list[float] = []
    as_large = 0
    with (progress or Silent()).stage(name, most) as step:
        while len(null) < most and as_large < n_exceed:
            value = float(draw(len(null)))
            if math.isnan(value):
                raise InvalidValue(f"the statistic of draw {len(null)}", value, "a number")
            null.append(value)
            as_large += value >= observed
            step.advance()
    p = n_exceed / len(null) if as_large == n_exceed else (as_large + 1) / (most + 1)
    return SequentialTest(p, len(null), as_large, np.array(null))
