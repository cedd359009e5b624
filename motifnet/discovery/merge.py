"""The same motif in several filters becomes one, with its members named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.discovery.readout import ReadMotif
from motifnet.discovery.scored import Scored
from motifnet.motifs import compare
from motifnet.strand import Strand

# Similarity of matrices from which two motifs are one; and from which shared sites decide, so that half of
# the rarer motif's sites make it a part of the other. Conventions between 0.6, where families begin, and 1.
_ALIKE = 0.8
_RELATED = 0.5  # similarity from which shared sites decide
_SHARED = 0.5  # share of the smaller motif's sites that the other has at the same place


class MergedFilters(NamedTuple):
    """Motifs without duplicates.

    Parameters
    ----------
    kept : list of ReadMotif
        Best first; ``filters`` names all that each stands for.
    into : dict of str to str
        Filter that was merged to filter that it was merged into.
    """

    kept: list[ReadMotif]
    into: dict[str, str]


def merge_filters(motifs: Sequence[ReadMotif], targets: Sequence[Scored], *, strand: Strand) -> MergedFilters:
    """Merge motifs that are one.

    Two motifs are one if their matrices are alike, or if they are related and lie at the same
    places in the targets. The best of them, by its separation in training, stands for all; the
    result depends neither on the order of the motifs nor on their orientation.

    Parameters
    ----------
    motifs : sequence of ReadMotif
        In any order.
    targets : sequence of Scored
        Training targets of each task.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.

    Returns
    -------
    Merged

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.config.train import DiscoveryOptions
    >>> from motifnet.discovery.readout import read_filter
    >>> from motifnet.discovery.scored import Sides
    >>> sides = Sides.of([Scored.of(made.targets)], [Scored.of(made.controls)])
    >>> weights = 2 * np.eye(4)[[1, 1, 2, 2, 0, 0, 2, 3, 2, 0]].T - 1
    >>> how = {"background": np.full(4, 0.25), "options": DiscoveryOptions(), "strand": Strand.BOTH}
    >>> read = read_filter("filter1", weights, sides, **how)
    >>> again = read._replace(filters=("filter2",), z=1.0)
    >>> merged = merge_filters([again, read], sides.targets, strand=Strand.BOTH)
    >>> merged.kept[0].filters, merged.into
    (('filter1', 'filter2'), {'filter2': 'filter1'})
    """
    ranked = sorted(motifs, key=lambda read: (-read.z, read.filters))
    kept: list[ReadMotif] = []
    into: dict[str, str] = {}
    for read in ranked:
        for place, better in enumerate(kept):
            if _are_one(better, read, targets, strand=strand):
                kept[place] = better._replace(filters=better.filters + read.filters)
                into |= dict.fromkeys(read.filters, better.filters[0])
                break
        else:
            kept.append(read)
    return MergedFilters(kept, into)


def _are_one(first: ReadMotif, second: ReadMotif, targets: Sequence[Scored], *, strand: Strand) -> bool:
    laid = compare.align_motifs(
        first.motif.probabilities,
        second.motif.probabilities,
        first.motif.background,
        strand=strand,
    )
    if laid.similarity >= _ALIKE:
        return True
    if laid.similarity < _RELATED:
        return False
    return max(_shared_sites(first, second, part, strand=strand) for part in targets) >= _SHARED


def _shared_sites(first: ReadMotif, second: ReadMotif, targets: Scored, *, strand: Strand) -> float:
    """Share of the rarer motif's sites that overlap the other's by at least half of it."""
    spans, has_site = [], []
    for read in (first, second):
        found = targets.best_known(read.log_odds, strand=strand)
        spans.append((found.position, found.position + read.motif.width))
        has_site.append(found.score >= read.threshold)
    overlap = np.minimum(spans[0][1], spans[1][1]) - np.maximum(spans[0][0], spans[1][0])
    narrow = min(first.motif.width, second.motif.width)
    both = has_site[0] & has_site[1] & (2 * overlap >= narrow)
    return float(both.sum() / max(1, min(has_site[0].sum(), has_site[1].sum())))
