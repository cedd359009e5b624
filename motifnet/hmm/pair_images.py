"""The ways to write a pair that its model does not tell apart: results do not depend on which is given.

A model that does not know which sequence is X says of a pair what it says of the exchanged one, and one that
reads both strands alike, what it says of both reverse complements. But sums are rounded, and of alignments
that are equally good one is taken. So whatever of these a pair is given as, one image of it is worked on, the
first by a stated order, and what is found is turned back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.symbols import DNA, Sequences
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.pairs import PairedSequences
from motifnet.symbols.posterior import MatchPosterior


class PairImage(NamedTuple):
    """How a pair is written another way; an image of an image is the pair.

    Attributes
    ----------
    is_swapped : bool
        Whether the two sequences are in each other's place.
    is_turned : bool
        Whether both are read on their other strand.
    """

    is_swapped: bool
    is_turned: bool

    def of_codes(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The image of two sequences."""
        if self.is_turned:
            x, y = DNA.reverse_complement(x), DNA.reverse_complement(y)
        return (y, x) if self.is_swapped else (x, y)

    def of_alignment(self, alignment: Alignment) -> Alignment:
        """The image of an alignment."""
        if self.is_turned:
            alignment = alignment.turned()
        return alignment.swapped() if self.is_swapped else alignment

    def of_posterior(self, posterior: MatchPosterior) -> MatchPosterior:
        """The image of the probabilities of matches."""
        if not self.is_turned and not self.is_swapped:
            return posterior
        x, y = posterior.x_position, posterior.column.astype(np.int64)
        lengths = (posterior.x_length, posterior.y_length)
        if self.is_turned:
            x, y = lengths[0] - 1 - x, lengths[1] - 1 - y
        if self.is_swapped:
            x, y, lengths = y, x, lengths[::-1]
        return MatchPosterior.from_triples(
            x, y, posterior.probability, x_length=lengths[0], y_length=lengths[1]
        )


def first_image(x: np.ndarray, y: np.ndarray, *, swaps: bool, turns: bool) -> PairImage:
    """The image of a pair that comes first: by the longer X, then by its bases, then by those of Y.

    Parameters
    ----------
    x, y : numpy.ndarray of uint8, shape=(length,)
        Codes.
    swaps, turns : bool
        Whether the sequences may be exchanged, and both be read on their other strands.

    Examples
    --------
    >>> x, y = DNA.encode("TTGA"), DNA.encode("TTGACA")
    >>> first_image(x, y, swaps=True, turns=False)
    PairImage(is_swapped=True, is_turned=False)
    """

    def order(image: PairImage) -> tuple[int, bytes, bytes]:
        of_x, of_y = image.of_codes(x, y)
        return -len(of_x), of_x.tobytes(), of_y.tobytes()

    swapped = (False, True) if swaps else (False,)
    turned = (False, True) if turns else (False,)
    return min((PairImage(one, other) for one in swapped for other in turned), key=order)


def first_images(pairs: PairedSequences, *, swaps: bool, turns: bool) -> PairedSequences:
    """Every pair as its first image, to sum over: what lies where is left out."""
    if not swaps and not turns:
        return pairs
    codes = []
    for i in range(len(pairs)):
        x, y = pairs[i]
        codes.append(first_image(x, y, swaps=swaps, turns=turns).of_codes(x, y))
    x_side, y_side = (Sequences.from_codes([pair[side] for pair in codes], pairs.names) for side in (0, 1))
    return PairedSequences(x_side, y_side, pairs.names)
