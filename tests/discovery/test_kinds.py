"""What is no motif: tandems, compositions and interspersed repeats, planted; and what is one all the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import BACKGROUND

from motifnet.datasets.shuffle import shuffle
from motifnet.datasets.simulate import motif_from_word
from motifnet.discovery.kinds import Kind, kind_of, specific_bits
from motifnet.discovery.scored import Scored
from motifnet.motifs import Motif
from motifnet.strand import Strand
from motifnet.symbols import Sequences

N, LENGTH, PLACE = 300, 120, 50


def planted(columns, seed=0, bases=(0.25, 0.25, 0.25, 0.25)):
    """Sequences with a site drawn from probabilities, each at the same place, among such bases."""
    rng = np.random.default_rng(seed)
    codes = rng.choice(4, (N, LENGTH), p=bases).astype(np.uint8)
    for j, column in enumerate(np.asarray(columns).T):
        codes[:, PLACE + j] = rng.choice(4, N, p=column)
    counts = np.stack([(codes[:, PLACE : PLACE + columns.shape[1]] == base).sum(0) for base in range(4)])
    return codes, Motif("1", counts.astype(float), BACKGROUND)


def kind(codes, motif, share=0.7):
    """Against shuffles, with the threshold that this share of the sequences reaches."""
    targets = Scored.of(Sequences.from_codes(list(codes)))
    controls = Scored.of(shuffle(targets.sequences, 2, 0, 3))
    scores = targets.best_known(motif.log_odds(), strand=Strand.BOTH).score
    return kind_of(motif, float(np.quantile(scores, 1 - share)), targets, controls, strand=Strand.BOTH)


def certain(word, rest=0.1):
    """Probabilities of an IUPAC word, of which so much is left to any base."""
    return (1 - rest) * motif_from_word(word).probabilities + rest / 4


@pytest.mark.parametrize(
    "word",
    [
        "CACGTG",
        "AGATAAG",
        "TGACTCA",
        "ARAAAAAGAAAHG",  # AZF1, as it is found
        "ACCAAAGT",  # Dof
        "TTTATTGT",  # signal of polyadenylation, reversed
        "GGGGCGGGGC",  # Sp1
        "GCCGCC",  # of AP2/ERF
        "CCACTAGGGGGCGCT",
    ],
)
def test_motifs_are_motifs(word):
    assert kind(*planted(certain(word))) is Kind.MOTIF


@pytest.mark.parametrize(
    ("word", "bases"),
    [
        ("AAAAGAAA", (0.35, 0.15, 0.15, 0.35)),
        ("GAAANNGAAA", (0.4, 0.1, 0.1, 0.4)),
        ("TTATTTTTAG", (0.35, 0.15, 0.15, 0.35)),  # MEF2
        ("GGGGCGGGG", (0.1, 0.4, 0.4, 0.1)),
        ("CCCCTCCCCCA", (0.15, 0.35, 0.35, 0.15)),  # ZNF281
    ],
)
def test_motifs_are_motifs_among_their_own_bases(word, bases):
    assert kind(*planted(certain(word), bases=bases), share=0.5) is Kind.MOTIF


def stretches(bases, length, seed=0):
    """Sequences with a stretch of such a composition, each at another place, and where these start."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (N, LENGTH), dtype=np.uint8)
    starts = rng.integers(0, LENGTH - length, N)
    for row, start in zip(codes, starts, strict=True):
        row[start : start + length] = rng.choice(4, length, p=bases)
    return codes, starts


@pytest.mark.parametrize(
    ("word", "bases"),
    [
        ("RAGRAAARAA", (0.6, 0.04, 0.32, 0.04)),
        ("AARRGAAAAGAAAVA", (0.7, 0.04, 0.22, 0.04)),
        ("GGAGGAGRRGG", (0.3, 0.04, 0.62, 0.04)),
        ("CTTTSTYTTTC", (0.04, 0.32, 0.04, 0.6)),
        ("CCTYCCYTYCC", (0.04, 0.6, 0.04, 0.32)),
        ("AAAAAAGAAAA", (0.94, 0.02, 0.02, 0.02)),
    ],
)
def test_words_that_a_composition_makes_are_no_motifs(word, bases):
    codes, _ = stretches(bases, 40)
    assert kind(codes, counted_again(codes, word), share=0.5) in (Kind.COMPOSITION, Kind.LOW_COMPLEXITY)


def counted_again(codes, word):
    """A motif of the sites of a word, as it is read."""
    scored = Scored.of(Sequences.from_codes(list(codes)))
    found = scored.best_known(Motif("1", 20 * certain(word), BACKGROUND).log_odds(), strand=Strand.BOTH)
    chosen = found.score >= np.quantile(found.score, 0.5)
    return Motif("1", scored.counts(found, chosen, len(word), 0), BACKGROUND)


@pytest.mark.parametrize("word", ["A" * 14, "CA" * 10, "GA" * 8, "CCG" * 6, "CAG" * 7])
def test_tandems_are_low_complexity(word):
    assert kind(*planted(certain(word))) is Kind.LOW_COMPLEXITY


def test_weak_columns_that_are_all_alike_are_composition():
    rich = np.repeat(np.array([[0.05], [0.45], [0.05], [0.45]]), 20, axis=1)
    assert kind(*planted(rich)) is Kind.COMPOSITION


def test_copies_of_one_sequence_are_a_repeat_wherever_the_motif_lies_in_them():
    codes, motif = planted(certain("CCACTAGGGGGCGCT"))
    rng = np.random.default_rng(1)
    copied = rng.integers(0, 4, LENGTH, dtype=np.uint8)
    mutated = rng.random(codes.shape) < 0.15
    around = np.ones(LENGTH, bool)
    around[PLACE : PLACE + motif.width] = False
    codes[:, around] = np.where(mutated, codes, copied)[:, around]
    assert kind(codes, motif) is Kind.REPEAT


@pytest.mark.parametrize("side", [slice(20, PLACE), slice(PLACE + 15, 100)])
def test_a_neighbour_on_one_side_makes_no_repeat(side):
    codes, motif = planted(certain("CCACTAGGGGGCGCT"))
    codes[:, side] = codes[0, side]
    assert kind(codes, motif) is Kind.MOTIF


@given(
    st.integers(1, 3),
    st.lists(st.lists(st.floats(0.01, 1), min_size=4, max_size=4), min_size=4, max_size=20),
)
def test_specific_bits_are_none_for_a_tandem_and_never_negative(period, columns):
    probabilities = np.array(columns).T
    probabilities /= probabilities.sum(0)
    assert specific_bits(probabilities, period) >= -1e-12
    tandem = np.tile(probabilities[:, :period], 5)
    assert specific_bits(tandem, period) == pytest.approx(0, abs=1e-9)
    turned = probabilities[::-1, ::-1]
    assert specific_bits(turned, 1) == pytest.approx(specific_bits(probabilities, 1))
