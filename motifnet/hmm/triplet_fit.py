"""Learning a triplet HMM: expectation and maximisation over three sequences in a band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from motifnet.errors import InexactPosterior
from motifnet.hmm.estimate import climb
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.substitution import SUBSTITUTIONS, Rates, fit_rates
from motifnet.hmm.triplet import TripletHmm, column_odds, split_events, states_of, transitions_of
from motifnet.hmm.triplet_band import AXES, TripletBand
from motifnet.kernels import threads
from motifnet.kernels.triplet_hmm.cells import cells_of
from motifnet.kernels.triplet_hmm.passes import ABSENT, GAINED, Expected, pass_over
from motifnet.progress import Progress

_SUBSTITUTION = "hky85"  # what the rates of all three lineages are: transitions and base frequencies
_LEAST_TIME = 1e-4  # substitutions a site of a lineage: less than one base in 10,000 shows in few sequences
_LEAST = 1e-9  # of a probability, so that it has a logarithm
_LEAST_SHARE = 0.1  # of what pairs with z differ by, which z has of its own to begin with
# Events of each kind that a fit begins with, at the rate of the start: one, so that what was never seen is
# rare and not impossible.
_PRIOR_EVENTS = 1.0
_LEAST_GAIN = 0.1  # nats, of a round of learning: nothing that decides on a gap
_MOST_ROUNDS = 20
_MOST_OFF = 1e-8  # from one, of what a base of x may stand in on average: as the bands of pairs have it
_BYTES_OF_STATE = 16  # of a cell: two sums of float64
_BYTES_OF_CELL = 48  # its bases, the cells before it, and its power of two
# Cells of the pieces that are learnt from, about: a second of work a round. In true alignments of human,
# mouse and dog they have some 500 gaps, of which more do not change what is told of a gap.
_TEACHING_CELLS = 500_000


class Triplet(NamedTuple):
    """Three sequences, and where their paths may go.

    Attributes
    ----------
    x, y, z : numpy.ndarray of uint8, shape=(length,)
        Codes.
    band : TripletBand
    """

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    band: TripletBand


class Alone(NamedTuple):
    """Probabilities of each base of x and of y that it has no partner in the other, and why.

    Attributes
    ----------
    x, y : numpy.ndarray, shape=(length, 3)
        It was gained; the other lost it, and z has none of it, or has it: in the order of
        :mod:`motifnet.kernels.triplet_hmm.passes`. ``nan`` where there was no room for the cells.
    """

    x: np.ndarray
    y: np.ndarray


class _Piece(NamedTuple):
    """A piece of three sequences with its cells, of which there are none where there is no room for them."""

    number: int  # of its triplet
    start: np.ndarray
    stop: np.ndarray
    codes: tuple[np.ndarray, np.ndarray, np.ndarray]
    cells: np.ndarray
    before: np.ndarray


class _Sums(NamedTuple):
    """What is expected of pieces together."""

    log_odds: float
    events: np.ndarray
    columns: np.ndarray


def starting_model(near: PairHmm, far: PairHmm) -> TripletHmm:
    """A triplet HMM from the pair HMM of x and y, and that of both with z.

    Half of what x and y differ by is of each lineage, and gaps were gained as often as lost.

    Parameters
    ----------
    near, far : PairHmm
    """
    found = [fit_rates(one.match, SUBSTITUTIONS[_SUBSTITUTION], None, None) for one in (near, far)]
    kappa = float(np.sqrt(found[0][0].kappa * found[1][0].kappa))
    frequencies = np.mean([rates.frequencies for rates, _ in found], 0)
    ours = found[0][1] / 2
    times = np.maximum([ours, ours, max(found[1][1] - ours, found[1][1] * _LEAST_SHARE)], _LEAST_TIME)
    shape = near if near.n_classes >= far.n_classes else far
    share = shape.open.sum(0) / shape.open.sum()
    of_lineage = near.open.sum() / 2
    of_z = max(far.open.sum() - of_lineage, far.open.sum() * _LEAST_SHARE)
    opening = np.multiply.outer(np.array([of_lineage, of_lineage, of_z]) / 2, share)
    extend = shape.extend.mean(0)
    return TripletHmm(Rates(kappa, frequencies), times, opening, opening, extend, extend)


def fit_triplets(
    triplets: Sequence[Triplet], start: TripletHmm, most_bytes: float, *, progress: Progress | None = None
) -> TripletHmm:
    """Learn gains, losses and times of the three lineages by expectation and maximisation.

    They are learnt from pieces that are drawn, the same in every run, until they have
    :data:`_TEACHING_CELLS`.

    Parameters
    ----------
    triplets : sequence of Triplet
    start : TripletHmm
        Where to begin; its kappa and frequencies are kept.
    most_bytes : float
        Memory of a piece; what takes more does not teach.
    progress : Progress, optional

    Raises
    ------
    LikelihoodFell
        If a round lowers the objective by more than rounding does: an error in this program.
    """
    teachers, prior = _teachers(triplets, start.n_classes, most_bytes), _prior(start)
    if not teachers:
        return start

    def expect(model: TripletHmm) -> tuple[float, _Sums]:
        sums = _added(model, _expected(model, teachers))
        return sums.log_odds + float(prior @ np.log(model.chances)), sums

    found = climb(
        start,
        expect,
        lambda model, sums: _maximised(model, prior, sums),
        least_gain=_LEAST_GAIN,
        max_rounds=_MOST_ROUNDS,
        keeps_ties=False,
        progress=progress,
        what="learn the three lineages",
    )
    return found.state


def alone(model: TripletHmm, triplet: Triplet, most_bytes: float) -> Alone:
    """How probable it is of each base of x and y that it is alone, and why.

    Parameters
    ----------
    model : TripletHmm
    triplet : Triplet
    most_bytes : float
        Memory of a piece; of one that takes more nothing is known.
    """
    found = Alone(*(np.full((len(codes), 3), np.nan) for codes in (triplet.x, triplet.y)))
    bounds = list(triplet.band.pieces())
    tasks = [partial(_alone_of_piece, model, triplet, *each, most_bytes) for each in bounds]
    for (start, stop), one in zip(bounds, threads.run(tasks), strict=True):
        if one is not None:
            found.x[start[0] : stop[0]], found.y[start[1] : stop[1]] = one
    return found


def _alone_of_piece(
    model: TripletHmm, triplet: Triplet, start: np.ndarray, stop: np.ndarray, most_bytes: float
) -> Alone | None:
    piece = _piece(0, triplet, start, stop, model.n_classes, most_bytes)
    if not len(piece.cells):
        return None
    expected = _of_piece(model, piece)
    return Alone(expected.x_alone, expected.y_alone)


def _teachers(triplets: Sequence[Triplet], n_classes: int, most_bytes: float) -> list[_Piece]:
    """Pieces that are learnt from, in an order of chance, until they have cells enough."""
    bounds = [(i, *each) for i, triplet in enumerate(triplets) for each in triplet.band.pieces()]
    teachers: list[_Piece] = []
    n_cells = 0
    for k in np.random.default_rng(0).permutation(len(bounds)).tolist():
        number, start, stop = bounds[k]
        piece = _piece(number, triplets[number], start, stop, n_classes, most_bytes)
        n_cells += len(piece.cells)
        if len(piece.cells):
            teachers.append(piece)
        if n_cells >= _TEACHING_CELLS:
            break
    return teachers


def _piece(
    number: int, triplet: Triplet, start: np.ndarray, stop: np.ndarray, n_classes: int, most_bytes: float
) -> _Piece:
    """A piece with the cells of the widest band that there is room for."""
    most = int(most_bytes / (_BYTES_OF_STATE * len(states_of(n_classes)) + _BYTES_OF_CELL))
    codes = tuple(np.minimum(one[a:b], 4) for one, a, b in zip(triplet[:3], start, stop, strict=True))
    for width in triplet.band.widths:
        parts = [one.part(start[list(axis)], stop[list(axis)]) for one, axis in zip(width, AXES, strict=True)]
        cells, before = cells_of(*parts, most)
        if len(cells):
            break
    return _Piece(number, start, stop, codes, cells, before)


def _expected(model: TripletHmm, pieces: Sequence[_Piece]) -> list[Expected]:
    """What is expected of each piece, worked on in threads."""
    return threads.run([partial(_of_piece, model, piece) for piece in pieces])


def _of_piece(model: TripletHmm, piece: _Piece) -> Expected:
    odds, (x, y, z) = model.odds, piece.codes
    expected = Expected(
        0.0,
        np.zeros(len(odds.source)),
        np.zeros(len(odds.ends)),
        np.zeros((6, 6, 6)),
        np.zeros((len(x), 3)),
        np.zeros((len(y), 3)),
    )
    log_odds = pass_over(odds, x, y, z, piece.cells, piece.before, expected)
    n_of_x = expected.columns[:ABSENT].sum() + expected.x_alone[:, GAINED].sum()
    away = abs(float(n_of_x) / len(x) - 1) if len(x) else 0.0
    if not away <= _MOST_OFF:
        raise InexactPosterior(away, _MOST_OFF)
    return expected._replace(log_odds=float(log_odds))


def _added(model: TripletHmm, expected: Sequence[Expected]) -> _Sums:
    """All of them together, in their order."""
    into = sum(np.concatenate([one.transitions, one.ends]) for one in expected)
    return _Sums(
        sum(one.log_odds for one in expected),
        into @ transitions_of(model.n_classes).events,
        np.sum([one.columns for one in expected], 0),
    )


def _prior(start: TripletHmm) -> np.ndarray:
    """Events that are added to those counted."""
    counts = np.zeros(len(start.chances))
    for array, chances in zip(
        split_events(counts, start.n_classes), split_events(start.chances, start.n_classes), strict=True
    ):
        if array.shape[0] == 3:
            array[:] = _PRIOR_EVENTS * chances / chances[:, :-1].mean(1, keepdims=True)
        else:
            array[:] = _PRIOR_EVENTS * chances / chances[1]
    return counts


def _maximised(model: TripletHmm, prior: np.ndarray, sums: _Sums) -> TripletHmm:
    counts = split_events(sums.events + prior, model.n_classes)
    gain, loss = (one[:, :-1] / one.sum(1, keepdims=True) for one in counts[:2])
    gain_extend, loss_extend = (one[0] / one.sum(0) for one in counts[2:])
    return replace(
        model,
        times=_best_times(model, sums.columns),
        gain=np.maximum(gain, _LEAST),
        loss=np.maximum(loss, _LEAST),
        gain_extend=np.clip(gain_extend, _LEAST, 1 - _LEAST),
        loss_extend=np.clip(loss_extend, _LEAST, 1 - _LEAST),
    )


def _best_times(model: TripletHmm, columns: np.ndarray) -> np.ndarray:
    """The times at which what stands in the columns is likeliest; never worse than they were."""
    from scipy.optimize import minimize

    def loss(logs: np.ndarray) -> float:
        odds = np.log(np.maximum(column_odds(model.rates, np.exp(logs)), _LEAST))
        return -float((columns * odds).sum()) / columns.sum()

    first = np.log(model.times)
    found = minimize(loss, first, method="L-BFGS-B", bounds=[(np.log(_LEAST_TIME), np.log(5.0))] * 3)
    return np.exp(found.x if found.fun <= loss(first) else first)
