"""The triplet HMM: three sequences from one, each with gains and losses of its own.

The ancestor of x and y, a point on the way from both to z, has bases that each of the three keeps, changed or
not, or loses, and each gains stretches that the ancestor has not. A stretch that x has and y has not is
therefore one of two things: gained by x, or in the ancestor and lost by y.

A path runs along the columns. A column of the ancestor has the bases that are kept of one of its bases; a
column of a gain, one base of one sequence. After a column each sequence may begin to gain: x first, then y,
then z; then each begins to lose or does not, or goes on to lose or does not, the three independently of
each other. A sequence that loses goes on with it behind a gain of another one. Columns that all three lose
leave no trace and are left out.

As a composition of three transducers on a star, it is a model of the family of Holmes and Bruno (2001),
with several classes of gaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import NamedTuple

import numpy as np

from motifnet.hmm.substitution import Rates, joint
from motifnet.kernels.triplet_hmm.cells import MOVES
from motifnet.kernels.triplet_hmm.passes import ABSENT, Odds

X, Y, Z = range(3)
"""The three sequences, as axes of arrays."""


class TripletState(NamedTuple):
    """What the last column was.

    Attributes
    ----------
    gains : tuple of (int, int) or None
        The sequence that gained its base, and the class of the gain; ``None`` for a column of the ancestor.
    losses : tuple of three int
        The class of the loss that each sequence is in, from 1; 0 for none.
    """

    gains: tuple[int, int] | None
    losses: tuple[int, ...]

    @property
    def move(self) -> int:
        """Which sequences have a base in the column, as bits: 4 is x, 2 is y, 1 is z."""
        if self.gains is not None:
            return 4 >> self.gains[0]
        return sum((lost == 0) << (2 - side) for side, lost in enumerate(self.losses))


@dataclass(frozen=True, eq=False)
class TripletHmm:
    """Parameters of a triplet HMM.

    Parameters
    ----------
    rates : Rates
        Of substitutions, the same in all three lineages.
    times : numpy.ndarray, shape=(3,)
        Substitutions a site from the ancestor to x, y and z.
    gain, loss : numpy.ndarray, shape=(3, n_classes)
        Probability that a gain of a class begins after a column, and that a loss does, in each of the three.
    gain_extend, loss_extend : numpy.ndarray, shape=(n_classes,)
        Probability that a gain, and a loss, goes on after each of its bases.

    Examples
    --------
    >>> short = np.full((3, 1), 0.01)
    >>> model = TripletHmm(Rates(), np.full(3, 0.1), short, short, np.array([0.5]), np.array([0.5]))
    >>> model.n_classes, len(states_of(1))
    (1, 16)
    """

    rates: Rates
    times: np.ndarray
    gain: np.ndarray
    loss: np.ndarray
    gain_extend: np.ndarray
    loss_extend: np.ndarray

    @property
    def n_classes(self) -> int:
        """Classes of gaps."""
        return self.gain.shape[1]

    @property
    def chances(self) -> np.ndarray:
        """The probability of each event of :func:`transitions_of`, ``shape=(n_events,)``."""
        begins = [np.column_stack([opening, 1 - opening.sum(1)]) for opening in (self.gain, self.loss)]
        goes_on = [np.stack([extend, 1 - extend]) for extend in (self.gain_extend, self.loss_extend)]
        return np.concatenate([array.ravel() for array in (*begins, *goes_on)])

    @cached_property
    def odds(self) -> Odds:
        """What the recurrences need: odds over independent bases."""
        steps = transitions_of(self.n_classes)
        chance = np.exp(steps.events @ np.log(self.chances))
        into_end = len(steps.source)
        return Odds(
            column_odds(self.rates, self.times),
            steps.is_gained,
            steps.first,
            steps.start,
            steps.source,
            chance[:into_end],
            chance[into_end:],
            len(steps.is_gained) - 1,
        )


@cache
def states_of(n_classes: int) -> tuple[TripletState, ...]:
    """The states of a triplet HMM, in the order of their moves, the column of all three last.

    A state of a gain knows of a loss that goes on in another sequence, if it is one.
    """
    classes = range(n_classes + 1)
    of_ancestor = [TripletState(None, losses) for losses in product(classes, repeat=3) if 0 in losses]
    of_gains = [
        TripletState((side, k), losses)
        for side, k, losses in product(range(3), range(n_classes), product(classes, repeat=3))
        if losses[side] == 0 and sum(map(bool, losses)) < 2
    ]
    return tuple(sorted([*of_ancestor, *of_gains], key=lambda state: state.move))


class Transitions(NamedTuple):
    """The transitions of a triplet HMM, and the events that each is the product of.

    Attributes
    ----------
    is_gained, first, start, source : numpy.ndarray
        As :class:`motifnet.kernels.triplet_hmm.passes.Odds` has them.
    events : numpy.ndarray, shape=(n_transitions + n_states, n_events)
        How often each event happens in a transition; those from each state into the end follow behind.
    """

    is_gained: np.ndarray
    first: np.ndarray
    start: np.ndarray
    source: np.ndarray
    events: np.ndarray


@cache
def transitions_of(n_classes: int) -> Transitions:
    """All transitions between the states of :func:`states_of`."""
    states = states_of(n_classes)
    moves = np.array([state.move for state in states])
    start, source, events = [0], [], list[np.ndarray]()
    for into in states:
        for number, state in enumerate(states):
            found = _events(state, into, n_classes)
            if found is not None:
                source.append(number)
                events.append(found)
        start.append(len(source))
    # The end takes the place of a column of all three, which every state leads to.
    into_end = (_events(state, states[-1], n_classes) for state in states)
    events += [counts for counts in into_end if counts is not None]
    return Transitions(
        np.array([state.gains is not None for state in states]),
        np.searchsorted(moves, np.arange(1, MOVES + 2)),
        np.array(start, np.int64),
        np.array(source, np.int64),
        np.stack(events),
    )


def split_events(counts: np.ndarray, n_classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What is counted of events, by what they are of.

    Returns
    -------
    gains, losses : numpy.ndarray, shape=(3, n_classes + 1)
        Of each sequence and class; last, that none begins.
    gains_go_on, losses_go_on : numpy.ndarray, shape=(2, n_classes)
        Further bases, and ends.
    """
    size = 3 * (n_classes + 1)
    gains, losses, *goes_on = np.split(counts, [size, 2 * size, 2 * size + 2 * n_classes])
    return (
        gains.reshape(3, -1),
        losses.reshape(3, -1),
        goes_on[0].reshape(2, -1),
        goes_on[1].reshape(2, -1),
    )


def _events(state: TripletState, into: TripletState, n_classes: int) -> np.ndarray | None:
    """How often each event happens between two states; ``None`` where none leads to the other."""
    counts = np.zeros(6 * (n_classes + 1) + 4 * n_classes)
    gains, losses, gains_go_on, losses_go_on = split_events(counts, n_classes)  # views
    first = 0
    if state.gains is not None:
        side, k = state.gains
        if into == state:
            gains_go_on[0, k] += 1
            return counts
        gains_go_on[1, k] += 1
        first = side + 1
    if into.gains is not None:
        side, k = into.gains
        if side < first or into.losses != _remembered(state.losses, side):
            return None
        gains[first:side, -1] += 1
        gains[side, k] += 1
        return counts
    gains[first:, -1] += 1
    for side, (before, now) in enumerate(zip(state.losses, into.losses, strict=True)):
        if before == 0:
            losses[side, now - 1] += 1  # none is the last
        elif now in (0, before):
            losses_go_on[int(now == 0), before - 1] += 1
        else:
            return None
    return counts


def _remembered(losses: tuple[int, ...], gaining: int) -> tuple[int, ...]:
    """The losses that a gain knows of: that of another sequence, if it is one."""
    kept = tuple(0 if side == gaining else lost for side, lost in enumerate(losses))
    return kept if sum(map(bool, kept)) < 2 else (0, 0, 0)


def column_odds(rates: Rates, times: np.ndarray) -> np.ndarray:
    """Odds of what stands in x, y and z in a column of the ancestor, ``shape=(6, 6, 6)``.

    Over independent bases of the frequencies of the rates. An unknown base (4) is missing data, and so is
    one that is lost (:data:`motifnet.kernels.triplet_hmm.passes.ABSENT`).

    Examples
    --------
    >>> odds = column_odds(Rates(), np.array([0.1, 0.1, 0.3]))
    >>> bool(odds[0, 0, 0] > odds[0, 0, 1] > odds[0, 1, 2]), float(odds[0, 5, 4].round(6))
    (True, 1.0)
    """
    frequencies = np.asarray(rates.frequencies, np.float64)
    seen = np.ones((3, ABSENT + 1, 4))
    seen[:, :4] = joint(rates, np.asarray(times)) / np.outer(frequencies, frequencies)
    return np.einsum("a,xa,ya,za->xyz", frequencies, *seen)
