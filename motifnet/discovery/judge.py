"""Judge motifs on sequences that did not shape them, each net of the better ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.datasets.shuffle import shuffle
from motifnet.discovery.readout import ReadMotif
from motifnet.discovery.results import Importance
from motifnet.discovery.scored import ROUNDING, Scored, Sides
from motifnet.kernels.onehot_conv import Best
from motifnet.stats.enrichment import Enrichment, fisher
from motifnet.stats.evenly import evenly
from motifnet.stats.scores import auroc
from motifnet.strand import Strand
from motifnet.symbols import UNKNOWN, Sequences

# Controls with the simpler motif from which they say how often a composite is at its sites by chance: with a
# composite at a tenth of the sites in targets and at none in controls, so many give a p-value of 3e-5.
_ENOUGH_CONTROLS = 100
_COPIES = 10  # shuffles of the bases beside each site: five composites and none by chance give 1e-5
# Bases that are shuffled on either side: of 16 in which a composite goes on for six, a shuffle in twenty has
# these again; of 50, one in a hundred.
_LEAST_FLANK = 50
_MOST_SITES = 5000  # of the simpler motif that are shuffled in a task: shares are then known to .007


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
        Of a composite, in each task, among the sequences that have a site of the simpler motif. Empty of any
        other.
    beside : tuple of Enrichment
        Of a composite, in each task, at the sites of the simpler motif in targets: the bases beside them as
        they are, and shuffled, which are its controls. Empty of any other.
    against_shuffled : bool
        Whether the p-value is of ``beside``: see :func:`can_tell`.
    importance : Importance, optional
        What the network loses without it in the motif's task, where that was measured.
    """

    net: tuple[Enrichment, ...]
    plain: tuple[Enrichment, ...]
    auroc: tuple[float, ...]
    members: tuple[Verdict, ...] = ()
    among: tuple[Enrichment, ...] = ()
    beside: tuple[Enrichment, ...] = ()
    against_shuffled: bool = False
    importance: Importance | None = None

    def settled(self) -> Verdict:
        """The same with what the p-value is of in ``net``."""
        if not self.among:
            return self
        return self._replace(net=self.beside if self.against_shuffled else self.among)


def can_tell(among: Enrichment) -> bool:
    """Whether enough controls have the simpler motif to say how often a composite is at its sites by chance.

    The number of controls alone decides, and not what they hold, so that the choice favours no p-value.

    Examples
    --------
    >>> can_tell(fisher(155, 626, 0, 5)), can_tell(fisher(155, 626, 0, 120))
    (False, True)
    """
    return among.n_controls >= _ENOUGH_CONTROLS


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
    one, more targets than controls have one of the composite. Where hardly any controls have the simpler
    motif, it is whether more of its sites in targets are in a composite than when the bases beside them are
    shuffled, with their pairs kept.

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
    extended = {read.extends for read in ranked}
    simpler: dict[str, tuple[ReadMotif, Best]] = {}
    verdicts = []
    for read in ranked:
        scores = left.best_as_if_known(read.log_odds, read.motif.background, strand=strand)
        net = tuple(_enrichment(read, *(side + ROUNDING for side in some)) for some in scores)
        sites = _sites(read, whole, strand=strand)
        if read.filters[0] in extended:
            simpler[read.filters[0]] = read, sites
        members = tuple(_plain(one, _sites(one, whole, strand=strand), whole) for _, one in read.members)
        verdict = _plain(read, sites, whole)._replace(net=net, members=members)
        if read.extends in simpler:
            verdict = _of_composite(verdict, (read, sites), simpler[read.extends], whole, strand=strand)
        verdicts.append(verdict)
        left = left._replace(both=_masked(read, left.both, strand=strand))
    return verdicts


def _sites(read: ReadMotif, whole: Sides, *, strand: Strand) -> Best:
    """The best window of each sequence, nothing masked."""
    return whole.both.best_known(read.log_odds, strand=strand)


def _plain(read: ReadMotif, sites: Best, whole: Sides) -> Verdict:
    """Sites and AUROC with nothing masked, and no test."""
    scores = whole.split(sites.score)
    return Verdict(
        (), tuple(_enrichment(read, *some) for some in scores), tuple(auroc(*some) for some in scores)
    )


def _of_composite(
    verdict: Verdict,
    composite: tuple[ReadMotif, Best],
    simpler: tuple[ReadMotif, Best],
    whole: Sides,
    *,
    strand: Strand,
) -> Verdict:
    """The verdict on a composite with its tests, given its sites and those of the simpler motif."""
    (read, sites), (other, others) = composite, simpler
    has_other = whole.split(others.score >= other.threshold)
    among = tuple(
        _enrichment(read, *(one[has] for one, has in zip(scores, chosen, strict=True)))
        for scores, chosen in zip(whole.split(sites.score), has_other, strict=True)
    )
    places = whole.split(others.position)
    beside = tuple(
        _beside(read, part.sequences, np.flatnonzero(has), position[has], other.motif.width, strand=strand)
        for part, (has, _), (position, _) in zip(whole.targets, has_other, places, strict=True)
    )
    return verdict._replace(among=among, beside=beside, against_shuffled=not can_tell(among[read.task]))


def _beside(
    read: ReadMotif,
    sequences: Sequences,
    index: np.ndarray,
    position: np.ndarray,
    width: int,
    *,
    strand: Strand,
) -> Enrichment:
    """The test of a composite at sites of a simpler motif: as they are, and the bases beside them shuffled.

    Parameters
    ----------
    read : ReadMotif
        The composite.
    sequences : Sequences
    index, position : numpy.ndarray
        Which of them have a site of the simpler motif, and where it starts.
    width : int
        Columns of the simpler motif, which stay as they are.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.
    """
    if len(index) == 0:
        return fisher(0, 0, 0, 0)
    chosen = evenly(np.arange(len(index)), _MOST_SITES)
    index, position = index[chosen], position[chosen]
    flank = max(_LEAST_FLANK, read.motif.width)
    first = np.maximum(position - flank, 0)
    last = np.minimum(position + width + flank, sequences.lengths[index])
    starts = sequences.offsets[index]
    spans = zip((starts + first).tolist(), (starts + last).tolist(), strict=True)
    around = Sequences.from_codes([sequences.codes[start:stop] for start, stop in spans])
    start = np.repeat(around.offsets[:-1] + position - first, around.lengths)
    place = np.arange(len(around.codes))
    shuffled = _shuffled_but(around, (start <= place) & (place < start + width))
    scores = (Scored.of(one).best_known(read.log_odds, strand=strand).score for one in (around, shuffled))
    return _enrichment(read, *scores)


def _shuffled_but(sequences: Sequences, fixed: np.ndarray) -> Sequences:
    """Shuffles of sequences in which some places stay as they are; no base crosses these."""
    codes = np.where(fixed, np.uint8(UNKNOWN), sequences.codes)
    shuffled = shuffle(Sequences(codes, sequences.offsets, sequences.names), 2, 0, _COPIES)
    codes = np.where(np.tile(fixed, _COPIES), np.tile(sequences.codes, _COPIES), shuffled.codes)
    return Sequences(codes, shuffled.offsets, shuffled.names)


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
