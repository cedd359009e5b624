"""Are two things in the same sequences more or less often than chance puts them there?

What is there leaves less room for the other. Some sites are there by chance, as in controls, and in a
sequence with a site of the one there are fewer places for a chance site of the other. In thousands of
sequences that is seen, so that the test is not against independence but against the odds ratio that room
alone gives.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


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
    expected : float
        Sequences with both by chance.
    log10_p_more, log10_p_fewer : float
        log10 of the p-values of so many with both or more, and of so many or fewer.
    """

    n_both: int
    n_first: int
    n_second: int
    n_sequences: int
    expected: float
    log10_p_more: float
    log10_p_fewer: float

    def seen_from_other(self) -> Cooccurrence:
        """The same with the two things exchanged."""
        return self._replace(n_first=self.n_second, n_second=self.n_first)


def cooccurrence(
    n_both: int, n_first: int, n_second: int, n_sequences: int, odds_ratio: float = 1.0
) -> Cooccurrence:
    """Exact test of the sequences with both, given those with each, to either side.

    The distribution is Fisher's noncentral hypergeometric one (Fisher 1935, J R Stat Soc 98:39), that of
    his exact test where the odds ratio is 1. p-values count half of what was seen itself, as in
    :func:`motifnet.stats.enrichment.fisher`.

    Parameters
    ----------
    n_both, n_first, n_second, n_sequences : int
        As in :class:`Cooccurrence`.
    odds_ratio : float
        By chance: see :func:`odds_ratio_by_room`.

    Examples
    --------
    >>> found = cooccurrence(30, 50, 40, 100)
    >>> round(found.expected, 6), found.log10_p_more < -3, found.log10_p_fewer > -0.01
    (20.0, True, True)
    """
    from scipy.special import gammaln

    k = np.arange(max(0, n_first + n_second - n_sequences), min(n_first, n_second) + 1)
    cells = (k, n_first - k, n_second - k, n_sequences - n_first - n_second + k)
    logs = k * np.log(odds_ratio) - sum(gammaln(cell + 1.0) for cell in cells)
    logs -= _log_sum(logs)
    seen = n_both - int(k[0])
    halved = logs.copy()
    halved[seen] -= np.log(2)
    more, fewer = (float(_log_sum(tail) / np.log(10)) for tail in (halved[seen:], halved[: seen + 1]))
    expected = float(np.exp(logs) @ k)
    return Cooccurrence(
        int(n_both), int(n_first), int(n_second), int(n_sequences), expected, min(more, 0.0), min(fewer, 0.0)
    )


def _log_sum(logs: np.ndarray) -> float:
    largest = logs.max()
    return float(largest + np.log(np.exp(logs - largest).sum()))


def odds_ratio_by_room(
    first_share: float, second_share: float, first_chance: float, second_chance: float, room: float
) -> float:
    """The odds ratio of two kinds of sites that know nothing of each other but do not overlap.

    Parameters
    ----------
    first_share, second_share : float
        Of sequences with a site of each.
    first_chance, second_chance : float
        Of sequences that have one by chance alone, as controls do.
    room : float
        Share of the places of one that a site of the other leaves.

    Examples
    --------
    >>> ways = (0, 0, 0.8), (0.05, 0.05, 1), (0.05, 0.05, 0.8)
    >>> [round(odds_ratio_by_room(0.4, 0.3, *way), 3) for way in ways]
    [1.0, 1.0, 0.944]
    """
    alone = np.minimum([first_chance, second_chance], [first_share, second_share])
    beside = 1 - (1 - alone) ** room  # each place is as good as any other
    planted = (np.array([first_share, second_share]) - alone) / (1 - alone)
    (one, other), (lone, lone_other), (late, late_other) = planted, alone, beside
    both = one * other + one * (1 - other) * late_other + (1 - one) * other * late
    both += (1 - one) * (1 - other) * lone * late_other
    first_only = one * (1 - other) * (1 - late_other) + (1 - one) * (1 - other) * lone * (1 - late_other)
    second_only = (1 - one) * other * (1 - late) + (1 - one) * (1 - other) * (1 - lone) * lone_other
    neither = (1 - one) * (1 - other) * (1 - lone) * (1 - lone_other)
    if min(both, first_only, second_only, neither) <= 0:
        return 1.0
    return float(both * neither / (first_only * second_only))
