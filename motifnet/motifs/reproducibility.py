"""How often several runs find the same motif, and how much its columns differ between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.motifs import matrix
from motifnet.motifs.cluster import Family, Member
from motifnet.motifs.merge import Placement, oriented
from motifnet.motifs.motif import Motif


class Reproduced(NamedTuple):
    """What several runs say of one motif.

    Parameters
    ----------
    family : Family
        The motifs that are one.
    runs : list of int
        The runs that found it, in order.
    members : list of Member
        Of each of these runs, the motif that resembles the family's most.
    spread : numpy.ndarray of float64, shape=(4, width)
        Standard deviation between runs of each probability of the family's motif; ``nan`` in columns
        that fewer than two runs have.
    """

    family: Family
    runs: list[int]
    members: list[Member]
    spread: np.ndarray

    @property
    def is_alone(self) -> bool:
        """Whether one run alone found it."""
        return len(self.runs) == 1

    @property
    def column_spread(self) -> np.ndarray:
        """Standard deviation of each column, root mean square over the bases, ``shape=(width,)``."""
        return np.sqrt((self.spread**2).mean(0))

    @property
    def mean_spread(self) -> float:
        """Mean of the columns that several runs have; ``nan`` if there is none."""
        known = self.column_spread[np.isfinite(self.column_spread)]
        return float(known.mean()) if len(known) else math.nan


def reproducibility(
    families: Sequence[Family], motifs: Sequence[Motif], run_of: Sequence[int]
) -> list[Reproduced]:
    """How many runs found each family, and how much they differ; what most runs found comes first.

    Parameters
    ----------
    families : sequence of Family
        From :func:`motifnet.motifs.cluster.cluster`.
    motifs : sequence of Motif
        What the families are of.
    run_of : sequence of int
        The run that each motif is from: a seed, a sample, a fold.

    Returns
    -------
    list of Reproduced
        One for each family.

    Examples
    --------
    >>> from motifnet.motifs.cluster import cluster
    >>> one = Motif("one", [[0, 8, 0, 8], [0, 0, 0, 0], [8, 0, 0, 0], [0, 0, 8, 0]])
    >>> two = Motif("two", [[0, 8, 0, 6], [0, 0, 0, 2], [8, 0, 0, 0], [0, 0, 8, 0]])
    >>> (found,) = reproducibility(cluster([one, two]).families, [one, two], [0, 1])
    >>> found.runs, found.column_spread.round(3).tolist()
    ([0, 1], [0.0, 0.0, 0.0, 0.125])
    """
    found = [_reproduced(family, motifs, run_of) for family in families]
    return sorted(found, key=lambda one: -len(one.runs))


def _reproduced(family: Family, motifs: Sequence[Motif], run_of: Sequence[int]) -> Reproduced:
    best: dict[int, Member] = {}
    for member in family.members:  # the most typical first
        best.setdefault(run_of[member.index], member)
    runs = sorted(best)
    members = [best[run] for run in runs]
    return Reproduced(family, runs, members, _spread(members, motifs, family.motif.width))


def _spread(members: Sequence[Member], motifs: Sequence[Motif], width: int) -> np.ndarray:
    seen = np.stack([_seen(member, motifs[member.index], width) for member in members])
    n_seen = np.isfinite(seen).sum(0)
    mean = np.nansum(seen, 0) / np.maximum(n_seen, 1)
    squares = np.nansum((seen - mean) ** 2, 0)
    return np.sqrt(np.divide(squares, n_seen - 1, out=np.full(mean.shape, np.nan), where=n_seen > 1))


def _seen(member: Member, motif: Motif, width: int) -> np.ndarray:
    """Probabilities of a member in the columns of its family; ``nan`` in those that it has not."""
    shares = matrix.probabilities(oriented(motif, Placement(member.offset, member.reverse)))
    first, last = max(0, member.offset), min(width, member.offset + motif.width)
    seen = np.full((4, width), np.nan)
    seen[:, first:last] = shares[:, first - member.offset : last - member.offset]
    return seen
