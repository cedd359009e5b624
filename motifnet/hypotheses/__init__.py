"""Tests of ties: is the symmetry that a model declares one that the data have?

Each hypothesis is a function from data to a :class:`~motifnet.ties.tested.TieTest`, or to one for each motif,
that is imported when it is asked for. The commands of ``motifnet test`` call the same functions.

Examples
--------
>>> import numpy as np
>>> from motifnet import hypotheses
>>> from motifnet.symbols import Sequences
>>> drawn = np.random.default_rng(1).integers(0, 4, (60, 50), dtype=np.uint8)
>>> found = hypotheses.strand(Sequences.from_codes(list(drawn)))
>>> found.hypothesis, found.n
('strand', 60)
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from motifnet.hypotheses.emissions_test import emissions
    from motifnet.hypotheses.experiments_test import experiments
    from motifnet.hypotheses.indel_test import indel
    from motifnet.hypotheses.model_test import model
    from motifnet.hypotheses.orientation_test import orientation
    from motifnet.hypotheses.palindrome_test import palindrome
    from motifnet.hypotheses.position_test import position
    from motifnet.hypotheses.rate_test import rate
    from motifnet.hypotheses.strand_test import strand

__all__ = [
    "emissions",
    "experiments",
    "indel",
    "model",
    "orientation",
    "palindrome",
    "position",
    "rate",
    "strand",
]


def __getattr__(name: str) -> Any:
    """A hypothesis, imported now (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value = getattr(importlib.import_module(f"{__name__}.{name}_test"), name)
    return value
