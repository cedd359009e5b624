"""Pair HMMs over arrays: the loops, dealt to threads."""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from motifnet.errors import InexactPosterior
from motifnet.kernels import threads
from motifnet.kernels.pair_hmm import anchors, cells, chain, envelopes, lanes, lockstep, passes, strips
from motifnet.kernels.pair_hmm.envelopes import Envelopes
from motifnet.kernels.pair_hmm.tapes import tape_for

MODES = {"global": cells.GLOBAL, "semi-global": cells.SEMIGLOBAL, "local": cells.LOCAL}
"""Where a path begins and ends: at the corners; at the edges; anywhere."""

_PARTS = 64  # of the pairs of a call, at most
_SHORT_CELLS = 1 << 18  # of a pair that is worked on with others, at most
_SOON = 8  # how many times less than for what is published, since it is asked of every pair that teaches
_MISSED = 1e-3  # nats of a pair, as little as a round is worth
_ROUNDING = 1e-12  # of a sum over all cells, relative to it, where columns are added in another order
_NO_POSTERIOR = 2.0  # instead of the least posterior to note


class PairOdds(NamedTuple):
    """Pair HMMs as the recurrences need them (see :mod:`motifnet.kernels.pair_hmm.cells`).

    Attributes
    ----------
    match : numpy.ndarray, shape=(n_models, 5, 5)
        Odds of a column with a base (or an unknown one) of X and one of Y.
    close : numpy.ndarray, shape=(n_models, 2, n_classes)
        Odds of opening and closing a gap: of bases of X alone, and of Y alone.
    extend : numpy.ndarray, shape=(n_models, 2, n_classes)
        Odds of one more base of a gap.
    """

    match: np.ndarray
    close: np.ndarray
    extend: np.ndarray


class Band(NamedTuple):
    """Which cells are worked on, and how much memory they take.

    A long pair is worked on in an envelope: where words that both sequences share say that they may face each
    other, and wherever else its edge shows that alignments go.

    Attributes
    ----------
    exact_cells : int
        A pair with at most so many cells is worked on in all of them.
    bits : int
        An envelope is widened until no block of 16 by 16 cells at its edge holds more than ``2 ** -bits`` of
        the posterior: of the expected number of columns that stand in it. -1 for all cells.
    passed_bits : int or None
        An envelope is let pass at whose edge no block holds more than ``2 ** -passed_bits``, for one round of
        learning: it is widened there for the next. As many as ``bits`` if not given.
    tolerance : float
        How far from one the probabilities of all that a base may stand in may sum; and how far the log-odds
        of all cells may be from those of an envelope, in nats, where these are compared.
    n_numbers : int
        Numbers kept between a forward pass and the backward one.
    compared_cells : int
        Where nothing but log-odds is asked, a pair with at most so many cells is worked on in all of them;
        the log-odds of its envelope are compared with those of all cells: see :func:`is_whole`. Half a second
        of work.
    """

    exact_cells: int = 1 << 18
    bits: int = 60
    passed_bits: int | None = None
    tolerance: float = 1e-8
    n_numbers: int = 1 << 24
    compared_cells: int = 1 << 29


DEFAULT_BAND = Band()

_BITS_OF_LEARNING = 30
# Of a round's posterior that an envelope may leave out: 1e-9 of a column, so that a log-likelihood changes by
# far less than a round gains that is worth going on for (1e-3 nats).
_PASSED_BITS = 0
# In haste, a block at the edge may hold a column: the next round works on more there, and the last one is
# asked again. To be strict in each takes up to three passes a round at first.
_KEPT = 2.0**-10
# Blocks are kept that hold by so much less than what an edge may hold: a model that changes a little, or an
# edge that moves, then seldom asks for another pass. A convention.


def while_learning(band: Band, *, roughly: bool = False) -> Band:
    """The band of a round of learning, whose counts are soon replaced; roughly, where it is not the last."""
    bits = min(band.bits, _BITS_OF_LEARNING)
    return band._replace(bits=bits, passed_bits=min(bits, _PASSED_BITS) if roughly else None)


def is_settled(counts: PairCounts, band: Band) -> bool:
    """Whether no edge holds more than the bits of a band allow, whatever was let pass."""
    return bool(counts.edge.max(initial=0.0) < 2.0**-band.bits)


class PairCounts(NamedTuple):
    """Log-odds and expected counts of pairs.

    Attributes
    ----------
    log_odds : numpy.ndarray, shape=(n,)
        In nats, without what the ends of a pair cost.
    matches : numpy.ndarray, shape=(n, 5, 5)
        Columns with a base of X and one of Y.
    of_gaps : numpy.ndarray, shape=(n, 2, 2, n_classes)
        Of each sequence, columns with a base of it alone, and stretches of them.
    deviation : numpy.ndarray, shape=(n,)
        How far from one the probabilities of all that a base may stand in sum, at most; of short
        pairs, how far from its length those of all bases of a sequence do.
    edge : numpy.ndarray, shape=(n,)
        The most that a block of cells at the edge of the pair's envelope holds; 0 where all cells were worked
        on.
    """

    log_odds: np.ndarray
    matches: np.ndarray
    of_gaps: np.ndarray
    deviation: np.ndarray
    edge: np.ndarray

    @property
    def gap_columns(self) -> np.ndarray:
        """Columns with a base of one sequence alone, ``shape=(n, 2, n_classes)``."""
        return self.of_gaps[:, :, 0]

    @property
    def gaps(self) -> np.ndarray:
        """Stretches of such columns, ``shape=(n, 2, n_classes)``."""
        return self.of_gaps[:, :, 1]


class Posterior(NamedTuple):
    """Matches of one pair.

    Attributes
    ----------
    counts : PairCounts
        Of this pair.
    envelope : Envelopes
        Where it was worked on.
    is_exact : bool
        Whether that is all cells.
    indptr : numpy.ndarray of int64, shape=(x_length + 1,)
    column : numpy.ndarray of int32, shape=(n,)
    probability : numpy.ndarray of float32, shape=(n,)
        Matches that are likely enough, by rows.
    """

    counts: PairCounts
    envelope: Envelopes
    is_exact: bool
    indptr: np.ndarray
    column: np.ndarray
    probability: np.ndarray


class Path(NamedTuple):
    """An alignment of one pair.

    Attributes
    ----------
    columns : numpy.ndarray of uint8, shape=(n_columns,)
        0 a match, 1 a base of X alone, 2 a base of Y alone.
    x_start, y_start : int
        First base of each.
    log_odds : float
        Of the path; of all paths, where it was drawn.
    """

    columns: np.ndarray
    x_start: int
    y_start: int
    log_odds: float


def log_odds(odds: PairOdds, x, y, which, mode: str, band: Band) -> np.ndarray:
    """Log-odds of pairs, ``shape=(n,)``.

    Parameters
    ----------
    odds : PairOdds
    x, y : tuple of numpy.ndarray
        Codes of all sequences, and offsets of each: ``shape=(total_length,)`` and ``(n + 1,)``.
    which : numpy.ndarray of int64, shape=(n,)
        The model of each pair.
    mode : {"global", "semi-global", "local"}
    band : Band
    """
    counts = _no_counts(len(which), odds, keeps=False)
    where = envelopes_of(x, y, mode, band, most=band.compared_cells)
    _count(odds, x, y, which, mode, band, counts, where, keeps=False)
    return counts.log_odds


def expected_counts(
    odds: PairOdds, x, y, which, mode: str, band: Band, *, within: Envelopes | None = None
) -> PairCounts:
    """Log-odds and expected counts of pairs: arguments as those of :func:`log_odds`.

    Parameters
    ----------
    odds, x, y, which, mode, band
        As for :func:`log_odds`.
    within : Envelopes, optional
        Where to begin, from :func:`envelopes_of`; in place they become what holds anything to speak of, for
        the next round of learning.

    Raises
    ------
    InexactPosterior
        If what a base may stand in does not sum to one: an error in this program.
    """
    counts = _no_counts(len(which), odds, keeps=True)
    where = envelopes_of(x, y, mode, band) if within is None else within
    _count(odds, x, y, which, mode, band, counts, where, keeps=True, narrows=within is not None)
    _check(counts, band)
    return counts


def envelopes_of(x, y, mode: str, band: Band, *, most: int = 0) -> Envelopes:
    """Where pairs are worked on to begin with.

    Parameters
    ----------
    x, y : tuple of numpy.ndarray
        As for :func:`log_odds`.
    mode : {"global", "semi-global", "local"}
    band : Band
    most : int
        Pairs of at most so many cells are worked on in all of them, as well as those of ``band.exact_cells``.
    """
    n_x, n_y = np.diff(x[1]), np.diff(y[1])
    is_short = _is_short(n_x * n_y, mode, band)
    parts = []
    for i in range(len(n_x)):
        size = 0 if is_short[i] else strips.n_strips_of(n_x[i])
        if size and band.bits >= 0 and n_x[i] * n_y[i] > max(band.exact_cells, most):
            of_x, of_y = x[0][x[1][i] : x[1][i + 1]], y[0][y[1][i] : y[1][i + 1]]
            parts.append(anchors.envelope_of(of_x, of_y, MODES[mode]))
        else:
            parts.append(envelopes.whole(size, strips.n_blocks_of(n_y[i])))
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum([len(part) for part in parts])])
    return Envelopes(np.concatenate([np.zeros((0, 2), np.int32), *parts]), offsets.astype(np.int64))


def posterior(odds: PairOdds, x: np.ndarray, y: np.ndarray, mode: str, band: Band, least: float) -> Posterior:
    """Matches of one pair with a probability of at least ``least``; errors of :func:`expected_counts`."""
    counts = _no_counts(1, odds, keeps=True)
    pairs = _pairs(odds, _alone(x), _alone(y), np.zeros(1, np.int64))
    where = _envelope(x, y, mode, band)
    seen = _expect(pairs, 0, MODES[mode], band, least, counts, where)[0]
    _check(counts, band)
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(seen.size[1:])])
    n = seen.size[0]
    return Posterior(
        counts,
        where,
        bool(envelopes.is_whole(where.strips, strips.n_blocks_of(len(y)))),
        indptr,
        seen.column[:n][::-1].copy(),
        seen.probability[:n][::-1].copy(),
    )


def is_whole(
    odds: PairOdds, x: np.ndarray, y: np.ndarray, mode: str, band: Band, in_band: float
) -> bool | None:
    """Whether the envelope of a pair holds all alignments that count; ``None`` if too large to tell.

    An alignment that goes far from where the others go and comes back, by two long gaps that make up for each
    other, or that lies elsewhere altogether, may leave nothing at the edge that tells of it. Only the sum
    over all cells can, which is one pass forward without counts.

    Parameters
    ----------
    odds : PairOdds
    x, y : numpy.ndarray of uint8, shape=(length,)
    mode : {"global", "semi-global", "local"}
    band : Band
    in_band : float
        The log-odds in the envelope.
    """
    if len(x) * len(y) > band.compared_cells:
        return None
    all_cells = band._replace(bits=-1)
    value = float(log_odds(odds, _alone(x), _alone(y), np.zeros(1, np.int64), mode, all_cells)[0])
    return abs(value - in_band) <= band.tolerance + _ROUNDING * abs(value)


def take_all_where_missed(odds: PairOdds, x, y, which, mode: str, band: Band, within: Envelopes) -> None:
    """Give all cells, in place, to pairs whose envelopes lack alignments that count, as far as is soon told.

    Parameters
    ----------
    odds, x, y, which, mode, band
        As for :func:`log_odds`.
    within : Envelopes
        As for :func:`expected_counts`.
    """
    n_y = np.diff(y[1])
    n_cells = np.diff(x[1]) * n_y
    is_told = (np.diff(within.offsets) > 0) & (n_cells <= band.compared_cells // _SOON)
    told = np.flatnonzero(is_told)
    if not len(told):
        return
    here = expected_counts(odds, x, y, which, mode, band, within=within).log_odds
    whole = _no_counts(len(which), odds, keeps=False)
    _one_by_one(
        _pairs(odds, x, y, which),
        mode,
        band._replace(bits=-1),
        whole,
        _all_cells(within, n_y),
        told,
        keeps=False,
        narrows=False,
    )
    for i in told[np.abs(whole.log_odds - here)[told] > _MISSED].tolist():
        _of_pair(within, i)[:] = 0, strips.n_blocks_of(n_y[i])


def _all_cells(within: Envelopes, n_y: np.ndarray) -> Envelopes:
    """The same pairs in all cells."""
    n_strips = np.diff(within.offsets)
    stops = np.repeat(n_y, n_strips)
    return Envelopes(
        np.stack([np.zeros_like(stops), strips.n_blocks_of(stops)], 1).astype(np.int32), within.offsets
    )


def memory_of(x: np.ndarray, y: np.ndarray, n_classes: int, mode: str, band: Band) -> float:
    """Bytes that a pair may take at most where it is worked on at first.

    Parameters
    ----------
    x, y : numpy.ndarray of uint8, shape=(length,)
    n_classes : int
        Classes of gaps.
    mode : {"global", "semi-global", "local"}
    band : Band
    """
    m, envelope = len(y), _envelope(x, y, mode, band)
    columns = cells.BLOCK * (m // cells.BLOCK + 2)
    n_rows = 2 + 2 * n_classes
    widths = cells.BLOCK * np.diff(envelope.strips, axis=1)[:, 0].astype(np.float64)
    of_cells = widths.max(initial=0.0) * (strips.STRIP + 1) * n_rows
    boundaries = tape_for(envelope.strips, n_classes, band.n_numbers).n_numbers
    held = widths.sum() / cells.BLOCK
    of_columns = columns * (6 + 8 + 2 * n_rows + 1 + n_classes)  # odds, sums, rows of both directions
    return float(np.dtype(np.float64).itemsize * (of_columns + of_cells + boundaries + held))


def best_path(
    odds: PairOdds,
    x: np.ndarray,
    y: np.ndarray,
    mode: str,
    band: Band,
    *,
    within: Envelopes | None = None,
) -> Path:
    """The most probable path (Viterbi).

    Parameters
    ----------
    odds : PairOdds
    x, y : numpy.ndarray of uint8, shape=(length,)
    mode : {"global", "semi-global", "local"}
    band : Band
    within : Envelopes, optional
        That of a :class:`Posterior` of the same pair; it is found first where none is given.
    """
    where = _settled(odds, x, y, mode, band) if within is None else within
    path = _path(cells.Rule(MODES[mode], cells.BEST_PATH), odds, x, y, where, band, np.zeros(1))
    away = abs(_score(odds, x, y, path) - path.log_odds)
    if np.isfinite(path.log_odds) and not away <= band.tolerance:
        raise InexactPosterior(away, band.tolerance)
    return path


def drawn_path(
    odds: PairOdds,
    x: np.ndarray,
    y: np.ndarray,
    band: Band,
    numbers: np.ndarray,
    *,
    within: Envelopes | None = None,
) -> Path:
    """A path drawn from the posterior of global alignments.

    Parameters
    ----------
    odds, x, y, band, within
        As for :func:`best_path`.
    numbers : numpy.ndarray, shape=(at least 2 * (x_length + y_length + 1),)
        Drawn evenly from [0, 1): one for each decision.
    """
    where = _settled(odds, x, y, "global", band) if within is None else within
    return _path(cells.Rule(cells.GLOBAL, cells.ALL_PATHS), odds, x, y, where, band, numbers)


def heaviest_chain(indptr, column, gain, n_columns) -> np.ndarray:
    """The matches, ascending in both sequences, whose gains sum to the most.

    Parameters
    ----------
    indptr, column : numpy.ndarray
        As those of :class:`Posterior`.
    gain : numpy.ndarray of float64, shape=(n,)
    n_columns : int

    Returns
    -------
    numpy.ndarray of int64
        Indices of the entries.
    """
    return chain.heaviest_chain(indptr, column, gain, n_columns)


def facing(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Bases that face each other by words that two sequences share: see :func:`anchors.facing`."""
    return anchors.facing(x, y)


def _path(rule: cells.Rule, odds: PairOdds, x, y, where: Envelopes, band: Band, numbers: np.ndarray) -> Path:
    match, close, extend = (np.ascontiguousarray(array[0], np.float64) for array in odds)
    model = cells.model_of(_classes(odds), close, extend)
    tape = tape_for(where.strips, close.shape[1], band.n_numbers)
    columns, x_start, y_start, value = passes.trace(
        rule, model, match, x, y, where.strips, tape.every, tape.numbers(), numbers
    )
    return Path(columns[::-1].copy(), x_start, y_start, value)


def _settled(odds: PairOdds, x: np.ndarray, y: np.ndarray, mode: str, band: Band) -> Envelopes:
    """An envelope at whose edge nothing is that counts."""
    where = _envelope(x, y, mode, band)
    if envelopes.is_whole(where.strips, strips.n_blocks_of(len(y))):
        return where
    return posterior(odds, x, y, mode, band, _NO_POSTERIOR).envelope


def _envelope(x: np.ndarray, y: np.ndarray, mode: str, band: Band) -> Envelopes:
    """That of a pair that is worked on alone, however short it is."""
    if band.bits >= 0 and len(x) * len(y) > band.exact_cells:
        return envelopes_of(_alone(x), _alone(y), mode, band)
    n_strips = strips.n_strips_of(len(x))
    return Envelopes(envelopes.whole(n_strips, strips.n_blocks_of(len(y))), np.array([0, n_strips], np.int64))


def _is_short(n_cells: np.ndarray, mode: str, band: Band) -> np.ndarray:
    """Pairs that go in lock-step."""
    most = _SHORT_CELLS if band.bits < 0 else min(band.exact_cells, _SHORT_CELLS)
    return (mode == "global") & (n_cells > 0) & (n_cells <= most)


def _score(odds: PairOdds, x: np.ndarray, y: np.ndarray, path: Path) -> float:
    """Log-odds of the best path with these columns, added up one by one."""
    match, close, extend = (np.log(array[0]) for array in odds)
    is_match = path.columns == 0
    x_at = path.x_start + np.cumsum(path.columns != 2)[is_match] - 1
    y_at = path.y_start + np.cumsum(path.columns != 1)[is_match] - 1
    total = match[np.minimum(x[x_at], 4), np.minimum(y[y_at], 4)].sum()
    bounds = np.flatnonzero(np.diff(path.columns, prepend=0, append=0))
    for start, stop in pairwise(bounds.tolist()):
        side = int(path.columns[start]) - 1
        if side >= 0:
            total += (close[side] + (stop - start - 1) * extend[side]).max()
    return float(total)


def _no_counts(n: int, odds: PairOdds, *, keeps: bool) -> PairCounts:
    n_kept, n_classes = n if keeps else 0, odds.close.shape[2]
    return PairCounts(
        np.empty(n),
        np.zeros((n_kept, 5, 5)),
        np.zeros((n_kept, 2, 2, n_classes)),
        np.zeros(n),
        np.zeros(n),
    )


def _check(counts: PairCounts, band: Band) -> None:
    deviation = counts.deviation.max(initial=0.0)
    if not deviation <= band.tolerance:
        raise InexactPosterior(float(deviation), band.tolerance)


def _count(
    odds: PairOdds,
    x,
    y,
    which,
    mode: str,
    band: Band,
    counts: PairCounts,
    where: Envelopes,
    *,
    keeps: bool,
    narrows: bool = False,
) -> None:
    """Fill the counts, in threads: short pairs in lock-step, the others one by one in their envelopes."""
    n_cells = np.diff(x[1]) * np.diff(y[1])
    is_short = _is_short(n_cells, mode, band)
    short, others = np.flatnonzero(is_short), np.flatnonzero(~is_short)
    groups = short[lanes.groups_of(np.diff(x[1])[short], np.diff(y[1])[short])]
    pairs = _pairs(odds, x, y, which)
    one_by_one = partial(_one_by_one, pairs, mode, band, counts, where, keeps=keeps, narrows=narrows)
    tasks = [partial(one_by_one, others[part]) for part in _parts(n_cells[others])]
    for how, its in lockstep.dealt(pairs, groups):
        in_lockstep = partial(lockstep.pass_over, _classes(odds), how, pairs)
        tasks += [partial(in_lockstep, its[part], keeps, counts) for part in _parts(n_cells[its[:, 0]])]
    threads.run(tasks)
    if keeps:
        _add_totals(short, (x, y), counts)


def _one_by_one(
    pairs: lanes.Pairs,
    mode: str,
    band: Band,
    counts: PairCounts,
    where: Envelopes,
    chosen: np.ndarray,
    *,
    keeps: bool,
    narrows: bool,
) -> None:
    """Fill what is asked of some pairs, each in its envelope."""
    for i in chosen.tolist():
        x, y = _codes(pairs, i)
        n_blocks, envelope = strips.n_blocks_of(len(y)), _of_pair(where, i)
        if not keeps and envelopes.is_whole(envelope, n_blocks):
            rule = cells.Rule(MODES[mode], cells.ALL_PATHS)
            counts.log_odds[i] = passes.value_of(rule, *_model(pairs, i), x, y, envelope)
            continue
        # Whether an envelope is wide enough, its edge says, which takes a pass back.
        room = np.empty((1, 5, 5)), np.empty((1, 2, 2, pairs.close.shape[2]))
        into = counts if keeps else counts._replace(matches=room[0], of_gaps=room[1])
        held = _expect(pairs, i, MODES[mode], band, _NO_POSTERIOR, into, where)[1]
        if narrows and len(held):
            least = _KEPT * 2.0**-band.bits
            envelope[:] = envelopes.narrowed(envelope, held, n_blocks, least, envelopes.MARGIN)


def _expect(
    pairs: lanes.Pairs, i: int, mode: int, band: Band, least: float, counts: PairCounts, where: Envelopes
) -> tuple[passes.NotedMatches, np.ndarray]:
    """Fill the counts of a pair in its envelope, which is moved, in place, until its edge holds too little.

    Returns
    -------
    seen : NotedMatches
        Posteriors of at least ``least``.
    held : numpy.ndarray, shape=(n_blocks,)
        What every block of the envelope holds; empty where that is all cells.
    """
    x, y = _codes(pairs, i)
    envelope, n_blocks = _of_pair(where, i), strips.n_blocks_of(len(y))
    most, step = 2.0**-band.bits, envelopes.MARGIN
    passed = most if band.passed_bits is None else 2.0**-band.passed_bits
    least_odds = _least_odds(len(x) * len(y), mode, band)
    place = min(i, len(counts.matches) - 1)
    while True:
        is_all = envelopes.is_whole(envelope, n_blocks)
        held = np.zeros(0 if is_all else envelopes.n_blocks_in(envelope))
        matches, gaps = counts.matches[place], counts.of_gaps[place]
        matches[:], gaps[:] = 0, 0
        tape = tape_for(envelope, pairs.close.shape[2], band.n_numbers)
        value, seen, deviation = passes.expect(
            *_model(pairs, i), x, y, mode, envelope, tape.every, tape.numbers(), least, matches, gaps, held
        )
        edge = 0.0 if is_all else envelopes.most_at_edge(envelope, held, n_blocks)
        if is_all or (value > least_odds and edge < passed):
            counts.log_odds[i], counts.deviation[i], counts.edge[i] = value, deviation, edge
            return seen, held
        step *= 2
        if value > least_odds:
            envelope[:] = envelopes.narrowed(envelope, held, n_blocks, _KEPT * most, step)
        else:
            envelope[:] = 0, n_blocks


def _least_odds(n_cells: int, mode: int, band: Band) -> float:
    """Log-odds that tell nothing of where else a pair may be aligned, at most: all cells are worked on then.

    A model that takes the pair for less likely than two strangers makes nothing of the words that they share.
    Alignments that begin or end anywhere have odds of about one by chance, and there are as many as cells.
    """
    if mode == cells.GLOBAL:
        return 0.0 if n_cells <= band.compared_cells else -math.inf
    return math.log(n_cells + 1) + band.bits * math.log(2)


def _codes(pairs: lanes.Pairs, i: int) -> tuple[np.ndarray, np.ndarray]:
    """The two sequences of a pair."""
    x, y = (slice(*offsets[i : i + 2]) for offsets in (pairs.x_offsets, pairs.y_offsets))
    return pairs.x[x], pairs.y[y]


def _of_pair(where: Envelopes, i: int) -> np.ndarray:
    """The envelope of one pair, ``shape=(n_strips, 2)``: a view."""
    return where.strips[where.offsets[i] : where.offsets[i + 1]]


def _model(pairs: lanes.Pairs, i: int) -> tuple[cells.RecurrenceModel, np.ndarray]:
    """The recurrence and the odds of columns of a pair's model."""
    close, extend = pairs.close[pairs.which[i]], pairs.extend[pairs.which[i]]
    return cells.model_of((0,) * close.shape[1], close, extend), pairs.odds[pairs.which[i]]


def _add_totals(short: np.ndarray, sequences, counts: PairCounts) -> None:
    """Note how far the counts of pairs that went in lock-step are from the lengths of their sequences."""
    matched = counts.matches[short].sum((1, 2))
    is_possible = np.isfinite(counts.log_odds[short])
    for side, (_, offsets) in enumerate(sequences):
        bases = matched + counts.gap_columns[short, side].sum(1)
        away = np.where(is_possible, np.abs(bases - np.diff(offsets)[short]), 0.0)
        counts.deviation[short] = np.maximum(counts.deviation[short], away)


def _parts(n_cells: np.ndarray) -> list[slice]:
    """Parts of pairs, or of groups of them, with about as many cells each."""
    sizes = np.cumsum(n_cells + 1)
    shares = np.linspace(0, sizes[-1], _PARTS + 1)[1:-1] if len(sizes) else np.zeros(0)
    cuts = np.unique([0, *(np.searchsorted(sizes, shares) + 1), len(sizes)])
    return [slice(*part) for part in pairwise(cuts.tolist())]


def _pairs(odds: PairOdds, x, y, which) -> lanes.Pairs:
    match, close, extend = (np.ascontiguousarray(array, np.float64) for array in odds)
    return lanes.Pairs(match, close, extend, which, x[0], x[1], y[0], y[1])


def _alone(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One sequence as several are given: its codes, and where they begin and end."""
    return codes, np.array([0, len(codes)])


def _classes(odds: PairOdds) -> tuple[int, ...]:
    """As many numbers as there are classes of gaps: loops are compiled for the type."""
    return (0,) * odds.close.shape[2]
