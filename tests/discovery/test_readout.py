"""From a filter to a motif: threshold on controls, sites, flanks, trimming, and what is no motif."""

import re

import numpy as np
import pytest
from planted import BACKGROUND, likeness, scored

from motifnet.config.train import DiscoveryOptions
from motifnet.discovery import readout as module
from motifnet.discovery.readout import ReadMotif, Unread, read_filters
from motifnet.discovery.refine import from_seed, tied
from motifnet.discovery.scored import Scored, Sides
from motifnet.kernels.onehot_conv import Best
from motifnet.motifs import Motif, consensus, matrix
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.ties import TIES

WORD = "CCGGAAGTGA"


def filter_of(word, width=12):
    return np.log(from_seed(DNA.encode(word), width, BACKGROUND) / BACKGROUND[:, None])


def read(weights, targets, controls, *, strand=Strand.BOTH, **options):
    (found,) = read_filters(
        weights[None],
        Sides.of(*(side if isinstance(side, list) else [side] for side in (targets, controls))),
        BACKGROUND,
        DiscoveryOptions(**options),
        strand=strand,
    )
    return found


@pytest.fixture(scope="module")
def planted():
    return scored([WORD])


@pytest.mark.parametrize("piece", ["CCGGAA", "GAAGTGA", "GGAAGT", WORD])
def test_a_filter_for_a_piece_of_the_motif_gives_the_whole_motif(planted, piece):
    found = read(filter_of(piece), *planted)
    assert isinstance(found, ReadMotif)
    assert found.motif.consensus == WORD
    assert found.filters == ("filter1",)
    assert found.motif.name == "filter1"
    assert found.task == 0
    assert found.z > 15


def test_the_motif_is_the_count_of_bases_at_sites(planted):
    found = read(filter_of(WORD), *planted)
    targets, controls = planted
    n_planted = 0.6 * len(targets.sequences)
    # At most one site a target, and hardly one by chance.
    assert 0.98 * n_planted <= found.motif.n_sites <= 1.05 * n_planted
    np.testing.assert_array_equal(found.motif.counts, found.motif.counts.round())
    scores = controls.best(found.log_odds, strand=Strand.BOTH).score
    assert (scores >= found.threshold).mean() <= 0.05


@pytest.mark.parametrize("site_fpr", [0.001, 0.01, 0.2])
def test_the_threshold_keeps_the_rate_that_was_asked_for(site_fpr):
    targets, controls = scored(["CCGGAWGTR"], seed=3)
    found = read(filter_of("CCGGAAGTG"), targets, controls, site_fpr=site_fpr)
    scores = controls.best(found.log_odds, strand=Strand.BOTH).score
    assert (scores >= found.threshold).mean() <= site_fpr


def test_orientation_is_a_matter_of_the_alphabet_alone(planted):
    weights = filter_of("GGAAGT")
    one, other = read(weights, *planted), read(weights[::-1, ::-1], *planted)
    np.testing.assert_array_equal(one.motif.counts, other.motif.counts)
    assert one.threshold == other.threshold


def test_the_given_strand_alone_keeps_its_orientation():
    targets, controls = scored(["TTCCGGTAAC"], strand=Strand.SINGLE)
    found = read(filter_of("CCGGTA"), targets, controls, strand=Strand.SINGLE)
    assert found.motif.consensus == "TTCCGGTAAC"


def test_a_motif_is_as_wide_as_allowed(planted):
    found = read(filter_of(WORD), *planted, max_width=7)
    assert found.motif.width == 7
    assert found.motif.consensus in WORD
    wide = read(filter_of(WORD), *planted, min_width=14)
    assert wide.motif.width == 14
    assert WORD in wide.motif.consensus


def test_the_task_is_the_one_where_sites_separate_best(planted):
    nothing = scored(seed=5)
    found = read(filter_of(WORD), [nothing[0], planted[0]], [nothing[1], planted[1]])
    assert found.task == 1
    assert found.motif.consensus == WORD


def test_the_matrix_is_of_the_sites_that_are_told():
    targets, controls = scored(seed=7)
    codes = targets.sequences.codes.reshape(300, -1)
    # The filter has a site at the end of these, but three columns of the motif are cut off there.
    codes[:150, :7] = DNA.encode("GGAAGTG")
    codes[150:, 30:40] = DNA.encode(WORD)
    targets = type(targets).of(targets.sequences)
    found = read(filter_of(WORD), targets, controls)
    told = targets.best_known(found.log_odds, strand=Strand.BOTH).score >= found.threshold
    assert found.motif.consensus == WORD
    np.testing.assert_allclose(found.motif.counts.sum(0), told.sum(), rtol=0.1)
    assert told.sum() == pytest.approx(150, abs=15)


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        (np.zeros((4, 12)), "hardly any target has a site that controls do not have as well"),
        (
            filter_of("TTTTGGGGCC"),
            ".* that controls do not have as well|.* than in controls|its sites have nothing in common",
        ),
    ],
)
def test_a_filter_without_sites_is_no_motif_and_says_why(planted, weights, reason):
    found = read(weights, *planted)
    assert isinstance(found, Unread)
    assert re.fullmatch(reason, found.reason)


def test_a_word_of_noise_is_no_motif():
    targets, controls = scored(seed=20)
    for word in ("TGACTCA", "GATAAG", "CACGTG"):
        assert isinstance(read(filter_of(word), targets, controls), Unread)


def test_scores_are_log_odds_in_bits(planted):
    found = read(filter_of(WORD), *planted)
    probability = matrix.probabilities(found.motif.counts, BACKGROUND, 0.1)
    np.testing.assert_allclose(found.log_odds, np.log2(probability / BACKGROUND[:, None]))
    assert consensus(probability) == WORD
    assert likeness(found.motif.probabilities, WORD) > 0.99


def sites_of_noise(n, width, rng):
    """Targets with a site each, and the motif that is counted from them."""
    codes = rng.integers(0, 4, (n, 30), dtype=np.uint8)
    targets = Scored.of(Sequences.from_codes(list(codes)))
    found = Best(np.zeros(n), rng.integers(0, 30 - width, n), rng.integers(0, 2, n).astype(bool))
    return targets, found


@pytest.mark.parametrize("tie", [None, TIES["palindrome"](8)])
def test_a_site_is_scored_as_if_it_had_not_been_counted(tie):
    rng = np.random.default_rng(3)
    targets, found = sites_of_noise(12, 8, rng)
    chosen = np.arange(0, 12, 2)

    def motif_of(sites):
        counted = np.isin(np.arange(12), sites)
        return Motif("1", tied(targets.counts(found, counted, 8, 0), tie), BACKGROUND)

    counted = module._Counted(found, chosen)
    scores = module._left_out(found, counted, motif_of(chosen), tie, targets)
    bases = targets.bases(found, np.arange(12), 8)
    for site in chosen:
        log_odds = motif_of(chosen[chosen != site]).log_odds()
        assert scores[site] == pytest.approx(log_odds[bases[site], np.arange(8)].sum())
    others = np.setdiff1d(np.arange(12), chosen)
    assert scores[others].tolist() == found.score[others].tolist()


def test_a_site_that_lies_elsewhere_now_is_scored_as_any_other():
    targets, found = sites_of_noise(12, 8, np.random.default_rng(3))
    motif = Motif("1", targets.counts(found, np.ones(12, bool), 8, 0), BACKGROUND)
    moved = found._replace(position=found.position + 1)
    counted = module._Counted(found, np.arange(12))
    assert module._left_out(moved, counted, motif, None, targets).tolist() == found.score.tolist()


def test_bases_of_sites_are_those_that_are_counted():
    targets, found = sites_of_noise(12, 8, np.random.default_rng(4))
    counts = targets.counts(found, np.ones(12, bool), 8, 0)
    bases = targets.bases(found, np.arange(12), 8)
    assert np.array_equal(counts, (bases[:, None] == np.arange(4)[:, None]).sum(0))
