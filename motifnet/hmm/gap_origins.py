"""The gaps of aligned pairs, and in which lineage each came about, as a third sequence tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from motifnet.hmm.pair import PairHmm
from motifnet.hmm.triplet import TripletHmm
from motifnet.hmm.triplet_fit import Alone
from motifnet.kernels.triplet_hmm.passes import GAINED, KEPT
from motifnet.stats.poisson_binomial import interval
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment

CALLED = 0.9
"""Posterior probability from which on an event is told; what is less sure is undecided. A convention."""

REAL = 0.5
"""Probability from which on a gap is one where all three sequences are aligned, and may be told as an event:
more likely than not."""

_LEVEL = 0.95  # of intervals of counts
_LEAST = 1e-9  # of expected gaps, so that a share of them is defined
_N_SETTINGS = 9  # rates of insertions that intervals are put together of: enough for a smooth distribution
_PRIOR_INFORMATION = (
    0.5  # of two events, one insertion and one deletion, that learning begins with: 2 * 0.5 ** 2
)
# Probability from which on a base beside a gap may be one of it: between 0.05 and 0.2, as many gaps are
# said to be real in true alignments of mammals as there are within three bases.
_MAY_BE_ALONE = 0.1
_SIDES = "xy"


class GapOrigin(NamedTuple):
    """A gap of an aligned pair: a stretch of one sequence that has no partner in the other.

    Attributes
    ----------
    pair : int
        Number of the pair, from 0.
    side : int
        Which sequence has the bases: 0 is x, 1 is y.
    x, y : tuple of int
        Where it begins and ends in both; it is empty in the one that has no bases.
    real : float
        Probability, in the alignments of all three sequences, that so many bases have no partner, here or
        where the gap may as well be: the expected number of them over its length, one at most. ``nan``
        where there was no third sequence, or no room to align it.
    insertion : float
        Probability that the sequence that has the bases gained them, given that they have no partner; the
        rest is that the other one lost them.
    in_outgroup : float
        Share of its bases that have a partner in the third sequence, as expected.
    """

    pair: int
    side: int
    x: tuple[int, int]
    y: tuple[int, int]
    real: float
    insertion: float
    in_outgroup: float

    @property
    def length(self) -> int:
        """Bases of the gap."""
        start, stop = (self.x, self.y)[self.side]
        return stop - start

    @property
    def event(self) -> str:
        """``insertion in x``, ``deletion in y`` and so on; ``undecided``, or ``no gap`` in three sequences.

        Empty where nothing is known.
        """
        if np.isnan(self.insertion):
            return ""
        if self.real < REAL:
            return "no gap"
        if self.insertion >= CALLED:
            return f"insertion in {_SIDES[self.side]}"
        if self.insertion <= 1 - CALLED:
            return f"deletion in {_SIDES[1 - self.side]}"
        return "undecided"


class LineageCount(NamedTuple):
    """How many gaps are of one kind in one lineage.

    Attributes
    ----------
    event : str
        Such as ``insertion in x``.
    expected : float
        The sum of the probabilities of all gaps.
    low, high : int
        Between which the count is with a probability of 95%, gaps being independent given how frequent
        insertions are, which is known as well as the gaps tell it.
    n_called : int
        Gaps told as such.
    bases : float
        Expected number of bases of them.
    """

    event: str
    expected: float
    low: int
    high: int
    n_called: int
    bases: float


class GapOrigins(NamedTuple):
    """All gaps of aligned pairs, and what they add up to.

    Attributes
    ----------
    gaps : list of GapOrigin
        Pair by pair, in the order of the columns.
    model : TripletHmm
        That of the three sequences.
    with_outgroup : PairHmm
        That under which both sequences of a pair are aligned to the third.
    warnings : list of str
        In whole sentences.
    """

    gaps: list[GapOrigin]
    model: TripletHmm
    with_outgroup: PairHmm
    warnings: list[str]

    @property
    def counts(self) -> list[LineageCount]:
        """Of insertions and deletions in x and in y."""
        return counts_of(self.gaps)

    @property
    def n_undecided(self) -> int:
        """Gaps that are as likely as not to be of one lineage, or not sure enough."""
        return sum(gap.event == "undecided" for gap in self.gaps)

    @property
    def summary(self) -> list[str]:
        """What the gaps tell, in a few lines."""
        events = [gap.event for gap in self.gaps]
        known = [gap for gap in self.gaps if gap.event not in ("", "no gap")]
        lines = [
            f"{one.event}: {one.expected:.0f} ({one.low} to {one.high}), {one.n_called:,} of them sure"
            for one in self.counts
        ]
        told = f"{len(known) - self.n_undecided:,} of {len(known):,} gaps told by the outgroup"
        if (n_none := events.count("no gap")) > 0:
            told += f"; {n_none:,} more are none where all three sequences are aligned"
        if (n_unknown := events.count("")) > 0:
            told += f"; {n_unknown:,} more without an outgroup"
        return [*lines, told]


def gaps_of(pair: int, alignment: Alignment, alone: Alone | None) -> Iterator[GapOrigin]:
    """The gaps of a pair, from the first column to the last.

    Parameters
    ----------
    pair : int
        Number of the pair.
    alignment : Alignment
    alone : Alone or None
        Of its bases; ``None`` where there is no third sequence.
    """
    runs = alignment.runs()
    steps = np.stack([np.where(runs.kind == other, 0, runs.length) for other in (Y_ONLY, X_ONLY)])
    stop = steps.cumsum(1) + np.array([[alignment.x_start], [alignment.y_start]])
    start = stop - steps
    matched = np.concatenate([[0], np.where(runs.kind == MATCH, runs.length, 0), [0]])
    for k in np.flatnonzero(runs.kind != MATCH).tolist():
        side = int(runs.kind[k] == Y_ONLY)
        x, y = ((int(start[axis, k]), int(stop[axis, k])) for axis in (0, 1))
        gap = (x, y)[side]
        if alone is None:
            yield GapOrigin(pair, side, x, y, np.nan, np.nan, np.nan)
        else:
            codes = (alignment.x, alignment.y)[side]
            places = _places(codes, alone[side], gap, (int(matched[k]), int(matched[k + 2])))
            yield GapOrigin(pair, side, x, y, *_judged(alone[side][places], gap[1] - gap[0]))


def _places(codes: np.ndarray, alone: np.ndarray, gap: tuple[int, int], matched: tuple[int, int]) -> slice:
    """The bases of a gap, and those of matches beside it that it may as well be placed on.

    These are bases that may be alone themselves, and those that it may be slid to with the same letters
    facing each other, of which a run of one letter, or a repeat, has as many as it is long.
    """
    start, stop = gap
    may_be = alone.sum(1) >= _MAY_BE_ALONE
    left = right = 0
    while left < matched[0] and (
        may_be[start - left - 1] or codes[start - left - 1] == codes[stop - left - 1]
    ):
        left += 1
    while right < matched[1] and (may_be[stop + right] or codes[start + right] == codes[stop + right]):
        right += 1
    return slice(start - left, stop + right)


def _judged(alone: np.ndarray, length: int) -> tuple[float, float, float]:
    """Whether so many bases are alone, whether they were gained then, and how many of them z has."""
    total = float(alone.sum())
    if not total > 0:  # unknown, or impossible
        return (total, np.nan, np.nan)
    by_kind = alone.sum(0) / total
    return min(total / length, 1.0), float(by_kind[GAINED]), float(by_kind[KEPT])


def counts_of(gaps: Sequence[GapOrigin]) -> list[LineageCount]:
    """How many gaps are insertions in x, deletions in y, insertions in y and deletions in x.

    Examples
    --------
    >>> gaps = [GapOrigin(0, 0, (5, 9), (5, 5), 1, 0.99, 0), GapOrigin(0, 0, (20, 22), (16, 16), 1, 0.02, 1)]
    >>> [(one.event, round(one.expected, 2), one.low, one.high) for one in counts_of(gaps)][:2]
    [('insertion in x', 1.01, 1, 2), ('deletion in y', 0.99, 0, 1)]
    """
    counts = []
    for side in (0, 1):
        some = [gap for gap in gaps if gap.side == side and not np.isnan(gap.insertion)]
        real, insertion, length = (
            np.array([getattr(gap, name) for gap in some], np.float64)
            for name in ("real", "insertion", "length")
        )
        weights, shifted = _under_rates(real, insertion)
        for event, chance, settings in (
            (f"insertion in {_SIDES[side]}", real * insertion, real * shifted),
            (f"deletion in {_SIDES[1 - side]}", real * (1 - insertion), real * (1 - shifted)),
        ):
            n_called = sum(gap.event == event for gap in some)
            low, high = interval(settings, _LEVEL, weights)
            counts.append(
                LineageCount(event, float(chance.sum()), low, high, n_called, float((chance * length).sum()))
            )
    return counts


def _under_rates(real: np.ndarray, insertion: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of insertions if these are more or less frequent than was learnt, and of that.

    How many gaps of one sequence are insertions is learnt from these gaps, the less exactly the less sure
    they are. By Louis (1982), the information on the logarithm of the odds is that of gaps of which all was
    known less that which is missing; to it comes that of the prior of two events.

    Returns
    -------
    weights : numpy.ndarray, shape=(n_settings,)
    insertion : numpy.ndarray, shape=(n_settings, n)
    """
    share = float((real * insertion).sum() / max(real.sum(), _LEAST))
    missing = real * insertion * (1 - insertion)
    known = max(float(real.sum()) * share * (1 - share) - float(missing.sum()), 0.0)
    nodes, weights = np.polynomial.hermite_e.hermegauss(_N_SETTINGS)
    odds = np.exp(nodes / np.sqrt(known + _PRIOR_INFORMATION))[:, None]
    return weights / weights.sum(), insertion * odds / (insertion * odds + 1 - insertion)
