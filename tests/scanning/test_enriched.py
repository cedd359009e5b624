"""Known motifs: the planted ones come first, and p-values are uniform where nothing was planted."""

import numpy as np
import pytest
from scipy.stats import kstest

from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.motifs import Motif
from motifnet.scanning.best_sites import Scorer
from motifnet.scanning.enriched import GRID, rank_by_enrichment
from motifnet.scanning.variants import first_alike
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

BACKGROUND = Background.from_gc(0.42)


def decoys(n, rng):
    words = rng.choice(list("ACGT"), (n, 8))
    return [motif_from_word("".join(word), name=f"decoy{i}") for i, word in enumerate(words)]


@pytest.fixture(scope="module")
def ranked():
    """A planted motif, a variant of it, and decoys, in 150 targets and 300 controls."""
    planted = motif_from_word("TGASTCAY", name="planted")
    made = simulate([Planted(planted, 0.4)], BACKGROUND, n_targets=150, n_controls=300, length=120, seed=1)
    variant = Motif("variant", np.hstack([planted.counts.mean(1, keepdims=True), planted.counts[:, :7]]))
    motifs = [*decoys(20, np.random.default_rng(0)), variant, planted.reverse_complement()]
    sequences = Sequences.concatenate([made.targets, made.controls])
    scorer = Scorer(motifs, BACKGROUND, strand=Strand.BOTH)
    return rank_by_enrichment(scorer, sequences, np.arange(450) < 150)


def test_the_planted_motif_comes_first_and_its_variant_is_told(ranked):
    assert [one.motif.name for one in ranked[:2]] == ["planted", "variant"]
    first, second = ranked[:2]
    assert first.log10_e < -10
    assert first.ranks.log10_p < -8
    assert first.ranks.auroc > 0.65
    assert 0.25 < first.enrichment.target_share < 0.6
    assert first.enrichment.control_share < 0.1
    assert (first.like, second.like) == (1, 1)
    assert [one.like for one in ranked] == [1, 1, *range(3, 23)]


def test_what_follows_from_p_values(ranked):
    log10_p = [one.enrichment.log10_p for one in ranked]
    assert log10_p == sorted(log10_p)
    for one in ranked:
        assert one.log10_e == pytest.approx(one.enrichment.log10_p + np.log10(22))
        assert one.enrichment.log10_p <= one.log10_q <= 0
        assert one.threshold.p_value in GRID
        assert len(one.target_distances) == one.enrichment.target_hits == one.central.n_sites
        assert len(one.control_distances) == one.enrichment.control_hits


def test_p_values_are_uniform_where_nothing_was_planted():
    rng = np.random.default_rng(3)
    found = []
    scorer = Scorer(decoys(20, rng), BACKGROUND, strand=Strand.BOTH)
    for _ in range(10):
        sequences = Sequences.from_codes(list(BACKGROUND.sample(400, 100, rng)))
        found += rank_by_enrichment(scorer, sequences, np.arange(400) < 150)
    assert len(found) == 200
    for log10_p in (
        [one.enrichment.log10_p for one in found],
        [one.ranks.log10_p for one in found],
        [one.central.log10_p for one in found],
        [one.central.control_log10_p for one in found],
    ):
        assert kstest(10 ** np.array(log10_p), "uniform").pvalue > 0.001


def test_a_given_threshold_is_the_only_one(ranked):
    scorer = Scorer([one.motif for one in ranked[:2]], BACKGROUND, strand=Strand.BOTH)
    rng = np.random.default_rng(4)
    sequences = Sequences.from_codes(list(BACKGROUND.sample(60, 100, rng)))
    found = rank_by_enrichment(scorer, sequences, np.arange(60) < 20, [1e-3])
    assert {one.threshold.p_value for one in found} == {1e-3}


def test_the_other_strand_counts_only_where_it_is_asked_for():
    gata = motif_from_word("GATAAG")
    turned = gata.reverse_complement()
    assert first_alike([gata, turned]) == [0, 0]
    assert first_alike([gata, turned], strand=Strand.SINGLE) == [0, 1]


def test_only_the_first_so_many_are_compared():
    gata = motif_from_word("GATAAG")
    assert first_alike([gata] * 4, 2) == [0, 0, 2, 3]
