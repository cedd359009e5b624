"""Importance: a filter taken out is out, its constant is made up for, and the network stays as it was."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from motifnet.config.train import ModelOptions
from motifnet.datasets.compose import compose
from motifnet.datasets.controls import GivenControls
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.discovery.importance import _best_intercept, _log_loss, importances
from motifnet.models.build import build
from motifnet.stats.scores import auroc
from motifnet.symbols.background import Background

WORDS = ("CCGGAAGTGA", "TGAGTCATCA", "GATAAGGTCC")


@pytest.fixture(scope="module")
def dataset():
    planted = [
        Planted(motif_from_word(word), share) for word, share in zip(WORDS, (0.6, 0.3, 0), strict=True)
    ]
    made = simulate(planted, Background.from_gc(0.5), n_targets=300, n_controls=400, length=60)
    return compose({"peaks": made.targets}, GivenControls(made.controls)).dataset


def network(family="shallow", **options):
    """One that has a filter for each of the words."""
    model = build(ModelOptions(family=family, n_filters=4, filter_width=10, **options), 1)
    filters = np.stack([motif_from_word(word).log_odds() for word in WORDS]) * np.log(2)
    model.set_filters(torch.from_numpy(filters), torch.full((3,), -2.0), torch.full((1, 3), 0.7))
    return model


def found(model, dataset, *filters):
    every = np.arange(len(dataset))
    return importances(model, dataset, filters, [0] * len(filters), shaping=every[::2], held=every[1::2])


def test_the_filters_of_what_was_planted_are_needed_as_often_as_it_was(dataset):
    often, seldom, never = found(network(), dataset, ["filter1"], ["filter2"], ["filter3"])
    assert often.auroc > 1.5 * seldom.auroc > 0.1
    assert often.log_loss > 1.5 * seldom.log_loss > 0.02
    assert abs(never.auroc) < 0.02
    assert abs(never.log_loss) < 0.01


@pytest.mark.parametrize("pool", ["logsumexp", "max"])
def test_a_filter_of_the_shallow_family_is_taken_out_of_the_sum(dataset, pool):
    model, held = network(family_option=(f"pool={pool}",)), np.arange(len(dataset))[1::2]
    (one,) = found(model, dataset, ["filter1", "filter3"])
    codes, lengths = map(torch.from_numpy, dataset.sequences.padded(held, model.width // 2))
    with torch.no_grad():
        added = (model.features(codes, lengths) * model.weights[0]).numpy()
    whole, rest, is_target = added.sum(1), added[:, [1, 3]].sum(1), dataset.labels[held, 0] == 1
    expected = auroc(whole[is_target], whole[~is_target]) - auroc(rest[is_target], rest[~is_target])
    assert one.auroc == pytest.approx(expected, abs=2e-3)  # near ties are rounded differently
    assert one.auroc > 0.1


def test_the_network_stays_as_it_was(dataset):
    model = network()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    found(model, dataset, ["filter1"])
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_any_family_can_be_asked(dataset):
    model = build(ModelOptions(family="deep", n_filters=4, filter_width=9), 1)
    (one,) = found(model, dataset, ["filter2"])
    assert np.isfinite(one).all()


def test_a_task_without_held_out_targets_has_none(dataset):
    controls = np.flatnonzero(dataset.labels[:, 0] == 0)
    (one,) = importances(
        network(), dataset, [["filter1"]], [0], shaping=np.arange(len(dataset)), held=controls
    )
    assert np.isnan(one).all()


@given(
    logits=arrays.arrays(np.float64, st.integers(2, 20), elements=st.floats(-30, 30)), n=st.integers(1, 19)
)
def test_no_other_intercept_has_a_smaller_loss(logits, n):
    targets, controls = np.split(logits, [min(n, len(logits) - 1)])
    best = _best_intercept(targets, controls)
    least = _log_loss(targets + best, controls + best)
    for step in (-1.0, -0.1, 0.1, 1.0):
        assert least <= _log_loss(targets + best + step, controls + best + step) + 1e-9
