"""From a filter to a motif: threshold on controls, align sites, extend, trim.

A filter is not read off its weights. It is put to work: the site threshold is the score that
separates targets from controls best, among those that at most a stated share of controls
reaches; every target gives its best site at most; and the bases at those sites, with their
flanks, are the motif. Where the filter is under a tie, so are the counts: they are pooled over its orbits,
and no flanks are taken, of which the tie says nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from motifnet.config.train import DiscoveryOptions
from motifnet.discovery.scored import Scored, Sides
from motifnet.motifs import Motif, compare, matrix
from motifnet.stats.scores import Threshold, best_threshold
from motifnet.strand import Strand
from motifnet.ties import TIES, Tie
from motifnet.ties.of_filters import FREE, FilterTie

_COLUMN_LR = 10.0  # least likelihood-ratio statistic (3 df) of a column: p = 0.02
_TRIM_BITS = 0.25  # columns at the ends with less information are cut
# Similarity to its own reverse complement from which a motif is tied to it: less than 1, since
# counts of sites are noisy. A convention.
_PALINDROME = 0.97
_FEWEST_SITES = 5  # of a motif: a matrix of fewer has columns that are certain by chance. A convention
_LEAST_Z = 4.0  # separation in training, which is no test: it only spares the held-out one
_LEAST_SCORE = 1.0  # bits of a site: one that is no likelier than background is none
_LEAST_BITS = 4.0  # information of a whole motif; AACG alone has 8


class ReadMotif(NamedTuple):
    """A motif as read from one filter, before it is judged.

    Parameters
    ----------
    motif : Motif
        Counts at the sites of the training targets.
    threshold : float
        Score in bits from which a place counts as a site.
    z : float
        How well sites separate the sequences that shaped the motif: for ranking only.
    task : int
        The task in which ``z`` is largest.
    filters : tuple of str
        The filters it stands for, the best first.
    tie : str
        What the first of them is under; empty if it is free.
    """

    motif: Motif
    threshold: float
    z: float
    task: int
    filters: tuple[str, ...]
    tie: str = ""

    @property
    def log_odds(self) -> np.ndarray:
        """Scores in bits, ``(4, width)``, with a tenth of a site of background per column."""
        return self.motif.log_odds()


class Unread(NamedTuple):
    """A filter that is no motif.

    Parameters
    ----------
    reason : str
        One clause.
    consensus : str
        What it looked like, if like anything.
    """

    reason: str
    consensus: str = ""


def read_filter(
    name: str,
    weights: np.ndarray,
    sides: Sides,
    background: np.ndarray,
    options: DiscoveryOptions,
    *,
    strand: Strand,
    tie: FilterTie = FREE,
) -> ReadMotif | Unread:
    """Read a motif from the sites of a filter.

    Parameters
    ----------
    name : str
        The filter's name.
    weights : numpy.ndarray, shape=(4, width)
        Its weights.
    sides : Sides
        Training sequences of each task.
    background : numpy.ndarray, shape=(4,)
        Base probabilities.
    options : DiscoveryOptions
        Widths and the site threshold's false-positive rate.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.
    tie : FilterTie
        What the filter is under.

    Returns
    -------
    ReadMotif or Unread

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> sides = Sides.of([Scored.of(made.targets)], [Scored.of(made.controls)])
    >>> weights = 2 * np.eye(4)[[1, 1, 2, 2, 0, 0, 2, 3, 2, 0]].T - 1
    >>> how = {"background": np.full(4, 0.25), "options": DiscoveryOptions(), "strand": Strand.BOTH}
    >>> read = read_filter("filter1", weights, sides, **how)
    >>> read.motif.consensus, read.task, read.filters
    ('CCGGAAGTGA', 0, ('filter1',))
    """
    scores = sides.split(sides.both.best(weights, strand=strand).score)
    separation = [best_threshold(*of_task, max_fpr=options.site_fpr).z for of_task in scores]
    task = int(np.argmax(separation))
    targets, controls = sides.targets[task], sides.controls[task]
    counts = _counts_at_sites(targets, controls, weights, options, strand=strand, with_flanks=tie.tie is None)
    if counts.sum(0).max(initial=0) < _FEWEST_SITES:
        return Unread("hardly any target has a site that controls do not have as well")
    whole = Motif(name, counts, background)
    if tie.tie is not None:
        motif = _under(tie.tie, whole, options)
    else:
        if strand.reads_both:
            whole = _tied_if_palindrome(whole, _kept(whole, options))
        motif = Motif(name, whole.columns(_kept(whole, options)).counts, background)
    if motif.information.sum() < _LEAST_BITS:
        return Unread("its sites have nothing in common", motif.consensus)
    if tie.tie is None or _is_turned_into_itself(tie.tie):
        motif = _oriented(motif, strand=strand)
    threshold = site_threshold(motif, targets, controls, options, strand=strand)
    if threshold.z < _LEAST_Z:
        return Unread("its sites are hardly more frequent in targets than in controls", motif.consensus)
    return ReadMotif(motif, threshold.score, threshold.z, task, (name,), tie.name)


def site_threshold(
    motif: Motif, targets: Scored, controls: Scored, options: DiscoveryOptions, *, strand: Strand
) -> Threshold:
    """The score from which a place is a site of a motif; parameters are those of :func:`read_filter`.

    Returns
    -------
    Threshold

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> sides = Sides.of([Scored.of(made.targets)], [Scored.of(made.controls)])
    >>> weights = 2 * np.eye(4)[[1, 1, 2, 2, 0, 0, 2, 3, 2, 0]].T - 1
    >>> how = {"background": np.full(4, 0.25), "options": DiscoveryOptions(), "strand": Strand.BOTH}
    >>> read = read_filter("filter1", weights, sides, **how)
    >>> threshold = site_threshold(
    ...     read.motif, sides.targets[0], sides.controls[0], DiscoveryOptions(), strand=Strand.BOTH
    ... )
    >>> threshold.target_hits, threshold.control_hits
    (100, 0)
    """
    ours, theirs = (part.best_known(motif.log_odds(), strand=strand).score for part in (targets, controls))
    return best_threshold(ours, theirs, max_fpr=options.site_fpr, least=_LEAST_SCORE)


def _threshold(
    targets: Scored, controls: Scored, weights: np.ndarray, options: DiscoveryOptions, *, strand: Strand
) -> Threshold:
    """The score that separates targets from controls best, among those that few controls reach."""
    ours, theirs = (part.best(weights, strand=strand).score for part in (targets, controls))
    return best_threshold(ours, theirs, max_fpr=options.site_fpr)


def _counts_at_sites(
    targets: Scored,
    controls: Scored,
    weights: np.ndarray,
    options: DiscoveryOptions,
    *,
    strand: Strand,
    with_flanks: bool,
) -> np.ndarray:
    width = weights.shape[1]
    margin = width // 2
    # The filter may hang over a sequence's end, as it could in training.
    targets, controls = (Scored.of(part.sequences.flanked(margin)) for part in (targets, controls))
    threshold = _threshold(targets, controls, weights, options, strand=strand)
    found = targets.best(weights, strand=strand)
    flank = max(0, options.max_width - width // 2) if with_flanks else 0
    return targets.counts(found, found.score >= threshold.score, width, flank)


def _kept(motif: Motif, options: DiscoveryOptions) -> slice:
    """The columns without ends that say nothing, at least and at most as many as asked."""
    n_sites = motif.counts.sum(0)
    probability = matrix.probabilities(motif.counts, motif.background, 1.0)
    bits = matrix.information(probability, motif.background)
    bits = np.where(2 * np.log(2) * n_sites * bits >= _COLUMN_LR, bits, 0.0)
    return matrix.trim(_without_outliers(bits, options.max_width), _TRIM_BITS, options.min_width)


def _under(tie: Tie, whole: Motif, options: DiscoveryOptions) -> Motif:
    """The motif under a tie of all of its columns, without ends that say nothing."""
    whole = replace(whole, counts=tie.expand(tie.project(whole.counts)))
    kept = _kept(whole, options)
    # A column is kept with its partners: one that stands for another is no end that can be cut alone.
    partners = [
        np.flatnonzero(np.isin(tie.label, tie.label[:, end]).any(0)) for end in (kept.start, kept.stop - 1)
    ]
    columns = np.concatenate(partners)
    return Motif(whole.name, whole.counts[:, columns.min() : columns.max() + 1], whole.background)


def _is_turned_into_itself(tie: Tie) -> bool:
    """Whether the reverse complement of what obeys a tie obeys it, too."""
    turned = matrix.reverse_complement(tie.expand(np.arange(tie.n_free, dtype=np.float64)))
    return bool(np.array_equal(tie.expand(tie.project(turned)), turned))


def _tied_if_palindrome(whole: Motif, kept: slice) -> Motif:
    """The motif under the palindrome tie, if it reads almost the same on both strands.

    The two orientations of such a site are equally good, so that the better one is chosen by
    what lies beside it; flanks that are not there would then look conserved. Under the tie both
    orientations count.
    """
    core = whole.columns(kept).probabilities
    laid = compare.align_motifs(core, matrix.reverse_complement(core), whole.background, strand=Strand.SINGLE)
    if laid.similarity < _PALINDROME:
        return whole
    # Column i and column (mirror - i) are partners; the tie covers all columns that have one.
    mirror = kept.start + kept.stop - 1 + laid.offset
    first, last = max(0, mirror - whole.width + 1), min(whole.width - 1, mirror)
    covered = slice(first, last + 1)
    tie = TIES["palindrome"](last + 1 - first)
    return replace(whole.columns(covered), counts=tie.expand(tie.project(whole.counts[:, covered])))


def _without_outliers(bits: np.ndarray, max_width: int) -> np.ndarray:
    """Information within the best window of ``max_width`` columns, and 0 outside it."""
    if len(bits) <= max_width:
        return bits
    sums = np.convolve(bits, np.ones(max_width), mode="valid")
    start = int(np.argmax(sums))
    inside = np.arange(len(bits))
    return np.where((inside >= start) & (inside < start + max_width), bits, 0.0)


def _oriented(motif: Motif, *, strand: Strand) -> Motif:
    """The motif in the orientation whose consensus comes first in the alphabet."""
    if not strand.reads_both:
        return motif
    turned = motif.reverse_complement()
    return min(motif, turned, key=lambda one: one.consensus)
