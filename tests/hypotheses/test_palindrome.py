"""Palindromes pass, dimers of two half-sites do not, whichever strand anything was given on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.errors import InvalidValue, TooFewSequences
from motifnet.hypotheses.halves import HalfPairs, HalfSites, Mixture, PairedAnew, opposed
from motifnet.hypotheses.palindrome_test import centred, palindrome
from motifnet.motifs import Motif
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from motifnet.ties.tested import TieVerdict, Trends

UNIFORM = np.full(4, 0.25)


def drawn(matrix: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Words of a matrix, each on a random strand."""
    words = (rng.random((n, 1, matrix.shape[1])) > np.cumsum(matrix, 0)[None, :-1]).sum(1)
    return np.where(rng.random(n)[:, None] < 0.5, 3 - words[:, ::-1], words).astype(np.uint8)


def planted(words: np.ndarray, length: int, rng: np.random.Generator) -> Sequences:
    """Each word in a sequence of its own, of which the content of G and C varies."""
    gc = rng.beta(8, 8, len(words))[:, None]
    codes = np.where(rng.random((len(words), length)) < gc, rng.integers(1, 3, (len(words), length)), 0)
    at_ends = rng.integers(0, 2, codes.shape) * 3
    codes = np.where(codes == 0, at_ends, codes).astype(np.uint8)
    start = rng.integers(0, length - words.shape[1], len(words))
    np.put_along_axis(codes, start[:, None] + np.arange(words.shape[1]), words, 1)
    return Sequences.from_codes(list(codes))


def half(rng: np.random.Generator, width: int = 5) -> np.ndarray:
    return rng.dirichlet(np.full(4, 0.12), width).T * 0.92 + 0.02


def joined(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.concatenate([one, other[::-1, ::-1]], axis=1)


def turned(sequences: Sequences) -> Sequences:
    return Sequences.from_codes([3 - sequences[i][::-1] for i in range(len(sequences))])


def test_palindromes_are_seldom_rejected():
    p_values = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        one = half(rng)
        motif = Motif("m", 100 * joined(one, one))
        found = palindrome([motif], planted(drawn(joined(one, one), 150, rng), 60, rng), seed=seed)
        p_values.append(found[0].p)
    # Of 8 at 10% there are more than 3 once in two hundred times; the benchmark has thousands.
    assert np.isfinite(p_values).sum() >= 6
    assert np.nansum(np.array(p_values) <= 0.1) <= 3


def test_a_dimer_of_two_half_sites_is_rejected_and_its_columns_are_told():
    rng = np.random.default_rng(1)
    matrix = motif_from_word("TTGACCYAGGC").probabilities * 0.88 + 0.03
    (found,) = palindrome([Motif("dimer", 100 * matrix)], planted(drawn(matrix, 300, rng), 60, rng))
    assert found.verdict is TieVerdict.REJECTED
    assert found.p <= 0.002
    assert found.effect.low > found.effect.under_tie
    assert found.gain.low > 0.05
    assert found.df is None
    assert found.tie.n_free < found.tie.shape[1] * 4


def test_nothing_depends_on_the_strand_that_was_given():
    rng = np.random.default_rng(2)
    matrix = motif_from_word("TGACSTYA").probabilities * 0.88 + 0.03
    motif = Motif("m", 100 * matrix)
    sequences = planted(drawn(matrix, 200, rng), 50, rng)
    as_given = palindrome([motif], sequences)[0]
    for motifs, targets in (
        ([motif.reverse_complement()], sequences),
        ([motif], turned(sequences)),
    ):
        (found,) = palindrome(motifs, targets)
        assert found.n == as_given.n
        assert found.statistic == pytest.approx(as_given.statistic, abs=1e-6)
        assert found.p == as_given.p
        assert found.gain == pytest.approx(as_given.gain, abs=1e-6)


def test_many_motifs_are_judged_together_and_keep_their_order():
    rng = np.random.default_rng(3)
    one = half(rng)
    matrices = [joined(one, half(rng)), joined(one, one)]
    sequences = Sequences.concatenate([planted(drawn(m, 250, rng), 60, rng) for m in matrices])
    found = palindrome([Motif(f"m{i}", 100 * m) for i, m in enumerate(matrices)], sequences, subject="set")
    assert [one.subject for one in found] == ["m0 in set", "m1 in set"]
    assert [one.verdict is TieVerdict.REJECTED for one in found] == [True, False]
    assert any("q-value" in note for note in found[0].notes)


def test_held_out_sequences_alone_are_looked_at():
    rng = np.random.default_rng(4)
    matrix = motif_from_word("TTGACCYAGGC").probabilities * 0.88 + 0.03
    sequences = planted(drawn(matrix, 200, rng), 60, rng)
    held_out = np.arange(200) < 60
    (some,) = palindrome([Motif("m", 100 * matrix)], sequences, held_out=held_out)
    (same,) = palindrome([Motif("m", 100 * matrix)], sequences.select(np.flatnonzero(held_out)))
    assert (some.p, some.n, some.statistic) == (same.p, same.n, same.statistic)
    assert some.n <= 60


@pytest.mark.parametrize(
    ("motif", "reason"),
    [
        (motif_from_word("GA"), "4 are needed"),
        (motif_from_word("GATTACAGATTACA" * 5), "73 columns, and the longest sequence has 60 bases"),
        (motif_from_word("ACGTTGCAACCGGTT"), "20 are needed"),
        (replace(motif_from_word("ACGTTGCA"), alphabet="RNA", single_stranded=True), "no reverse complement"),
    ],
)
def test_what_cannot_be_asked_is_told(motif: Motif, reason: str):
    rng = np.random.default_rng(5)
    sequences = planted(drawn(np.full((4, 4), 0.25), 100, rng), 60, rng)
    (found,) = palindrome([motif], sequences)
    assert found.verdict is TieVerdict.NOT_APPLICABLE
    assert reason in found.sentence


def test_few_sequences_are_refused_with_the_number_needed():
    sequences = planted(
        drawn(np.full((4, 4), 0.25), 12, np.random.default_rng(6)), 60, np.random.default_rng(0)
    )
    with pytest.raises(TooFewSequences, match="12 sequences; at least 20"):
        palindrome([motif_from_word("ACGT")], sequences)


def test_the_axis_is_where_a_matrix_is_most_like_its_reverse_complement():
    even = centred(motif_from_word("AACACGTG").probabilities, UNIFORM)
    odd = centred(motif_from_word("TGACTCA").probabilities, UNIFORM)
    assert even.probabilities.shape == (4, 10)
    assert odd.probabilities.shape == (4, 7)
    assert centred(motif_from_word("CACGTG").probabilities, UNIFORM).similarity == pytest.approx(1)


def test_the_mixture_is_as_likely_as_said_and_never_less_likely_than_the_palindrome():
    """The gain of a fit is that of its matrices, summed up site by site in plain Python."""
    rng = np.random.default_rng(7)
    for width in (6, 7):
        matrix = rng.dirichlet(np.ones(4), width).T
        sites = HalfSites.of(drawn(matrix, 60, rng))
        pairs = HalfPairs.as_found(sites)
        untied = Mixture(sites, matrix).fit(pairs)
        words = np.concatenate(
            [sites.left, *([] if width % 2 == 0 else [sites.middle[:, None]]), 3 - sites.right[:, ::-1]],
            axis=1,
        )
        gain = 0.0
        for word in words:
            forward = np.prod([untied.matrix[base, j] for j, base in enumerate(word)])
            backward = np.prod([untied.matrix[base, j] for j, base in enumerate(3 - word[::-1])])
            tied = np.prod([untied.tied[base, j] for j, base in enumerate(word)])
            gain += np.log((forward + backward) / 2 / tied)
        assert untied.gain == pytest.approx(gain, abs=1e-3)
        assert untied.gain >= 0
        assert untied.tied == pytest.approx(untied.tied[::-1, ::-1])


def test_opposed_halves_are_what_two_laws_leave():
    """Of a mixture of two laws, the statistic comes to the squared difference over four."""
    rng = np.random.default_rng(8)
    one, other = half(rng, 4), half(rng, 4)
    sites = HalfSites.of(drawn(joined(one, other), 40_000, rng))
    statistic, direction = opposed(Mixture(sites, joined(one, other)).one_hot, HalfPairs.as_found(sites))
    difference = (one - other).T.ravel()
    assert statistic == pytest.approx(difference @ difference / 4, rel=0.05)
    assert abs(direction @ difference) == pytest.approx(np.linalg.norm(difference), rel=0.01)


def test_pairs_are_chosen_by_score_as_sites_were():
    """Of independent halves above a threshold, drawn pairs have the same scores and the same halves."""
    rng = np.random.default_rng(9)
    halves = rng.integers(0, 4, (2, 6_000)).astype(float)
    above = halves.sum(0) >= 4
    left, right = halves[:, above]
    kept = float(above.mean())
    paired = PairedAnew(np.concatenate([left, right]), None, np.zeros(4), 4.0, kept, rng)
    scores = np.concatenate([left, right])
    draws = [paired.draw(np.random.default_rng(i)) for i in range(20)]
    drawn_left = np.concatenate([scores[one.left] for one in draws])
    drawn_right = np.concatenate([scores[one.right] for one in draws])
    assert (drawn_left + drawn_right).min() >= 4
    assert np.corrcoef(drawn_left, drawn_right)[0, 1] == pytest.approx(
        np.corrcoef(left, right)[0, 1], abs=0.04
    )
    assert np.bincount(drawn_left.astype(int)) / len(drawn_left) == pytest.approx(
        np.bincount(scores.astype(int)) / len(scores), abs=0.03
    )


def test_a_level_below_all_p_values_of_draws_is_refused():
    some = Sequences.from_text(["ACGTTGCA" * 5])
    with pytest.raises(InvalidValue, match="alpha"):
        palindrome([motif_from_word("TGACGTCA")], some, alpha=1e-4)


def test_letting_go_of_the_tie_by_degrees_begins_at_nothing_and_ends_at_the_gain():
    words = [motif_from_word(word) for word in ("TGACGTCA", "TGACCCAG")]
    made = simulate(
        [Planted(motif, 0.9) for motif in words],
        Background.from_gc(0.5),
        n_targets=200,
        n_controls=0,
        length=60,
    )
    for found, is_palindrome in zip(palindrome(words, made.targets), (True, False), strict=True):
        (softened,) = (one for one in found.pictures if isinstance(one, Trends))
        (line,) = softened.lines.values()
        assert np.all(line[0] == 0)
        assert tuple(line[-1]) == (found.gain.mean, found.gain.low, found.gain.high)
        assert (line[:, 0].argmax() == 0) == is_palindrome
