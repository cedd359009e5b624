"""Numbers as files write them: digits of ASCII, and none that Python alone would take.

``int`` and ``float`` also read ``1_000``, digits of other scripts and ``nan``, and refuse whole numbers
of thousands of digits with an error of their own.
"""

from __future__ import annotations

import re

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


def decimal(text: str) -> float | None:
    """The number that a text is, infinite if it is too large; ``None`` if it is none.

    Examples
    --------
    >>> decimal("1e-3"), decimal("nan"), decimal("0x10")
    (0.001, None, None)
    """
    return float(text) if len(text) <= _MOST_DIGITS and _DECIMAL.fullmatch(text) else None
