"""Numbers as a reader likes them: grouped, rounded, with their unit, and never ``nan``."""

from __future__ import annotations

import math

from motifnet.wording import power as plain_power

SPACE = "\u00a0"  # no-break space: parts a number from its unit
NONE = "–"  # stands where there is no number
_SMALLEST = 1e-300  # below it a float cannot be trusted to hold a p-value


def count(n: float) -> str:
    """A whole number, digits in groups of three, as on the command line.

    Parameters
    ----------
    n : float
        Rounded to a whole one.

    Returns
    -------
    str
        A dash where it is not finite.

    Examples
    --------
    >>> count(1234567)
    '1,234,567'
    """
    return f"{round(n):,}" if math.isfinite(n) else NONE


def decimal(value: float, places: int = 3) -> str:
    """A number with a fixed count of decimals, digits in groups of three, with a true minus sign.

    Parameters
    ----------
    value : float
    places : int
        Digits behind the point.

    Returns
    -------
    str
        A dash where it is not finite.

    Examples
    --------
    >>> decimal(-0.12345), decimal(2345, 1), decimal(math.nan)
    ('−0.123', '2,345.0', '–')
    """
    return f"{value:,.{places}f}".replace("-", "\u2212") if math.isfinite(value) else NONE


def percent(share: float) -> str:
    """A share as a percentage: one decimal, two below 1%.

    Parameters
    ----------
    share : float
        From 0 to 1.

    Returns
    -------
    str
        A dash where it is not finite.

    Examples
    --------
    >>> [percent(x) for x in (0.782, 0.0042, 0, 1)]
    ['78.2%', '0.42%', '0%', '100%']
    """
    if not math.isfinite(share):
        return NONE
    value = 100 * share
    digits = f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"
    return f"{digits.rstrip('0').rstrip('.') if share in (0, 1) else digits}%"


def fold(value: float) -> str:
    """A ratio with three significant digits and a times sign.

    Parameters
    ----------
    value : float
        The ratio.

    Returns
    -------
    str
        A dash where it is not finite.

    Examples
    --------
    >>> fold(12.345), fold(0.5), fold(1234.5)
    ('12.3×', '0.50×', '1,234×')
    """
    if not math.isfinite(value):
        return NONE
    places = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{places}f}×"


def power(log10: float) -> str:
    """A probability given as its log10, however small; plain decimals from 0.001 up.

    Parameters
    ----------
    log10 : float
        Logarithm of the probability to the base ten.

    Returns
    -------
    str
        A dash where it is not finite.

    Examples
    --------
    >>> power(-44.92), power(-1234.5), power(math.log10(0.0123)), power(0)
    ('1.2e-45', '3.2e-1235', '0.012', '1')
    """
    if math.isnan(log10) or log10 == math.inf:
        return NONE
    return count(10**log10) if 2 <= log10 < 6 else plain_power(log10)


def small(value: float) -> str:
    """A p-, q- or E-value that was kept as a float; one that underflowed is said to be below 1e-300.

    Parameters
    ----------
    value : float
        The probability, or the number that is expected.

    Returns
    -------
    str
        A dash where it is not finite.

    Examples
    --------
    >>> small(0.0), small(3.2e-17), small(4.0)
    ('<1e-300', '3.2e-17', '4')
    """
    if math.isfinite(value) and value < _SMALLEST:
        return "<1e-300"
    return power(math.log10(value)) if math.isfinite(value) else NONE


def duration(seconds: float) -> str:
    """A stretch of time in the two largest units that matter.

    Parameters
    ----------
    seconds : float

    Returns
    -------
    str
        A dash where it is not finite.

    Examples
    --------
    >>> [duration(s).replace(SPACE, " ") for s in (0.042, 12.34, 125, 3780)]
    ['0.04 s', '12.3 s', '2 min 5 s', '1 h 3 min']
    """
    if not math.isfinite(seconds):
        return NONE
    if seconds < 60:
        return f"{seconds:.{2 if seconds < 1 else 1}f}{SPACE}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}{SPACE}min {rest}{SPACE}s"
    return f"{minutes // 60}{SPACE}h {minutes % 60}{SPACE}min"


def plural(n: float, singular: str, plural_form: str | None = None) -> str:
    """A count with its noun.

    Parameters
    ----------
    n : float
    singular : str
        The noun.
    plural_form : str, optional
        The noun for several, where an s does not make it.

    Returns
    -------
    str

    Examples
    --------
    >>> plural(1, "motif"), plural(3, "motif"), plural(2, "match", "matches")
    ('1 motif', '3 motifs', '2 matches')
    """
    noun = singular if n == 1 else plural_form or f"{singular}s"
    return f"{count(n)} {noun}"
