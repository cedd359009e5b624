"""What a frequent word can be other than a motif."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What something that is more frequent in targets is.

    Examples
    --------
    >>> Kind("low complexity") is Kind.LOW_COMPLEXITY, f"{Kind.REPEAT}"
    (True, 'repeat')
    """

    MOTIF = "motif"
    """What a factor can bind to."""

    LOW_COMPLEXITY = "low complexity"
    """A tandem of one to three bases, such as ``AAAAAA`` or ``CACACA``."""

    REPEAT = "repeat"
    """A part of an interspersed repeat, such as Alu: its neighbours are the same at all of its sites."""

    COMPOSITION = "composition"
    """Weak columns that tell only which bases targets have more of."""
