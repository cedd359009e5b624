"""Clusters of sites: equal to the plain model where nothing follows, and boxes that overlap are told."""

from __future__ import annotations

import numpy as np
import pytest

from motifnet.errors import InvalidValue
from motifnet.hmm import site_clusters
from motifnet.hmm.motif_hmm import MotifHMM
from motifnet.hmm.site_clusters import ClusterHMM, Neighbours
from motifnet.motifs import Motif
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

GATA = Motif("GATA", 20 * np.eye(4)[:, [0, 2, 0, 3, 0, 0, 2]] + 1)
BOX = Motif("BOX", 20 * np.eye(4)[:, [0, 2, 0, 1, 2, 3, 1, 3]] + 1)  # AGACGTCT, a palindrome
BACKGROUND = Background.from_gc(0.4)


@pytest.fixture
def all_places(monkeypatch):
    """No place is left out."""
    monkeypatch.setattr(site_clusters, "_LEAST_POSTERIOR", 1e-12)


def drawn(n, length, seed=0):
    rng = np.random.default_rng(seed)
    codes = [rng.integers(0, 4, length).astype(np.uint8) for _ in range(n)]
    codes[0][3:5] = 4
    codes[1][10:17] = DNA.encode("AGATAAG")
    return Sequences.from_codes(codes)


def model_of(*motifs, rate=0.02, order=0, strand="tied"):
    background = BACKGROUND if order == 0 else Background.fit(drawn(50, 100), order)
    return MotifHMM.from_motifs(motifs, background, rates=[rate] * len(motifs), strand=strand)


@pytest.mark.parametrize("strand", ["tied", "single"])
@pytest.mark.parametrize("order", [0, 2])
def test_where_nothing_follows_it_is_the_model_of_one_motif(all_places, strand, order):
    sequences, model = drawn(5, 60), model_of(GATA, order=order, strand=strand)
    plain = model.decode(sequences, threshold=0.01)
    found = ClusterHMM.anywhere(model, 1e-12, 20).decode(sequences, threshold=0.01)
    assert len(plain.sites[0]) > 0
    for name in ("index", "start", "reverse", "score"):
        np.testing.assert_allclose(getattr(found.sites[0], name), getattr(plain.sites[0], name))
    np.testing.assert_allclose(found.posterior[0], plain.posterior[0], rtol=1e-9)
    np.testing.assert_allclose(found.log_odds, plain.log_odds, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.n_sites, plain.n_sites, rtol=1e-9)
    np.testing.assert_allclose(found.present, plain.present, rtol=1e-9)


def test_motifs_are_on_their_own():
    sequences = drawn(5, 200)
    near = Neighbours.anywhere(0.2, 30)
    both = ClusterHMM(model_of(GATA, BOX), (near, near)).decode(sequences, threshold=0.01)
    parts = [ClusterHMM(model_of(one), (near,)).decode(sequences, threshold=0.01) for one in (GATA, BOX)]
    for m, part in enumerate(parts):
        np.testing.assert_array_equal(both.posterior[m], part.posterior[0])
        np.testing.assert_array_equal(both.n_sites[:, m], part.n_sites[:, 0])
    np.testing.assert_allclose(both.log_odds, sum(part.log_odds for part in parts))


def test_a_sequence_and_its_reverse_complement_say_the_same():
    sequences = drawn(20, 150)
    turned = Sequences.from_codes([DNA.reverse_complement(sequences[i]) for i in range(len(sequences))])
    model = ClusterHMM(model_of(GATA), (Neighbours(0.3, np.arange(1, 31) / 465, 0.8),))
    one, other = (model.decode(each, threshold=0.05) for each in (sequences, turned))
    np.testing.assert_allclose(one.log_odds, other.log_odds, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(one.n_sites, other.n_sites, rtol=1e-9)
    start = 150 - 7 - other.sites[0].start
    order = np.lexsort((start, other.sites[0].index))
    assert len(order) > 5
    np.testing.assert_array_equal(one.sites[0].start, start[order])
    np.testing.assert_allclose(one.posterior[0], other.posterior[0][order], rtol=1e-9)


def test_what_is_left_out_hardly_matters(monkeypatch):
    sequences, model = drawn(20, 500), ClusterHMM.anywhere(model_of(GATA, rate=1e-3), 0.2, 40)
    some = model.decode(sequences, threshold=0.02)
    monkeypatch.setattr(site_clusters, "_LEAST_POSTERIOR", 1e-9)
    every = model.decode(sequences, threshold=0.02)
    # A neighbour that is left out takes part in the sums by the mean of all such.
    np.testing.assert_allclose(some.posterior[0], every.posterior[0], rtol=0.05)
    np.testing.assert_allclose(some.n_sites, every.n_sites, rtol=0.05)


def test_boxes_that_overlap_are_both_told():
    half = Motif("HALF", 40 * np.eye(4)[:, [0, 2, 0, 1, 0, 2, 0, 1]] + 1)  # AGACAGAC
    model = model_of(half, rate=1e-4, strand="single")
    sequences = Sequences.from_text(["CCCCAGACAGACAGACCCCC"])
    assert len(model.decode(sequences, threshold=0.5).sites[0]) <= 1
    found = ClusterHMM.anywhere(model, 0.1, 20).decode(sequences, threshold=0.5)
    assert found.sites[0].start.tolist() == [4, 8]


def test_a_neighbour_at_a_likely_distance_helps():
    sequences = Sequences.from_text(["CCCCAGATAAGCCCCCCCCCAGATAGGCCCC"])  # the second has a mismatch
    distances = np.full(30, 0.01)
    distances[15] += 0.7
    model = model_of(GATA, rate=1e-4)
    known = ClusterHMM(model, (Neighbours(0.5, distances / distances.sum(), 0.9),))
    alone = ClusterHMM.anywhere(model, 1e-6, 30)
    with_it, without = (one.decode(sequences, threshold=1e-4).posterior[0] for one in (known, alone))
    assert with_it[1] > 10 * without[1]


@pytest.mark.parametrize(
    ("followed", "distances", "same"),
    [
        (0.0, [0.5, 0.5], 0.5),
        (0.5, [0.5, 0.4], 0.5),
        (0.5, [1.0, 0.0], 0.5),
        (0.5, [1.0], 1.0),
        (0.5, [], 0.5),
    ],
)
def test_neighbours_are_checked(followed, distances, same):
    with pytest.raises(InvalidValue):
        Neighbours(followed, np.array(distances), same)


def test_other_densities_and_missing_neighbours_are_refused():
    zoops = MotifHMM.from_motifs([GATA], BACKGROUND, density="zoops")
    with pytest.raises(InvalidValue, match="density"):
        ClusterHMM.anywhere(zoops, 0.1, 10)
    with pytest.raises(InvalidValue, match="one a motif"):
        ClusterHMM(model_of(GATA, BOX), (Neighbours.anywhere(0.1, 10),))
