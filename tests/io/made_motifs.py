"""Motifs such as discovery makes, for the tests of what files keep of them."""

import numpy as np
from hypothesis import strategies as st

from motifnet.motifs import Motif


@st.composite
def motif_lists(draw):
    """Motifs of whole counts whose columns sum to the number of sites, as discovery makes them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_sites = draw(st.integers(2, 500))
    widths = draw(st.lists(st.integers(5, 12), min_size=1, max_size=3))
    background = rng.dirichlet([9] * 4)
    return [
        Motif(
            f"{i}-TGA",
            rng.multinomial(n_sites, rng.dirichlet([0.4] * 4), size=width).T,
            background,
            alt_name=draw(st.sampled_from(["", "MOTIF-1", "Fos::Jun"])),
            log10_e_value=draw(st.none() | st.floats(-5000, 1)),
        )
        for i, width in enumerate(widths)
    ]
