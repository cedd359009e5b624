"""What is kept of overlapping hits, whole or in a stream."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanned import listed

from motifnet.scanning import Hits, Overlaps, without_overlaps, without_overlaps_in_stream
from motifnet.scanning.hits import joined

HITS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.integers(0, 40),
        st.integers(0, 2),
        st.booleans(),
        st.sampled_from([1e-6, 1e-5, 1e-4]),
    ),
    max_size=25,
    unique_by=lambda hit: hit[:4],
)
WIDTHS = np.array([3, 5, 9])


def hits_of(rows):
    """Hits in order; equal p-values have equal scores."""
    sequence, start, motif, reverse, p_value = np.array(rows, np.float64).reshape(-1, 5).T
    sequence, start, motif = (column.astype(np.int64) for column in (sequence, start, motif))
    score = -np.log10(p_value)
    return Hits(
        sequence, start, start + WIDTHS[motif], motif, reverse > 0, score.astype(np.int64), score, p_value
    ).in_order()


def in_the_way(one, other, across_motifs):
    same = one[0] == other[0] and (across_motifs or one[3] == other[3])
    return same and one[1] < other[2] and other[1] < one[2]


def expected(hits, how, across_motifs):
    """The rules, word by word."""
    rows = listed(hits)
    ranked = sorted(range(len(rows)), key=lambda i: (rows[i][7], i))
    kept = []
    if how == Overlaps.APART:
        for i in ranked:
            if not any(in_the_way(rows[i], rows[j], across_motifs) for j in kept):
                kept.append(i)
    else:
        left = ranked
        while left:
            chain = {left[0]}
            while True:
                more = {
                    i
                    for i in left
                    if i not in chain and any(in_the_way(rows[i], rows[j], across_motifs) for j in chain)
                }
                if not more:
                    break
                chain |= more
            kept.append(left[0])
            left = [i for i in left if i not in chain]
    return [rows[i] for i in sorted(kept)]


@pytest.mark.parametrize("how", [Overlaps.BEST, Overlaps.APART])
@given(rows=HITS, across_motifs=st.booleans())
def test_hits_are_kept_by_the_rules(how, rows, across_motifs):
    hits = hits_of(rows)
    kept = without_overlaps(hits, how, across_motifs=across_motifs)
    # Hits of equal p-value are ranked by place within their group, so that only their number is told here.
    if across_motifs:
        assert listed(kept) == expected(hits, how, across_motifs)
    else:
        for motif in range(3):
            one = hits.select(hits.motif == motif)
            assert listed(kept.select(kept.motif == motif)) == expected(one, how, across_motifs)


@pytest.mark.parametrize("how", list(Overlaps))
@given(rows=HITS, across_motifs=st.booleans(), cuts=st.lists(st.integers(0, 25), max_size=6))
def test_a_stream_keeps_what_the_whole_keeps(how, rows, across_motifs, cuts):
    hits = hits_of(rows)
    edges = [0, *sorted(min(cut, hits.n) for cut in cuts), hits.n]
    parts = [hits.select(np.arange(first, last)) for first, last in pairwise(edges)]
    streamed = without_overlaps_in_stream(parts, how, across_motifs=across_motifs)
    assert listed(joined(list(streamed))) == listed(without_overlaps(hits, how, across_motifs=across_motifs))


def test_a_stream_holds_back_no_more_than_it_must():
    far = hits_of([(0, 10 * i, 0, False, 1e-5) for i in range(10)])
    parts = [far.select(np.array([i])) for i in range(10)]
    came = [part.n for part in without_overlaps_in_stream(parts, Overlaps.APART)]
    assert came == [0, *[1] * 10]
