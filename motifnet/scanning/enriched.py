"""Which known motifs are enriched in targets over controls, and where in them.

Two questions, each with a p-value that is paid for: do more targets than controls have a site, and
do targets have better ones? The first needs a threshold, which is a p-value of a single window, so
that it means the same for every motif: a given one, or the best of a fixed grid, which the p-value
takes into account. The second asks for ranks and needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from motifnet.motifs import Motif
from motifnet.motifs.compare import similarity
from motifnet.progress import Progress, Silent
from motifnet.scanning.best_sites import BestSites, Scorer
from motifnet.scanning.variants import first_alike
from motifnet.stats.enrichment import Enrichment
from motifnet.stats.multiple import log10_q_values
from motifnet.stats.nested import best_fisher
from motifnet.stats.positional import Central, central_enrichment, windows_to_try
from motifnet.stats.rank_test import RankTest, mann_whitney
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.given import Given, as_sequences

GRID = tuple(10.0 ** (-k / 2) for k in range(6, 13))
"""P-values of a site among which the best is taken: 1e-3 to 1e-6, two to a power of ten.

From what many a sequence of some hundreds of bases has by chance to what one in a thousand has; finer steps
would choose among thresholds of nearly the same sites. A convention, for which p-values account exactly.
"""


class SiteThreshold(NamedTuple):
    """From where on a window is a site.

    Parameters
    ----------
    steps : int
        Least score in steps.
    bits : float
        The same in bits.
    p_value : float
        Largest p-value of a window.
    """

    steps: int
    bits: float
    p_value: float


@dataclass(frozen=True, eq=False)
class Enriched:
    """A known motif and all that was tested of it.

    Parameters
    ----------
    motif : Motif
    index : int
        Which of the given motifs.
    threshold : SiteThreshold
        Of a site.
    enrichment : Enrichment
        Targets and controls with a site; its p-value takes into account that the threshold was chosen.
    ranks : RankTest
        Best scores of targets against those of controls.
    central : Central
        Whether the sites of targets lie near the centre.
    least_p_value : float
        Of the best word: where it is above that of the threshold, there can be no site.
    target_distances, control_distances : numpy.ndarray, shape=(n_sites,)
        Bases from the centre of each sequence with a site to that of its site.
    log10_q, ranks_log10_q, central_log10_q : float
        log10 of the q-values of the three tests, over all motifs.
    log10_e : float
        log10 of the p-value of the enrichment times the number of motifs.
    like : int
        Rank, from 1, of the better motif that this one is a variant of; its own if there is none.
    similarity : float
        To that one: see :func:`motifnet.motifs.compare.similarity`.
    """

    motif: Motif
    index: int
    threshold: SiteThreshold
    enrichment: Enrichment
    ranks: RankTest
    central: Central
    least_p_value: float
    target_distances: np.ndarray
    control_distances: np.ndarray
    log10_q: float = 0.0
    ranks_log10_q: float = 0.0
    central_log10_q: float = 0.0
    log10_e: float = 0.0
    like: int = 0
    similarity: float = 1.0


def rank_by_enrichment(
    scorer: Scorer,
    sequences: Given,
    is_target: np.ndarray,
    p_values: Sequence[float] = GRID,
    *,
    log10_e: float = 1.0,
    progress: Progress | None = None,
) -> list[Enriched]:
    """All motifs, the most enriched first.

    Parameters
    ----------
    scorer : Scorer
        The motifs.
    sequences : Sequences
        Targets and controls.
    is_target : numpy.ndarray of bool, shape=(n,)
        Which are targets.
    p_values : sequence of float
        Thresholds to choose from: p-values of a site.
    log10_e : float
        Only motifs with an E-value so small are told whether they are variants of one another.
    progress : Progress, optional
        Told of each motif.

    Returns
    -------
    list of Enriched
        One for each motif.

    Examples
    --------
    >>> from motifnet.symbols.background import Background
    >>> gata = Motif("GATA", 50 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> some = Sequences.from_text(["CCGATACC", "ATATCACC", "CCCATCCC", "CCATTACC", "ACACACAC", "GCGCGCGC"])
    >>> scorer = Scorer([gata], Background.from_gc(0.5), strand=Strand.BOTH)
    >>> (found,) = rank_by_enrichment(scorer, some, np.arange(6) < 2, [0.01])
    >>> found.enrichment.target_hits, found.enrichment.control_hits, found.ranks.auroc
    (2, 0, 1.0)
    """
    sequences = as_sequences(sequences)
    windows = windows_to_try(sequences.lengths[is_target])
    tested = []
    with (progress or Silent()).stage("test", len(scorer.motifs)) as step:
        for index, sites in scorer.best(sequences):
            tested.append(_tested(scorer, index, sites, sequences, is_target, np.sort(p_values), windows))
            step.advance()
    tested.sort(key=lambda one: (one.enrichment.log10_p, one.ranks.log10_p, one.index))
    return _with_variants(_with_q_values(tested), log10_e, strand=scorer.strand)


def _tested(
    scorer: Scorer,
    index: int,
    sites: BestSites,
    sequences: Sequences,
    is_target: np.ndarray,
    p_values: np.ndarray,
    windows: np.ndarray,
) -> Enriched:
    """All tests of one motif."""
    motif, scores = scorer.motifs[index], (sites.score[is_target], sites.score[~is_target])
    known = scorer.distribution(index)
    steps = np.array([known.threshold(p_value) for p_value in p_values])
    at, enrichment = _enrichment(*scores, steps)
    bits = float(scorer.scores[index].bits(steps[at]))
    is_site = sites.score >= steps[at]
    targets, controls = (
        sites.placed(sequences, is_site & group, motif.width) for group in (is_target, ~is_target)
    )
    return Enriched(
        motif,
        index,
        SiteThreshold(int(steps[at]), bits, float(p_values[at])),
        enrichment,
        mann_whitney(*scores),
        central_enrichment(targets, controls, windows),
        known.least_p_value,
        targets.centre_distances,
        controls.centre_distances,
    )


def _enrichment(targets: np.ndarray, controls: np.ndarray, steps: np.ndarray) -> tuple[int, Enrichment]:
    """The best of some thresholds, strictest first, and what it finds."""
    hits, control_hits = ((scores[:, None] >= steps).sum(0) for scores in (targets, controls))
    best = best_fisher(hits, len(targets), control_hits, len(controls))
    counts = int(hits[best.index]), len(targets), int(control_hits[best.index]), len(controls)
    return best.index, Enrichment(*counts, best.log10_p)


def _with_q_values(tested: Sequence[Enriched]) -> list[Enriched]:
    q_values = (
        log10_q_values(np.array([p_of(one) for one in tested]))
        for p_of in (
            lambda one: one.enrichment.log10_p,
            lambda one: one.ranks.log10_p,
            lambda one: one.central.log10_p,
        )
    )
    columns = zip(tested, *(values.tolist() for values in q_values), strict=True)
    return [
        replace(
            one,
            log10_q=q,
            ranks_log10_q=ranks_q,
            central_log10_q=central_q,
            log10_e=one.enrichment.log10_p + float(np.log10(len(tested))),
        )
        for one, q, ranks_q, central_q in columns
    ]


def _with_variants(ranked: Sequence[Enriched], log10_e: float, *, strand: Strand) -> list[Enriched]:
    """The same, each telling the better one that it is a variant of."""
    motifs, n_compared = [one.motif for one in ranked], sum(one.log10_e <= log10_e for one in ranked)
    like = first_alike(motifs, n_compared, strand=strand)
    return [
        replace(one, like=first + 1, similarity=_similarity(one.motif, motifs[first], strand=strand))
        for one, first in zip(ranked, like, strict=True)
    ]


def _similarity(motif: Motif, better: Motif, *, strand: Strand) -> float:
    if motif is better:
        return 1.0
    return similarity(motif.probabilities, better.probabilities, strand=strand)
