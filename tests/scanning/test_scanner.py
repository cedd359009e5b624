"""Hits of motifs against every window scored by hand, thresholds, and counts of windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanned import listed, small_scanner

from motifnet.datasets.simulate import motif_from_word
from motifnet.errors import InvalidValue
from motifnet.motifs import Motif
from motifnet.progress import Silent
from motifnet.scanning import Scanner
from motifnet.stats.score_distribution import score_distribution
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

STRANDS = st.sampled_from([Strand.BOTH, Strand.SINGLE])
TEXTS = st.lists(st.text(st.sampled_from("ACGTACGTACGTN"), max_size=30), min_size=1, max_size=4)


def windows(scanner, sequences):
    """Every window of known bases: sequence, start, end, motif, strand and steps, in the order of hits."""
    for number in range(len(sequences)):
        for start in range(len(sequences[number])):
            for motif, scores in enumerate(scanner.scores):
                word = sequences[number][start : start + scores.width]
                strands = 1 if scores.is_palindrome or not scanner.strand.reads_both else 2
                for reverse in [False, True][:strands]:
                    if len(word) == scores.width and (word < 4).all():
                        read = DNA.reverse_complement(word) if reverse else word
                        steps = int(scores.steps[read, range(scores.width)].sum())
                        yield number, start, start + scores.width, motif, reverse, steps


@given(TEXTS, st.sampled_from([1e-3, 0.02, 0.3, 1.0]), STRANDS, st.sampled_from([0, 2]))
def test_hits_are_the_windows_with_so_small_a_p_value(texts, p_value, strand, order):
    scanner = small_scanner(order, strand_symmetric=False, strand=strand)
    sequences = Sequences.from_text(texts)
    expected = []
    for window in windows(scanner, sequences):
        *_, motif, reverse, steps = window
        matrix = scanner.scores[motif].steps
        turned = matrix[::-1, ::-1] if reverse else matrix
        chance = float(score_distribution(turned, scanner.background).p_value(steps))
        if chance <= p_value:
            expected.append((*window, float(scanner.scores[motif].bits(steps)), chance))
    assert listed(scanner.scan(sequences, scanner.thresholds(p_value=p_value))) == expected


@given(TEXTS, st.floats(-20, 12))
def test_hits_are_the_windows_with_so_high_a_score(texts, least):
    scanner, sequences = small_scanner(), Sequences.from_text(texts)
    expected = [
        window for window in windows(scanner, sequences) if scanner.scores[window[3]].bits(window[5]) >= least
    ]
    found = listed(scanner.scan(sequences, scanner.thresholds(score=least)))
    assert [hit[:6] for hit in found] == expected


@given(TEXTS, st.integers(0, 30))
def test_windows_are_counted(texts, before):
    scanner, sequences = small_scanner(), Sequences.from_text(texts)
    counted = np.bincount([window[3] for window in windows(scanner, sequences)], minlength=4)
    np.testing.assert_array_equal(scanner.n_windows(sequences.codes, sequences.offsets), counted)
    one = Sequences.from_text(texts[:1])
    some = [window[3] for window in windows(scanner, one) if window[1] < before]
    np.testing.assert_array_equal(
        scanner.n_windows(one.codes, one.offsets, before=before), np.bincount(some, minlength=4)
    )


def test_the_other_strand_of_the_sequence_has_the_same_hits():
    scanner = small_scanner()
    codes = np.random.default_rng(0).integers(0, 4, 300).astype(np.uint8)
    there = Sequences.from_codes([codes, DNA.reverse_complement(codes)])
    hits = scanner.scan(there, scanner.thresholds(p_value=0.05))
    palindrome = np.array([scores.is_palindrome for scores in scanner.scores])[hits.motif]
    on_first = hits.sequence == 0
    turned = hits._replace(start=300 - hits.end, reverse=~hits.reverse & ~palindrome)
    keys = [
        sorted(
            zip(
                part.start.tolist(),
                part.motif.tolist(),
                part.reverse.tolist(),
                part.steps.tolist(),
                strict=True,
            )
        )
        for part in (hits.select(on_first), turned.select(~on_first))
    ]
    assert keys[0] == keys[1]
    assert len(keys[0]) > 50


def test_no_motifs_and_no_sequences():
    empty = Sequences.from_codes([])
    nobody = Scanner([], Background.from_gc(0.5))
    assert nobody.longest == 0
    assert nobody.scan(Sequences.from_text(["ACGT"]), nobody.thresholds(p_value=0.1)).n == 0
    scanner = small_scanner()
    assert scanner.scan(empty, scanner.thresholds(p_value=0.1)).n == 0


def test_thresholds_that_make_no_sense():
    scanner = small_scanner()
    with pytest.raises(InvalidValue, match=r"threshold is .*; expected either a p-value or a score"):
        scanner.thresholds()
    with pytest.raises(InvalidValue, match="p-value is 0; expected above 0 and at most 1"):
        scanner.thresholds(p_value=0)


def test_without_a_pseudocount_a_zero_is_refused():
    motif = Motif("A", np.array([[9.0], [0], [0], [0]]))
    with pytest.raises(InvalidValue, match="a pseudocount above 0"):
        Scanner([motif], Background.from_gc(0.5), pseudocount=0)


def test_a_background_without_a_base_is_refused():
    frequencies = np.array([0.5, 0.3, 0.2, 0.0])
    background = Background(frequencies, np.ones(1), frequencies[None])
    with pytest.raises(InvalidValue, match="background of T is 0; expected above 0"):
        Scanner([Motif("A", np.array([[9.0], [0], [0], [0]]))], background)


@pytest.mark.parametrize("least", [-1e300, 1e300])
def test_scores_far_beyond_the_motif_are_thresholds(least):
    scanner = small_scanner()
    found = scanner.scan(Sequences.from_text(["ACGTACGTACGTACGT"]), scanner.thresholds(score=least))
    assert (found.n > 0) == (least < 0)


class Steps(Silent):
    """Counts the steps that it is told of."""

    def __init__(self):
        self.n = 0

    def advance(self, note=""):
        self.n += 1


@pytest.mark.parametrize("most_p", [0.2, 1e-2, 1e-4])
def test_what_is_kept_of_rare_scores_alone_gives_the_same_hits(most_p):
    motifs = [motif_from_word(word) for word in ("TGASTCAY", "GATA", "CCACGTGG")]
    sequences = Sequences.from_codes(list(Background.from_gc(0.4).sample(20, 300, np.random.default_rng(0))))
    whole = Scanner(motifs, Background.from_gc(0.4))
    steps = Steps()
    rare = Scanner(motifs, Background.from_gc(0.4), most_p=most_p, progress=steps)
    assert steps.n == len(motifs)
    thresholds = whole.thresholds(p_value=most_p)
    np.testing.assert_array_equal(rare.thresholds(p_value=most_p), thresholds)
    for one, other in zip(whole.scan(sequences, thresholds), rare.scan(sequences, thresholds), strict=True):
        np.testing.assert_array_equal(one, other)
    kept, all_there_is = (sum(len(one.survival) for one in some.distributions) for some in (rare, whole))
    assert kept < all_there_is
    with pytest.raises(InvalidValue, match="the largest that is known"):
        rare.thresholds(p_value=0.9)
