"""Two motifs in the same sequences: whether they are there together, and whether at one distance."""

from __future__ import annotations

import math
from typing import NamedTuple

from motifnet.stats.cooccurrence import Cooccurrence


class Neighbour(NamedTuple):
    """Where sites of another motif lie most surprisingly often, as this motif is read.

    Parameters
    ----------
    gap : int
        Bases between the two sites.
    downstream : bool
        Whether the other one is beyond the end of this one, and not before its start.
    same_strand : bool
        Whether both are on one strand.
    n_here : int
        Sites just there.
    n_near : int
        Sites of the other around those of this one.
    expected : float
        Sites just there by chance.
    log10_p : float
        log10 of the p-value, which pays for all the places tried.
    """

    gap: int
    downstream: bool
    same_strand: bool
    n_here: int
    n_near: int
    expected: float
    log10_p: float

    def seen_from_other(self) -> Neighbour:
        """The same as the other motif is read.

        Examples
        --------
        >>> after = Neighbour(4, True, True, 30, 90, 1.2, -20.0)
        >>> after.seen_from_other().downstream, after._replace(same_strand=False).seen_from_other().downstream
        (False, True)
        """
        return self._replace(downstream=self.downstream != self.same_strand)


class Companion(NamedTuple):
    """Another motif of the same targets, as one motif sees it.

    Parameters
    ----------
    name : str
        Of the other motif.
    together : Cooccurrence
        Targets with both, with this one (``n_first``) and with the other (``n_second``).
    neighbour : Neighbour, optional
        The distance that sites keep most; none where no site of the other lies around one of this.
    n_pairs : int
        Pairs of motifs tried: an E-value is a p-value times this.
    """

    name: str
    together: Cooccurrence
    neighbour: Neighbour | None
    n_pairs: int

    @property
    def is_more(self) -> bool:
        """Whether both are in one target more often than by chance, and not less often."""
        return self.together.log10_p_more <= self.together.log10_p_fewer

    @property
    def together_log10_e(self) -> float:
        """log10 of the E-value of so many targets with both, or of so few: either was tried."""
        log10_p = min(self.together.log10_p_more, self.together.log10_p_fewer)
        return log10_p + math.log10(2 * self.n_pairs)

    @property
    def neighbour_log10_e(self) -> float:
        """log10 of the E-value of the distance; that of a p-value of 1 where there is none."""
        log10_p = self.neighbour.log10_p if self.neighbour else 0.0
        return log10_p + math.log10(self.n_pairs)

    @property
    def least_log10_e(self) -> float:
        """The smaller of the two."""
        return min(self.together_log10_e, self.neighbour_log10_e)

    def seen_from_other(self, name: str) -> Companion:
        """The same as the other motif sees this one, which is named.

        Parameters
        ----------
        name : str
            Of this motif.
        """
        neighbour = self.neighbour.seen_from_other() if self.neighbour else None
        return self._replace(name=name, together=self.together.seen_from_other(), neighbour=neighbour)
