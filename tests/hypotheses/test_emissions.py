"""One matrix reads both strands, unless their sites differ; how many there are of each does not count."""

from __future__ import annotations

import numpy as np
import pytest

from motifnet.datasets.simulate import motif_from_word
from motifnet.errors import TooFewSequences
from motifnet.hypotheses.emissions_test import _flipped, emissions
from motifnet.motifs import Motif
from motifnet.symbols import Sequences
from motifnet.ties.tested import TieVerdict

SOFT = motif_from_word("TGACYCAGGA").probabilities * 0.88 + 0.03


def drawn(matrix: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return (rng.random((1, matrix.shape[1])) > np.cumsum(matrix, 0)[:-1]).sum(0).astype(np.uint8)


def planted(n: int, other: np.ndarray, rng: np.random.Generator, *, given: float = 0.5) -> Sequences:
    """Sites of one matrix on the given strand, of another one on the other strand."""
    codes = rng.integers(0, 4, (n, 70), dtype=np.uint8)
    for code in codes:
        word = drawn(SOFT, rng) if rng.random() < given else 3 - drawn(other, rng)[::-1]
        start = rng.integers(0, 60)
        code[start : start + 10] = word
    return Sequences.from_codes(list(codes))


def test_strands_that_are_alike_are_seldom_told_apart():
    p_values = [
        emissions([Motif("m", 100 * SOFT)], planted(120, SOFT, np.random.default_rng(seed)), seed=seed)[0].p
        for seed in range(8)
    ]
    assert np.sum(np.array(p_values) <= 0.1) <= 3  # more of 8 once in two hundred times
    assert max(p_values) > 0.3


@pytest.mark.parametrize("given", [0.5, 0.7])
def test_sites_that_differ_are_told_apart_and_so_are_their_columns(given: float):
    rng = np.random.default_rng(1)
    other = SOFT.copy()
    other[:, 4] = [0.91, 0.03, 0.03, 0.03]
    (found,) = emissions([Motif("m", 100 * SOFT)], planted(300, other, rng, given=given))
    assert found.verdict is TieVerdict.REJECTED
    assert found.p < 1e-3
    assert found.gain.low > 0
    assert int(np.argmax(found.pictures[0].values[:, 0])) == 4
    assert found.df <= 3 * 10


def test_turning_the_motif_or_all_sequences_changes_nothing():
    sequences = planted(150, SOFT, np.random.default_rng(2))
    turned = Sequences.from_codes([3 - sequences[i][::-1] for i in range(len(sequences))])
    motif = Motif("m", 100 * SOFT)
    (found,) = emissions([motif], sequences)
    for motifs, targets in (([motif.reverse_complement()], sequences), ([motif], turned)):
        (again,) = emissions(motifs, targets)
        # The background looks back, and what is back is other bases on the other strand.
        assert again.statistic == pytest.approx(found.statistic, rel=0.02)
        assert again.df == found.df
        assert again.effect.value == pytest.approx(found.effect.value, rel=0.02)


def test_flips_are_counted_as_they_are_by_hand():
    contrasts = np.array([[1.0], [2.0], [3.0], [4.0]])
    statistic, p = _flipped(contrasts, seed=0)
    assert statistic == pytest.approx(100 / 30)
    # Of 16 assignments of signs, two give a sum of 10 or -10.
    assert p == pytest.approx(2 / 16, abs=0.01)


@pytest.mark.parametrize(
    ("motif", "reason"),
    [
        (motif_from_word("GATTACA" * 11), "77 columns, and the longest sequence has 70 bases"),
        (Motif("one", 100 * SOFT, single_stranded=True), "no twin"),
        (Motif("rare", 100 * motif_from_word("ACGTTGCAACCGGTTAGA").probabilities), "10 are needed on each"),
    ],
)
def test_what_cannot_be_asked_is_told(motif: Motif, reason: str):
    (found,) = emissions([motif], planted(60, SOFT, np.random.default_rng(3)))
    assert found.verdict is TieVerdict.NOT_APPLICABLE
    assert reason in found.sentence


def test_what_is_hardly_a_motif_is_not_asked():
    sequences = planted(300, SOFT, np.random.default_rng(5))
    (found,) = emissions([Motif("m", 100 * SOFT[:, :4])], sequences)
    assert found.verdict is TieVerdict.NOT_APPLICABLE
    assert "cannot be told from chance" in found.sentence


def test_few_sequences_are_refused_with_the_number_needed():
    with pytest.raises(TooFewSequences, match="30 sequences; at least 40"):
        emissions([Motif("m", SOFT)], planted(30, SOFT, np.random.default_rng(4)))
