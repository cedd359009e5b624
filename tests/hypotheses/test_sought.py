"""Motifs that are sought know nothing of strands; their evidence is odd under turning."""

import numpy as np
import pytest

from motifnet.discovery.scored import Scored
from motifnet.errors import TooFewSequences
from motifnet.hypotheses.sought import SoughtMotif, seek
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from tests.hypotheses.processes import KINDS, all_turned, made, some_turned

UNIFORM = np.full(4, 0.25)


def of_word(word, prior=0.5, purity=0.91):
    codes = DNA.encode(word)
    return SoughtMotif(np.eye(4)[codes].T * (purity - 0.03) + (1 - purity + 0.03) / 4, UNIFORM, prior)


@pytest.mark.parametrize("kind", KINDS)
def test_turning_any_sequences_leaves_the_motifs_as_they_are(kind):
    rng = np.random.default_rng(KINDS.index(kind))
    some = made(kind, 80, rng, length=50)
    before = seek(some, seed=4)
    assert before
    for chosen in (rng.random(80) < 0.5, np.ones(80, bool)):
        after = seek(some_turned(some, chosen), seed=4)
        assert [one.prior for one in after] == [one.prior for one in before]
        for one, other in zip(before, after, strict=True):
            np.testing.assert_array_equal(one.probabilities, other.probabilities)


def test_on_one_strand_the_motif_is_the_one_that_is_read_there():
    """A search of both strands may give the reverse complement, of which no site is on the given one."""
    some = made(
        "GC varies", 150, np.random.default_rng(0), length=40, forward=1, turned=False, word="TTGTATATA"
    )
    scored = Scored.of(some)
    found = seek(some, strand=Strand.SINGLE)[0]
    best = found.best(scored, strand=Strand.SINGLE)
    assert (found.evidence(scored, best, strand=Strand.SINGLE) > np.log(2)).mean() > 0.5


def test_evidence_of_a_side_is_odd():
    rng = np.random.default_rng(1)
    some, motif = made("order 2", 60, rng), of_word("TGACTCAGCA")
    one, other = motif.side(Scored.of(some)), motif.side(Scored.of(all_turned(some)))
    np.testing.assert_allclose(one, -other, atol=1e-4)
    assert np.abs(one).max() > 1


def test_evidence_is_that_of_the_odds_of_the_best_window():
    motif, scored = of_word("TGACTCA", prior=0.2), Scored.of(Sequences.from_text(["ACTGACTCATT", "A" * 11]))
    best = motif.best(scored)
    odds = np.exp(best.score.astype(float)) * 0.2 / 0.8 / np.array([10, 10])
    np.testing.assert_allclose(motif.evidence(scored, best), np.log1p(odds), rtol=1e-5)
    odds_of_one = np.exp(best.score.astype(float)) * 0.2 / 0.8 / np.array([5, 5])
    found = motif.evidence(scored, best, strand=Strand.SINGLE)
    np.testing.assert_allclose(found, np.log1p(odds_of_one), rtol=1e-5)


@pytest.mark.parametrize("text", ["", "ACG", "NNNNNNNNNNNNN", "TGANTCATGNCTCA"])
def test_what_has_no_known_window_has_no_evidence(text):
    motif, scored = of_word("TGACTCA"), Scored.of(Sequences.from_text([text, "TGACTCA"]))
    assert motif.evidence(scored, motif.best(scored))[0] == 0
    assert motif.side(scored)[0] == 0


@pytest.mark.parametrize(("word", "is_one"), [("TGACGTCA", True), ("CACGTG", True), ("TGACTCAGCA", False)])
def test_palindromes_are_known(word, is_one):
    assert of_word(word).is_palindrome is is_one


def test_controls_that_are_none():
    with pytest.raises(TooFewSequences, match="controls: 0 sequences"):
        seek(Sequences.from_text(["ACGTACGTTTGACA"] * 9), Sequences.from_text([]))
