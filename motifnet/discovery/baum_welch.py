"""Refine motifs by the motif HMM, on the sequences that shaped them, under the strand tie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from motifnet.config.train import DiscoveryOptions
from motifnet.discovery.readout import ReadMotif, site_threshold
from motifnet.discovery.scored import Scored
from motifnet.hmm.motif_hmm import MotifHMM, refine
from motifnet.motifs import Motif
from motifnet.stats.evenly import evenly
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

_ORDER = 2  # of the background, so that a repeat of two or three bases is no motif
_MAX_ROUNDS = 10  # at most, since it starts from motifs that are found: of four sets, more brought nothing
LEAST_TARGETS = 1000
"""Training targets of a task whose motifs are refined, at least.

Of 21 open sets with so many, the held-out AUROC of the first motif rose in 7 and fell in 2, and 120 motifs
became significant where 112 were; of 15 smaller sets the first motif's p-value rose in 6 and fell in 3, and
28 motifs became significant where 30 were.
"""
# Sequences of either side, at most: columns of a motif that a tenth of them have are then known to 1.5%, and
# a million cost no more than these.
_MOST_SEQUENCES = 10_000
_MOST_TOGETHER = 0.5  # of all rates at the start: half of the bases are background


def refined(
    motifs: Sequence[ReadMotif],
    targets: Sequence[Scored],
    controls: Sequence[Scored],
    options: DiscoveryOptions,
    *,
    strand: Strand,
    least_targets: int = LEAST_TARGETS,
) -> list[ReadMotif]:
    """Motifs after Baum-Welch with any number of sites a sequence, where that made them better.

    The motifs of a task are refined together, in one model, so that a weak one does not drift to
    the sites of a strong one, which are taken. The background is that of the controls. A motif
    that separates targets from controls worse than before, in training, stays as it was. What is no motif
    stays behind all motifs, whatever became of it.

    Parameters
    ----------
    motifs : sequence of ReadMotif
        As they were read from filters.
    targets, controls : sequence of Scored
        Training sequences of each task.
    options : DiscoveryOptions
        For the site threshold's false-positive rate.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.
    least_targets : int
        Of a task with fewer targets, motifs stay as they were.

    Returns
    -------
    list of ReadMotif
        Motifs come first, what is none last, each best in training first.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.discovery.readout import read_filters
    >>> from motifnet.discovery.scored import Sides
    >>> sides = Sides.of([Scored.of(made.targets)], [Scored.of(made.controls)])
    >>> weights = 2 * np.eye(4)[[1, 1, 2, 2, 0, 0, 2, 3, 2, 0]].T - 1
    >>> how = {"background": np.full(4, 0.25), "options": DiscoveryOptions(), "strand": Strand.BOTH}
    >>> (read,) = read_filters(weights[None], sides, **how)
    >>> found = sides.targets, sides.controls
    >>> better = refined([read], *found, DiscoveryOptions(), strand=Strand.BOTH, least_targets=100)
    >>> [one.motif.consensus for one in better]
    ['CCGGAAGTGA']
    """
    better: list[ReadMotif] = []
    for task in sorted({read.task for read in motifs}):
        pair = targets[task], controls[task]
        before = [read for read in motifs if read.task == task]
        if len(pair[0].sequences) < least_targets:
            better += before
            continue
        after = _baum_welch(before, *(part.sequences for part in pair), strand=strand)
        better += [
            _the_better(*versions, *pair, options, strand=strand)
            for versions in zip(before, after, strict=True)
        ]
    return sorted(better, key=lambda read: read.rank_key)


def _baum_welch(
    motifs: Sequence[ReadMotif], targets: Sequences, controls: Sequences, *, strand: Strand
) -> list[Motif]:
    n_sites = [read.motif.n_sites or 0.0 for read in motifs]
    n_bases = max(len(targets.codes), sum(n_sites) / _MOST_TOGETHER)
    targets, controls = (
        part.select(evenly(np.arange(len(part)), _MOST_SEQUENCES)) for part in (targets, controls)
    )
    start = MotifHMM.from_motifs(
        [read.motif for read in motifs],
        Background.fit(controls, _ORDER, strand_symmetric=strand.reads_both),
        rates=[n / n_bases for n in n_sites],
        strand="tied" if strand.reads_both else "single",
    )
    fitted = refine(start, targets, max_rounds=_MAX_ROUNDS).model
    return [
        Motif(read.motif.name, motif.counts, read.motif.background)
        for read, motif in zip(motifs, fitted.motifs, strict=True)
    ]


def _the_better(
    read: ReadMotif,
    motif: Motif,
    targets: Scored,
    controls: Scored,
    options: DiscoveryOptions,
    *,
    strand: Strand,
) -> ReadMotif:
    """A motif with its matrix before or after, whichever separates better; its z may be that of a member."""
    before, after = (
        site_threshold(one, targets, controls, options, strand=strand) for one in (read.motif, motif)
    )
    if after.z < before.z:
        return read
    return read._replace(motif=motif, threshold=after.score, z=max(read.z, after.z))
