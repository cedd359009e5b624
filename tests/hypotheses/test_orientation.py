"""Sites that point somewhere are told from those that bases around anchors make."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from motifnet.datasets.simulate import motif_from_word
from motifnet.errors import TooFewSequences
from motifnet.hypotheses.orientation_test import chance_of_so_many, orientation
from motifnet.motifs import Motif
from motifnet.symbols import Interval, Sequences
from motifnet.ties.tested import TieVerdict

MOTIF = motif_from_word("CTTTCTTTCC")
LENGTH = 120


def planted(
    n: int, rng: np.random.Generator, *, along: float, bound: float = 1.0, skew: float = 0.0
) -> tuple[Sequences, list[Interval]]:
    """Sequences beside anchors of either strand, whose strand has more T and C than the other."""
    even = 0.25 + skew * np.array([-1, 1, -1, 1])
    codes = rng.choice(4, (n, LENGTH), p=even).astype(np.uint8)
    word = MOTIF.counts.argmax(0).astype(np.uint8)
    for i in np.flatnonzero(rng.random(n) < bound):
        start = rng.integers(0, LENGTH - len(word))
        codes[i, start : start + len(word)] = word if rng.random() < along else 3 - word[::-1]
    is_forward = rng.random(n) < 0.5
    given = [code if forward else 3 - code[::-1] for code, forward in zip(codes, is_forward, strict=True)]
    places = [Interval("c", 5000 * i, 5000 * i + LENGTH) for i in range(n)]
    anchors = [
        Interval("c", place.start + 60, place.start + 61, "+" if forward else "-")
        for place, forward in zip(places, is_forward, strict=True)
    ]
    made = Sequences.from_codes(given)
    return Sequences(made.codes, made.offsets, made.names, places), anchors


def test_sites_that_point_along_their_anchors_are_told():
    sequences, anchors = planted(200, np.random.default_rng(0), along=0.8)
    (found,) = orientation([MOTIF], sequences, anchors)
    assert found.verdict is TieVerdict.REJECTED
    assert found.effect.low < 0.8 < found.effect.high
    assert "along the anchor" in found.sentence
    (against,) = orientation(
        [MOTIF], sequences, [one._replace(strand="+-"[one.strand == "+"]) for one in anchors]
    )
    assert against.effect.value == pytest.approx(1 - found.effect.value)
    assert "against the anchor" in against.sentence


def test_a_p_value_below_all_numbers_is_told_as_0():
    (found,) = orientation([MOTIF], *planted(2_300, np.random.default_rng(0), along=1.0))
    assert found.p == 0
    assert found.verdict is TieVerdict.REJECTED
    assert "(p = 0)" in found.sentence


def test_sites_that_lie_either_way_round_are_not():
    p_values = []
    for seed in range(10):
        (found,) = orientation([MOTIF], *planted(150, np.random.default_rng(seed), along=0.5))
        p_values.append(found.p)
    assert sum(p <= 0.1 for p in p_values) <= 3


def test_what_bases_around_anchors_make_is_no_orientation():
    """Words of T and C alone lie along anchors in bases that are mostly T and C, as nearly all of them do."""
    sequences, anchors = planted(600, np.random.default_rng(2), along=0.5, bound=0.0, skew=0.12)
    (found,) = orientation([MOTIF], sequences, anchors)
    assert found.effect.value > 0.9
    assert found.n >= 20
    assert found.verdict is not TieVerdict.REJECTED
    assert found.effect.under_tie > 0.9


def test_turning_motif_or_genome_keeps_the_answer():
    sequences, anchors = planted(150, np.random.default_rng(3), along=0.7)
    (found,) = orientation([MOTIF], sequences, anchors)
    (turned,) = orientation([MOTIF.reverse_complement()], sequences, anchors)
    assert turned.p == pytest.approx(found.p)
    assert turned.effect.value == pytest.approx(1 - found.effect.value)
    end = 5000 * 200
    flip = {"+": "-", "-": "+", ".": "."}

    def mirrored(place: Interval) -> Interval:
        return Interval("c", end - place.end, end - place.start, flip[place.strand])

    codes = [3 - sequences[i][::-1] for i in range(len(sequences))]
    made = Sequences.from_codes(codes)
    other = Sequences(made.codes, made.offsets, made.names, [mirrored(one) for one in sequences.intervals])
    (again,) = orientation([MOTIF], other, [mirrored(one) for one in anchors])
    assert (again.n, again.effect.value) == (found.n, found.effect.value)
    assert again.p == pytest.approx(found.p)


def test_sites_of_one_anchor_count_once_and_far_ones_not_at_all():
    sequences, anchors = planted(100, np.random.default_rng(4), along=1.0)
    (found,) = orientation([MOTIF], sequences, anchors[::2], max_distance=100)
    assert found.n == 50
    with pytest.raises(TooFewSequences, match="at least 20"):
        orientation([MOTIF], sequences, anchors[:10], max_distance=100)
    (few,) = orientation([MOTIF], sequences, anchors[:10], max_distance=1_000_000)
    assert few.n == 10
    assert few.verdict is TieVerdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("motif", "reason"),
    [
        (motif_from_word("TGACGTCA"), "no orientation"),
        (motif_from_word("GATTACA" * 18), "126 columns, and the longest sequence has 120 bases"),
        (Motif("one", MOTIF.counts, single_stranded=True), "one strand"),
        (motif_from_word("ACGGTTACCATGTA"), "20 are needed"),
    ],
)
def test_what_cannot_be_asked_is_told(motif: Motif, reason: str):
    (found,) = orientation([motif], *planted(60, np.random.default_rng(5), along=0.5))
    assert found.verdict is TieVerdict.NOT_APPLICABLE
    assert reason in found.sentence


def test_the_chance_of_so_many_hits_is_that_of_all_outcomes():
    chances = np.array([0.2, 0.7, 0.5, 0.9])
    for n_hits in range(5):
        tails = [0.0, 0.0]
        for outcome in product((0, 1), repeat=4):
            chance = np.prod(np.where(outcome, chances, 1 - chances))
            tails[0] += chance * (sum(outcome) <= n_hits)
            tails[1] += chance * (sum(outcome) >= n_hits)
        assert chance_of_so_many(n_hits, chances) == pytest.approx(min(2 * min(tails), 1))
    many = np.full(2_001, 0.5)
    exact = (chance_of_so_many(1_044, many[:-1]) + chance_of_so_many(1_045, many[:-1])) / 2
    assert chance_of_so_many(1_045, many) == pytest.approx(exact, rel=0.02)
