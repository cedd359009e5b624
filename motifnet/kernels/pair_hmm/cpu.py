"""Pair HMMs over arrays: the loops, dealt to threads."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from motifnet.errors import InexactPosterior
from motifnet.kernels import threads
from motifnet.kernels.pair_hmm import cells, chain, lanes, lockstep, passes, strips

MODES = {"global": cells.GLOBAL, "semi-global": cells.SEMIGLOBAL, "local": cells.LOCAL}
"""Where a path begins and ends: at the corners; at the edges; anywhere."""

_PARTS = 64  # of the pairs of a call, at most
_SHORT_CELLS = 1 << 18  # of a pair that is worked on with others, at most
_ROUNDING = 1e-12  # of a sum over all cells, relative to it, where columns are added in another order
_NO_COUNTS, _NO_POSTERIOR = -1.0, 2.0  # instead of the least posterior to note


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

    Attributes
    ----------
    exact_cells : int
        A pair with at most so many cells gets no band.
    bits : int
        Blocks of cells that hold less than ``2 ** -bits`` of a row's best are left out; -1 leaves
        out none.
    tolerance : float
        How far the log-odds from either end may differ in a band, in nats, and how far from one
        the probabilities of all that a base may stand in may sum; where they do by more, a band of
        eight times the bits is tried, and then all cells.
    n_numbers : int
        Numbers kept between a forward pass and the backward one where all cells are worked on.
    compared_cells : int
        A pair with at most so many cells has the log-odds of its band compared with those of all cells:
        see :func:`is_whole`. Half a second of work.
    """

    exact_cells: int = 1 << 18
    bits: int = 60
    tolerance: float = 1e-8
    n_numbers: int = 1 << 24
    compared_cells: int = 1 << 29


DEFAULT_BAND = Band()


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
    """

    log_odds: np.ndarray
    matches: np.ndarray
    of_gaps: np.ndarray
    deviation: np.ndarray

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
    is_exact : bool
        Whether all cells were worked on.
    indptr : numpy.ndarray of int64, shape=(x_length + 1,)
    column : numpy.ndarray of int32, shape=(n,)
    probability : numpy.ndarray of float32, shape=(n,)
        Matches that are likely enough, by rows.
    """

    counts: PairCounts
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
    _count(odds, x, y, which, mode, band, counts, keeps=False)
    return counts.log_odds


def expected_counts(odds: PairOdds, x, y, which, mode: str, band: Band) -> PairCounts:
    """Log-odds and expected counts of pairs: arguments as those of :func:`log_odds`.

    Raises
    ------
    InexactPosterior
        If what a base may stand in does not sum to one, though all cells were worked on: an error
        in this program.
    """
    counts = _no_counts(len(which), odds, keeps=True)
    _count(odds, x, y, which, mode, band, counts, keeps=True)
    _check(counts, band)
    return counts


def posterior(odds: PairOdds, x: np.ndarray, y: np.ndarray, mode: str, band: Band, least: float) -> Posterior:
    """Matches of one pair with a probability of at least ``least``; errors of :func:`expected_counts`."""
    counts = _no_counts(1, odds, keeps=True)
    alone, limits = np.zeros(1, np.int64), passes.BandLimits(*band[:4])
    pairs = _pairs(odds, _alone(x), _alone(y), alone)
    seen, is_exact = passes.pass_over(_classes(odds), pairs, MODES[mode], limits, alone, least, counts)
    _check(counts, band)
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(seen.size[1:])])
    n = seen.size[0]
    return Posterior(
        counts, bool(is_exact), indptr, seen.column[:n][::-1].copy(), seen.probability[:n][::-1].copy()
    )


def is_whole(odds: PairOdds, x: np.ndarray, y: np.ndarray, band: Band, in_band: float) -> bool | None:
    """Whether the band of a global pair holds all alignments that count; ``None`` if it is too large to tell.

    Both directions leave out cells by the same rule. An alignment that goes far from where the others go
    and comes back, by two long gaps that make up for each other, falls out from either end: then both
    agree, and all sums are right, without it. Only the sum over all cells can tell, which is one pass
    forward without counts.

    Parameters
    ----------
    odds : PairOdds
    x, y : numpy.ndarray of uint8, shape=(length,)
    band : Band
    in_band : float
        The log-odds that the band gave.
    """
    if len(x) * len(y) > band.compared_cells:
        return None
    all_cells = band._replace(bits=-1)
    value = float(log_odds(odds, _alone(x), _alone(y), np.zeros(1, np.int64), "global", all_cells)[0])
    return abs(value - in_band) <= band.tolerance + _ROUNDING * abs(value)


def memory_of(n: int, m: int, n_classes: int, band: Band) -> float:
    """Bytes that a pair may take at most, in float64.

    Parameters
    ----------
    n, m : int
        Lengths of the two sequences.
    n_classes : int
        Classes of gaps.
    band : Band
    """
    columns = cells.BLOCK * (m // cells.BLOCK + 2)
    rows = 8 + 2 * (1 + n_classes) * (strips.STRIP + 3)
    boundary = columns * (2 + n_classes)
    n_strips = n // strips.STRIP + 1
    kept = min(n_strips * boundary, max(2 * boundary * n_strips**0.5, band.n_numbers * (2 + n_classes)))
    return float(np.dtype(np.float64).itemsize * (columns * rows + kept))


def best_path(odds: PairOdds, x: np.ndarray, y: np.ndarray, mode: str, band: Band) -> Path:
    """The most probable path (Viterbi)."""
    path = _path(cells.Rule(MODES[mode], cells.BEST_PATH), odds, x, y, band, np.zeros(1))
    away = abs(_score(odds, x, y, path) - path.log_odds)
    if np.isfinite(path.log_odds) and not away <= band.tolerance:
        raise InexactPosterior(away, band.tolerance)
    return path


def drawn_path(odds: PairOdds, x: np.ndarray, y: np.ndarray, band: Band, numbers: np.ndarray) -> Path:
    """A path drawn from the posterior of global alignments.

    Parameters
    ----------
    odds, x, y, band
        As for :func:`best_path`.
    numbers : numpy.ndarray, shape=(at least 2 * (x_length + y_length + 1),)
        Drawn evenly from [0, 1): one for each decision.
    """
    return _path(cells.Rule(cells.GLOBAL, cells.ALL_PATHS), odds, x, y, band, numbers)


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


def _path(rule: cells.Rule, odds: PairOdds, x, y, band: Band, numbers: np.ndarray) -> Path:
    match, close, extend = (np.ascontiguousarray(array[0], np.float64) for array in odds)
    columns, x_start, y_start, value = passes.path_of_pair(
        rule, _classes(odds), match, close, extend, x, y, passes.BandLimits(*band[:4]), numbers
    )
    return Path(columns[::-1].copy(), x_start, y_start, value)


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
    return PairCounts(np.empty(n), np.zeros((n_kept, 5, 5)), np.zeros((n_kept, 2, 2, n_classes)), np.zeros(n))


def _check(counts: PairCounts, band: Band) -> None:
    deviation = counts.deviation.max(initial=0.0)
    if not deviation <= band.tolerance:
        raise InexactPosterior(float(deviation), band.tolerance)


def _count(odds: PairOdds, x, y, which, mode: str, band: Band, counts: PairCounts, *, keeps: bool) -> None:
    """Fill the counts, in threads: short pairs in lock-step, the others one by one."""
    n_cells = np.diff(x[1]) * np.diff(y[1])
    most = _SHORT_CELLS if band.bits < 0 else min(band.exact_cells, _SHORT_CELLS)
    is_short = (mode == "global") & (n_cells > 0) & (n_cells <= most)
    short, others = np.flatnonzero(is_short), np.flatnonzero(~is_short)
    groups = short[lanes.groups_of(np.diff(x[1])[short], np.diff(y[1])[short])]
    pairs, least = _pairs(odds, x, y, which), _NO_POSTERIOR if keeps else _NO_COUNTS
    one_by_one = partial(passes.pass_over, _classes(odds), pairs, MODES[mode], passes.BandLimits(*band[:4]))
    in_lockstep = partial(lockstep.pass_over, _classes(odds), pairs)
    tasks = [partial(one_by_one, others[part], least, counts) for part in _parts(n_cells[others])]
    tasks += [partial(in_lockstep, groups[part], keeps, counts) for part in _parts(n_cells[groups[:, 0]])]
    threads.run(tasks)
    if keeps:
        _add_totals(short, (x, y), counts)


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
