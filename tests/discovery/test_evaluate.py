"""Evaluation: nothing that judges has shaped, and everything is judged once."""

import dataclasses

import numpy as np
import pytest
import torch
from planted import BACKGROUND, composed, likeness, sequences, small_config

from motifnet.datasets.compose import compose, needs_cross_fit
from motifnet.datasets.controls import GivenControls
from motifnet.datasets.simulate import motif_from_word
from motifnet.datasets.split import TEST, TRAIN, VALIDATION
from motifnet.discovery import evaluate as module
from motifnet.discovery.evaluate import cross_fit, hold_out
from motifnet.discovery.kinds import Kind
from motifnet.discovery.results import Importance
from motifnet.motifs import Motif
from motifnet.progress import Silent
from motifnet.stats.enrichment import fisher
from motifnet.stats.scores import auroc
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from motifnet.training.evaluate import by_fold
from motifnet.training.workspace import Forgetful

WORD = "CCGGAAGTGA"


@pytest.fixture(scope="module")
def dataset():
    return composed([WORD])


def evaluated(way, dataset, **config):
    return way(dataset, BACKGROUND, small_config(**config), progress=Silent(), workspace=Forgetful())


def scrambled(dataset, chosen):
    """The same data set with other bases in the chosen sequences."""
    given = dataset.sequences
    codes = given.codes.copy()
    rng = np.random.default_rng(0)
    for i in chosen:
        here = slice(given.offsets[i], given.offsets[i + 1])
        codes[here] = rng.permutation(codes[here])
    return dataclasses.replace(dataset, sequences=Sequences(codes, given.offsets, given.names))


def test_the_test_part_judges_and_shapes_nothing(dataset):
    judged = evaluated(hold_out, dataset)
    held_out = dataset.indices(TEST)
    assert np.flatnonzero(~np.isnan(judged.held.scores[:, 0])).tolist() == held_out.tolist()
    counted = judged.verdicts[0].net[0]
    assert counted.n_targets == len(dataset.target_indices(TEST, 0))
    assert counted.n_controls == len(dataset.control_indices(TEST, 0))
    assert counted.log10_p < -6
    assert likeness(judged.learned.motifs[0].motif.probabilities, WORD) > 0.97
    without = evaluated(hold_out, scrambled(dataset, held_out))
    for name, value in judged.learned.model.state_dict().items():
        assert torch.equal(value, without.learned.model.state_dict()[name])
    for read, other in zip(judged.learned.motifs, without.learned.motifs, strict=True):
        np.testing.assert_array_equal(read.motif.counts, other.motif.counts)
        assert (read.threshold, read.z, read.filters) == (other.threshold, other.z, other.filters)
    # Scrambled test sequences hold no motif, and the verdict says so.
    assert without.verdicts[0].net[0].log10_p > -2


def test_a_fold_is_judged_by_what_was_learnt_without_it(dataset):
    one_round = by_fold(dataset, small_config().split)[1]
    config = small_config()
    one, other = (
        module._fold(given, one_round, BACKGROUND, config, Forgetful())[1]
        for given in (dataset, scrambled(dataset, one_round.held))
    )
    assert len(one.motifs) >= 1
    for read, same in zip(one.motifs, other.motifs, strict=True):
        np.testing.assert_array_equal(read.motif.counts, same.motif.counts)
        assert read.threshold == same.threshold
    assert one.n_targets == other.n_targets == [int(dataset.is_target[one_round.held].sum())]
    assert one.verdicts[0].net[0].log10_p < -6 < other.verdicts[0].net[0].log10_p


def test_cross_fitting_holds_every_sequence_out_once(dataset):
    judged = evaluated(cross_fit, dataset)
    assert not np.isnan(judged.held.scores).any()
    counted = judged.verdicts[0].net[0]
    assert (counted.n_targets, counted.n_controls) == (300, 300)
    assert counted.target_share == pytest.approx(0.6, abs=0.05)
    assert counted.control_share < 0.05
    assert judged.verdicts[0].auroc[0] > 0.7
    assert "cross-fitting in 3 folds" in judged.evaluation
    targets = dataset.is_target
    assert auroc(judged.held.scores[targets, 0], judged.held.scores[~targets, 0]) > 0.7


@pytest.mark.parametrize("way", [hold_out, cross_fit])
def test_windows_of_one_place_teach_each_and_are_tested_once(way):
    targets, controls = sequences([WORD], n=120, length=60)
    margin = Background.from_gc(0.4).sample(240, 30, np.random.default_rng(1))
    longer = [
        np.concatenate([left, bases, right])
        for left, bases, right in zip(
            margin[:120], map(targets.__getitem__, range(120)), margin[120:], strict=True
        )
    ]
    windows = Sequences.from_codes([one[start : start + 80] for one in longer for start in (0, 20, 40)])
    made = compose({"a": windows}, GivenControls(controls, match=False), min_length=12)
    assert (
        "240 of 360 targets overlap others; they are 120 places, which is what tests count." in made.warnings
    )
    judged = evaluated(way, made.dataset)
    tested = np.isin(made.dataset.part, [TEST] if way is hold_out else [TRAIN, VALIDATION, TEST])
    counted = judged.verdicts[0].net[0]
    assert counted.n_targets == (tested & made.dataset.is_target & made.dataset.counted[:, 0]).sum()
    assert counted.n_controls == (tested & ~made.dataset.is_target).sum()
    assert (~np.isnan(judged.held.scores[:, 0])).sum() == tested.sum()
    assert judged.learned.motifs[0].motif.counts.sum(0).max() > 120 * 0.6
    assert needs_cross_fit(made.dataset, small_config(below=121).split)
    assert not needs_cross_fit(made.dataset, small_config(below=120).split)


def test_a_fold_that_did_not_find_the_motif_has_no_sites_of_it():
    found = module._Fold(
        [],
        [module.Verdict((fisher(8, 10, 1, 20),), (fisher(9, 10, 2, 20),), (0.9,))],
        [10],
        [20],
    )
    missed = module._Fold([], [], [12], [18])
    assert module._pool([found, missed], [0, None], 0, "net") == fisher(8, 22, 1, 38)
    assert module._pool([found, missed], [0, None], 0, "plain") == fisher(9, 22, 2, 38)
    assert module._mean_auroc([found, missed], [0, None], 0) == pytest.approx((10 * 0.9 + 12 * 0.5) / 22)
    nothing = module._pool([missed], [None], 0, "net")
    assert nothing == fisher(0, 12, 0, 18)


def test_a_fold_without_targets_of_a_task_says_nothing_of_its_auroc():
    found = module._Fold(
        [], [module.Verdict((fisher(8, 10, 1, 20),), (fisher(8, 10, 1, 20),), (0.9,))], [10], [20]
    )
    empty = module._Fold(
        [], [module.Verdict((fisher(0, 0, 1, 20),), (fisher(0, 0, 1, 20),), (np.nan,))], [0], [20]
    )
    assert module._mean_auroc([found, empty], [0, 0], 0) == pytest.approx(0.9)


@pytest.fixture(scope="module")
def read(dataset):
    return evaluated(hold_out, dataset).learned.motifs[0]


def counterparts(motifs, of_fold):
    return module._counterparts(motifs, of_fold, strand=Strand.BOTH)


def test_a_counterpart_is_the_most_similar_motif_of_the_fold(read):
    stranger = read._replace(motif=Motif("2", motif_from_word("TTGACGT").counts, BACKGROUND))
    shorter = read._replace(motif=read.motif.columns(slice(1, read.motif.width)))
    assert counterparts([read], [stranger, shorter, read]) == [2]
    assert counterparts([read], [stranger, shorter]) == [1]
    assert counterparts([read], [stranger]) == [None]
    assert counterparts([read, stranger], [stranger, read]) == [1, 0]
    assert counterparts([read], []) == [None]
    assert counterparts([], [read]) == []


def test_no_motif_of_a_fold_speaks_for_two(read):
    shorter = read._replace(motif=read.motif.columns(slice(1, read.motif.width)))
    assert counterparts([shorter, read], [read]) == [None, 0]
    assert counterparts([read, shorter], [shorter, read]) == [1, 0]


@pytest.mark.parametrize("change", [{"kind": Kind.REPEAT}, {"extends": "filter9"}, {"task": 1}])
def test_what_is_tested_otherwise_is_no_counterpart(read, change):
    other = read._replace(**change)
    assert counterparts([read], [other]) == counterparts([other], [read]) == [None]
    assert counterparts([other], [other]) == [0]


def test_a_verdict_is_that_of_the_counterparts(read):
    weak, strong = (
        module.Verdict((fisher(hits, 100, 2, 100),), (fisher(hits + 1, 100, 2, 100),), (area,))
        for hits, area in ((5, 0.55), (60, 0.8))
    )
    fold = module._Fold([read, read], [weak, strong], [100], [100])
    verdict = module._verdict(read, [1], [fold], [fold], strand=Strand.BOTH)
    assert (verdict.net, verdict.plain, verdict.auroc) == (strong.net, strong.plain, strong.auroc)
    # Without a counterpart, nothing is claimed.
    nothing = module._verdict(read, [None], [fold], [fold], strand=Strand.BOTH)
    assert nothing.net[0] == fisher(0, 100, 0, 100)
    assert nothing.auroc == (0.5,)


@pytest.mark.parametrize("way", [hold_out, cross_fit])
def test_a_network_loses_the_motif_that_was_planted(dataset, way):
    judged = evaluated(way, dataset)
    lost = judged.verdicts[0].importance
    assert lost.auroc > 0.1
    assert lost.log_loss > 0.05


def test_folds_that_did_not_find_a_motif_lose_nothing():
    found, other, nowhere = (
        module._Fold(
            [module.ReadMotif(None, 0.0, 1.0, task, ("filter1",))] * (place is not None),
            [module.Verdict((), (), (), importance=Importance(0.2, 0.4))] * (place is not None),
            [10, 10], [10, 10],
        )
        for task, place in ((0, 0), (1, 0), (0, None))
    )  # fmt: skip
    assert module._mean_importance([found, nowhere], [0, None], 0) == pytest.approx((0.1, 0.2))
    assert module._mean_importance([found, other], [0, 0], 0) == pytest.approx((0.2, 0.4))
    assert module._mean_importance([other], [0], 0) is None
