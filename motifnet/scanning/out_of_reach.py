"""Motifs of which no word is good enough: none of their sites can be told, whatever is scanned."""

from __future__ import annotations

from collections.abc import Sequence

from motifnet.errors import shown
from motifnet.motifs import Motif
from motifnet.wording import listed


def told_out_of_reach(motifs: Sequence[Motif], best: Sequence[float], limit: str, n_motifs: int) -> list[str]:
    """A sentence that names motifs which cannot reach a threshold, if there are any.

    A count of no hits looks like an answer, and is none where there could be no hit.

    Parameters
    ----------
    motifs : sequence of Motif
        Those that cannot.
    best : sequence of float
        The p-value or score of the best word of each.
    limit : str
        The threshold, such as ``"a p-value of 0.0001 or less"``.
    n_motifs : int
        All motifs.

    Examples
    --------
    >>> gata = Motif("GATA", [[0, 8, 0, 8], [0, 0, 0, 0], [8, 0, 0, 0], [0, 0, 8, 0]])
    >>> told_out_of_reach([gata], [0.0039], "a p-value of 0.0001 or less", 2)
    ['1 of 2 motifs can have no site, since no word has a p-value of 0.0001 or less: GATA (best 0.0039)']
    """
    if not motifs:
        return []
    names = [f"{shown(motif.name)} (best {value:.2g})" for motif, value in zip(motifs, best, strict=True)]
    of_all = f"{len(motifs):,} of {n_motifs:,} motifs" if n_motifs > 1 else "the motif"
    return [f"{of_all} can have no site, since no word has {limit}: {listed(names)}"]
