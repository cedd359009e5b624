"""Likelihood ratios and expected counts against explicit sums over all windows."""

import numpy as np
import pytest
from planted import BACKGROUND, scored, sequences

from motifnet.datasets.simulate import motif_from_word
from motifnet.discovery.scored import Scored, ScoredContrast, Sides
from motifnet.strand import Strand
from motifnet.symbols import DNA, UNKNOWN, Sequences

WORD = "CCGGAAGTGA"
TEXTS = ["ACGTTGCAANTTGACCA", "GGATTTACA", "TT", "NNNNNNNN"]


def windows(codes, width, strand):
    """Every window as it is read, on each strand."""
    words = [codes[start : start + width] for start in range(len(codes) - width + 1)]
    return words + ([DNA.reverse_complement(word) for word in words] if strand.reads_both else [])


@pytest.mark.parametrize("strand", [Strand.BOTH, Strand.SINGLE])
def test_an_em_step_is_a_sum_over_all_windows(strand):
    log_odds = np.random.default_rng(0).normal(size=(3, 4, 5))
    scored = Scored.of(Sequences.from_text(TEXTS))
    weight = np.random.default_rng(1).normal(size=(len(TEXTS), 3)) + 2
    found = scored.log_ratio(log_odds, strand=strand)
    counts = scored.expected_counts(log_odds, found, weight, strand=strand)
    for m in range(3):
        expected = np.zeros((4, 5))
        for i, text in enumerate(TEXTS):
            words = windows(DNA.encode(text), 5, strand)
            ratios = np.exp([sum(log_odds[m, c, j] for j, c in enumerate(word) if c < 4) for word in words])
            if not words:
                assert found[i, m] == -np.inf
                continue
            assert found[i, m] == pytest.approx(np.log(ratios.mean()), abs=1e-5)
            for word, share in zip(words, weight[i, m] * ratios / ratios.sum(), strict=True):
                for j, code in enumerate(word):
                    if code != UNKNOWN:
                        expected[code, j] += share
        np.testing.assert_allclose(counts[m], expected, rtol=1e-5, atol=1e-5)


def test_masking_takes_every_site_away():
    scored = Scored.of(sequences(["CCGGAAGTGA"])[0])
    log_odds = np.full((4, 10), -2.0)
    log_odds[DNA.encode("CCGGAAGTGA"), range(10)] = 2.0
    before = scored.best(log_odds, strand=Strand.BOTH).score
    assert (before >= 12).mean() > 0.3
    masked = scored.masked(log_odds, 12.0, slice(2, 8), strand=Strand.BOTH)
    assert masked.best(log_odds, strand=Strand.BOTH).score.max() < 12
    untouched = before < 12
    for i in np.flatnonzero(untouched)[:20]:
        np.testing.assert_array_equal(masked.sequences[i], scored.sequences[i])


def test_what_is_masked_is_no_site():
    scored = Scored.of(Sequences.from_text(["NNNNNN", "ACGTAC"]))
    flat = np.zeros((4, 4))
    assert scored.best(flat, strand=Strand.BOTH).score.tolist() == [0, 0]
    assert (scored.best_known(flat, strand=Strand.BOTH).score < -1000).tolist() == [True, False]


@pytest.mark.parametrize("strand", [Strand.BOTH, Strand.SINGLE])
def test_an_unknown_base_scores_as_the_background_does_on_average(strand):
    log_odds = np.random.default_rng(0).normal(size=(2, 4, 5)) * 3
    expected = np.einsum("b,mbj->mj", BACKGROUND, log_odds)
    scored = Scored.of(Sequences.from_text(TEXTS))
    found = scored.best_as_if_known(log_odds, BACKGROUND, strand=strand)
    for m in range(2):
        padded = np.vstack([log_odds[m], expected[m]])
        for i, text in enumerate(TEXTS):
            words = windows(DNA.encode(text), 5, strand)
            scores = [sum(padded[min(c, 4), j] for j, c in enumerate(word)) for word in words]
            assert found[i, m] == pytest.approx(max(scores, default=-np.inf), abs=1e-4)


def test_a_contrast_knows_its_sides():
    targets, controls = sequences(n=30)
    contrast = ScoredContrast.of(targets, controls)
    assert (contrast.n_targets, contrast.n_controls) == (30, 30)
    for part, given in zip(contrast.parts(), (targets, controls), strict=True):
        np.testing.assert_array_equal(part.codes, given.codes)
    ours, theirs = contrast.split(np.arange(60))
    assert (ours[0], theirs[0], len(BACKGROUND)) == (0, 30, 4)


def test_tasks_scored_as_one_are_scored_as_each_alone_and_what_they_share_once():
    (first, controls), (second, _) = scored([WORD]), scored([WORD], seed=1)
    sides = Sides.of([first, second], [controls, controls])
    assert len(sides.both.sequences) == sum(len(part.sequences) for part in (first, second, controls))
    log_odds = motif_from_word(WORD).log_odds()
    for ours, pair in zip((first, second), sides.best_known(log_odds, strand=Strand.BOTH), strict=True):
        for part, scores in zip((ours, controls), pair, strict=True):
            expected = part.best_known(log_odds, strand=Strand.BOTH).score
            np.testing.assert_array_equal(scores, expected)
