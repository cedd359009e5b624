"""A share of some things, and how sure it is."""

from __future__ import annotations


def share_interval(hits: int, n: int) -> tuple[float, float, float]:
    """A share with its confidence interval of 95%: Wilson's (1927, J Am Stat Assoc 22:209).

    Unlike that of the normal distribution it is never outside of 0 to 1, and holds for shares near to these.

    Parameters
    ----------
    hits, n : int
        So many of how many; of none, nothing is known.

    Returns
    -------
    share, low, high : float

    Examples
    --------
    >>> tuple(round(end, 3) for end in share_interval(45, 60))
    (0.75, 0.628, 0.842)
    >>> share_interval(0, 0)
    (nan, 0.0, 1.0)
    """
    if n == 0:
        return float("nan"), 0.0, 1.0
    from scipy.stats import binomtest

    low, high = binomtest(hits, n).proportion_ci(0.95, method="wilson")
    return hits / n, float(low), float(high)
