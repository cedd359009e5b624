"""Judge motifs on sequences that did not shape them, each net of the better ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.discovery.readout import ReadMotif
from motifnet.discovery.results import Importance
from motifnet.discovery.scored import ROUNDING, Scored, Sides
from motifnet.stats.enrichment import Enrichment, fisher
from motifnet.stats.scores import auroc
from motifnet.strand import Strand


class Verdict(NamedTuple):
    """One motif on held-out sequences.

    Parameters
    ----------
    net : tuple of Enrichment
        In each task, with the sites of better motifs masked: what the p-value is of.
    plain : tuple of Enrichment
        In each task, nothing masked: how many sequences have a site.
    auroc : tuple of float
        In each task, of the best site's score alone; nothing masked.
    members : tuple of Verdict
        On its variants and parts, whose sites are no test: ``net`` is empty.
    among : tuple of Enrichment
        Of a composite, in each task, among the sequences that have a site of the simpler motif: what its
        p-value is of. Empty of any other.
    importance : Importance, optional
        What the network loses without it in the motif's task, where that was measured.
    """

    net: tuple[Enrichment, ...]
    plain: tuple[Enrichment, ...]
    auroc: tuple[float, ...]
    members: tuple[Verdict, ...] = ()
    among: tuple[Enrichment, ...] = ()
    importance: Importance | None = None

    def settled(self) -> Verdict:
        """The same with what the p-value is of in ``net``."""
        return self._replace(net=self.among) if self.among else self


def judge(
    ranked: Sequence[ReadMotif],
    targets: Sequence[Scored],
    controls: Sequence[Scored],
    *,
    strand: Strand,
) -> list[Verdict]:
    """Test motifs one after the other, masking the sites of each before the next.

    Two motifs that are variants of each other are both enriched; only one of them says
    something. A valid p-value is no protection from that, masking is. A site of which a part is masked
    counts if the rest makes up for that: see :meth:`~motifnet.discovery.scored.Scored.best_as_if_known`.
    The order must come from training, so that held-out sequences choose nothing.

    A composite holds the simpler motif that it extends, so that masking would leave nothing of it. The
    question is whether it says more: whether, among the sequences that have a site of the simpler
    one, more targets than controls have one of the composite.

    Parameters
    ----------
    ranked : sequence of ReadMotif
        Best in training first.
    targets, controls : sequence of Scored
        Held-out sequences of each task.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.

    Returns
    -------
    list of Verdict
        In the same order.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.config.train import DiscoveryOptions
    >>> from motifnet.discovery.readout import read_filters
    >>> sides = Sides.of([Scored.of(made.targets)], [Scored.of(made.controls)])
    >>> weights = 2 * np.eye(4)[[1, 1, 2, 2, 0, 0, 2, 3, 2, 0]].T - 1
    >>> how = {"background": np.full(4, 0.25), "options": DiscoveryOptions(), "strand": Strand.BOTH}
    >>> (read,) = read_filters(weights[None], sides, **how)
    >>> (verdict,) = judge([read], sides.targets, sides.controls, strand=Strand.BOTH)
    >>> verdict.net[0].target_hits, verdict.net[0].control_hits, verdict.auroc
    (100, 0, (1.0,))
    """
    whole = Sides.of(targets, controls)
    left = whole
    by_filter = {read.filters[0]: read for read in ranked}
    verdicts = []
    for read in ranked:
        scores = left.best_as_if_known(read.log_odds, read.motif.background, strand=strand)
        net = tuple(_enrichment(read, *(side + ROUNDING for side in some)) for some in scores)
        simpler = by_filter.get(read.extends)
        among = () if simpler is None else _among(simpler, read, whole, strand=strand)
        members = tuple(_plain(one, whole, strand=strand) for _, one in read.members)
        verdicts.append(_plain(read, whole, strand=strand)._replace(net=net, members=members, among=among))
        left = left._replace(both=_masked(read, left.both, strand=strand))
    return verdicts


def _plain(read: ReadMotif, whole: Sides, *, strand: Strand) -> Verdict:
    """Sites and AUROC with nothing masked, and no test."""
    scores = whole.best_known(read.log_odds, strand=strand)
    return Verdict(
        (), tuple(_enrichment(read, *some) for some in scores), tuple(auroc(*some) for some in scores)
    )


def _among(simpler: ReadMotif, read: ReadMotif, whole: Sides, *, strand: Strand) -> tuple[Enrichment, ...]:
    """The test of a composite among the sequences that have a site of the simpler motif."""
    scores = whole.best_known(read.log_odds, strand=strand)
    with_simpler = whole.best_known(simpler.log_odds, strand=strand)
    return tuple(
        _enrichment(read, *(some[has >= simpler.threshold] for some, has in zip(ours, theirs, strict=True)))
        for ours, theirs in zip(scores, with_simpler, strict=True)
    )


def _enrichment(read: ReadMotif, targets: np.ndarray, controls: np.ndarray) -> Enrichment:
    """Fisher's test of the sequences with a site, given their best scores."""
    hits, control_hits = (int((scores >= read.threshold).sum()) for scores in (targets, controls))
    return fisher(hits, len(targets), control_hits, len(controls))


def _masked(read: ReadMotif, part: Scored, *, strand: Strand) -> Scored:
    everything = slice(0, read.motif.width)
    return part.masked(read.log_odds, read.threshold, everything, strand=strand)


def pooled(parts: Sequence[Enrichment]) -> Enrichment:
    """One test over several folds: counts add up.

    Parameters
    ----------
    parts : sequence of Enrichment
        Of one motif, one of each fold.

    Returns
    -------
    Enrichment

    Examples
    --------
    >>> pooled([fisher(8, 10, 1, 20), fisher(9, 12, 0, 18)])[:4]
    (17, 22, 1, 38)
    """
    return fisher(
        sum(part.target_hits for part in parts),
        sum(part.n_targets for part in parts),
        sum(part.control_hits for part in parts),
        sum(part.n_controls for part in parts),
    )
