"""What known sites teach a motif HMM: how frequent sites are, how far to believe log-odds, and distances."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from motifnet.config.decode import DecodingOptions
from motifnet.errors import InvalidValue
from motifnet.hmm.motif_hmm import LEAST_RATE, PSEUDOCOUNT, MotifHMM, leaving_background
from motifnet.hmm.site_clusters import VANISHING, ClusterHMM, Neighbours
from motifnet.symbols import Interval, Sequences
from motifnet.symbols.given import Given, as_sequences

_OPTIONS = DecodingOptions()
# How sharp a motif may be beside its matrix, and what is supposed of that before sites are seen: that the
# matrix is as it says, give or take a quarter. Of the regulators of E. coli with 50 known sites or more,
# which did not shape their matrices, it is .63 to .80.
_SHARPEST, _BLUNTEST, _SPREAD = 1.5, 0.2, 0.25
_PRECISION = 0.01  # of the sharpness, far below what so few sites can tell
_LEAST_ODDS = (
    4.0  # of a place whose chance of a site is told from its odds times the rate: a rate is far below
)
_PRIOR_PAIRS = 3.0  # neighbours at any distance that are added to those that are known
_PRIOR_SITES = 1.0  # sites that are added, half of which are followed
_SPILL = 0.15  # of a distance to those next to it, since sites are often told a base off


class KnownStarts(NamedTuple):
    """Where windows of a motif hold a known site.

    Attributes
    ----------
    sequence, start : numpy.ndarray of int, shape=(n,)
        By sequence and start.
    strand : numpy.ndarray of int, shape=(n,)
        The likelier of the motif.
    """

    sequence: np.ndarray
    start: np.ndarray
    strand: np.ndarray


class Lesson(NamedTuple):
    """What is learnt of a motif.

    Attributes
    ----------
    n_sites : int
        Known sites in the sequences.
    rate : float
        Sites a base.
    sharpness : float
        What log-odds are multiplied by.
    neighbours : Neighbours
    """

    n_sites: int
    rate: float
    sharpness: float
    neighbours: Neighbours


class Taught(NamedTuple):
    """A model with what known sites teach.

    Attributes
    ----------
    model : MotifHMM
        With rates, and emissions that are as sharp as known sites say.
    neighbours : tuple of Neighbours
        Of each motif.
    lessons : tuple of Lesson or None
        Of each motif; ``None`` where no site is known: there all is as it was.
    """

    model: MotifHMM
    neighbours: tuple[Neighbours, ...]
    lessons: tuple[Lesson | None, ...]

    def clustered(self, sequences: Sequences) -> ClusterHMM:
        """The model of clusters at whose rates as many sites are expected as are known.

        Parameters
        ----------
        sequences : Sequences
            Those that taught.
        """
        followed = np.array([near.followed for near in self.neighbours])
        clusters = ClusterHMM(self.model.with_rates(self.model.rates * (1 - followed)), self.neighbours)
        for m, lesson in enumerate(self.lessons):
            if lesson is not None:
                clusters = clusters.with_expected_sites(sequences, m, lesson.n_sites)
        return clusters


def taught(
    model: MotifHMM,
    sequences: Given,
    known: Mapping[str, Sequence[Interval]],
    *,
    followed: float = _OPTIONS.followed,
    most: int = _OPTIONS.max_step,
) -> Taught:
    """The model with what known sites of its motifs teach: see :func:`learnt`.

    Parameters
    ----------
    model : MotifHMM
        With the density ``"any"``, a background of order 0, and rates for motifs of which no site is known.
        What the bases before a base make likely is no matter of the motif, and not to be scaled with it.
    sequences : Sequences
        All sites in them are supposed to be known.
    known : mapping of str to sequence of Interval
        By name of motif: in the genome, for sequences whose place there is known, or else in the sequence of
        that name.
    followed : float
        Share of sites that another one follows, where no site is known.
    most : int
        Bases from the start of a site to that of the next one of a cluster, at most.

    Returns
    -------
    Taught
        The model, how sites follow each other, and what was learnt of each motif.

    Raises
    ------
    InvalidValue
        If the background has another order.

    Examples
    --------
    >>> from motifnet.motifs import Motif
    >>> from motifnet.symbols.background import Background
    >>> gata = Motif("GATA", 10 * np.eye(4)[:, [2, 0, 3, 0, 0, 2]])
    >>> model = MotifHMM.from_motifs([gata], Background.from_gc(0.5))
    >>> sequences = Sequences.from_text(["CCCAGATAAGCC" * 20], ["chr"])
    >>> known = {"GATA": [Interval("chr", start, start + 6) for start in range(4, 240, 12)]}
    >>> [lesson.n_sites for lesson in taught(model, sequences, known).lessons]
    [20]
    """
    if model.background.order:
        raise InvalidValue("order of the background", model.background.order, "0 with known sites")
    sequences = as_sequences(sequences)
    lessons: list[Lesson | None] = []
    for m, motif in enumerate(model.motifs):
        starts = located(model, m, sequences, known.get(motif.name, ()))
        lessons.append(learnt(model, m, sequences, starts, most) if len(starts.start) else None)
    rates = [rate if one is None else one.rate for one, rate in zip(lessons, model.rates, strict=True)]
    blunt = blunted(model, [1.0 if one is None else one.sharpness for one in lessons])
    anywhere = Neighbours.anywhere(followed, most)
    return Taught(
        blunt.with_rates(leaving_background(rates)),
        tuple(anywhere if one is None else one.neighbours for one in lessons),
        tuple(lessons),
    )


def located(model: MotifHMM, m: int, sequences: Sequences, known: Sequence[Interval]) -> KnownStarts:
    """The windows of a motif that hold known sites.

    A site is in the window with the largest odds among those whose middle is within a quarter of the width of
    its own, since sites are often told some bases off; two sites in one window are one.

    Parameters
    ----------
    model : MotifHMM
    m : int
        Which motif.
    sequences : Sequences
    known : sequence of Interval
        In the genome, of sequences whose place there is known, or else in the sequence of that name.
    """
    width = int(model.widths[m])
    near = np.arange(-(width // 4), width // 4 + 1)
    sequence, first = _windows_at(sequences, known, width)
    starts = first[:, None] + near
    fits = (starts >= 0) & (starts + width <= sequences.lengths[sequence][:, None])
    kept = fits.any(1)
    sequence, starts, fits = sequence[kept], starts[kept], fits[kept]
    row, column = np.nonzero(fits)
    bits = np.full((len(model.emissions[m]), *starts.shape), -math.inf)
    for strand in range(len(bits)):
        where = sequence[row], starts[row, column], np.full(len(row), strand)
        bits[strand, row, column] = model.sites(sequences, m, *where).score
    best = np.logaddexp2.reduce(bits, axis=0).argmax(1)
    start = starts[np.arange(len(starts)), best]
    strand = bits[:, np.arange(len(starts)), best].argmax(0)
    _, first_of = np.unique(sequences.offsets[sequence] + start, return_index=True)
    return KnownStarts(sequence[first_of], start[first_of], strand[first_of])


def learnt(model: MotifHMM, m: int, sequences: Sequences, known: KnownStarts, most: int) -> Lesson:
    """What known sites teach of a motif.

    That a place is a site has the odds of the rate times those of its bases under the motif, of which the
    logarithm is multiplied by the sharpness; both are such that what is known of all places is likeliest
    (logistic regression, as of Platt 1999), with a sharpness of 1, give or take a quarter, supposed
    beforehand. A known site is scored as if it had not shaped its matrix. All sites in the sequences are
    supposed to be known.

    Parameters
    ----------
    model : MotifHMM
    m : int
        Which motif.
    sequences : Sequences
    known : KnownStarts
        One or more.
    most : int
        Bases from the start of a site to that of a neighbour, at most.

    References
    ----------
    Platt JC (1999). Probabilistic outputs for support vector machines. Advances in Large Margin Classifiers.
    """
    from scipy.optimize import minimize_scalar

    if not len(known.start):
        raise InvalidValue(f"known sites of {model.motifs[m].name}", 0, "one or more in the sequences")
    alone = model.alone(m, VANISHING)
    strong = alone.site_posteriors(sequences, _LEAST_ODDS * VANISHING)

    others = ~_among(strong.sequence, strong.start, known, sequences)

    def fitted(sharpness: float) -> tuple[float, float]:
        blunt = blunted(alone, [sharpness])
        of_known = _odds(blunt, sequences, known.sequence, known.start)
        total = float(blunt.expected_sites(sequences).sum()) / VANISHING - float(of_known.sum())
        of_known *= np.exp(_without_itself(alone, sequences, known, sharpness))
        of_others = _odds(blunt, sequences, strong.sequence[others], strong.start[others])
        rate = _rate(len(of_known), total + float(of_known.sum()), np.concatenate([of_known, of_others]))
        chances = rate * of_others
        fit = np.log(rate * of_known / (1 + rate * of_known)).sum()
        fit += (chances - np.log1p(chances)).sum() - rate * total
        return float(fit) - ((sharpness - 1) / _SPREAD) ** 2 / 2, rate

    best = minimize_scalar(
        lambda sharpness: -fitted(sharpness)[0],
        bounds=(_BLUNTEST, _SHARPEST),
        method="bounded",
        options={"xatol": _PRECISION},
    )
    sharpness = float(best.x)
    near = _neighbours(known, int(model.widths[m]) // 4, most)
    return Lesson(len(known.start), fitted(sharpness)[1], sharpness, near)


def blunted(model: MotifHMM, sharpness: Sequence[float]) -> MotifHMM:
    """The model whose log-odds are multiplied by a number for each motif.

    A state emits a base with its probability to that power, times that of the background to the rest,
    normalised.

    Parameters
    ----------
    model : MotifHMM
    sharpness : sequence of float
        Of each motif.

    Examples
    --------
    >>> from motifnet.motifs import Motif
    >>> from motifnet.symbols.background import Background
    >>> motif = Motif("A", [[8], [0], [0], [0]])
    >>> model = MotifHMM.from_motifs([motif], Background.from_gc(0.5), pseudocount=8)
    >>> blunted(model, [0.5]).emissions[0][0].round(3).tolist()
    [[0.427, 0.191, 0.191, 0.191]]
    """
    background = model.background.probabilities
    emissions = []
    for one, power in zip(model.emissions, sharpness, strict=True):
        between = one**power * background ** (1 - power)
        emissions.append(between / between.sum(-1, keepdims=True))
    return replace(model, emissions=tuple(emissions))


def _windows_at(sequences: Sequences, known: Sequence[Interval], width: int) -> tuple[np.ndarray, np.ndarray]:
    """Sequence and start of the window in the middle of each known site, in each sequence that has it."""
    by_name: dict[str, list[Interval]] = {}
    for one in known:
        by_name.setdefault(one.chrom, []).append(one)
    sequence, start = [], []
    for i, name in enumerate(sequences.names):
        where = sequences.intervals[i] if sequences.intervals is not None else None
        length = int(sequences.lengths[i])
        for one in by_name.get(name if where is None else where.chrom, []):
            at = _in_sequence(where)(one)
            first = (at[0] + at[1] - width) // 2
            if -width < first < length:
                sequence.append(i)
                start.append(first)
    return np.array(sequence, np.int64), np.array(start, np.int64)


def _in_sequence(where: Interval | None) -> Callable[[Interval], tuple[int, int]]:
    """Start and end of a stretch of the genome in a sequence that is from there."""
    if where is None:
        return lambda one: (one.start, one.end)
    if where.strand == "-":
        return lambda one: (where.end - one.end, where.end - one.start)
    return lambda one: (one.start - where.start, one.end - where.start)


def _odds(model: MotifHMM, sequences: Sequences, sequence: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Odds of a site at places, mean of the strands."""
    n_strands = len(model.emissions[0])
    strands = [np.full(len(start), strand) for strand in range(n_strands)]
    bits = [model.sites(sequences, 0, sequence, start, strand).score for strand in strands]
    return np.exp2(bits).mean(0)


def _among(sequence: np.ndarray, start: np.ndarray, known: KnownStarts, sequences: Sequences) -> np.ndarray:
    """Which places are those of known sites."""
    offsets = sequences.offsets
    return np.isin(offsets[sequence] + start, offsets[known.sequence] + known.start)


def _without_itself(
    model: MotifHMM, sequences: Sequences, known: KnownStarts, sharpness: float
) -> np.ndarray:
    """What the log-odds of each known site change by if its bases are taken out of the counts of its motif.

    Of a motif of one site, or none, nothing is left: there they stay as they are.
    """
    emitted, background = model.emissions[0][0], model.background.probabilities
    width, n_sites = len(emitted), model.motifs[0].counts.sum(0)[:, None] + PSEUDOCOUNT
    codes = sequences.codes[(sequences.offsets[known.sequence] + known.start)[:, None] + np.arange(width)]
    codes = np.where((known.strand == 1)[:, None], _turned(codes), codes)
    bases = codes[:, :, None] == np.arange(4)
    fewer = np.maximum(emitted * n_sites - bases, PSEUDOCOUNT * background)
    fewer = np.where(n_sites > 1 + PSEUDOCOUNT, fewer / fewer.sum(-1, keepdims=True), emitted)
    change = np.zeros(codes.shape)
    for probabilities, sign in ((fewer, 1), (np.broadcast_to(emitted, fewer.shape), -1)):
        between = probabilities**sharpness * background ** (1 - sharpness)
        logs = np.log(between / between.sum(-1, keepdims=True))
        change += sign * np.where(bases, logs, 0).sum(-1)
    return change.sum(1)


def _turned(codes: np.ndarray) -> np.ndarray:
    """The other strand of windows, where 4 is unknown."""
    return np.where(codes < 4, 3 - codes, codes)[:, ::-1]


def _rate(n_sites: int, total: float, odds: np.ndarray) -> float:
    """The rate at which as many sites are expected as are known.

    Parameters
    ----------
    n_sites : int
    total : float
        Sum of the odds of all places.
    odds : numpy.ndarray
        Those of the places with large odds, whose chance is less than odds times rate.
    """
    from scipy.optimize import brentq

    def excess(log_rate: float) -> float:
        chances = math.exp(log_rate) * odds
        return math.exp(log_rate) * total - float((chances**2 / (1 + chances)).sum()) - n_sites

    lowest, highest = math.log(LEAST_RATE), math.log(0.5)
    if excess(highest) <= 0:
        return 0.5
    return math.exp(brentq(excess, lowest, highest)) if excess(lowest) < 0 else LEAST_RATE


def _neighbours(known: KnownStarts, nearest: int, most: int) -> Neighbours:
    """How known sites follow each other; those that are nearer than a site may be misplaced are one."""
    distance, same = np.diff(known.start), np.diff(known.strand) == 0
    follows = (np.diff(known.sequence) == 0) & (distance > nearest) & (distance <= most)
    counts = np.bincount(distance[follows], minlength=most + 1)[1:].astype(float)
    spread = np.convolve(counts, [_SPILL, 1 - 2 * _SPILL, _SPILL])[1:-1] + _PRIOR_PAIRS / most
    n_pairs = int(follows.sum())
    return Neighbours(
        (n_pairs + _PRIOR_SITES / 2) / (len(known.start) + _PRIOR_SITES),
        spread / spread.sum(),
        (float((follows & same).sum()) + _PRIOR_SITES) / (n_pairs + 2 * _PRIOR_SITES),
    )
