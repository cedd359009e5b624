"""What was planted is found: halves at varying distance, and no gap where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from varied import random_text, varied

from motifnet.errors import InvalidValue
from motifnet.hmm.profile_search import learn
from motifnet.hmm.profile_sites import rows, sites
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

RICH = np.array([0.35, 0.15, 0.15, 0.35])


def spacing_of(row, halves):
    """Bases between the two halves of an aligned site."""
    letters = row.replace("-", "").replace(".", "").upper()
    assert letters.startswith(halves[0])
    assert letters.endswith(halves[1])
    return len(letters) - len(halves[0]) - len(halves[1])


def test_halves_at_varying_distance_are_one_profile():
    sequences, spacings, starts = varied(60, seed=2)
    found = learn(sequences)
    gapless, shared, spaced = found.models
    assert found.chosen is spaced
    assert gapless.bic - shared.bic > 100
    assert shared.bic - spaced.bic > 100
    assert spaced.model.spacer.lengths.tolist() == [1, 2, 3, 4, 5]
    assert not found.warnings
    aligned = spaced.model.align(sequences)
    assert aligned.found.all()
    exact = np.flatnonzero(aligned.spans[:, 0] == starts)
    assert len(exact) > 56
    texts = list(rows(aligned, sequences))
    assert len({len(row) for row in texts}) == 1
    np.testing.assert_array_equal([spacing_of(texts[i], ("GGTCA", "AGGTCA")) for i in exact], spacings[exact])
    assert "GGTCA" in spaced.model.motif("m", 60).consensus


def matrix_of(word):
    return np.array([0.7 * np.eye(4)["ACGT".index(base)] + 0.075 for base in word])


def test_inverted_halves_on_either_strand():
    sequences, spacings, _ = varied(60, ("AGGTCA", "TGACCT"), (1, 2, 3), 30, seed=4, turned=True)
    found = learn(sequences, start=matrix_of("AGGTCATGACCT"), strand=Strand.BOTH, fixed_width=True)
    assert found.chosen.model.spacer.before == 6
    assert found.chosen.model.spacer.lengths.tolist() == [1, 2, 3]
    lengths = [site.end - site.start for site in sites(found.chosen.model.align(sequences), sequences)]
    assert np.mean(np.array(lengths) == spacings + 12) > 0.9


@pytest.mark.parametrize("seed", range(3))
def test_a_motif_without_gaps_has_none(seed):
    sequences, _, starts = varied(60, ("", "TTGACGTCA"), (0,), 30, seed=seed)
    found = learn(sequences)
    assert found.chosen is found.models[0]
    assert found.chosen.model.motif("m", 60).consensus == "TTGACGTCA"
    aligned = found.chosen.model.align(sequences)
    assert (aligned.columns[:, 0] == starts).mean() > 0.95
    # Gaps that are there whatever the data prefer stay rare.
    assert max(found.models[1].deleted.max(), found.models[1].opened.max()) < 0.03


def test_a_fixed_spacer_becomes_columns():
    sequences = varied(60, ("AGGTCA", "AGGTCA"), (3,), 36, seed=5)[0]
    found = learn(sequences)
    assert found.models[0].model.motif("m", 60).consensus == "AGGTCANNNAGGTCA"
    # A spacer of one length says the same with fewer parameters.
    assert found.chosen.model.spacer.lengths.tolist() == [3]
    assert found.chosen.model.motif("m", 60).consensus == "AGGTCANNNAGGTCA"


def test_a_column_that_most_delete_is_dropped():
    sequences = varied(60, ("TTGAC", "GTCAA"), (0,), 30, seed=6)[0]
    start = np.full((11, 4), 0.02)
    start[np.arange(11), ["ACGT".index(base) for base in "TTGACAGTCAA"]] = 0.94
    assert learn(sequences, start=start, gaps="always").chosen.model.width == 10
    assert learn(sequences, start=start, gaps="always", fixed_width=True).chosen.model.width == 11


def test_columns_are_no_more_than_allowed():
    found = learn(varied(60, seed=2)[0], max_width=8)
    assert len(found.models) >= 2
    assert max(one.model.width for one in found.models) <= 8


def test_gaps_of_each_column_are_compared_where_asked():
    sequences = varied(60, spacings=(2, 4), seed=7)[0]
    found = learn(sequences, tie="own", gaps="always", max_rounds=60)
    assert [one.model.gap_tie for one in found.models] == ["gapless", "shared", "own", "spacer"]
    assert found.chosen is found.models[2]


def test_the_boxes_of_promoters_are_found():
    check_boxes(("TTGACA", "TATAAT"), (16, 17, 18), n=100)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("boxes", "spacings"),
    [(("TGTGA", "TCACA"), (6,)), (("CGGAC", "GTCCG"), (8, 9, 10, 11)), (("TTGACA", "TATAAT"), (10, 12, 14))],
)
def test_two_boxes_are_found(boxes, spacings):
    check_boxes(boxes, spacings, n=200)


def check_boxes(boxes, spacings, n):
    """A fifth of the bases of the boxes are others, and flanks are rich in A and T."""
    sequences, chosen, starts = weak(n, boxes, spacings, length=60, seed=9)
    found = learn(sequences)
    spacer = found.chosen.model.spacer
    assert not found.warnings
    aligned = found.chosen.model.align(sequences)
    assert np.mean(np.abs(aligned.spans[:, 0] - starts) <= 2) > 0.7
    offset = np.median(aligned.inserted[:, spacer.before] - chosen)
    assert np.mean(aligned.inserted[:, spacer.before] - chosen == offset) > 0.7


def weak(n, boxes, spacings, length, seed):
    """Sequences with two boxes, a fifth of whose bases are others, between runs."""
    rng = np.random.default_rng(seed)
    chain = Background(RICH, np.full(4, 0.25), 0.7 * RICH + 0.3 * np.eye(4))
    codes, chosen = chain.sample(n, length, rng), rng.choice(spacings, n)
    starts = rng.integers(0, length - sum(map(len, boxes)) - chosen + 1)
    for i in range(n):
        second = starts[i] + len(boxes[0]) + chosen[i]
        for start, box in zip((starts[i], second), boxes, strict=True):
            kept = rng.random(len(box)) < 0.8
            codes[i, start : start + len(box)][kept] = DNA.encode(box)[kept]
    return Sequences.from_codes(codes), chosen, starts


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))])
def test_runs_without_a_motif_are_said_to_have_none(seed):
    found = learn(weak(100, ("", ""), (0,), length=60, seed=seed)[0])
    assert "the sequences may have no common motif" in found.warnings[0]


def test_another_motif_that_is_as_good_is_told():
    rng = np.random.default_rng(3)
    texts = []
    for _ in range(40):
        left, middle, right = (random_text(rng, int(n)) for n in rng.integers([2, 35, 2], [9, 50, 9]))
        texts.append(f"{left}TTGACGTCA{middle}CCATATTAG{right}")
    found = learn(Sequences.from_text(texts), gaps="never")
    assert any("another start is as good" in sentence for sentence in found.warnings)


def test_a_spacer_that_was_asked_for_and_is_not_there():
    rng = np.random.default_rng(8)
    few = Sequences.from_text([random_text(rng, 8) for _ in range(3)])
    with pytest.raises(InvalidValue, match="two blocks are found"):
        learn(few, gaps="spacer")


def test_sequences_without_a_common_motif_are_no_error():
    rng = np.random.default_rng(8)
    sequences = Sequences.from_text([random_text(rng, 12) for _ in range(3)] + ["N" * 12])
    assert learn(sequences).chosen.model.width >= 4
