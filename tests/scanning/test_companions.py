"""Companions: what was planted together, apart or at a distance is told, and what was not is not."""

from itertools import combinations

import numpy as np
import pytest

from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.motifs import Motif
from motifnet.scanning.companions import companions
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

BACKGROUND = Background.from_gc(0.42)
GATA, AP1, NFI = (motif_from_word(word) for word in ("AGATAAGA", "TGAGTCACT", "TTGGCACTG"))
THRESHOLDS = {"AGATAAGA": 11.0, "TGAGTCACT": 12.0, "TTGGCACTG": 12.0}


def found_in(targets, *motifs, strand=Strand.BOTH):
    thresholds = [THRESHOLDS[motif.name] for motif in motifs]
    return companions(motifs, thresholds, [0.02] * len(motifs), targets, strand=strand)


def planted(words_of, n=300, length=120, seed=0):
    """Sequences with words at places drawn by chance, or one word, which may hold several."""
    rng = np.random.default_rng(seed)
    codes = BACKGROUND.sample(n, length, rng)
    for i, row in enumerate(codes):
        half = length // 2
        for first, word in zip((0, half), words_of(i, rng), strict=False):
            word = word if rng.random() < 0.5 else DNA.decode(DNA.reverse_complement(DNA.encode(word)))
            start = first + rng.integers(0, half - len(word) + 1)
            row[start : start + len(word)] = DNA.encode(word)
    return Sequences.from_codes(list(codes))


@pytest.mark.parametrize("same_strand", [True, False])
@pytest.mark.parametrize("gap", [0, 5])
def test_a_distance_is_told_as_each_motif_is_read(gap, same_strand):
    second = AP1 if same_strand else AP1.reverse_complement()

    def pair(i, rng):
        between = DNA.decode(BACKGROUND.sample(1, gap, rng)[0])
        return ["AGATAAGA" + between + second.consensus] if i % 3 else []

    (one,), (other,) = found_in(planted(pair), GATA, AP1)
    assert (one.name, other.name) == ("TGAGTCACT", "AGATAAGA")
    assert (one.neighbour.gap, one.neighbour.downstream) == (gap, True)
    assert one.neighbour.same_strand == other.neighbour.same_strand == same_strand
    assert (other.neighbour.gap, other.neighbour.downstream) == (gap, not same_strand)
    assert one.neighbour.n_here >= 190
    assert one.neighbour_log10_e == other.neighbour_log10_e < -50
    assert one.is_more
    assert one.together_log10_e < -30
    assert one.together.seen_from_other() == other.together


def test_motifs_that_avoid_each_other_are_told():
    targets = planted(lambda i, rng: ["AGATAAGA"] if i % 2 else ["TGAGTCACT"])
    (one,), _ = found_in(targets, GATA, AP1)
    assert not one.is_more
    assert one.together.n_both < one.together.expected / 4
    assert one.together_log10_e < -20


def test_copies_of_one_sequence_are_no_distance():
    rng = np.random.default_rng(3)
    repeat = DNA.decode(BACKGROUND.sample(1, 60, rng)[0])
    repeat = "AGATAAGA" + repeat[:20] + "TGAGTCACT" + repeat[20:]
    (one,), _ = found_in(planted(lambda i, rng: [], n=200, length=200), GATA, AP1)
    copied = planted(lambda i, rng: [repeat] if i % 2 else [], n=200, length=200)
    (of_copies,), _ = found_in(copied, GATA, AP1)
    assert of_copies.together_log10_e < -20
    assert of_copies.neighbour_log10_e > -3
    assert one.least_log10_e > -3


def test_a_part_of_a_motif_is_not_said_to_avoid_it():
    part = Motif("AGATA", GATA.counts[:, :5])
    targets = planted(lambda i, rng: ["AGATAAGA"] if i % 2 else [])
    (one,), _ = companions([GATA, part], [11.0, 8.0], [0.02, 0.3], targets, strand=Strand.BOTH)
    assert one.together.log10_p_fewer == 0
    assert one.together.n_both < one.together.n_first / 2


def test_the_given_strand_alone_is_looked_at():
    targets = planted(lambda i, rng: ["AGATAAGATTTGAGTCACT"])
    (both,), _ = found_in(targets, GATA, AP1)
    (single,), _ = found_in(targets, GATA, AP1, strand=Strand.SINGLE)
    assert 0.35 < single.together.n_first / both.together.n_first < 0.65
    assert single.neighbour.same_strand


def test_one_motif_has_no_companion_and_none_no_list():
    targets = planted(lambda i, rng: ["AGATAAGA"])
    assert found_in(targets, GATA) == [[]]
    assert found_in(targets) == []


def test_p_values_of_motifs_that_know_nothing_of_each_other():
    """Planted by chance: at most one p-value in twenty is 0.05 or less, but for what chance allows."""
    motifs = [Motif(one.name, 0.85 * one.counts + 3.75) for one in (GATA, AP1, NFI)]
    more, fewer, places = [], [], []
    for seed in range(25):
        made = simulate(
            [Planted(motif, 0.4) for motif in motifs],
            BACKGROUND, n_targets=800, n_controls=0, length=100, seed=seed,
        )  # fmt: skip
        found = companions(motifs, [8.0, 8.5, 8.5], [0.03] * 3, made.targets, strand=Strand.BOTH)
        pairs = {
            (motif.name, one.name): one for motif, some in zip(motifs, found, strict=True) for one in some
        }
        tested = [pairs[first.name, second.name] for first, second in combinations(motifs, 2)]
        more += [one.together.log10_p_more for one in tested]
        fewer += [one.together.log10_p_fewer for one in tested]
        places += [one.neighbour.log10_p for one in tested]
    for of_side in (more, fewer):
        p_values = 10 ** np.array(of_side)
        assert (p_values <= 0.05).sum() <= 10  # of 75; of binomial counts, one in a thousand is larger
        assert p_values.mean() == pytest.approx(0.5, abs=0.1)
    assert (10 ** np.array(places) <= 0.05).sum() <= 10
