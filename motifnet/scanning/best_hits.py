"""The best hit of each motif in each sequence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from motifnet.scanning.hits import Hits, joined


def best_of_sequences(hits: Hits) -> Hits:
    """The best hit of each motif in each sequence, in order.

    It is that with the smallest p-value; of equals that with the highest score, then the first.

    Parameters
    ----------
    hits : Hits
        In order.

    Examples
    --------
    >>> zeros, start = np.zeros(3, np.int64), np.array([0, 2, 4])
    >>> p_value = np.array([1e-4, 1e-5, 1e-5])
    >>> hits = Hits(np.array([0, 0, 1]), start, start + 3, zeros, zeros > 0, zeros, zeros + 1.0, p_value)
    >>> best_of_sequences(hits).start.tolist()
    [2, 4]
    """
    ranked = hits.select(np.lexsort((-hits.score, hits.p_value, hits.motif, hits.sequence)))
    is_first = (np.diff(ranked.sequence, prepend=-1) != 0) | (np.diff(ranked.motif, prepend=-1) != 0)
    return ranked.select(is_first).in_order()


def best_in_stream(parts: Iterable[Hits]) -> Iterator[Hits]:
    """The same of hits that come in parts, all in order, wherever they are cut.

    Parameters
    ----------
    parts : iterable of Hits
        Of the sequences one after the other, in order.

    Yields
    ------
    Hits
        The best hits of sequences that have ended.

    Examples
    --------
    >>> zeros, start = np.zeros(3, np.int64), np.array([0, 2, 4])
    >>> p_value = np.array([1e-4, 1e-5, 1e-5])
    >>> hits = Hits(np.array([0, 0, 1]), start, start + 3, zeros, zeros > 0, zeros, zeros + 1.0, p_value)
    >>> parts = best_in_stream([hits.select(start < 1), hits.select(start > 1)])
    >>> [at for part in parts for at in part.start.tolist()]
    [2, 4]
    """
    waiting = Hits.none()
    for part in parts:
        waiting = best_of_sequences(joined([waiting, part]))
        goes_on = waiting.sequence == waiting.sequence.max(initial=-1)
        yield waiting.select(~goes_on)
        waiting = waiting.select(goes_on)
    yield waiting
