"""Alphabet, encoding, intervals and sequences.

Letters are read once, at the edge, and become codes: A, C, G, T = 0 to 3, anything else 4.
Complementing is reversing the code. An interval is 0-based and half-open, as in BED.
"""

from motifnet.symbols.alphabet import DNA, UNKNOWN, Alphabet
from motifnet.symbols.encoding import one_hot
from motifnet.symbols.interval import Interval
from motifnet.symbols.sequences import Sequences

__all__ = ["DNA", "UNKNOWN", "Alphabet", "Interval", "Sequences", "one_hot"]
