"""Alignments of one reference, for the tests of what files keep of them."""

import numpy as np
from hypothesis import strategies as st

from motifnet.symbols.alignment import X_ONLY, Alignment
from motifnet.symbols.place import Place


@st.composite
def alignment_lists(draw):
    """Alignments of one reference with several sequences, with free ends, on both strands."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.integers(0, 4, draw(st.integers(12, 30))).astype(np.uint8)
    return [_aligned_to(x, f"read{i}", rng) for i in range(draw(st.integers(1, 3)))]


def _aligned_to(x, name, rng):
    columns = rng.choice(3, 10, p=[0.7, 0.15, 0.15]).astype(np.uint8)
    columns[4] = 0  # other programs know no alignment without a match
    before, after = rng.integers(0, 4, 2)
    n_y = before + np.count_nonzero(columns != X_ONLY) + after
    return Alignment(
        "reference",
        name,
        x,
        rng.integers(0, 4, n_y).astype(np.uint8),
        columns,
        x_start=int(rng.integers(0, 3)),
        y_start=int(before),
        score=float(rng.normal()),
        y_place=Place(name, 0, int(n_y), str(rng.choice(["+", "-"])), int(n_y)),
    )
