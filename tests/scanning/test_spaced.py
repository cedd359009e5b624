"""Spacing: a planted gap is found with its orientation, whichever strand the pair lies on."""

import numpy as np
import pytest

from motifnet.datasets.simulate import motif_from_word
from motifnet.scanning.best_sites import Scorer
from motifnet.scanning.enriched import rank_by_enrichment
from motifnet.scanning.spaced import is_copy, spacings, windows_around
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

BACKGROUND = Background.from_gc(0.42)
PRIMARY, SECONDARY, OTHER = (
    motif_from_word(word, name=word) for word in ("AGATAAGA", "TGAGTCACT", "CCACTTGGC")
)
N_TARGETS, LENGTH = 150, 140


def reverse_complement(word):
    return DNA.decode(DNA.complement(DNA.encode(word))[::-1])


def targets_with_pairs(gap, *, upstream, same_strand, seed=0):
    """Each with a pair on a random strand at a random place; the gap is as given in a half of them."""
    rng = np.random.default_rng(seed)
    codes = BACKGROUND.sample(N_TARGETS, LENGTH, rng)
    second = "TGAGTCACT" if same_strand else reverse_complement("TGAGTCACT")
    for i, row in enumerate(codes):
        between = DNA.decode(BACKGROUND.sample(1, gap if i % 2 else rng.integers(0, 40), rng)[0])
        parts = (second, between, "AGATAAGA") if upstream else ("AGATAAGA", between, second)
        pair = "".join(parts)
        pair = pair if rng.random() < 0.5 else reverse_complement(pair)
        start = rng.integers(0, LENGTH - len(pair) + 1)
        row[start : start + len(pair)] = DNA.encode(pair)
    return Sequences.from_codes(list(codes))


def spaced(targets, max_gap=60):
    controls = Sequences.from_codes(list(BACKGROUND.sample(N_TARGETS, LENGTH, np.random.default_rng(9))))
    scorer = Scorer([PRIMARY, SECONDARY, OTHER], BACKGROUND, strand=Strand.BOTH)
    both = Sequences.concatenate([targets, controls])
    ranked = rank_by_enrichment(scorer, both, np.arange(2 * N_TARGETS) < N_TARGETS, [1e-3])
    primary = next(one for one in ranked if one.motif is PRIMARY)
    return spacings(scorer, primary, ranked, targets, max_gap=max_gap)


@pytest.mark.parametrize("upstream", [True, False])
@pytest.mark.parametrize("same_strand", [True, False])
def test_a_planted_gap_and_orientation_are_found(upstream, same_strand):
    first = spaced(targets_with_pairs(7, upstream=upstream, same_strand=same_strand))[0]
    assert first.secondary is SECONDARY
    assert (first.gap, first.upstream, first.same_strand) == (7, upstream, same_strand)
    assert first.log10_e < -10
    assert first.counts[int(not same_strand), int(not upstream), 7] == first.best.n_here >= 60
    assert first.counts.sum() == first.best.n_sites
    assert first.orientation == (
        f"{'same' if same_strand else 'opposite'} strand, {'upstream' if upstream else 'downstream'}"
    )


def test_other_motifs_keep_no_distance():
    for one in spaced(targets_with_pairs(7, upstream=True, same_strand=True))[1:]:
        assert one.log10_e > np.log10(0.01)


def test_a_gap_that_is_longer_than_asked_is_not_looked_at():
    targets = targets_with_pairs(30, upstream=False, same_strand=True)
    assert spaced(targets, max_gap=30)[0].gap == 30
    assert all(one.gap <= 5 and one.counts.shape == (2, 2, 6) for one in spaced(targets, max_gap=5))


def test_windows_are_read_as_the_site_is():
    two = Sequences.from_text(["CCAAGATTT", "AAATCTTGG"])
    found = windows_around(two, np.array([2, 3]), np.array([False, True]), 4, 3)
    assert DNA.decode(found.codes[0]) == DNA.decode(found.codes[1]) == "NCCNNNNTTT"
    assert found.is_known(3).sum(1).tolist() == [1, 1]
    assert DNA.decode(found.narrowed(1).codes[0]) == "CNNNNT"


def test_copies_are_told_from_what_is_alike_by_chance():
    rng = np.random.default_rng(0)
    codes = BACKGROUND.sample(700, 150, rng)
    codes[600] = codes[3]
    codes[600, rng.choice(150, 45, replace=False)] = 0
    codes[650, :] = 4
    assert np.flatnonzero(is_copy(codes)).tolist() == [600]


def test_a_primary_without_sites_has_no_spacings():
    assert not is_copy(np.empty((0, 20), np.uint8)).any()
    assert spaced(Sequences.from_text(["C" * LENGTH] * N_TARGETS)) == []
