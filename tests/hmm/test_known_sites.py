"""What known sites teach: rate and sharpness maximise a likelihood over all places; distances are counted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from motifnet.errors import InvalidValue
from motifnet.hmm import known_sites
from motifnet.hmm.known_sites import KnownStarts, blunted, learnt, located, taught
from motifnet.hmm.motif_hmm import PSEUDOCOUNT, MotifHMM
from motifnet.motifs import Motif
from motifnet.motifs.matrix import probabilities
from motifnet.symbols import DNA, Interval, Sequences
from motifnet.symbols.background import Background

WORD = "AGATAAGC"
MOTIF = Motif("GATA", 30 * np.eye(4)[:, DNA.encode(WORD)] + 2)
BACKGROUND = Background.from_gc(0.45)
MODEL = MotifHMM.from_motifs([MOTIF], BACKGROUND)


def drawn(rng, matrix, n, length, every):
    """A sequence with a site drawn from a matrix at each multiple of a distance, and where these are."""
    codes = rng.choice(4, length, p=BACKGROUND.probabilities).astype(np.uint8)
    starts = np.arange(n) * every + 20
    for start in starts:
        bases = [rng.choice(4, p=column) for column in matrix.T]
        codes[start : start + len(bases)] = bases
    return Sequences.from_codes([codes], ["chr"]), starts


def intervals(starts, width=8):
    return [Interval("chr", int(start), int(start) + width) for start in starts]


def of_all_places(model, sequences, known, sharpness):
    """Odds of a site at every place under a motif of some sharpness, and a known one's without its own bases.

    The latter change by as much as those of its strand.
    """
    codes, width = sequences[0], model.motifs[0].width
    background = model.background.probabilities

    def of(counts, start):
        matrix = probabilities(counts, background, PSEUDOCOUNT)
        window, both = codes[start : start + width], []
        for turned in (matrix, matrix[::-1, ::-1]):
            column = turned**sharpness * background[:, None] ** (1 - sharpness)
            chances = (column / column.sum(0))[window, np.arange(width)]
            both.append((chances / background[window]).prod())
        return np.array(both)

    odds = []
    for start in range(len(codes) - width + 1):
        counts = model.motifs[0].counts.copy()
        odds.append(of(counts, start).mean())
        if start in known:
            bases, strand = codes[start : start + width], known[start]
            counts[bases if strand == 0 else 3 - bases[::-1], np.arange(width)] -= 1
            odds[-1] *= of(counts, start)[strand] / of(model.motifs[0].counts, start)[strand]
    return np.array(odds)


def test_rate_and_sharpness_are_likeliest_given_all_places(monkeypatch):
    monkeypatch.setattr(known_sites, "_PRECISION", 1e-5)
    monkeypatch.setattr(known_sites, "_LEAST_ODDS", 1e-9)  # no place is counted in a sum
    rng = np.random.default_rng(1)
    blunt = probabilities(MOTIF.counts, BACKGROUND.probabilities) ** 0.6
    sequences, starts = drawn(rng, blunt / blunt.sum(0), 12, 600, 45)
    known = located(MODEL, 0, sequences, intervals(starts))
    lesson = learnt(MODEL, 0, sequences, known, 60)
    by_start = dict(zip(known.start.tolist(), known.strand.tolist(), strict=True))
    is_known = np.isin(np.arange(600 - 8 + 1), known.start)

    def lack(at):
        chances = np.exp(at[0]) * of_all_places(MODEL, sequences, by_start, at[1])
        fit = np.log(chances[is_known]).sum() - np.log1p(chances).sum()
        return -fit + ((at[1] - 1) / 0.25) ** 2 / 2

    best = minimize(lack, [np.log(0.02), 0.8], method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6})
    assert lesson.sharpness == pytest.approx(best.x[1], abs=0.02)
    assert np.log(lesson.rate) == pytest.approx(best.x[0], abs=0.05)


def test_a_motif_that_is_blunter_than_its_matrix_is_found_to_be():
    rng = np.random.default_rng(2)
    sharp = probabilities(MOTIF.counts, BACKGROUND.probabilities)
    found = {}
    for power in (0.5, 1.0):
        matrix = sharp**power * BACKGROUND.probabilities[:, None] ** (1 - power)
        sequences, starts = drawn(rng, matrix / matrix.sum(0), 300, 60_000, 200)
        one = taught(MODEL, sequences, {"GATA": intervals(starts)}).lessons[0]
        assert one.n_sites == 300
        assert one.rate == pytest.approx(300 / 60_000, rel=0.1)
        found[power] = one.sharpness
    assert found == pytest.approx({0.5: 0.5, 1.0: 1.0}, abs=0.12)


def test_posteriors_of_a_taught_model_sum_to_the_known_sites():
    sequences, starts = drawn(np.random.default_rng(3), np.full((4, 8), 0.25), 20, 6_000, 250)
    some = taught(MODEL, sequences, {"GATA": intervals(starts)})
    assert some.model.decode(sequences).n_sites.sum() == pytest.approx(20, rel=0.05)
    clusters = some.clustered(sequences)
    assert clusters.decode(sequences).n_sites.sum() == pytest.approx(20, rel=0.02)


def test_a_site_is_the_best_window_near_its_middle_on_either_strand_of_a_place():
    text = "CCCCCCCCCC" + WORD + "CCCCCCCCCC"
    turned = DNA.decode(DNA.reverse_complement(DNA.encode(text)))
    sequences = Sequences.from_codes(
        [DNA.encode(text), DNA.encode(turned), DNA.encode(text)],
        ["chr", "here", "there"],
        [None, Interval("g", 100, 128, "-"), Interval("g", 200, 228, "+")],
    )
    known = [
        Interval("chr", 12, 20),
        Interval("g", 108, 116),
        Interval("g", 211, 217),
        Interval("g", 500, 508),
    ]
    found = located(MODEL, 0, sequences, known)
    assert found.sequence.tolist() == [0, 1, 2]
    assert found.start.tolist() == [10, 10, 10]
    assert found.strand.tolist() == [0, 1, 0]


def test_two_sites_in_one_window_are_one_and_those_outside_are_none():
    sequences = Sequences.from_text(["CCCCCC" + WORD + "CC"], ["chr"])
    known = [Interval("chr", start, start + 8) for start in (5, 7, 400)] + [Interval("other", 5, 13)]
    assert located(MODEL, 0, sequences, known).start.tolist() == [6]


def test_distances_are_those_of_neighbours():
    start = np.array([0, 1, 20, 40, 500, 10])
    sequence = np.array([0, 0, 0, 0, 0, 1])
    known = KnownStarts(sequence, start, np.array([0, 0, 0, 1, 0, 0]))
    near = known_sites._neighbours(known, 2, 60)
    assert near.distances.argmax() + 1 in (19, 20)
    assert near.distances.sum() == pytest.approx(1)
    assert near.followed == pytest.approx((2 + 0.5) / (6 + 1))
    assert near.same_strand == pytest.approx((1 + 1) / (2 + 2))


def test_motifs_without_known_sites_stay_as_they_are():
    other = Motif("OTHER", 20 * np.eye(4)[:, [1, 1, 2, 2, 1, 1]] + 1)
    model = MotifHMM.from_motifs([MOTIF, other], BACKGROUND, rates=[1e-3, 2e-3])
    sequences, starts = drawn(np.random.default_rng(4), np.eye(4)[:, DNA.encode(WORD)], 5, 2000, 300)
    some = taught(model, sequences, {"GATA": intervals(starts)})
    assert [one is None for one in some.lessons] == [False, True]
    assert some.model.rates[1] == 2e-3
    np.testing.assert_allclose(some.model.emissions[1], model.emissions[1])
    with pytest.raises(InvalidValue, match="known sites of OTHER is 0"):
        learnt(model, 1, sequences, located(model, 1, sequences, []), 60)


def test_a_background_with_context_is_refused():
    model = MotifHMM.from_motifs([MOTIF], Background.fit(Sequences.from_text(["ACGTTGCA" * 9]), 2))
    with pytest.raises(InvalidValue, match="order of the background is 2; expected 0 with known sites"):
        taught(model, ["ACGT"], {})


def test_a_blunt_motif_is_between_itself_and_the_background():
    assert blunted(MODEL, [1.0]).emissions[0] == pytest.approx(MODEL.emissions[0])
    flat = blunted(MODEL, [0.0]).emissions[0]
    np.testing.assert_allclose(flat, np.broadcast_to(BACKGROUND.probabilities, flat.shape))


@pytest.mark.parametrize("most", [1, 2, 3, 60])
def test_neighbours_are_as_far_as_is_asked_at_most(most):
    known = known_sites.KnownStarts(np.zeros(5, np.int64), np.array([0, 1, 3, 6, 50]), np.zeros(5, np.int64))
    near = known_sites._neighbours(known, 0, most)
    assert near.distances.shape == (most,)
    assert near.distances.sum() == pytest.approx(1)
