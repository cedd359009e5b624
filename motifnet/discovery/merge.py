"""The same motif in several filters becomes one, with its variants and parts named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from motifnet.discovery.kinds import Kind, kind_of
from motifnet.discovery.readout import ReadMotif, Relation
from motifnet.discovery.scored import Scored
from motifnet.motifs import compare, matrix
from motifnet.strand import Strand

# Similarity of matrices from which two motifs are one; and from which shared sites decide, so that half of
# the rarer motif's sites make it a part of the other. Conventions between 0.6, where families begin, and 1.
_ALIKE = 0.8
_RELATED = 0.5  # similarity from which shared sites decide
_SHARED = 0.5  # share of the smaller motif's sites that the other has at the same place
# Bits that the columns under both motifs have, at least, for one to be a part of the other: two whole bases
# more than the least information of a motif.
_PART_BITS = 8.0
_SAME_COLUMNS = 0.9  # similarity of these columns: more than that of whole motifs, since ends take no part
_TOLD = 0.25  # bits of a column from which it counts for that: weaker ones may be of the flanks of the sites
_MORE_BITS = 3.0  # that a motif has beyond another to be more than that: a base and a half
# Share of the separation of the simpler motif that the whole keeps: a whole that loses more is found at some
# sites of the simpler one only, as a composite is.
_WHOLE_KEEPS = 0.8


class MergedFilters(NamedTuple):
    """Motifs without duplicates.

    Parameters
    ----------
    kept : list of ReadMotif
        Motifs come first, what is none last, each best first; ``filters`` names all that each stands for.
    into : dict of str to str
        Filter that was merged to filter that it was merged into.
    """

    kept: list[ReadMotif]
    into: dict[str, str]


def merge_filters(motifs: Sequence[ReadMotif], targets: Sequence[Scored], *, strand: Strand) -> MergedFilters:
    """Merge motifs that are one, and tell wholes from parts and motifs from what is none.

    Two motifs are one if their matrices are alike, if they are related and lie at the same places in the
    targets, or if one is a part of the other. The better one, by its separation in training, stands for both,
    unless the other has all of its columns and several bits more, and separates nearly as well: then
    the whole does. One that has several bits more and separates less is a composite: it stays a motif of its
    own that extends the simpler one. The result depends neither on the order of the motifs nor on their
    orientation.

    What is no motif (see :func:`motifnet.discovery.kinds.kind_of`) is no variant of one. Stretches of
    one repeat are one finding.

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
    MergedFilters

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.config.train import DiscoveryOptions
    >>> from motifnet.discovery.readout import read_filters
    >>> from motifnet.discovery.scored import Sides
    >>> sides = Sides.of([Scored.of(made.targets)], [Scored.of(made.controls)])
    >>> weights = 2 * np.eye(4)[[1, 1, 2, 2, 0, 0, 2, 3, 2, 0]].T - 1
    >>> how = {"background": np.full(4, 0.25), "options": DiscoveryOptions(), "strand": Strand.BOTH}
    >>> read, again = read_filters(np.stack([weights, weights]), sides, **how)
    >>> merged = merge_filters([again, read], sides.targets, strand=Strand.BOTH)
    >>> merged.kept[0].filters, merged.into, merged.kept[0].members[0][0]
    (('filter1', 'filter2'), {'filter2': 'filter1'}, 'variant')
    """
    ranked = sorted(motifs, key=lambda read: (-read.z, read.filters))
    ranked = [
        read._replace(kind=kind_of(read.motif, read.threshold, targets[read.task], strand=strand))
        for read in ranked
    ]
    kept: list[ReadMotif] = []
    for read in ranked:
        _take(read, kept, targets, strand=strand)
    kept.sort(key=lambda read: read.rank_key)
    into = {name: read.filters[0] for read in kept for name in read.filters[1:]}
    return MergedFilters(kept, into)


def _take(read: ReadMotif, kept: list[ReadMotif], targets: Sequence[Scored], *, strand: Strand) -> None:
    """Merge a motif into the first of the better ones that it belongs to, or keep it."""
    simpler = ""
    for place, better in enumerate(kept):
        relation = _relation(better, read, targets, strand=strand)
        if relation == "composite":
            simpler = simpler or better.filters[0]
        elif relation is not None:
            whole = relation == "whole"
            kept[place] = _merged(read, better, "part") if whole else _merged(better, read, relation)
            return
    kept.append(read._replace(extends=simpler))


def _merged(whole: ReadMotif, other: ReadMotif, relation: Relation) -> ReadMotif:
    """The first motif with the other, and what that stood for, below it."""
    alone = other._replace(members=(), filters=other.filters[:1])
    return whole._replace(
        filters=whole.filters + other.filters,
        members=(*whole.members, (relation, alone), *other.members),
        z=max(whole.z, other.z),
        extends=whole.extends or other.extends,
    )


def _relation(
    better: ReadMotif, read: ReadMotif, targets: Sequence[Scored], *, strand: Strand
) -> Relation | Literal["composite"] | None:
    """What a motif is of a better one; None if it has nothing to do with it."""
    if (better.kind is Kind.MOTIF) != (read.kind is Kind.MOTIF):
        return None
    if better.kind is not Kind.MOTIF:
        return _relation_of_repeats(better, read, targets, strand=strand)
    laid = _Laid.of(better, read, strand=strand)
    is_more = laid.beyond - laid.missing >= _MORE_BITS
    if laid.is_part and laid.missing < _MORE_BITS and is_more:
        return _more(better, read)
    if laid.is_part and laid.beyond < _MORE_BITS <= laid.missing:
        return "part"
    if laid.similarity >= _ALIKE:
        return "variant"
    if laid.similarity < _RELATED:
        return None
    parts = (targets[task] for task in {better.task, read.task})
    if max(_shared_sites(better, read, part, strand=strand) for part in parts) < _SHARED:
        return None
    return _more(better, read) if is_more else "variant"


def _more(better: ReadMotif, read: ReadMotif) -> Literal["whole", "composite"]:
    """What a motif with several bits more is of a better one."""
    return "whole" if read.z >= _WHOLE_KEEPS * better.z else "composite"


def _relation_of_repeats(
    better: ReadMotif, read: ReadMotif, targets: Sequence[Scored], *, strand: Strand
) -> Relation | None:
    """Whether two stretches are of one repeat: most sequences that have the rarer have the other, too."""
    if _Laid.of(better, read, strand=strand).similarity >= _ALIKE:
        return "variant"
    if better.kind is not Kind.REPEAT or read.kind is not Kind.REPEAT:
        return None
    both, fewer = _with_both(better, read, targets[better.task], strand=strand)
    return "part" if both >= _SHARED * fewer else None


class _Laid(NamedTuple):
    """A motif laid over a better one.

    Parameters
    ----------
    similarity : float
        Of the whole matrices.
    is_part : bool
        Whether the columns that lie on each other are alike, and say enough.
    missing, beyond : float
        Bits of the better one that the other has no column for, and the other way round.
    """

    similarity: float
    is_part: bool
    missing: float
    beyond: float

    @classmethod
    def of(cls, better: ReadMotif, read: ReadMotif, *, strand: Strand) -> _Laid:
        background = better.motif.background
        ours, theirs = (one.motif.probabilities for one in (better, read))
        laid = compare.align_motifs(ours, theirs, background, strand=strand)
        if laid.reverse:
            theirs = matrix.reverse_complement(theirs)
        mine, other = (_told(matrix.information(one, background)) for one in (ours, theirs))
        first, last = max(laid.offset, 0), min(laid.offset + theirs.shape[1], ours.shape[1])
        under = slice(first - laid.offset, last - laid.offset)
        facing = (one - background[:, None] for one in (ours[:, first:last], theirs[:, under]))
        return cls(
            laid.similarity,
            _cosine(*facing) >= _SAME_COLUMNS
            and min(mine[first:last].sum(), other[under].sum()) >= _PART_BITS,
            float(mine.sum() - mine[first:last].sum()),
            float(other.sum() - other[under].sum()),
        )


def _told(bits: np.ndarray) -> np.ndarray:
    """Bits of the columns that say enough to be more than another motif."""
    return np.where(bits >= _TOLD, bits, 0.0)


def _cosine(first: np.ndarray, second: np.ndarray) -> float:
    norm = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float((first * second).sum()) / norm if norm > 0 else 0.0


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


def _with_both(first: ReadMotif, second: ReadMotif, targets: Scored, *, strand: Strand) -> tuple[int, int]:
    """How many targets have a site of both, and of the rarer."""
    ours, theirs = (
        targets.best_known(read.log_odds, strand=strand).score >= read.threshold for read in (first, second)
    )
    return int((ours & theirs).sum()), int(min(ours.sum(), theirs.sum()))
