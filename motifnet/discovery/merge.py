"""The same motif in several filters becomes one, with its variants and parts named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

import numpy as np

from motifnet.discovery.kinds import Kind
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
    own that extends the simpler one. It stands for no other, unless that extends the same; and a part of it
    is a motif of its own, unless half of its sites are the composite's. The result depends neither on the
    order of the motifs nor on their orientation.

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
    sites = _Sites(targets, strand)
    kept: list[ReadMotif] = []
    for read in ranked:
        kept = _taken(read, kept, sites)
    kept.sort(key=lambda read: read.rank_key)
    into = {name: read.filters[0] for read in kept for name in read.filters[1:]}
    return MergedFilters(kept, into)


class _Sites:
    """Where the motifs that are merged have their best sites: each is scored once in a task, if asked."""

    def __init__(self, targets: Sequence[Scored], strand: Strand) -> None:
        self.strand = strand
        self._targets = targets
        self._found: dict[tuple[str, int], tuple[np.ndarray, np.ndarray]] = {}

    def of(self, read: ReadMotif, task: int) -> tuple[np.ndarray, np.ndarray]:
        """Start of the best window of each target, and whether it is a site."""
        key = read.filters[0], task
        if key not in self._found:
            best = self._targets[task].best_known(read.log_odds, strand=self.strand)
            self._found[key] = best.position, best.score >= read.threshold
        return self._found[key]

    def shared(self, first: ReadMotif, second: ReadMotif, task: int, *, of: Collection[ReadMotif]) -> float:
        """Share of the sites of the rarer of some motifs at which two overlap by half the narrower."""
        (start, has_first), (other, has_second) = (self.of(read, task) for read in (first, second))
        end, other_end = start + first.motif.width, other + second.motif.width
        overlap = np.minimum(end, other_end) - np.maximum(start, other)
        both = has_first & has_second & (2 * overlap >= min(first.motif.width, second.motif.width))
        return float(both.sum() / max(1, min(self.of(read, task)[1].sum() for read in of)))


def _taken(read: ReadMotif, kept: Sequence[ReadMotif], sites: _Sites) -> list[ReadMotif]:
    """The kept motifs, with one more that is no better: merged into what it belongs to, or kept as well.

    A composite extends the best of those that it is one of. It stands for no other, unless that extends the
    same: what else it holds may have sites of its own, and is tested by itself.
    """
    relations = [_relation(better, read, sites) for better in kept]
    for place, relation in enumerate(relations):
        if relation in ("variant", "part"):
            return [*kept[:place], _merged(kept[place], read, relation), *kept[place + 1 :]]
    related = list(zip(kept, relations, strict=True))
    simpler = next((better.filters[0] for better, relation in related if relation == "composite"), "")
    whole = read._replace(extends=simpler)
    left = []
    for better, relation in related:
        if relation == "whole" and simpler in ("", better.extends):
            whole = _merged(whole, better, "part")
        else:
            left.append(better)
    return sorted([*left, whole], key=lambda one: -one.z)


def _merged(whole: ReadMotif, other: ReadMotif, relation: Relation) -> ReadMotif:
    """The first motif with the other, and what that stood for, below it."""
    alone = other._replace(members=(), filters=other.filters[:1])
    return whole._replace(
        filters=whole.filters + other.filters,
        members=(*whole.members, (relation, alone), *other.members),
        z=max(whole.z, other.z),
        extends=whole.extends or other.extends,
    )


def _relation(better: ReadMotif, read: ReadMotif, sites: _Sites) -> Relation | Literal["composite"] | None:
    """What a motif is of a better one; None if it has nothing to do with it."""
    if (better.kind is Kind.MOTIF) != (read.kind is Kind.MOTIF):
        return None
    if better.kind is not Kind.MOTIF:
        return _relation_of_repeats(better, read, sites)
    laid = _Laid.of(better, read, strand=sites.strand)
    is_more = laid.beyond - laid.missing >= _MORE_BITS
    if laid.is_part and laid.missing < _MORE_BITS and is_more:
        return _more(better, read)
    if laid.is_part and laid.beyond < _MORE_BITS <= laid.missing:
        return "part" if not better.extends or _is_at_sites(better, read, sites) else None
    if laid.similarity >= _ALIKE:
        return "variant"
    if laid.similarity < _RELATED or not _is_at_sites(better, read, sites):
        return None
    return _more(better, read) if is_more else "variant"


def _is_at_sites(better: ReadMotif, read: ReadMotif, sites: _Sites) -> bool:
    """Whether half of the rarer motif's sites are at those of the other.

    Of a composite it is the other motif's sites that must be at its own: the composite has but a part of the
    sites of what it is made of, and the rest speaks for a motif of its own.
    """
    if better.extends:
        return sites.shared(better, read, read.task, of=[read]) >= _SHARED
    tasks = {better.task, read.task}
    return max(sites.shared(better, read, task, of=[better, read]) for task in tasks) >= _SHARED


def _more(better: ReadMotif, read: ReadMotif) -> Literal["whole", "composite"]:
    """What a motif with several bits more is of a better one."""
    return "whole" if read.z >= _WHOLE_KEEPS * better.z else "composite"


def _relation_of_repeats(better: ReadMotif, read: ReadMotif, sites: _Sites) -> Relation | None:
    """Whether two stretches are of one repeat: most sequences that have the rarer have the other, too."""
    if _Laid.of(better, read, strand=sites.strand).similarity >= _ALIKE:
        return "variant"
    if better.kind is not Kind.REPEAT or read.kind is not Kind.REPEAT:
        return None
    ours, theirs = (sites.of(one, better.task)[1] for one in (better, read))
    return "part" if (ours & theirs).sum() >= _SHARED * min(ours.sum(), theirs.sum()) else None


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
