"""What a test of a tie found: the same for all hypotheses."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from motifnet.ties.tie import Tie


class TieVerdict(StrEnum):
    """What is to be said of a tie.

    Examples
    --------
    >>> f"{TieVerdict.NOT_APPLICABLE}"
    'not applicable'
    """

    JUSTIFIED = "justified"
    """Untying gains less than the margin on held-out data: so says its whole interval, no large p-value."""

    REJECTED = "rejected"
    """The symmetry does not hold: the p-value is small."""

    UNDECIDED = "undecided"
    """Neither: more sequences would tell."""

    NOT_APPLICABLE = "not applicable"
    """The question cannot be asked of these data; the reason is told."""


class Effect(NamedTuple):
    """How far the data are from the symmetry, in units that a biologist reads.

    Parameters
    ----------
    name : str
        What is measured, such as ``"sites on the + strand"``.
    value, low, high : float
        The estimate and its confidence interval of 95%; the interval is NaN where none is to be had.
    under_tie : float
        What it is if the tie holds.
    unit : str
        ``""`` for a share, which is shown in percent; else such as ``"bp"`` or ``"nats a site"``.
    """

    name: str
    value: float
    low: float
    high: float
    under_tie: float
    unit: str = ""


class Gain(NamedTuple):
    """What untying gains on sequences that shaped neither model.

    Parameters
    ----------
    mean, low, high : float
        Nats a sequence (or pair, or site), and the confidence interval of 95%.
    n : int
        Sequences it is a mean of.
    n_needed : int or None
        Sequences after which the interval would be as narrow as the margin; ``None`` where it is by now.
    per : str
        What the nats are of: ``"sequence"``, ``"pair"``, ``"site"``.
    """

    mean: float
    low: float
    high: float
    n: int
    n_needed: int | None = None
    per: str = "sequence"


class NullDistribution(NamedTuple):
    """A picture: the statistic beside what it would be if the tie held.

    Parameters
    ----------
    draws : numpy.ndarray, shape=(n_draws,)
        Under the tie.
    observed : float
    label : str
        What the horizontal axis shows, with its unit.
    """

    draws: np.ndarray
    observed: float
    label: str


class Histogram(NamedTuple):
    """A picture: what was counted in bins, beside what the tie expects.

    Parameters
    ----------
    edges : numpy.ndarray, shape=(n_bins + 1,)
    observed, expected : numpy.ndarray, shape=(n_bins,)
        Shares.
    label : str
        What the horizontal axis shows, with its unit.
    title : str
    """

    edges: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    label: str
    title: str


class Trends(NamedTuple):
    """A picture: lines with their intervals along one axis, such as losses along the number of sequences.

    Parameters
    ----------
    x : numpy.ndarray, shape=(n_points,)
    lines : mapping of str to numpy.ndarray, shape=(n_points, 3)
        By name: the value and the ends of its interval, which may be NaN.
    x_label, y_label, title : str
    log_x : bool
        Whether the horizontal axis is in powers.
    """

    x: np.ndarray
    lines: dict[str, np.ndarray]
    x_label: str
    y_label: str
    title: str
    log_x: bool = False


class Intervals(NamedTuple):
    """A picture: one estimate with its interval for each of several names, and what the tie expects.

    Parameters
    ----------
    names : sequence of str
    values : numpy.ndarray, shape=(n, 3)
        Estimates and the ends of their intervals.
    under_tie : float
    label, title : str
    """

    names: Sequence[str]
    values: np.ndarray
    under_tie: float
    label: str
    title: str


Picture = NullDistribution | Histogram | Trends | Intervals


@dataclass(frozen=True, eq=False)
class TieTest:
    """One tie, tested.

    Parameters
    ----------
    hypothesis : str
        Name in :data:`~motifnet.hypotheses.registry.HYPOTHESES`.
    subject : str
        What it was tested of: a set of sequences, a motif, a parameter.
    in_words : str
        The tie: a clause such as ``"both strands are read alike"``.
    fitted : str
        What was fitted, tied and untied: a sentence.
    method : str
        Name of the test.
    n : int
        Independent observations: sequences, sites or pairs, clusters of alike ones counted once.
    p : float
        NaN where the test does not apply.
    statistic : float
    df : float or None
        Degrees of freedom: the rank of the untied Jacobian less that of the tied one; ``None`` where the
        null distribution was drawn.
    effect : Effect or None
    gain : Gain or None
    verdict : TieVerdict
    sentence : str
        The result in plain words.
    tie : Tie or None
        Of the parameters, where they are an array.
    notes : tuple of str
        What is to be kept in mind, a sentence each.
    pictures : tuple of Picture

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet import hypotheses
    >>> from motifnet.symbols import Sequences
    >>> drawn = np.random.default_rng(1).integers(0, 4, (60, 50), dtype=np.uint8)
    >>> found = hypotheses.strand(Sequences.from_codes(list(drawn)))
    >>> found.verdict, found.gain.per
    (<TieVerdict.UNDECIDED: 'undecided'>, 'sequence')
    """

    hypothesis: str
    subject: str
    in_words: str
    fitted: str
    method: str
    n: int
    p: float
    statistic: float
    df: float | None
    effect: Effect | None
    gain: Gain | None
    verdict: TieVerdict
    sentence: str
    tie: Tie | None = None
    notes: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


def decide(p: float, gain: Gain | None, *, alpha: float, margin: float) -> TieVerdict:
    """The verdict on a tie whose test applies.

    A large p-value is no support: only an interval of the gain that lies below the margin is. A symmetry
    that is rejected stays so, however little there is to gain.

    Parameters
    ----------
    p : float
    gain : Gain or None
        What untying gains on held-out data.
    alpha : float
        Largest p-value at which a tie is rejected.
    margin : float
        Largest gain that does not matter, in the unit of ``gain``.

    Returns
    -------
    TieVerdict

    Raises
    ------
    ValueError
        If ``p`` is no probability: a test that does not apply has no verdict of this kind.

    Examples
    --------
    >>> decide(0.4, Gain(0.001, -0.001, 0.003, 2000), alpha=0.05, margin=0.005)
    <TieVerdict.JUSTIFIED: 'justified'>
    >>> decide(0.4, Gain(0.001, -0.02, 0.022, 40), alpha=0.05, margin=0.005)
    <TieVerdict.UNDECIDED: 'undecided'>
    >>> decide(0.001, None, alpha=0.05, margin=0.005)
    <TieVerdict.REJECTED: 'rejected'>
    """
    if not 0 <= p <= 1:
        raise ValueError(f"a p-value of {p}")
    return TieVerdict.REJECTED if p <= alpha else unless_rejected(gain, margin)


def unless_rejected(gain: Gain | None, margin: float) -> TieVerdict:
    """The verdict on a tie that is not rejected.

    Parameters
    ----------
    gain, margin
        As of :func:`decide`.

    Returns
    -------
    TieVerdict

    Examples
    --------
    >>> unless_rejected(Gain(0.001, -0.001, 0.003, 2000), 0.005), unless_rejected(None, 0.005)
    (<TieVerdict.JUSTIFIED: 'justified'>, <TieVerdict.UNDECIDED: 'undecided'>)
    """
    if gain is not None and math.isfinite(gain.high) and gain.high < margin:
        return TieVerdict.JUSTIFIED
    return TieVerdict.UNDECIDED


def p_of(log10_p: float) -> float:
    """A p-value as a number, from its logarithm: what no number is small enough for is small, and not 0.

    Parameters
    ----------
    log10_p : float

    Examples
    --------
    >>> p_of(-2), p_of(-400) > 0
    (0.01, True)
    """
    return max(10**log10_p, sys.float_info.min)


def told_needed(gain: Gain, margin: float) -> str:
    """What a verdict that is not decided lacks, as the end of a sentence.

    Parameters
    ----------
    gain : Gain
    margin : float
        As of :func:`decide`.

    Returns
    -------
    str

    Examples
    --------
    >>> told_needed(Gain(0.001, -0.02, 0.022, 40, 760), margin=0.005)
    '; about 760 held-out sequences would show whether untying gains less than 0.005 nats a sequence'
    """
    if gain.n_needed is None:
        return f"; untying gains {gain.low:.2g} to {gain.high:.2g} nats a {gain.per}"
    return (
        f"; about {gain.n_needed:,} held-out {gain.per}s would show whether untying gains less than "
        f"{margin:g} nats a {gain.per}"
    )


def not_applicable(hypothesis: str, subject: str, in_words: str, reason: str, *, n: int = 0) -> TieTest:
    """The result where the question cannot be asked.

    Parameters
    ----------
    hypothesis, subject, in_words : str
        As of :class:`TieTest`.
    reason : str
        Why: a sentence.
    n : int
        Observations that there were.

    Returns
    -------
    TieTest

    Examples
    --------
    >>> found = not_applicable("strand", "probes.fa", "both strands are read alike", "RNA has one strand.")
    >>> found.verdict, found.sentence
    (<TieVerdict.NOT_APPLICABLE: 'not applicable'>, 'RNA has one strand.')
    """
    nothing = float("nan")
    return TieTest(
        hypothesis,
        subject,
        in_words,
        fitted="",
        method="",
        n=n,
        p=nothing,
        statistic=nothing,
        df=None,
        effect=None,
        gain=None,
        verdict=TieVerdict.NOT_APPLICABLE,
        sentence=reason,
    )
