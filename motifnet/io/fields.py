"""Numbers as files write them: digits of ASCII, and none that Python alone would take.

``int`` and ``float`` also read ``1_000``, digits of other scripts and ``nan``, and refuse whole numbers
of thousands of digits with an error of their own.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)  # what 64 bits hold in any case
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,5})?", re.ASCII)
_MOST_DIGITS = 400


def whole(text: str) -> int | None:
    """The whole number that a text is; ``None`` if it is none, or none of at most 18 digits.

    Examples
    --------
    >>> whole("-12"), whole("1e3"), whole("1_0"), whole("9" * 30)
    (-12, None, None, None)
    """
    return int(text) if _WHOLE.fullmatch(text) else None


def log10_of(text: str) -> float | None:
    """log10 of the number that a text is, however small it is; ``None`` if it is none of 0 or more.

    Examples
    --------
    >>> round(log10_of("9.5e-328"), 3), log10_of("0.001"), log10_of("0"), log10_of("-1"), log10_of("nan")
    (-327.022, -3.0, -inf, None, None)
    """
    value = decimal(text)
    if value is None or not 0 <= value < math.inf:
        return None
    digits = Decimal(text)
    return float(digits.log10()) if digits else -math.inf


def decimal(text: str) -> float | None:
    """The number that a text is, infinite if it is too large; ``None`` if it is none.

    Examples
    --------
    >>> decimal("1e-3"), decimal("nan"), decimal("0x10")
    (0.001, None, None)
    """
    return float(text) if len(text) <= _MOST_DIGITS and _DECIMAL.fullmatch(text) else None
