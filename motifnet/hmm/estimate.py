"""Expectation and maximisation: rounds that climb."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from motifnet.errors import LikelihoodFell
from motifnet.progress import Progress, Silent
from motifnet.wording import counted

State = TypeVar("State")
Counts = TypeVar("Counts")

# Share of the objective by which it may seem to fall: sums over millions of bases are off by about 1e-12 of
# themselves, and floors of 1e-9 under probabilities cost up to as much for each base; an M-step that is wrong
# lowers the objective by far more than this.
_ROUNDING = 1e-8
# How much farther a round goes than the one before, and at most, of what counts make likeliest. Of four pairs
# of genomes none takes more work than without, and those of many rounds a quarter less; bolder ones undo it.
_FARTHER, _FARTHEST = 1.3, 4.0
# While rounds go on, before one of them is told: about as long as one waits without a sign.
_SECONDS_SILENT = 5.0
_LOOKED_AT = 4  # of the last gains, by which the rounds to come are judged: single ones jump


class Climb(NamedTuple, Generic[State, Counts]):
    """Where rounds of expectation and maximisation ended.

    Attributes
    ----------
    state : State
        The last, which is the best.
    counts : Counts
        What is expected under it.
    objective : tuple of float
        At the start and after each round.
    converged : bool
        Whether the last round gained too little to go on.
    """

    state: State
    counts: Counts
    objective: tuple[float, ...]
    converged: bool


def climb(
    state: State,
    expect: Callable[[State], tuple[float, Counts]],
    maximise: Callable[[State, Counts], State],
    *,
    least_gain: float,
    max_rounds: int,
    keeps_ties: bool = True,
    beyond: Callable[[State, State, float], State] | None = None,
    settled: Callable[[State, float, Counts], tuple[float, Counts]] | None = None,
    progress: Progress | None = None,
    what: str = "learn",
) -> Climb[State, Counts]:
    """Alternate between expected counts and what is likeliest given them.

    Parameters
    ----------
    state : State
        Where to begin.
    expect : callable
        The objective of a state, and its expected counts.
    maximise : callable
        The state that counts make likeliest.
    least_gain : float
        A round that gains less is the last.
    max_rounds : int
    keeps_ties : bool
        Whether the first state keeps the ties of the others: if not, the first round may lower
        the objective, since it ties what was free.
    beyond : callable, optional
        The state that is so many times as far from a first one as a second is, in its direction. With it,
        rounds go the farther the longer that raises the objective; where it does not, a round goes no farther
        than what counts make likeliest (Salakhutdinov and Roweis 2003).
    settled : callable, optional
        What is found of a state without haste, from what ``expect`` found, which may leave out a little:
        asked where a round seems to be the last.
    progress : Progress, optional
        Told now and then how many rounds are done, what they reached, and how long they go on.
    what : str
        What is learnt, for that.

    Raises
    ------
    LikelihoodFell
        If a round lowers the objective by more than rounding does: an error in this program.

    Examples
    --------
    >>> def halfway_to_two(x, _):
    ...     return (x + 2) / 2
    >>> found = climb(0.0, lambda x: (-((x - 2) ** 2), x), halfway_to_two, least_gain=0.1, max_rounds=9)
    >>> found.state, found.converged
    (1.875, True)
    """
    objective: list[float] = []

    def asked(state: State) -> tuple[float, Counts]:
        value, counts = expect(state)
        is_last = len(objective) == max_rounds or (objective and value - objective[-1] < least_gain)
        return settled(state, value, counts) if settled is not None and is_last else (value, counts)

    log_round = _RoundLog(progress or Silent(), what, least_gain, max_rounds)
    likeliest, stride = state, 1.0
    while True:
        value, counts = asked(state)
        gain = value - objective[-1] if objective else math.inf
        if gain < 0 and state is not likeliest:  # it went too far
            state, stride = likeliest, 1.0
            value, counts = asked(state)
            gain = value - objective[-1]
        if gain < -_ROUNDING * (1 + abs(value)) and (keeps_ties or len(objective) > 1):
            raise LikelihoodFell(len(objective), objective[-1], value)
        objective.append(value)
        log_round(value)
        # What lies beyond may gain little because it is as much too far as it was not far enough before.
        converged = gain < least_gain and state is likeliest and (keeps_ties or len(objective) > 2)
        if converged or len(objective) > max_rounds:
            return Climb(state, counts, tuple(objective), converged)
        # The first state may have no ties, which none beyond it would have either.
        stride = min(stride * _FARTHER, _FARTHEST) if len(objective) > 1 and gain >= least_gain else 1.0
        likeliest = maximise(state, counts)
        state = likeliest if beyond is None or stride == 1 else beyond(state, likeliest, stride)


class _RoundLog:
    """Says how learning goes on, now and then, and how long if gains go on to shrink as they did."""

    def __init__(self, progress: Progress, what: str, least_gain: float, max_rounds: int) -> None:
        self._progress, self._what, self._least_gain = progress, what, least_gain
        self._max_rounds = max_rounds
        self._objective: list[float] = []
        self._began = self._last = time.monotonic()

    def __call__(self, objective: float) -> None:
        self._objective.append(objective)
        now, n_rounds = time.monotonic(), len(self._objective) - 1
        if now - self._last < _SECONDS_SILENT or n_rounds == 0:
            return
        self._last = now
        left = rounds_left(self._objective, self._least_gain)
        if left < math.inf:
            left = min(left, self._max_rounds - n_rounds)
        seconds = left * (now - self._began) / (n_rounds + 1)
        told = f"{self._what}: {counted(n_rounds, 'round')} so far, log-likelihood {objective:,.1f}"
        self._progress.log(
            told + (f", about {seconds:,.0f} s left of this" if 1 <= seconds < math.inf else "")
        )


def rounds_left(objective: Sequence[float], least_gain: float) -> float:
    """How many more rounds climb, if each gains the same share of the one before as the last ones did.

    Parameters
    ----------
    objective : sequence of float
        At the start and after each round.
    least_gain : float
        A round that gains less is the last.

    Returns
    -------
    float
        Infinity where gains do not shrink, or are too few to tell.

    Examples
    --------
    >>> rounds_left([0, 80, 120, 140, 150], 1.0)
    4.0
    """
    gains = [later - earlier for earlier, later in pairwise(objective[-_LOOKED_AT - 1 :])]
    if len(gains) < 2 or not gains[0] > gains[-1] > 0:
        return math.inf
    shrinks = math.log(gains[0] / gains[-1]) / (len(gains) - 1)
    return float(max(math.ceil(math.log(gains[-1] / least_gain) / shrinks), 0))
