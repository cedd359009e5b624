"""Which motifs of a ranked list are variants of better ones: databases have many of one family."""

from __future__ import annotations

from collections.abc import Sequence

from motifnet.kernels import motif_pairs
from motifnet.motifs import Motif
from motifnet.strand import Strand

# Similarity from which a motif is taken for a variant of another, as in a round of the search
# (discovery.search). A convention: higher lists variants as motifs of their own, lower hides motifs that are
# alike by chance.
ALIKE = 0.6


def first_alike(
    ranked: Sequence[Motif], n_compared: int | None = None, *, strand: Strand = Strand.BOTH
) -> list[int]:
    """For each motif the index of the first that it is like; its own if it is the first of its kind.

    A motif that is like a better one is not compared with others: families do not chain.

    Parameters
    ----------
    ranked : sequence of Motif
        The best first.
    n_compared : int, optional
        Only the first so many are compared; the others are like none but themselves.
    strand : Strand
        Whether a motif may be reverse-complemented to fit.

    Examples
    --------
    >>> gata = Motif("gata", [[0, 8, 0, 8], [0, 0, 0, 0], [8, 0, 0, 0], [0, 0, 8, 0]])
    >>> ebox = Motif("ebox", [[0, 8, 0, 0], [8, 0, 8, 0], [0, 0, 0, 8], [0, 0, 0, 0]])
    >>> first_alike([gata, ebox, gata.reverse_complement()])
    [0, 1, 0]
    """
    compared = [motif.probabilities for motif in ranked[:n_compared]]
    found = motif_pairs.first_alike(compared, ALIKE, strand=strand).tolist()
    return [*found, *range(len(found), len(ranked))]
