"""Families of motifs that are alike: average linkage, and one motif for each family.

What two motifs have in common is the cosine of their matrices at the best offset and strand
(:func:`motifnet.motifs.compare.align_motifs`), which depends on no other motif. A family is what is joined
before the mean similarity of two groups falls below a limit (UPGMA: Sokal and Michener 1958).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from motifnet.config.cluster import ClusterOptions
from motifnet.motifs import matrix
from motifnet.motifs.compare import align_motifs, similarities, similarity
from motifnet.motifs.merge import MergedMotif, PlacedText, Placement, merge, oriented, padded
from motifnet.motifs.motif import Motif
from motifnet.strand import Strand

_DEFAULTS = ClusterOptions()
_DIGITS = 9  # to which similarities are compared


class Member(NamedTuple):
    """A motif of a family.

    Parameters
    ----------
    index : int
        Which of the motifs.
    offset : int
        Column of the family's motif where the first column of the (oriented) member lies.
    reverse : bool
        Whether the member must be reverse-complemented to fit the family's motif.
    similarity : float
        To the family's motif: the cosine of the two matrices, 1 if they are the same.
    """

    index: int  # type: ignore[assignment]  # the method of tuples of that name is of no use here
    offset: int
    reverse: bool
    similarity: float


@dataclass(frozen=True, eq=False)
class Family:
    """Motifs that are alike.

    Parameters
    ----------
    motif : Motif
        Made of all members; its name carries rank and consensus, its second name is that of the
        first member (its protein, where it has one), in whose orientation it is.
    members : sequence of Member
        The most typical first.
    """

    motif: Motif
    members: Sequence[Member]


class Clustering(NamedTuple):
    """Families, and the tree that they were cut from.

    Parameters
    ----------
    families : list of Family
        Those of most members first.
    tree : numpy.ndarray of float64, shape=(n - 1, 4)
        As of :func:`scipy.cluster.hierarchy.linkage`, with distances of 1 - similarity.
    """

    families: list[Family]
    tree: np.ndarray

    def tree_of_families(self) -> np.ndarray:
        """The upper part of the tree, whose leaves are the families, ``(n_families - 1, 4)``."""
        node_of = {member.index: i for i, family in enumerate(self.families) for member in family.members}
        sizes = [1] * len(self.families)
        rows = []
        for node, (left, right, distance, _) in enumerate(self.tree.tolist(), len(node_of)):
            one, other = node_of[int(left)], node_of[int(right)]
            if one == other:  # within a family
                node_of[node] = one
                continue
            node_of[node] = len(sizes)
            sizes.append(sizes[one] + sizes[other])
            rows.append((one, other, distance, sizes[-1]))
        return np.array(rows).reshape(-1, 4)


def cluster(
    motifs: Sequence[Motif],
    *,
    min_similarity: float = _DEFAULTS.min_similarity,
    strand: Strand = Strand.BOTH,
    sites: Mapping[int, Sequence[PlacedText]] | None = None,
    similarities: Callable[..., np.ndarray] = similarities,
) -> Clustering:
    """Families of motifs.

    They do not depend on the order of the motifs, nor on their orientation if both strands are
    compared; a family's motif is in the orientation of its most typical member.

    Parameters
    ----------
    motifs : sequence of Motif
    min_similarity : float
        Least mean similarity of two groups of motifs that are joined.
    strand : Strand
        Whether motifs may be reverse-complemented to fit.
    sites : mapping of int to sequence of PlacedText, optional
        Sites of the motifs that have some.
    similarities : callable
        :func:`motifnet.motifs.compare.similarities`, or a faster function that gives the same:
        :func:`motifnet.kernels.motif_pairs.similarities`.

    Returns
    -------
    Clustering
        The families, and the tree that they were cut from.

    Examples
    --------
    >>> gata = Motif("gata", [[0, 8, 0, 8], [0, 0, 0, 0], [8, 0, 0, 0], [0, 0, 8, 0]])
    >>> ebox = Motif("ebox", [[0, 8, 0, 0], [8, 0, 8, 0], [0, 0, 0, 8], [0, 0, 0, 0]])
    >>> found = cluster([gata, ebox, gata.reverse_complement()])
    >>> [(family.motif.name, [member.index for member in family.members]) for family in found.families]
    [('1-GATA', [0, 2]), ('2-CACG', [1])]
    """
    ready = _canonical(motifs, strand=strand)
    table = similarities([motif.probabilities for motif in ready.motifs], strand=strand)
    tree = _linkage(np.subtract(1, table, out=table))
    groups = _groups(ready.motifs, tree, 1 - min_similarity, strand=strand)
    families = [_family(motifs, group, ready, sites or {}) for group in groups]
    families.sort(key=lambda family: (-len(family.members), family.motif.alt_name))
    named = [_named(family, rank) for rank, family in enumerate(families, 1)]
    return Clustering(named, _as_they_came(tree, ready))


def _named(family: Family, rank: int) -> Family:
    return replace(family, motif=replace(family.motif, name=f"{rank}-{family.motif.consensus}"))


class _Ready(NamedTuple):
    """Motifs in an order and in orientations that do not depend on how they came.

    Parameters
    ----------
    motifs : list of Motif
    order : list of int
        Which each was.
    reverse : list of bool
        Whether it was turned around.
    """

    motifs: list[Motif]
    order: list[int]
    reverse: list[bool]


def _canonical(motifs: Sequence[Motif], *, strand: Strand) -> _Ready:
    """The motifs sorted by name and matrix, each in the orientation whose matrix comes first."""
    turns = [strand.reads_both and _key(motif.reverse_complement()) < _key(motif) for motif in motifs]
    ready = [motif.reverse_complement() if turn else motif for motif, turn in zip(motifs, turns, strict=True)]
    order = sorted(range(len(motifs)), key=lambda i: (motifs[i].name, _key(ready[i])))
    return _Ready([ready[i] for i in order], order, [turns[i] for i in order])


def _key(motif: Motif) -> list[list[float]]:
    return motif.counts.tolist()


def _linkage(distances: np.ndarray) -> np.ndarray:
    """The tree of a table of distances, which is written over."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    if len(distances) < 2:
        return np.empty((0, 4))
    return linkage(squareform(np.maximum(distances, 0, out=distances), checks=False), "average")


def _as_they_came(tree: np.ndarray, ready: _Ready) -> np.ndarray:
    """The tree with its leaves numbered as the motifs were."""
    n = len(ready.order)
    numbers = np.concatenate([ready.order, np.arange(n, n + len(tree))])
    numbered = tree.copy()
    numbered[:, :2] = numbers[tree[:, :2].astype(int)]
    return numbered


class _Group(NamedTuple):
    """Motifs that were joined: which, where each lies, and their counts together."""

    indices: list[int]
    placements: list[Placement]
    counts: np.ndarray


def _groups(motifs: Sequence[Motif], tree: np.ndarray, limit: float, *, strand: Strand) -> list[_Group]:
    """The motifs joined as the tree says, up to a distance."""
    groups: dict[int, _Group] = {
        i: _Group([i], [Placement(0, reverse=False)], motif.counts) for i, motif in enumerate(motifs)
    }
    for node, (left, right, distance, _) in enumerate(tree.tolist(), len(motifs)):
        if distance > limit:
            break
        groups[node] = _joined(groups.pop(int(left)), groups.pop(int(right)), motifs, strand=strand)
    return list(groups.values())


def _joined(one: _Group, other: _Group, motifs: Sequence[Motif], *, strand: Strand) -> _Group:
    """Two groups as one, laid over each other where their matrices agree best."""
    laid = align_motifs(matrix.probabilities(one.counts), matrix.probabilities(other.counts), strand=strand)
    theirs = _turned(other, motifs) if laid.reverse else other
    first = min(0, laid.offset)
    width = max(one.counts.shape[1], laid.offset + theirs.counts.shape[1]) - first
    placements = [place.shifted(-first) for place in one.placements]
    placements += [place.shifted(laid.offset - first) for place in theirs.placements]
    counts = padded(one.counts, -first, width) + padded(theirs.counts, laid.offset - first, width)
    return _Group(one.indices + theirs.indices, placements, counts)


def _turned(group: _Group, motifs: Sequence[Motif]) -> _Group:
    """A group read on the other strand."""
    n_columns = group.counts.shape[1]
    placements = [
        place.turned(motifs[i].width, n_columns)
        for i, place in zip(group.indices, group.placements, strict=True)
    ]
    return _Group(group.indices, placements, matrix.reverse_complement(group.counts))


def _family(
    motifs: Sequence[Motif], group: _Group, ready: _Ready, sites: Mapping[int, Sequence[PlacedText]]
) -> Family:
    """The family of a group, in the orientation that its most typical member came in."""
    came = [ready.order[i] for i in group.indices]
    chosen = [motifs[i] for i in came]
    placements = [
        place._replace(reverse=place.reverse != ready.reverse[i])
        for i, place in zip(group.indices, group.placements, strict=True)
    ]
    # A motif alone is itself, and is not counted again from its sites.
    known = {k: sites[i] for k, i in enumerate(came) if i in sites and len(came) > 1}
    merged = merge(chosen, placements, known)
    alike = [_alike(merged, motif, place) for motif, place in zip(chosen, merged.placements, strict=True)]
    order = sorted(range(len(came)), key=lambda k: (-round(alike[k], _DIGITS), group.indices[k]))
    if merged.placements[order[0]].reverse:
        merged = merged.turned(chosen)
    typical = chosen[order[0]]
    motif = Motif(
        "",
        merged.counts,
        typical.background,
        typical.n_sites if len(chosen) == 1 else merged.n_sites,
        typical.alt_name or typical.name,
        typical.log10_e_value if len(chosen) == 1 else None,
        alphabet=typical.alphabet,
        single_stranded=typical.single_stranded,
    )
    return Family(motif, [Member(came[k], *merged.placements[k], alike[k]) for k in order])


def _alike(merged: MergedMotif, motif: Motif, placement: Placement) -> float:
    """Similarity of a member to the matrix of its family."""
    shares = matrix.probabilities(oriented(motif, placement))
    return similarity(matrix.probabilities(merged.counts), shares, strand=Strand.SINGLE)
