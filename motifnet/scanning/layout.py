"""Sequences laid end to end, so that many short ones are scanned as one long one; and circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from motifnet.io.fasta_stream import Stretch
from motifnet.scanning.hits import Hits
from motifnet.scanning.stream import Piece, Scanned

_NOTHING = np.empty(0, np.uint8)


class Layout:
    """Turns stretches into the pieces of one sequence, and hits in it into hits in those it is made of.

    Examples
    --------
    >>> layout = Layout()
    >>> two = Stretch(np.array([4, 0, 1, 4, 2], np.uint8), np.array([0, 3]))
    >>> [(piece.sequence, piece.codes.tolist()) for piece in layout.pieces([two])]
    [(0, [4, 0, 1, 4, 2]), (0, [])]
    """

    def __init__(self) -> None:
        # Of the sequences that hits may still be in: the number of the first, and where they begin.
        self._first = 0
        self._begins = np.empty(0, np.int64)

    def pieces(self, stretches: Iterable[Stretch]) -> Iterator[Piece]:
        """All stretches as pieces of the sequence 0, and an empty one that ends it."""
        place = 0
        for stretch in stretches:
            self._begins = np.concatenate([self._begins, place + stretch.begins + 1])
            place += len(stretch.codes)
            yield Piece(0, stretch.codes, is_last=False)
        yield Piece(0, _NOTHING, is_last=True)

    def located(self, part: Scanned) -> Hits:
        """The hits of a part by number of the sequence and place in it; parts come in order."""
        past = max(int(np.searchsorted(self._begins, part.start, side="right")) - 1, 0)
        self._first, self._begins = self._first + past, self._begins[past:]
        which = np.searchsorted(self._begins, part.hits.start, side="right") - 1
        begin = self._begins[which]
        return part.hits._replace(
            sequence=self._first + which, start=part.hits.start - begin, end=part.hits.end - begin
        )


def circles(stretches: Iterable[Stretch]) -> Iterator[Piece]:
    """Stretches as pieces of the sequences that they are made of.

    Parameters
    ----------
    stretches : iterable of Stretch
        Of files, one after the other.

    Yields
    ------
    Piece
        Of one sequence after the other, numbered from 0.

    Examples
    --------
    >>> two = Stretch(np.array([4, 0, 1, 4, 2], np.uint8), np.array([0, 3]))
    >>> [(piece.sequence, piece.codes.tolist(), piece.is_last) for piece in circles([two])]
    [(0, [0, 1], False), (0, [], True), (1, [2], False), (1, [], True)]
    """
    number = -1
    for stretch in stretches:
        goes_on, *begun = np.split(stretch.codes, stretch.begins)
        if len(goes_on):
            yield Piece(number, goes_on, is_last=False)
        for codes in begun:
            if number >= 0:
                yield Piece(number, _NOTHING, is_last=True)
            number += 1
            yield Piece(number, codes[1:], is_last=False)
    if number >= 0:
        yield Piece(number, _NOTHING, is_last=True)
