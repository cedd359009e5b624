"""Counts of hits on their way: nothing is lost, however coarse the bins become."""

import numpy as np

from motifnet.io.hit_formats import PlacedHit
from motifnet.scanning.hit_counts import N_BINS, HitCounts


def hits_at(places, contig="chr1", p_value=1e-4, motif=0):
    return [PlacedHit(contig, at, at + 8, "GATA", "", "+", 7.5, p_value, np.nan, "", motif) for at in places]


def test_bins_become_wider_and_keep_every_hit():
    places = np.random.default_rng(0).integers(0, 3_000_000, 5000).tolist()
    counts = HitCounts()
    assert len(list(counts.passed(hits_at(sorted(places))))) == counts.n == 5000
    width, density = counts.density("chr1", counts.length("chr1"))
    assert len(density) <= N_BINS + 1
    assert density.sum() == 5000
    expected, _ = np.histogram(np.add(places, 4), np.arange(len(density) + 1) * width)
    assert density.tolist() == expected.tolist()


def test_the_best_are_kept_in_order_and_of_equals_the_first():
    values = np.random.default_rng(1).permutation(200) / 1000
    counts = HitCounts()
    for at, p_value in enumerate(values.tolist()):
        list(counts.passed(hits_at([at], p_value=p_value)))
    (best,) = counts.best()
    assert [hit.p_value for hit in best] == sorted(values.tolist())[: len(best)]
    assert len(best) == 50


def test_motifs_of_one_name_are_counted_apart_and_each_keeps_its_best():
    counts = HitCounts()
    list(counts.passed(hits_at(range(100), p_value=1e-9)))
    list(counts.passed(hits_at(range(7), p_value=1e-5, motif=3)))
    assert counts.by_motif == {0: 100, 3: 7}
    assert [(len(hits), hits[0].motif) for hits in counts.best()] == [(50, 0), (7, 3)]


def test_short_sequences_are_laid_over_each_other():
    counts = HitCounts()
    for i in range(100):
        list(counts.passed(hits_at([40, 90], f"peak{i}")))
    assert (counts.n_contigs, counts.starts(98).sum()) == (100, 200)
    assert counts.starts(98)[[4, 9]].tolist() == [100, 100]
    assert counts.contigs(3) == ["peak0", "peak1", "peak2"]
