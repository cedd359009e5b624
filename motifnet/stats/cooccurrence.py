"""Are two things in the same sequences more or less often than chance puts them there?"""

from __future__ import annotations

from typing import NamedTuple

from motifnet.stats.enrichment import log10_mid_p


class Cooccurrence(NamedTuple):
    """Sequences with both of two things.

    Parameters
    ----------
    n_both : int
        Sequences with both.
    n_first, n_second : int
        Sequences with the one, and with the other, whatever else they have.
    n_sequences : int
        All sequences.
    log10_p_more, log10_p_fewer : float
        log10 of the p-values of so many with both or more, and of so many or fewer.
    """

    n_both: int
    n_first: int
    n_second: int
    n_sequences: int
    log10_p_more: float
    log10_p_fewer: float

    @property
    def expected(self) -> float:
        """Sequences with both by chance."""
        return self.n_first * self.n_second / max(self.n_sequences, 1)

    def seen_from_other(self) -> Cooccurrence:
        """The same with the two things exchanged."""
        return self._replace(n_first=self.n_second, n_second=self.n_first)


def cooccurrence(n_both: int, n_first: int, n_second: int, n_sequences: int) -> Cooccurrence:
    """Fisher's exact test of the sequences with both, with mid-p-values, to either side.

    Parameters
    ----------
    n_both, n_first, n_second, n_sequences : int
        As in :class:`Cooccurrence`.

    Examples
    --------
    >>> found = cooccurrence(30, 50, 40, 100)
    >>> found.expected, found.log10_p_more < -3, found.log10_p_fewer > -0.01
    (20.0, True, True)
    """
    n_only, n_other = n_first - n_both, n_sequences - n_second
    more = float(log10_mid_p(n_both, n_second, n_only, n_other))
    fewer = float(log10_mid_p(n_only, n_other, n_both, n_second))
    return Cooccurrence(int(n_both), int(n_first), int(n_second), int(n_sequences), more, fewer)
