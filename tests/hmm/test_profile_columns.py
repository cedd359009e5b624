"""Columns at the ends pay against what lies beside them, and not against the whole sequences."""

from __future__ import annotations

import numpy as np
import pytest

from motifnet.hmm.profile import ProfileHmm, Spacer, fit
from motifnet.hmm.profile_blocks import rebuilt_blocks
from motifnet.hmm.profile_columns import SiteRoom, kept, some_of
from motifnet.symbols import DNA, Sequences

UNIFORM = np.full(4, 0.25)


@pytest.fixture(scope="module")
def islands():
    """Sites in the middle of 70 bases that are rich in A and T, of sequences that are not."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (200, 100), dtype=np.uint8)
    codes[:, 15:85] = rng.choice(4, (200, 70), p=[0.4, 0.1, 0.1, 0.4])
    codes[:, 40:44] = DNA.encode("GCGC")
    codes[:, 64:68] = DNA.encode("CCGG")
    return Sequences.from_codes(codes)


def columns(sequences, first, last):
    codes = sequences.codes.reshape(len(sequences), -1)[:, first:last]
    return np.stack([(codes == base).mean(0) for base in range(4)], 1) * 0.98 + 0.005


def test_a_rich_stretch_is_no_column(islands):
    block = fit(ProfileHmm.from_matrix(columns(islands, 34, 48), UNIFORM), islands, max_rounds=5).model
    assert kept(block, islands) == [slice(6, 10)]


def test_each_of_two_blocks_is_cut(islands):
    match = np.concatenate([columns(islands, 37, 47), columns(islands, 61, 71)])
    blocks = ProfileHmm.from_matrix(match, UNIFORM).spaced(Spacer(10, 14, np.ones(1)))
    assert kept(blocks, islands) == [slice(3, 7), slice(13, 17)]


def test_blocks_find_their_columns_and_lengths():
    rng = np.random.default_rng(1)
    texts = []
    for gap in rng.choice([4, 5, 6, 7], 120):
        left, middle, right = ("".join(rng.choice(list("ACGT"), n)) for n in (8, gap, 8))
        texts.append(f"{left}TTGACA{middle}GGATCC{right}")
    sequences = Sequences.from_text(texts)
    words = np.concatenate([np.eye(4)[DNA.encode("TGAC")], np.eye(4)[DNA.encode("GATC")]]) * 0.6 + 0.1
    start = fit(ProfileHmm.from_matrix(words, UNIFORM).spaced(Spacer(4, 6, np.full(3, 1 / 3))), sequences)

    def fitted(model, its):
        return fit(model, its, max_rounds=20, tolerance=5e-3)

    found = rebuilt_blocks(start, sequences, SiteRoom(20, 28), fitted, fixed_width=False).model
    assert found.motif("found", 1.0).consensus.replace("N", "") == "TTGACAGGATCC"
    assert found.spacer.lengths.tolist() == [4, 5, 6, 7]
    fixed = rebuilt_blocks(start, sequences, SiteRoom(20, 28), fitted, fixed_width=True).model
    assert fixed.width == 8
    assert fixed.spacer.lengths.tolist() == [6, 7, 8, 9]


def test_evenly_spaced_sequences_are_what_there_is_if_they_are_few():
    few = Sequences.from_text(["A", "C"])
    assert some_of(few, 2) is few
    assert some_of(Sequences.from_text(["A"] * 9), 3).names == ["seq1", "seq5", "seq9"]
