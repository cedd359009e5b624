"""An envelope changes nothing: what is read from its passes is what all cells give, or it is not used."""

import math

import numpy as np
import pytest

from motifnet.errors import InexactPosterior
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_align import align
from motifnet.kernels.pair_hmm import anchors, cpu, envelopes
from motifnet.kernels.pair_hmm.cpu import Band
from tests.benchmarks.pair_bands import Drawn, difference, drawn, told
from tests.benchmarks.pair_simulation import Process, simulated

WHOLE = Band(bits=-1)
ALIKE = 1e-5  # a band is used where sums differ by at most 1e-8, and counts of 600 bases add up


def banded(bits):
    return Band(exact_cells=0, bits=bits)


@pytest.mark.parametrize("n_classes", [1, 2])
@pytest.mark.parametrize("bits", [20, 40, 60, 100])
def test_random_pairs_under_random_models_are_those_of_all_cells(bits, n_classes):
    n_in_band = 0
    for seed in range(40):
        pair = drawn(1000 * bits + seed, n_classes, most=600)
        in_band, whole = told(pair, banded(bits)), told(pair, WHOLE)
        assert difference(in_band, whole, len(pair.y)) < ALIKE
        assert in_band.found.counts.deviation[0] <= Band().tolerance
        n_in_band += not in_band.found.is_exact
    assert n_in_band > 30  # others are not at all likely under a model of another kind


def any_gaps(seed: int) -> Drawn:
    """A random pair under another random model: gaps of any length, rare or at every third base."""
    generator = np.random.default_rng(seed)
    n_classes = 1 + seed % 2

    def gaps() -> tuple[float, tuple[float, ...]]:
        lengths = np.exp(generator.uniform(0, math.log(2000), n_classes))
        return float(10 ** generator.uniform(-5, -0.6)), tuple(np.clip(1 - 1 / lengths, 0.001, 0.9995))

    opening, extend = gaps()
    truth = simulated(
        Process(float(generator.uniform(0.001, 0.5)), min(opening, 0.1), min(extend[0], 0.99)),
        1,
        int(np.exp(generator.uniform(math.log(50), math.log(900)))),
        seed,
    )
    opening, extend = gaps()
    model = PairHmm.start(
        divergence=float(generator.uniform(0.001, 0.6)), gap_open=opening, gap_extend=extend
    )
    return Drawn(model, *truth.pairs[0])


def assert_the_same_in_an_envelope(seeds: range) -> int:
    """How many pairs were not worked on in all cells."""
    n_narrower = 0
    for seed in seeds:
        model, x, y = any_gaps(seed)
        if min(len(x), len(y)) == 0 or len(x) * len(y) > 4_000_000:
            continue
        in_band, whole = (
            cpu.posterior(model.odds, x, y, "global", band, 0.01) for band in (banded(60), WHOLE)
        )
        assert in_band.counts.log_odds[0] == pytest.approx(whole.counts.log_odds[0], abs=1e-6)
        assert np.allclose(in_band.counts.matches, whole.counts.matches, atol=1e-6)
        assert np.allclose(in_band.counts.of_gaps, whole.counts.of_gaps, atol=1e-6)
        assert np.array_equal(in_band.column, whole.column)
        assert np.allclose(in_band.probability, whole.probability, atol=1e-6)
        n_narrower += not in_band.is_exact
    return n_narrower


def test_gaps_of_any_length_are_those_of_all_cells():
    assert assert_the_same_in_an_envelope(range(100)) > 30


@pytest.mark.slow
@pytest.mark.parametrize("part", range(20))
def test_gaps_of_any_length_are_those_of_all_cells_in_10000_pairs(part):
    assert assert_the_same_in_an_envelope(range(1000 + 500 * part, 1500 + 500 * part)) > 150


@pytest.mark.parametrize("bits", [20, 40, 60, 100])
@pytest.mark.parametrize("margin", [-1, 1, 3, 5, 7, 9])
def test_gaps_that_lose_about_the_band_across_a_block(bits, margin):
    """The path leaves a strip's blocks by a match into the next one, where gaps hardly lead there."""
    extend = 2 ** (-(bits - margin) / 16)
    truth = simulated(Process(0.02, 0.003, extend), 12, 400, bits + margin)
    model = PairHmm.start(divergence=0.02, gap_open=0.003, gap_extend=extend)
    for x, y in (truth.pairs[i] for i in range(12)):
        in_band, whole = (align(model, x, y, band=band) for band in (banded(bits), WHOLE))
        assert in_band.alignment.n_matches == whole.alignment.n_matches > 380
        assert np.array_equal(in_band.alignment.columns, whole.alignment.columns)
        assert np.abs(in_band.alignment.confidence - whole.alignment.confidence).max() < 1e-5
        paths = [align(model, x, y, band=band, method="viterbi") for band in (banded(bits), WHOLE)]
        assert np.array_equal(paths[0].alignment.columns, paths[1].alignment.columns)


def moved(seed, length, stretch):
    """Two sequences with a stretch that changed its place by so many bases, between strangers."""
    rng = np.random.default_rng(seed)
    parts = [rng.integers(0, 4, n).astype(np.uint8) for n in (500, 500, stretch, length, length)]
    first, last, shared, one, other = parts
    return np.concatenate([first, shared, one, last]), np.concatenate([first, other, shared, last])


@pytest.mark.parametrize(("divergence", "opening", "extend"), [(0.2, 0.02, 0.5), (0.4, 0.04, 0.6)])
@pytest.mark.parametrize("seed", range(3))
def test_a_stretch_that_changed_its_place_is_found(seed, divergence, opening, extend):
    """It lies two long gaps off the diagonal, where words lead."""
    model = PairHmm.start(divergence=divergence, gap_open=opening, gap_extend=extend)
    x, y = moved(seed, 400, 800)
    in_band, whole = (align(model, x, y, band=band) for band in (Band(), WHOLE))
    assert in_band.alignment.score == pytest.approx(whole.alignment.score, abs=1e-6)
    assert np.array_equal(in_band.alignment.columns, whole.alignment.columns)
    assert whole.alignment.n_matches > 1700
    untold = align(model, x, y, band=Band(compared_cells=0))
    assert untold.is_whole is None or untold.is_exact


def test_where_words_lead_astray_all_cells_tell(monkeypatch):
    """Two stretches trade places; without words of the longer one, the edge of the other tells nothing."""
    generator = np.random.default_rng(0)
    first, longer, shorter, last = (
        generator.integers(0, 4, n).astype(np.uint8) for n in (500, 1000, 900, 500)
    )
    x = np.concatenate([first, longer, shorter, last])
    y = np.concatenate([first, shorter, longer, last])
    found_by_words = anchors.runs_of

    def astray(x, y):
        runs = found_by_words(x, y)
        kept = runs.x - runs.y > -900
        return anchors.SharedRuns(*(values[kept] for values in runs))

    monkeypatch.setattr(anchors, "runs_of", astray)
    model = PairHmm.start(divergence=0.2, gap_open=0.02, gap_extend=0.5)
    found, whole = align(model, x, y), align(model, x, y, band=WHOLE)
    assert found.is_whole is False
    assert found.is_exact
    assert np.array_equal(found.alignment.columns, whole.alignment.columns)
    untold = align(model, x, y, band=Band(compared_cells=0))
    assert untold.is_whole is None
    assert untold.alignment.score < whole.alignment.score - 100


@pytest.mark.parametrize("mode", ["semi-global", "local"])
@pytest.mark.parametrize("n_classes", [1, 2])
def test_parts_of_sequences_are_those_of_all_cells(mode, n_classes):
    n_narrower = 0
    for seed in range(25):
        pair = drawn(seed, n_classes, most=600)
        generator = np.random.default_rng(seed)
        one, other = (generator.integers(0, 4, size).astype(np.uint8) for size in (700, 900))
        x, y = np.concatenate([one, pair.x]), np.concatenate([pair.y, other])
        found, whole = (
            cpu.posterior(pair.model.odds, x, y, mode, band, 0.01) for band in (banded(60), WHOLE)
        )
        assert found.counts.log_odds[0] == pytest.approx(whole.counts.log_odds[0], abs=1e-9)
        assert np.allclose(found.counts.matches, whole.counts.matches, atol=1e-9)
        assert np.array_equal(found.column, whole.column)
        n_narrower += not found.is_exact
    assert n_narrower > 10


def test_the_edge_is_what_alignments_leave_by():
    """Of strips 0 to 3 of four blocks: blocks between which and those outside there is a step."""
    envelope = np.array([[0, 2], [0, 2], [1, 4], [1, 4]], np.int32)
    between = [envelopes.edge_of(envelope, s, 4) for s in range(4)]
    assert between == [(0, 1), (1, 1), (2, 2), (2, 4)]
    whole = envelopes.whole(4, 4)
    assert [envelopes.edge_of(whole, s, 4) for s in range(4)] == [(0, 4)] * 4


def test_counts_of_pairs_together_are_those_of_all_cells():
    truth = simulated(Process(0.02, 0.0015, 0.08), 20, 600, 5)
    odds = PairHmm.start(divergence=0.02, gap_open=0.003, gap_extend=0.083).odds
    arrays = [(side.codes, side.offsets) for side in (truth.pairs.x, truth.pairs.y)]
    which = np.zeros(20, np.int64)
    in_band, whole = (cpu.expected_counts(odds, *arrays, which, "global", band) for band in (Band(), WHOLE))
    assert np.allclose(in_band.matches, whole.matches, atol=ALIKE)
    assert np.allclose(in_band.of_gaps, whole.of_gaps, atol=ALIKE)
    assert in_band.deviation.max() < Band().tolerance


@pytest.mark.parametrize("length", [30, 200])
@pytest.mark.parametrize("between", [300, 2000])
def test_gaps_that_make_up_for_each_other(length, between):
    generator = np.random.default_rng(length + between)
    first, middle, last, one, other = (
        generator.integers(0, 4, n).astype(np.uint8) for n in (500, between, 500, length, length)
    )
    x, y = np.concatenate([first, one, middle, last]), np.concatenate([first, middle, other, last])
    model = PairHmm.start(divergence=0.05, gap_open=0.005, gap_extend=0.5)
    for bits in (20, 60):
        found = cpu.posterior(model.odds, x, y, "global", banded(bits), 0.01)
        assert found.counts.matches.sum() == pytest.approx(1000 + between, abs=3)


@pytest.mark.parametrize("mode", ["global", "semi-global", "local"])
def test_what_a_base_may_stand_in_sums_to_one(mode):
    pair = drawn(3, 2, most=300)
    found = cpu.posterior(pair.model.odds, pair.x, pair.y, mode, WHOLE, 0.5)
    assert 0 <= found.counts.deviation[0] < 1e-9


def test_sums_that_are_wrong_are_not_told_as_an_answer(monkeypatch):
    pair = drawn(3, 1, most=300)
    impatient = Band(bits=-1, tolerance=-1.0)
    with pytest.raises(InexactPosterior, match="please report this"):
        cpu.posterior(pair.model.odds, pair.x, pair.y, "global", impatient, 0.5)
    with pytest.raises(InexactPosterior, match="please report this"):
        cpu.best_path(pair.model.odds, pair.x, pair.y, "global", impatient)


def test_drawn_paths_of_a_band_are_those_of_all_cells():
    pair = drawn(5, 1, most=300)
    numbers = np.random.default_rng(0).random(2 * (len(pair.x) + len(pair.y) + 1))
    one, other = (
        cpu.drawn_path(pair.model.odds, pair.x, pair.y, band, numbers) for band in (banded(60), WHOLE)
    )
    assert np.array_equal(one.columns, other.columns)
