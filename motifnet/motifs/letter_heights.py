"""How high the letters of a logo are, and the axis that they are measured by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from motifnet.errors import UnknownName

Kind = Literal["information", "probability", "log-odds"]

PSEUDOCOUNT = 1.0  # sites of background, without which a base that was never seen hangs down for ever
_STEPS = (1, 2, 5, 10)
_INTERVALS = 4  # between the marks of an axis that fits its letters, at most


class Scale(NamedTuple):
    """The vertical axis of a logo.

    Parameters
    ----------
    bottom, top : float
        What its ends stand for; 0 lies between them.
    label : str
        What it measures.
    step : float
        From one of its marks to the next.

    Examples
    --------
    >>> Scale(-2, 4, "log-odds", step=2).values
    [-2, 0, 2, 4]
    """

    bottom: float
    top: float
    label: str
    step: float = 1

    @property
    def values(self) -> list[float]:
        """What its marks stand for, from the lowest."""
        n_steps = round((self.top - self.bottom) / self.step)
        return [self.bottom + self.step * i for i in range(n_steps + 1)]

    @property
    def n_digits(self) -> int:
        """Characters of the longest number on it."""
        return max(len(f"{value:g}") for value in self.values)


# These axes are fixed, so that a weak motif looks weak beside a strong one.
FIXED = {"information": Scale(0, 2, "bits"), "probability": Scale(0, 1, "probability")}
"""Axes by the kind of logo; those of other kinds fit their letters."""

KINDS = (*FIXED, "log-odds")
"""What the height of a letter may be."""


def letter_heights(
    probabilities: np.ndarray,
    log_odds: np.ndarray,
    kind: Kind,
    *,
    n_sites: float | None = None,
) -> np.ndarray:
    """Heights of the letters of a logo, as :meth:`motifnet.motifs.motif.Motif.letter_heights` tells.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape=(4, width)
        Columns that sum to 1.
    log_odds : numpy.ndarray, shape=(4, width)
        What the letters of a log-odds logo are as high as.
    kind : {"information", "probability", "log-odds"}
    n_sites : float, optional
        Take from the information of each column what one without any would have by chance in so many sites.

    Returns
    -------
    numpy.ndarray, shape=(4, width)

    Raises
    ------
    UnknownName
        If there is no such kind of logo.

    Examples
    --------
    >>> half = np.array([[1, 0.5], [0, 0.5], [0, 0], [0, 0]])
    >>> letter_heights(half, half, "information")[0].tolist()
    [2.0, 0.5]
    """
    if kind not in KINDS:
        raise UnknownName("kind of logo", kind, KINDS)
    if kind == "log-odds":
        return log_odds
    if kind == "probability":
        return probabilities
    safe = np.where(probabilities > 0, probabilities, 1)
    bits = 2 + (probabilities * np.log2(safe)).sum(0)
    if n_sites is not None:
        bits = bits - _chance_information(n_sites)
    return probabilities * np.maximum(bits, 0)


def scale_of(kind: Kind, drawn: Sequence[np.ndarray]) -> Scale:
    """The axis by which logos of a kind are measured, all by the same.

    Parameters
    ----------
    kind : {"information", "probability", "log-odds"}
        What the heights are.
    drawn : sequence of numpy.ndarray, each of shape=(4, width)
        The heights.

    Returns
    -------
    Scale

    Examples
    --------
    >>> scale_of("information", [])
    Scale(bottom=0, top=2, label='bits', step=1)
    """
    return FIXED[kind] if kind in FIXED else fitted_scale(drawn, "log-odds")


def fitted_scale(drawn: Sequence[np.ndarray], label: str) -> Scale:
    """The axis with round numbers that the highest and the lowest column need.

    Parameters
    ----------
    drawn : sequence of numpy.ndarray, each of shape=(4, width)
        Heights.
    label : str
        What they are.

    Returns
    -------
    Scale

    Examples
    --------
    >>> fitted_scale([np.array([[0.5, -2], [0, -3.1], [1.4, 1], [0, 0]])], "log-odds")
    Scale(bottom=-6, top=2, label='log-odds', step=2)
    """
    top = max((float(one.clip(0).sum(0).max()) for one in drawn), default=0)
    bottom = min((float(one.clip(None, 0).sum(0).min()) for one in drawn), default=0)
    step = _round_up((top - bottom) / _INTERVALS)
    # All letters may be of height 0, and an axis has a length.
    ends = math.floor(bottom / step), max(math.ceil(top / step), int(bottom == 0))
    return Scale(step * ends[0], step * ends[1], label, step)


def _round_up(length: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is as long."""
    if length <= 0:
        return 1
    power = 10 ** math.floor(math.log10(length))
    step = next(power * times for times in _STEPS if power * times >= length * (1 - 1e-9))
    return int(step) if step >= 1 else step


def _chance_information(n_sites: float) -> float:
    """Bits that a column of random bases has on the average in so many sites, to the first order."""
    return 3 / (2 * math.log(2) * n_sites) if n_sites > 0 else 2.0
