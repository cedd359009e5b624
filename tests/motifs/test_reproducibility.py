"""What several runs found: how many of them, and how much their motifs differ."""

import math

import numpy as np
import pytest

from motifnet.motifs import Motif
from motifnet.motifs.cluster import cluster
from motifnet.motifs.reproducibility import reproducibility


def motif(name, word, doubt=0.0, n=20):
    shares = (1 - doubt) * np.eye(4)[:, ["ACGT".index(base) for base in word]] + doubt / 4
    return Motif(name, n * shares)


MOTIFS = [
    motif("a1", "GGTGACGCA"),
    motif("a2", "TTAGCCTTA"),
    motif("b1", "GGTGACGCA", 0.4).reverse_complement(),
    motif("c1", "GGTGACGCA", 0.2),
    motif("c2", "GTGACGCA", 0.2),
]
RUNS = [0, 0, 1, 2, 2]


@pytest.fixture(scope="module")
def found():
    return reproducibility(cluster(MOTIFS).families, MOTIFS, RUNS)


def test_runs_that_found_a_motif_are_counted_once(found):
    assert [one.runs for one in found] == [[0, 1, 2], [0]]
    assert [len(one.family.members) for one in found] == [4, 1]


def test_of_a_run_the_most_typical_motif_counts(found):
    assert [MOTIFS[member.index].name for member in found[0].members] == ["a1", "b1", "c1"]


def test_spread_is_the_standard_deviation_between_runs(found):
    column = np.array([[1, 0, 0, 0], [0.7, 0.1, 0.1, 0.1], [0.85, 0.05, 0.05, 0.05]])
    expected = np.sqrt((column.std(0, ddof=1) ** 2).mean())
    np.testing.assert_allclose(found[0].column_spread, expected, atol=1e-12)
    assert found[0].mean_spread == pytest.approx(expected)


def test_one_run_alone_has_no_spread(found):
    assert found[1].is_alone
    assert not found[0].is_alone
    assert np.isnan(found[1].column_spread).all()
    assert math.isnan(found[1].mean_spread)


def test_columns_that_one_run_has_alone_have_no_spread():
    motifs = [motif("a", "CGGTGACGCA"), motif("b", "GGTGACGCA")]
    (one,) = reproducibility(cluster(motifs).families, motifs, [0, 1])
    known = np.isfinite(one.column_spread)
    assert known.sum() == 9
    assert one.mean_spread == pytest.approx(0)


def test_the_same_motif_in_every_run_has_no_spread():
    motifs = [motif(f"m{i}", "GGTGACGCA", 0.1) for i in range(3)]
    (one,) = reproducibility(cluster(motifs).families, motifs, [0, 1, 2])
    assert one.runs == [0, 1, 2]
    np.testing.assert_allclose(one.spread, 0, atol=1e-12)
