"""Small scanners, and hits as lists."""

import numpy as np

from motifnet.motifs import Motif
from motifnet.scanning import Scanner
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

SKEWED = Sequences.from_codes([np.random.default_rng(5).choice(4, 500, p=[0.4, 0.3, 0.2, 0.1])])
PALINDROME = np.array([[9, 0, 1, 0], [0, 1, 8, 0], [0, 8, 1, 0], [0, 1, 0, 9]])


def motif_of(width, seed):
    """A motif of random counts."""
    return Motif(f"m{seed}", np.random.default_rng(seed).integers(0, 20, (4, width)) + 0.0)


def small_scanner(order=0, *, strand_symmetric=True, strand=Strand.BOTH):
    """Motifs of four widths, one a palindrome."""
    motifs = [motif_of(3, 1), motif_of(6, 2), Motif("palindrome", PALINDROME), motif_of(11, 3)]
    background = Background.fit(SKEWED, order, strand_symmetric=strand_symmetric)
    return Scanner(motifs, background, strand=strand)


def listed(hits):
    """Each hit as a tuple."""
    return list(zip(*(column.tolist() for column in hits), strict=True))
