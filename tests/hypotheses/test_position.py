"""Position: sites that lie anywhere are found to, whatever else the windows are like."""

import numpy as np
import pytest
from scipy.stats import chisquare, kstest

from motifnet.discovery.scored import Scored
from motifnet.errors import InvalidValue, TooFewSequences
from motifnet.hypotheses.blocks import alike
from motifnet.hypotheses.position_test import _gain, _median, _Placed, _Places, position
from motifnet.motifs.matrix import reverse_complement
from motifnet.stats.uniform_positions import uniform_positions
from motifnet.strand import Strand
from motifnet.symbols import UNKNOWN, Sequences
from motifnet.ties.tested import TieVerdict
from tests.hypotheses.processes import KINDS, all_turned, made
from tests.hypotheses.test_sought import of_word

MOTIF = of_word("TGACTCAGCA")
REPEAT = of_word("CACACGCACA")


def placed(some, motif=MOTIF, *, seed=0, strand=Strand.BOTH, origin=None):
    rng = np.random.default_rng(seed)
    return _Placed.of(motif, Scored.of(some), alike(some), origin, rng, strand=strand)


def brute_places(text, log_odds, strand):
    """Score of every window of known bases, by its start."""
    tables = [log_odds, reverse_complement(log_odds)] if strand.reads_both else [log_odds]
    width = log_odds.shape[1]
    return {
        start: max(
            sum(table["ACGT".index(base), i] for i, base in enumerate(text[start : start + width]))
            for table in tables
        )
        for start in range(len(text) - width + 1)
        if "N" not in text[start : start + width]
    }


@pytest.mark.parametrize("strand", [Strand.BOTH, Strand.SINGLE])
def test_places_are_those_of_known_bases_and_a_best_one_is_taken(strand):
    rng = np.random.default_rng(2)
    texts = [
        "".join(rng.choice(list("ACGTN"), size, p=[0.24, 0.24, 0.24, 0.24, 0.04])) for size in (30, 9, 61, 40)
    ]
    log_odds = of_word("TGACT").log_odds
    places = _Places.of(Sequences.from_text(texts), log_odds, strand=strand)
    expected = [brute_places(text, log_odds, strand) for text in texts]
    assert places.n_of_each.tolist() == [len(one) for one in expected]
    assert places.start.tolist() == [start for one in expected for start in one]
    np.testing.assert_allclose(places.score, [score for one in expected for score in one.values()])
    for i, chosen in enumerate(places.any_best(rng)):
        assert places.owner[chosen] == i
        assert places.score[chosen] == pytest.approx(max(expected[i].values()))


def test_of_places_that_are_equally_good_each_has_the_same_chance():
    """The leftmost of two sites would lie left of the middle more often than not."""
    some = Sequences.from_text(["TGACTCAGCA" + "T" * 20 + "TGCTGAGTCA" + "T" * 5 + "TGACTCAGCA" + "T" * 3])
    places = _Places.of(some, MOTIF.log_odds, strand=Strand.BOTH)
    rng = np.random.default_rng(0)
    starts = places.start[[places.any_best(rng)[0] for _ in range(900)]]
    where, counts = np.unique(starts, return_counts=True)
    assert where.tolist() == [0, 30, 45]
    assert chisquare(counts).pvalue > 0.001


def p_values(n_repeats, draw, motif=MOTIF):
    def one(seed):
        ranks = placed(draw(np.random.default_rng(seed)), motif, seed=seed).ranks
        return 10 ** uniform_positions(ranks, seed=seed).log10_p

    return np.array([one(seed) for seed in range(n_repeats)])


def assert_calibrated(p):
    assert (p <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(p))
    assert kstest(p, "uniform", alternative="greater").pvalue > 0.001


@pytest.mark.parametrize("kind", KINDS)
def test_sites_anywhere_are_found_to_be(kind):
    motif = REPEAT if kind == "overlapping sites" else MOTIF
    assert_calibrated(p_values(100, lambda rng: made(kind, 90, rng, length=60), motif))


def masked_flanks(rng, n=90):
    """Windows whose ends are unknown, each of its own length, as of repeats beside summits."""
    some = made("GC varies", n, rng, length=90)
    codes = []
    for i, (left, right) in enumerate(rng.integers(0, 40, (n, 2))):
        one = some[i].copy()
        one[:left] = UNKNOWN
        one[len(one) - right :] = UNKNOWN
        codes.append(one)
    return Sequences.from_codes(codes)


def test_what_is_masked_is_no_place():
    """Sites are then near to the centre, since they cannot be anywhere else."""
    assert_calibrated(p_values(100, masked_flanks))
    found = placed(masked_flanks(np.random.default_rng(0), 400))
    assert uniform_positions(found.sites).log10_p < -3
    assert uniform_positions(found.ranks).log10_p > -2


def test_lengths_may_differ():
    def mixed(rng):
        parts = [made("GC varies", 40, rng, length=length) for length in (40, 75, 140)]
        return Sequences.concatenate(parts)

    assert_calibrated(p_values(60, mixed))
    found = placed(mixed(np.random.default_rng(1)))
    assert found.elsewhere[1].sum() == pytest.approx(1)


@pytest.mark.parametrize("length", [24, 35])
def test_few_places_are_no_gain(length):
    """Bins of a window with few places hold more or fewer of them, which is no information."""
    some = placed(made("GC varies", 3_000, np.random.default_rng(5), length=length))
    test = uniform_positions(some.ranks)
    gain = _gain(some, test, None, 0.005, np.random.default_rng(0), 0)
    assert -0.04 < gain.mean < 0.003
    assert gain.high < 0.01


def test_the_middle_of_a_distribution():
    assert _median(np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.4, 0.4])) == 2
    assert _median(np.array([3.0, 1.0, 2.0, 7.0]), np.full(4, 0.25)) == 2.5


def test_turning_all_sequences_mirrors():
    some = made("GC varies", 150, np.random.default_rng(3), length=60, scatter=9)
    found, mirrored = position(some, origin=10), position(all_turned(some), origin=50)
    assert mirrored.statistic == pytest.approx(found.statistic)
    assert mirrored.effect.value == pytest.approx(found.effect.value)
    assert mirrored.effect.under_tie == pytest.approx(found.effect.under_tie)
    bars, others = found.pictures[0], mirrored.pictures[0]
    np.testing.assert_allclose(bars.expected, others.expected[::-1], atol=1e-9)


def test_sites_near_the_centre_are_found_and_the_scale_is_told():
    some = made("order 2", 150, np.random.default_rng(0), length=100, scatter=10)
    found = position(some)
    assert found.verdict is TieVerdict.REJECTED
    assert 4 < found.effect.value < 12
    assert found.effect.low <= found.effect.value <= found.effect.high < found.effect.under_tie
    assert "The place matters" in found.sentence
    assert found.gain.low > 0


def test_an_origin_is_what_distances_are_told_from():
    rng = np.random.default_rng(0)
    some = made("GC varies", 150, rng, length=100, scatter=4, turned=False)
    found = position(some, origin=80)
    assert 25 < found.effect.value < 35
    assert "crowd around -30 bp" in found.sentence or "crowd around -29 bp" in found.sentence
    assert "from base 80" in found.effect.name


def test_windows_at_random_offsets_are_justified():
    found = position(made("GC varies", 2_000, np.random.default_rng(0), length=50))
    assert found.verdict is TieVerdict.JUSTIFIED
    assert found.p > 0.01
    assert found.gain.high < 0.005


def test_motifs_of_one_strand_are_sought_there():
    some = made(
        "GC varies", 120, np.random.default_rng(0), length=50, forward=1, turned=False, word="TTGTATATA"
    )
    found = position(some, strand=Strand.SINGLE)
    assert found.n > 70
    assert found.verdict is not TieVerdict.NOT_APPLICABLE


def test_a_chance_too_small_for_a_number_is_not_0(monkeypatch):
    some = made("GC varies", 60, np.random.default_rng(0), length=50)
    tested = uniform_positions(placed(some).ranks)._replace(log10_p=-400.0)
    monkeypatch.setattr("motifnet.hypotheses.position_test.uniform_positions", lambda *_, **__: tested)
    found = position(some)
    assert found.p > 0
    assert "p = 1.0e-400" in found.sentence


def test_no_motif_or_few_sites_is_not_applicable():
    rng = np.random.default_rng(1)
    few = Sequences.concatenate(
        [made("GC varies", 20, rng, length=60, share=1), made("GC varies", 60, rng, length=60, share=0)]
    )
    found = position(few)
    assert found.verdict is TieVerdict.NOT_APPLICABLE
    assert "are needed" in found.sentence or "No motif" in found.sentence
    some = made("GC varies", 60, rng, length=50)
    found = position(some, held_out=np.arange(60) < 5)
    assert found.verdict is TieVerdict.NOT_APPLICABLE
    assert "held-out sequence" in found.sentence


def test_bad_input():
    some = made("GC varies", 50, np.random.default_rng(0), length=50)
    with pytest.raises(InvalidValue, match="origin is 50"):
        position(some, origin=50)
    with pytest.raises(InvalidValue, match="alpha"):
        position(some, alpha=1e-5)
    with pytest.raises(TooFewSequences, match="targets unlike each other: 39"):
        position(some.select(range(39)))
    with pytest.raises(TooFewSequences, match="controls: 0"):
        position(some, [])
