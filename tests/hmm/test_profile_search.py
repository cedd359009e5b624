"""What was planted is found: halves at varying distance, and no gap where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from varied import random_text, varied

from motifnet.hmm.profile_search import learn
from motifnet.hmm.profile_sites import rows, sites
from motifnet.strand import Strand
from motifnet.symbols import Sequences


def spacing_of(row, halves):
    """Bases between the two halves of an aligned site."""
    letters = row.replace("-", "").replace(".", "").upper()
    assert letters.startswith(halves[0])
    assert letters.endswith(halves[1])
    return len(letters) - len(halves[0]) - len(halves[1])


def test_halves_at_varying_distance_are_one_profile():
    sequences, spacings, starts = varied(60, seed=2)
    found = learn(sequences)
    gapless, shared = found.models
    assert found.chosen is shared
    assert gapless.bic - shared.bic > 100
    aligned = shared.model.align(sequences)
    assert aligned.found.all()
    exact = np.flatnonzero(aligned.spans[:, 0] == starts)
    assert len(exact) > 56
    texts = list(rows(aligned, sequences))
    assert len({len(row) for row in texts}) == 1
    np.testing.assert_array_equal([spacing_of(texts[i], ("GGTCA", "AGGTCA")) for i in exact], spacings[exact])
    assert "GGTCA" in shared.model.motif("m", 60).consensus


def matrix_of(word):
    return np.array([0.7 * np.eye(4)["ACGT".index(base)] + 0.075 for base in word])


def test_inverted_halves_on_either_strand():
    sequences, spacings, _ = varied(60, ("AGGTCA", "TGACCT"), (1, 2, 3), 30, seed=4, turned=True)
    found = learn(sequences, start=matrix_of("AGGTCATGACCT"), strand=Strand.BOTH, fixed_width=True)
    assert found.chosen.model.gap_tie == "shared"
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
    assert found.chosen is found.models[0]
    assert found.chosen.model.motif("m", 60).consensus == "AGGTCANNNAGGTCA"


def test_a_column_that_most_delete_is_dropped():
    sequences = varied(60, ("TTGAC", "GTCAA"), (0,), 30, seed=6)[0]
    start = np.full((11, 4), 0.02)
    start[np.arange(11), ["ACGT".index(base) for base in "TTGACAGTCAA"]] = 0.94
    assert learn(sequences, start=start, gaps="always").chosen.model.width == 10
    assert learn(sequences, start=start, gaps="always", fixed_width=True).chosen.model.width == 11


def test_gaps_of_each_column_are_compared_where_asked():
    sequences = varied(60, spacings=(2, 4), seed=7)[0]
    found = learn(sequences, tie="own", gaps="always", max_rounds=60)
    assert [one.model.gap_tie for one in found.models] == ["gapless", "shared", "own"]
    assert found.chosen is found.models[2]


def test_sequences_without_a_common_motif_are_no_error():
    rng = np.random.default_rng(8)
    sequences = Sequences.from_text([random_text(rng, 12) for _ in range(3)] + ["N" * 12])
    assert learn(sequences).chosen.model.width >= 4
