"""Alignment of motifs against trying every offset and orientation by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from motifnet.motifs import compare, matrix
from motifnet.strand import Strand

MOTIFS = st.integers(1, 6).flatmap(
    lambda width: hnp.arrays(np.float64, (4, width), elements=st.integers(0, 20)).map(matrix.probabilities)
)
BACKGROUND = np.array([0.3, 0.2, 0.2, 0.3])


def laid_out(motif, offset, first, last):
    """Deviations from the background over columns first to last, 0 where the motif has none."""
    columns = np.zeros((4, last - first))
    columns[:, offset - first : offset - first + motif.shape[1]] = motif - BACKGROUND[:, None]
    return columns


def cosine_at(one, other, offset):
    first, last = min(0, offset), max(one.shape[1], offset + other.shape[1])
    ours, theirs = laid_out(one, 0, first, last), laid_out(other, offset, first, last)
    norm = np.linalg.norm(ours) * np.linalg.norm(theirs)
    return (ours * theirs).sum() / norm if norm > 0 else 0.0


@given(MOTIFS, MOTIFS, st.sampled_from([Strand.BOTH, Strand.SINGLE]))
def test_alignment_is_the_best_of_all_offsets_and_orientations(one, other, strand):
    found = compare.align_motifs(one, other, BACKGROUND, strand=strand)
    versions = {False: other, True: matrix.reverse_complement(other)}
    turns = [False, True] if strand.reads_both else [False]
    offsets = range(1 - other.shape[1], one.shape[1])
    every = [cosine_at(one, versions[reverse], offset) for reverse in turns for offset in offsets]
    assert found.similarity == pytest.approx(max(every), abs=1e-9)
    assert cosine_at(one, versions[found.reverse], found.offset) == pytest.approx(found.similarity, abs=1e-9)


@given(MOTIFS, MOTIFS)
def test_similarity_is_symmetric_and_free_of_orientation(one, other):
    even = np.full(4, 0.25)
    found = compare.similarity(one, other, even)
    assert -1 - 1e-9 <= found <= 1 + 1e-9
    assert compare.similarity(other, one, even) == pytest.approx(found, abs=1e-9)
    assert compare.similarity(one, matrix.reverse_complement(other), even) == pytest.approx(found, abs=1e-9)


def test_only_the_same_motif_has_similarity_one():
    gata = np.eye(4)[:, [2, 0, 3, 0]]
    longer = np.eye(4)[:, [2, 0, 3, 0, 0]]
    assert compare.similarity(gata, gata) == pytest.approx(1)
    assert compare.similarity(gata, longer) == pytest.approx(np.sqrt(4 / 5))
    flat = np.full((4, 3), 0.25)
    assert compare.similarity(gata, flat) == 0
    assert compare.similarity(flat, flat) == 0


def test_the_offset_says_where_the_second_motif_begins():
    gata, inner = np.eye(4)[:, [2, 0, 3, 0]], np.eye(4)[:, [0, 3]]
    assert compare.align_motifs(gata, inner, strand=Strand.SINGLE)[1:] == (1, False)
    assert compare.align_motifs(inner, gata, strand=Strand.SINGLE)[1:] == (-1, False)
    assert compare.align_motifs(gata, np.eye(4)[:, [3, 0, 3, 1]])[1:] == (0, True)
