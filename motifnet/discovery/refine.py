"""Contrastive EM: from a seed to a motif, under the strand tie and any tie of the motif itself.

The model is zero or one site a sequence (ZOOPS), on either strand, with one matrix for both.
What is new against the textbook is that the controls take part: every expectation is also taken
over the controls, and what they yield by chance is subtracted before the matrix is estimated.
The matrix then describes the sites that targets have *beyond* chance, the share of sequences
with a site does not run away to one, and the low-complexity matrices to which EM is otherwise
drawn lose their support. A column whose net counts do not differ from the background by more
than chance is set to the background, so that a wide window costs a short motif nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.discovery.scored import ScoredContrast
from motifnet.motifs import matrix
from motifnet.strand import Strand
from motifnet.symbols import UNKNOWN
from motifnet.ties import Tie

_COLUMN_LR = 6.0  # least likelihood-ratio statistic (3 df) of a column: p = 0.1
# Least information of a column, however many sites speak for it: of many sites, any small bias is
# significant. A convention.
COLUMN_BITS = 0.05
_SETTLING_BITS = (
    0.3  # of a column that is kept while a motif settles: a base of a seed has more. A convention
)
_SEED_PROBABILITY = 0.85  # that a seed gives its bases: leaves each other base 0.1, so that EM can move there
STRETCH_PROBABILITY = 0.7
"""The same of a stretch of a sequence: a site differs from its motif in one base of three or four."""
_PSEUDOCOUNT = 1.0  # sites of background added to a motif: one, the usual convention
_STILL = 0.02  # change of every probability below which EM has arrived: the error of a count of 600 sites
_PRIORS = (0.005, 0.95)  # least and most share of targets with a site: at 0 or 1 EM would stay there


class Refined(NamedTuple):
    """Motifs as EM left them.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape=(n_motifs, 4, width)
        Columns without information equal the background.
    prior : numpy.ndarray, shape=(n_motifs,)
        Share of targets with a site, beyond the share of controls with one.
    """

    probabilities: np.ndarray
    prior: np.ndarray

    def of(self, chosen: np.ndarray) -> Refined:
        """Some of the motifs."""
        return Refined(self.probabilities[chosen], self.prior[chosen])

    def replaced(self, chosen: np.ndarray, others: Refined) -> Refined:
        """The same with others in the place of some."""
        probabilities, prior = self.probabilities.copy(), self.prior.copy()
        probabilities[chosen], prior[chosen] = others
        return Refined(probabilities, prior)

    def is_flat(self, background: np.ndarray) -> np.ndarray:
        """Which motifs are none: every column equals the background. ``shape=(n_motifs,)``."""
        return np.abs(self.probabilities - background[:, None]).max((1, 2)) < 1e-9


def from_seed(
    codes: np.ndarray, width: int, background: np.ndarray, probability: float = _SEED_PROBABILITY
) -> np.ndarray:
    """A matrix of probabilities that favours a word at its centre, ``(4, width)``.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(span,)
        The word; a column of an unknown base is the background.
    width : int
        Width of the matrix; the word is cut if it is longer.
    background : numpy.ndarray, shape=(4,)
        Base probabilities.
    probability : float
        That a base of the word stands there; else it is one of the background.

    Returns
    -------
    numpy.ndarray, shape=(4, width)

    Examples
    --------
    >>> from motifnet.motifs import consensus
    >>> from motifnet.symbols import DNA
    >>> consensus(from_seed(DNA.encode("GATA"), 6, np.full(4, 0.25)))
    'NGATAN'
    """
    probabilities = np.repeat(background[:, None], width, axis=1)
    start = (width - len(codes)) // 2
    for column, code in enumerate(codes, start):
        if code != UNKNOWN and 0 <= column < width:
            probabilities[:, column] *= 1 - probability
            probabilities[code, column] += probability
    return probabilities


def contrastive_em(
    contrast: ScoredContrast,
    start: Refined,
    background: np.ndarray,
    *,
    n_steps: int,
    n_settle: int,
    strand: Strand,
    tie: Tie | None = None,
) -> Refined:
    """Refine motifs on targets, net of what controls yield by chance; each on its own.

    Parameters
    ----------
    contrast : ScoredContrast
        Sequences; the share of sites in controls is what chance gives.
    start : Refined
        Where to start. Several motifs cost hardly more than one: they fill the same vectors.
    background : numpy.ndarray, shape=(4,)
        Base probabilities.
    n_steps : int
        Steps at most; fewer when the matrix stops moving.
    n_settle : int
        Steps in which an informative column is kept even if its support is still weak: at the
        start the posterior is spread, and a true motif would be lost column by column.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.
    tie : Tie, optional
        What every motif, ``(4, width)``, is under: an M-step pools its counts over the orbits.

    Returns
    -------
    Refined
        In the order of ``start``.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.motifs import consensus
    >>> from motifnet.symbols import DNA
    >>> contrast, even = ScoredContrast.of(made.targets, made.controls), np.full(4, 0.25)
    >>> seed = from_seed(DNA.encode("ACTTCC"), 12, even)
    >>> start = Refined(seed[None], np.array([0.4]))
    >>> found = contrastive_em(contrast, start, even, n_steps=8, n_settle=3, strand=Strand.BOTH)
    >>> consensus(found.probabilities[0])
    'NTCACTTCCGGN'
    """
    current = start._replace(prior=np.clip(start.prior, *_PRIORS))
    moving = np.arange(len(start.prior))
    for step in range(n_steps):
        before = current.of(moving)
        after = _step(contrast, before, background, step < n_settle, strand, tie)
        current = current.replaced(moving, after)
        moved = np.abs(after.probabilities - before.probabilities).max((1, 2))
        moving = moving[moved >= _STILL]
        if len(moving) == 0:
            break
    return current


def _step(
    contrast: ScoredContrast,
    current: Refined,
    background: np.ndarray,
    settling: bool,  # noqa: FBT001
    strand: Strand,
    tie: Tie | None,
) -> Refined:
    log_odds = np.log(current.probabilities / background[:, None])
    log_ratio = contrast.both.log_ratio(log_odds, strand=strand)
    posterior = _logistic(log_ratio + np.log(current.prior / (1 - current.prior)))
    weight = posterior * contrast.weights[:, None]
    counts = contrast.both.expected_counts(log_odds, log_ratio, weight, strand=strand)
    found, by_chance = contrast.split(posterior)
    prior = np.clip(found.mean(0) - by_chance.mean(0), *_PRIORS)
    probabilities = np.stack(
        [
            _column_by_column(np.maximum(tied(net, tie), 0), before, background, settling=settling)
            for net, before in zip(counts, current.probabilities, strict=True)
        ]
    )
    return Refined(probabilities, prior)


def tied(array: np.ndarray, tie: Tie | None) -> np.ndarray:
    """The nearest array that obeys a tie: each entry is the mean of its orbit; the same without a tie.

    Examples
    --------
    >>> from motifnet.ties import TIES
    >>> tied(np.array([[4.0, 0.0], [0.0, 0.0], [0.0, 4.0], [0.0, 0.0]]), TIES["palindrome"](2)).tolist()
    [[2.0, 0.0], [2.0, 0.0], [0.0, 2.0], [0.0, 2.0]]
    """
    return array if tie is None else tie.expand(tie.project(array))


def placed(probability: np.ndarray, background: np.ndarray, tie: Tie | None) -> np.ndarray:
    """The matrix under a tie, moved to where that leaves most of its information.

    A word is rarely seeded where its tie has the centre. Of places that are as good, the nearest is taken.

    Parameters
    ----------
    probability : numpy.ndarray, shape=(4, width)
    background : numpy.ndarray, shape=(4,)
        Fills the columns that come in.
    tie : Tie or None
        Of ``(4, width)``; without one the matrix stays as it is.

    Returns
    -------
    numpy.ndarray, shape=(4, width)

    Examples
    --------
    >>> from motifnet.motifs import consensus
    >>> from motifnet.symbols import DNA
    >>> from motifnet.ties import TIES
    >>> half = from_seed(DNA.encode("TGACGT"), 12, np.full(4, 0.25))
    >>> consensus(placed(half, np.full(4, 0.25), TIES["palindrome"](12)))
    'NNTGACGTCANN'
    """
    if tie is None:
        return probability
    width = probability.shape[1]
    shifts = sorted(range(-(width // 2), width // 2 + 1), key=abs)
    choices = [tied(_shifted(probability, shift, background), tie) for shift in shifts]
    left = [round(float(matrix.information(one, background).sum()), 6) for one in choices]
    return choices[int(np.argmax(left))]


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.maximum(x, -80)))


def _column_by_column(
    net: np.ndarray, before: np.ndarray, background: np.ndarray, *, settling: bool
) -> np.ndarray:
    """Probabilities from net counts, with the background where a column says too little."""
    probability = matrix.probabilities(net, background, _PSEUDOCOUNT)
    informative = _informative(probability, net.sum(0), background)
    if settling:
        informative |= matrix.information(before, background) > _SETTLING_BITS
    return np.where(informative, probability, background[:, None])


def _informative(probability: np.ndarray, n_sites: np.ndarray, background: np.ndarray) -> np.ndarray:
    bits = matrix.information(probability, background)
    return (2 * np.log(2) * n_sites * bits >= _COLUMN_LR) & (bits >= COLUMN_BITS)


def recentred(probability: np.ndarray, background: np.ndarray) -> tuple[np.ndarray, int]:
    """The matrix shifted so that its information lies in the middle, and by how many columns.

    Parameters
    ----------
    probability : numpy.ndarray, shape=(4, width)
    background : numpy.ndarray, shape=(4,)
        Fills the columns that come in.

    Returns
    -------
    moved : numpy.ndarray, shape=(4, width)
    shift : int

    Examples
    --------
    >>> from motifnet.motifs import consensus
    >>> from motifnet.symbols import DNA
    >>> left = np.roll(from_seed(DNA.encode("GATA"), 8, np.full(4, 0.25)), -2, axis=1)
    >>> moved, shift = recentred(left, np.full(4, 0.25))
    >>> consensus(left), consensus(moved), shift
    ('GATANNNN', 'NNGATANN', -2)
    """
    width = probability.shape[1]
    weight = np.maximum(matrix.information(probability, background) - COLUMN_BITS, 0)
    if weight.sum() == 0:
        return probability, 0
    centre = float(weight @ np.arange(width)) / weight.sum()
    shift = round(centre - (width - 1) / 2)
    return _shifted(probability, shift, background), shift


def _shifted(probability: np.ndarray, shift: int, background: np.ndarray) -> np.ndarray:
    """The matrix from so many columns further to the right on; the background comes in."""
    columns = np.arange(probability.shape[1]) + shift
    inside = (columns >= 0) & (columns < len(columns))
    return np.where(inside, probability[:, np.clip(columns, 0, len(columns) - 1)], background[:, None])


def refine(
    contrast: ScoredContrast,
    start: Refined,
    background: np.ndarray,
    *,
    n_steps: int,
    n_settle: int = 3,
    n_moves: int = 5,
    strand: Strand,
    tie: Tie | None = None,
) -> Refined:
    """Contrastive EM, re-centred until the information lies in the middle of the window.

    A seed is rarely the middle of its motif; what lies beyond the window can only come in when
    the window moves. Parameters are those of :func:`contrastive_em`, and ``n_moves``: how often
    at most.

    Returns
    -------
    Refined
        In the order of ``start``.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.motifs import consensus
    >>> from motifnet.symbols import DNA
    >>> contrast, even = ScoredContrast.of(made.targets, made.controls), np.full(4, 0.25)
    >>> seed = from_seed(DNA.encode("ACTTCC"), 12, even)
    >>> start = Refined(seed[None], np.array([0.4]))
    >>> consensus(refine(contrast, start, even, n_steps=8, strand=Strand.BOTH).probabilities[0])
    'NTCACTTCCGGN'
    """
    current = start
    moving = np.arange(len(start.prior))
    for _ in range(n_moves):
        settled = contrastive_em(
            contrast,
            current.of(moving),
            background,
            n_steps=n_steps,
            n_settle=n_settle,
            strand=strand,
            tie=tie,
        )
        moved, shifts = zip(*(recentred(one, background) for one in settled.probabilities), strict=True)
        now = np.stack([tied(one, tie) for one in moved])
        current = current.replaced(moving, Refined(now, settled.prior))
        moving = moving[np.array(shifts) != 0]
        if len(moving) == 0:
            break
    return current
