"""Seeds: enriched words that are no variants of each other."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import sequences

from motifnet.discovery.scored import ScoredContrast
from motifnet.discovery.seeds import STRUCTURES, Seed, are_variants, enriched_words, stretches_around
from motifnet.kernels import kmers
from motifnet.stats.scores import signed_root
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences

WORDS = st.text(st.sampled_from("ACGTN"), min_size=4, max_size=12).map(DNA.encode)


def reverse_complement(text):
    return DNA.decode(DNA.reverse_complement(DNA.encode(text)))


def holds(text, word):
    """Whether a word stands in a text; an N of the word fits every base."""
    return re.search(word.replace("N", "."), text) is not None


def hits(part, seed):
    """Sequences that hold a seed on either strand, counted in plain Python."""
    words = {seed, reverse_complement(seed)}
    return sum(any(holds(part.text(i), word) for word in words) for i in range(len(part)))


def test_structures_are_halves_and_gaps_without_repeats():
    assert len(set(STRUCTURES)) == len(STRUCTURES) >= 10
    assert (3, 0) in STRUCTURES


def test_words_of_each_half_are_found_once(monkeypatch):
    halves, half_words = [], kmers.half_words
    monkeypatch.setattr(kmers, "half_words", lambda *given: halves.append(given[2]) or half_words(*given))
    enriched_words(ScoredContrast.of(*sequences(n=20)), 1, strand=Strand.BOTH)
    assert sorted(halves) == sorted({half for half, _ in STRUCTURES})


@pytest.mark.parametrize("word", ["CCGGAAGTGA", "CCGNNNNNNTGA"])
def test_the_best_seed_is_a_piece_of_the_planted_word(word):
    targets, controls = sequences([word])
    best = enriched_words(ScoredContrast.of(targets, controls), 1, strand=Strand.BOTH)[0]
    assert holds(word, str(best)) or holds(reverse_complement(word), str(best))
    assert best.z > 10


def test_z_is_that_of_the_sequences_that_hold_the_word():
    targets, controls = sequences(["CCGGAAGTGA"], n=60)
    seeds = enriched_words(ScoredContrast.of(targets, controls), 5, strand=Strand.BOTH)
    for seed in seeds:
        found = (hits(part, str(seed)) for part in (targets, controls))
        (target_hits, control_hits) = (np.array([count]) for count in found)
        assert signed_root(target_hits, 60, control_hits, 60)[0] == pytest.approx(seed.z)


def test_seeds_are_ranked_and_no_variants_of_each_other():
    seeds = enriched_words(
        ScoredContrast.of(*sequences(["CCGGAAGTGA", "GATAAGG"], share=0.4)), 8, strand=Strand.BOTH
    )
    assert len(seeds) == 8
    z = [seed.z for seed in seeds]
    assert z == sorted(z, reverse=True)
    assert min(z) > 0
    pairs = [(a, b) for i, a in enumerate(seeds) for b in seeds[:i]]
    assert not any(are_variants(a.codes, b.codes) for a, b in pairs)


def test_a_word_of_one_strand_alone_is_found_there():
    targets, controls = sequences(["CCGGAAGTGA"], strand=Strand.SINGLE)
    best = enriched_words(ScoredContrast.of(targets, controls), 1, strand=Strand.SINGLE)[0]
    assert holds("CCGGAAGTGA", str(best))


def test_nothing_is_enriched_in_the_controls_themselves():
    targets, _ = sequences()
    assert enriched_words(ScoredContrast.of(targets, targets), 3, strand=Strand.BOTH) == []
    short = Sequences.from_text(["ACG", "TT"])
    assert enriched_words(ScoredContrast.of(short, short), 3, strand=Strand.BOTH) == []


@given(WORDS, WORDS)
def test_being_variants_is_symmetric_and_free_of_orientation(first, second):
    found = are_variants(first, second)
    assert are_variants(second, first) == found
    assert are_variants(first, DNA.reverse_complement(second)) == found


@pytest.mark.parametrize(
    ("first", "second", "variants"),
    [
        ("TGACTCA", "TGACTCA", True),
        ("TGACTCA", "TGAGTCA", True),
        ("TGACTCA", "ACTCATT", True),  # five bases shared at an offset
        ("TGACTCA", "TGTGTCA", True),  # its other strand, TGACACA, differs in one base
        ("TGACTCA", "CACGTG", False),
        ("TGANNNNTCA", "TGANNNNTCA", True),
        ("TGANNNNTCA", "TGANNNTCAN", False),
        ("ACGT", "ACGT", False),  # too short to tell
    ],
)
def test_which_words_are_variants(first, second, variants):
    assert are_variants(DNA.encode(first), DNA.encode(second)) == variants


def test_a_seed_reads_as_its_word():
    assert str(Seed(DNA.encode("TGANNTCA"), 3.0, 0.1)) == "TGANNTCA"


@given(
    word=st.text("ACGT-", min_size=3, max_size=16).filter(lambda text: set(text) - {"-"}),
    seed=st.integers(0, 99),
)
def test_stretches_hold_the_word_in_its_orientation(word, seed):
    codes = np.array(["ACGT-".index(letter) for letter in word], np.uint8)
    known = codes < 4
    rng = np.random.default_rng(seed)
    texts = [rng.integers(0, 4, 40, dtype=np.uint8) for _ in range(3)]
    texts[0][12 : 12 + len(codes)][known] = codes[known]
    turned = codes[::-1]
    texts[1][12 : 12 + len(codes)][known[::-1]] = 3 - turned[known[::-1]]
    targets = Sequences.from_codes(texts)
    found = stretches_around([Seed(codes, 1.0, 0.1)], targets, strand=Strand.BOTH)
    middle = max(0, 12 - len(codes)) // 2
    inside = [one for one in found if len(one) == max(12, len(codes))]
    assert 0 < len(inside) <= len(found) <= 8
    assert all(np.array_equal(one[middle : middle + len(codes)][known], codes[known]) for one in inside)
    both = {one.tobytes() for one in found}
    given_strand = {
        one.tobytes() for one in stretches_around([Seed(codes, 1.0, 0.1)], targets, strand=Strand.SINGLE)
    }
    assert len(found) == 8 or given_strand <= both
