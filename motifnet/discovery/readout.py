"""From filters to motifs: threshold on controls, align sites, extend, trim, count again.

A filter is not read off its weights. It is put to work: the site threshold is the score that
separates targets from controls best, among those that at most a stated share of controls
reaches; every target gives its best site at most; and the bases at those sites, with their
flanks, are the motif. Where the filter is under a tie, so are the counts: they are pooled over its orbits,
and no flanks are taken, of which the tie says nothing.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from motifnet.config.train import DiscoveryOptions
from motifnet.discovery.kinds import Kind, kind_of
from motifnet.discovery.refine import tied
from motifnet.discovery.scored import LEAST_SCORE, Scored, Sides
from motifnet.kernels.onehot_conv import Best
from motifnet.motifs import Motif, compare, matrix
from motifnet.motifs.motif import SCORE_PSEUDOCOUNT
from motifnet.stats.scores import Threshold, best_threshold
from motifnet.strand import Strand
from motifnet.ties import TIES, Tie
from motifnet.ties.of_filters import ALL_FREE, FilterTie, FilterTies

# Least likelihood-ratio statistic (3 df) of a column: p = 0.001, since some forty columns are tried.
_COLUMN_LR = 16.0
_TRIM_BITS = 0.25  # columns at the ends with less information are cut
_CORE_BITS = 0.5  # the same where it is asked whether a motif is a palindrome: weak flanks would hide it
# Similarity to its own reverse complement from which a motif is tied to it: less than 1, since
# counts of sites are noisy. A convention.
_PALINDROME = 0.97
_ENOUGH_TO_CHOOSE = 1000  # sequences of a kind and task that tell which task a filter is of: z to a tenth
_FEWEST_SITES = 5  # of a motif: a matrix of fewer has columns that are certain by chance. A convention
_MOST_COUNTS = 5  # of a matrix at the sites of its own threshold. A convention
_SAME_SITES = 0.1  # change of their number at which they stay: the error of a count of a hundred
# Separation in training with each site scored as if it had not been counted. Noise has 3 to 5.5, true motifs
# of fifty sites 3.6 to 7.7: what has less is not worth a test.
_LEAST_Z = 4.5
_LEAST_BITS = 4.0  # information of a whole motif; AACG alone has 8


Relation = Literal["variant", "part", "whole"]
"""What a motif is of a better one: nearly the same; a part of it; all of it and more."""


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
    kind : Kind
        Whether it is a motif, or what else.
    members : tuple of (str, ReadMotif)
        Variants and parts of it that were read as well, each with what it is of this one.
    extends : str
        The first filter of the simpler motif that this one contains; empty if it contains none.
    """

    motif: Motif
    threshold: float
    z: float
    task: int
    filters: tuple[str, ...]
    tie: str = ""
    kind: Kind = Kind.MOTIF
    members: tuple[tuple[Relation, ReadMotif], ...] = ()
    extends: str = ""

    @property
    def log_odds(self) -> np.ndarray:
        """Scores in bits, ``(4, width)``, with a tenth of a site of background per column."""
        return self.motif.log_odds()

    @property
    def rank_key(self) -> tuple[bool, float, tuple[str, ...]]:
        """What motifs are sorted by to be judged: best in training first, and what is no motif last."""
        return self.kind is not Kind.MOTIF, -self.z, self.filters


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


def read_filters(
    weights: np.ndarray,
    sides: Sides,
    background: np.ndarray,
    options: DiscoveryOptions,
    *,
    strand: Strand,
    ties: FilterTies = ALL_FREE,
) -> list[ReadMotif | Unread]:
    """Read a motif from the sites of each filter.

    Parameters
    ----------
    weights : numpy.ndarray, shape=(n_filters, 4, width)
        Weights of the filters.
    sides : Sides
        Training sequences of each task.
    background : numpy.ndarray, shape=(4,)
        Base probabilities.
    options : DiscoveryOptions
        Widths and the site threshold's false-positive rate.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.
    ties : FilterTies
        What the filters are under.

    Returns
    -------
    list of ReadMotif or Unread
        In the order of the filters, which are called filter1, filter2 and so on.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> sides = Sides.of([Scored.of(made.targets)], [Scored.of(made.controls)])
    >>> weights = 2 * np.eye(4)[[1, 1, 2, 2, 0, 0, 2, 3, 2, 0]].T - 1
    >>> how = {"background": np.full(4, 0.25), "options": DiscoveryOptions(), "strand": Strand.BOTH}
    >>> (read,) = read_filters(weights[None], sides, **how)
    >>> read.motif.consensus, read.task, read.filters
    ('CCGGAAGTGA', 0, ('filter1',))
    """
    # A filter may hang over a sequence's end, as it could in training.
    wide = sides.flanked(weights.shape[2] // 2)
    task_of = _task_of_each(weights, wide, options, strand=strand)
    read: dict[int, ReadMotif | Unread] = {}
    for task in np.unique(task_of).tolist():
        numbers = np.flatnonzero(task_of == task).tolist()
        targets, controls = wide.targets[task], wide.controls[task]
        found = targets.best_of_each(weights[numbers], strand=strand)
        by_chance = controls.best_of_each(weights[numbers], strand=strand).score
        for place, number in enumerate(numbers):
            best = Best(*(part[:, place] for part in found))
            threshold = best_threshold(best.score, by_chance[:, place], max_fpr=options.site_fpr)
            tie = ties.of_filter(number)
            width = weights.shape[2]
            flank = max(0, options.max_width - width // 2) if tie.tie is None else 0
            counts = targets.counts(best, best.score >= threshold.score, width, flank)
            whole = Motif(f"filter{number + 1}", counts, background)
            read[number] = _read(whole, task, sides, options, strand=strand, tie=tie)
    return [read[number] for number in range(len(weights))]


def _task_of_each(
    weights: np.ndarray, wide: Sides, options: DiscoveryOptions, *, strand: Strand
) -> np.ndarray:
    """The task that each filter separates best, by a sample of each, ``(n_filters,)``."""
    if len(wide.targets) == 1:
        return np.zeros(len(weights), int)
    sample = wide.thinned(_ENOUGH_TO_CHOOSE)
    scores = sample.both.best_of_each(weights, strand=strand).score
    z = [
        [best_threshold(*of_task, max_fpr=options.site_fpr).z for of_task in sample.split(of_filter)]
        for of_filter in scores.T
    ]
    return np.argmax(z, axis=1)


def _read(
    whole: Motif, task: int, sides: Sides, options: DiscoveryOptions, *, strand: Strand, tie: FilterTie
) -> ReadMotif | Unread:
    """The motif of the bases at a filter's best windows, its flanks among them."""
    if whole.counts.sum(0).max(initial=0) < _FEWEST_SITES:
        return Unread("hardly any target has a site that controls do not have as well")
    motif, own_tie = _trimmed(whole, options, strand=strand, tie=tie.tie)
    if motif.information.sum() < _LEAST_BITS:
        return Unread("its sites have nothing in common", motif.consensus)
    targets, controls = sides.targets[task], sides.controls[task]
    motif, threshold = _settled(motif, own_tie, targets, controls, options, strand=strand)
    if tie.tie is None or _is_turned_into_itself(tie.tie):
        motif = _oriented(motif, strand=strand)
    if threshold.z < _LEAST_Z:
        return Unread("its sites are hardly more frequent in targets than in controls", motif.consensus)
    kind = kind_of(motif, threshold.score, targets, controls, strand=strand)
    return ReadMotif(motif, threshold.score, threshold.z, task, (whole.name,), tie.name, kind)


def _trimmed(
    whole: Motif, options: DiscoveryOptions, *, strand: Strand, tie: Tie | None
) -> tuple[Motif, Tie | None]:
    """The motif without ends that say nothing, and what its columns are under."""
    if tie is not None:
        return _under(tie, whole, options)
    palindrome = _palindrome(whole, _kept(whole, options, _CORE_BITS)) if strand.reads_both else None
    if palindrome is not None:
        return _under(
            TIES["palindrome"](palindrome.stop - palindrome.start), whole.columns(palindrome), options
        )
    return Motif(whole.name, whole.columns(_kept(whole, options)).counts, whole.background), None


def _settled(
    motif: Motif,
    tie: Tie | None,
    targets: Scored,
    controls: Scored,
    options: DiscoveryOptions,
    *,
    strand: Strand,
) -> tuple[Motif, Threshold]:
    """The motif counted again at the sites of its own threshold until these stay, and the threshold.

    The sites of a filter are not those of the matrix that is read from them, nor are those from which it is
    counted once more; a matrix could stand for others than those that are told.
    """
    counted: _Counted | None = None
    for n_left in reversed(range(_MOST_COUNTS + 1)):
        found = targets.best_known(motif.log_odds(), strand=strand)
        theirs = controls.best_known(motif.log_odds(), strand=strand).score
        ours = found.score if counted is None else _left_out(found, counted, motif, tie, targets)
        threshold = best_threshold(ours, theirs, max_fpr=options.site_fpr, least=LEAST_SCORE)
        chosen = found.score >= threshold.score
        n_sites, n_before = int(chosen.sum()), 0 if counted is None else len(counted.chosen)
        stays = abs(n_sites - n_before) <= _SAME_SITES * n_before
        if stays or n_sites < _FEWEST_SITES or n_left == 0:
            break
        counted = _Counted(found, np.flatnonzero(chosen))
        counts = targets.counts(found, chosen, motif.width, 0)
        motif = Motif(motif.name, tied(counts, tie), motif.background)
    return motif, threshold


class _Counted(NamedTuple):
    """The sites that a motif was counted from: the best of each sequence, and of which it is one."""

    found: Best
    chosen: np.ndarray


def _left_out(found: Best, counted: _Counted, motif: Motif, tie: Tie | None, targets: Scored) -> np.ndarray:
    """Scores of the best sites, ``(n,)``; of those counted, what they were had they not been.

    A matrix of few sites fits these better than any other site, and a threshold that rests on their scores
    would be too high for sequences that shaped nothing.
    """
    same = (found.position == counted.found.position) & (found.reverse == counted.found.reverse)
    chosen = counted.chosen[same[counted.chosen]]
    bases = targets.bases(found, chosen, motif.width)
    columns = np.arange(motif.width)
    share = 1.0 if tie is None else _own_share(tie.label[bases, columns], tie.orbit_sizes)
    background = motif.background[bases]
    left = motif.counts[bases, columns] - share + SCORE_PSEUDOCOUNT * background
    probability = left / (motif.counts.sum(0) - 1 + SCORE_PSEUDOCOUNT)
    scores = found.score.copy()
    scores[chosen] = np.log2(probability / background).sum(1)
    return scores


def _own_share(orbits: np.ndarray, orbit_sizes: np.ndarray) -> np.ndarray:
    """What a site has of the counts of its own bases, of which it has the orbits; ``(n, width)``."""
    alike = (orbits[:, :, None] == orbits[:, None, :]).sum(2)
    return alike / orbit_sizes[orbits]


def site_threshold(
    motif: Motif, targets: Scored, controls: Scored, options: DiscoveryOptions, *, strand: Strand
) -> Threshold:
    """The score from which a place is a site of a motif; parameters are those of :func:`read_filters`.

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
    >>> (read,) = read_filters(weights[None], sides, **how)
    >>> threshold = site_threshold(
    ...     read.motif, sides.targets[0], sides.controls[0], DiscoveryOptions(), strand=Strand.BOTH
    ... )
    >>> threshold.target_hits, threshold.control_hits
    (100, 0)
    """
    ours, theirs = (part.best_known(motif.log_odds(), strand=strand).score for part in (targets, controls))
    return best_threshold(ours, theirs, max_fpr=options.site_fpr, least=LEAST_SCORE)


def _kept(motif: Motif, options: DiscoveryOptions, least: float = _TRIM_BITS) -> slice:
    """The columns without ends that say nothing, at least and at most as many as asked."""
    n_sites = motif.counts.sum(0)
    probability = matrix.probabilities(motif.counts, motif.background, 1.0)
    bits = matrix.information(probability, motif.background)
    bits = np.where(2 * np.log(2) * n_sites * bits >= _COLUMN_LR, bits, 0.0)
    return matrix.trim(_without_outliers(bits, options.max_width), least, options.min_width)


def _under(tie: Tie, whole: Motif, options: DiscoveryOptions) -> tuple[Motif, Tie]:
    """The motif under a tie of all of its columns, without ends that say nothing, and the tie of the rest."""
    whole = Motif(whole.name, tied(whole.counts, tie), whole.background)
    kept = _kept(whole, options)
    # A column is kept with its partners: one that stands for another is no end that can be cut alone.
    partners = [
        np.flatnonzero(np.isin(tie.label, tie.label[:, end]).any(0)) for end in (kept.start, kept.stop - 1)
    ]
    columns = np.concatenate(partners)
    kept = slice(int(columns.min()), int(columns.max()) + 1)
    labels = np.unique(tie.label[:, kept], return_inverse=True)[1].reshape(4, -1)
    return Motif(whole.name, whole.counts[:, kept], whole.background), Tie(labels, tie.sign[:, kept])


def _is_turned_into_itself(tie: Tie) -> bool:
    """Whether the reverse complement of what obeys a tie obeys it, too."""
    turned = matrix.reverse_complement(tie.expand(np.arange(tie.n_free, dtype=np.float64)))
    return bool(np.array_equal(tie.expand(tie.project(turned)), turned))


def _palindrome(whole: Motif, kept: slice) -> slice | None:
    """The columns of a motif that reads almost the same on both strands, as far as each has a partner.

    The two orientations of such a site are equally good, so that the better one is chosen by
    what lies beside it; flanks that are not there would then look conserved. Under the tie both
    orientations count.
    """
    core = whole.columns(kept).probabilities
    laid = compare.align_motifs(core, matrix.reverse_complement(core), whole.background, strand=Strand.SINGLE)
    if laid.similarity < _PALINDROME:
        return None
    # Column i and column (mirror - i) are partners.
    mirror = kept.start + kept.stop - 1 + laid.offset
    return slice(max(0, mirror - whole.width + 1), min(whole.width - 1, mirror) + 1)


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
