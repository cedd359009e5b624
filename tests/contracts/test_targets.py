"""The contract of targets: what every registered kind keeps; one that is new, here, gets all of it."""

import dataclasses
import json

import numpy as np
import pytest
import torch
from torch import Tensor

from motifnet.config.train import DiscoveryOptions, ModelOptions, SplitOptions, TrainConfig, TrainingOptions
from motifnet.datasets.compose import compose
from motifnet.datasets.controls import GivenControls
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.datasets.split import TEST, TRAIN, VALIDATION
from motifnet.discovery.discover import discover
from motifnet.errors import InvalidValue
from motifnet.models.build import build
from motifnet.models.saved import TrainedModel, read_trained, write_trained
from motifnet.registry import Registry
from motifnet.report.charts.evaluation import share_chart
from motifnet.symbols.background import Background
from motifnet.training import target as targets_module
from motifnet.training import targets
from motifnet.training.evaluate import by_fold, by_part, held_out
from motifnet.training.fit import fit, predict
from motifnet.training.target import Target
from motifnet.training.targets import TARGETS
from motifnet.training.task_metrics import Figure, TaskMetrics


class Counts(Target):
    """How often something was counted in a sequence; the network says the logarithm of what is expected."""

    labels = "a whole number, 0 or more, or not a number (not counted)"

    def is_valid(self, labels: np.ndarray) -> np.ndarray:
        return (labels >= 0) & (labels == np.round(labels))

    def weights(self, labels: Tensor) -> Tensor:
        return labels.nanmean(0)

    def loss(self, outputs: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        asked = ~labels.isnan()
        truth = torch.where(asked, labels, 0.0)
        each = torch.nn.functional.poisson_nll_loss(outputs.float(), truth, reduction="none") / (1 + weights)
        return (each * asked).sum() / asked.sum().clamp(min=1)

    def drawn(self, dataset, train, rng):
        return rng.permutation(train)

    def contrast(self, labels: np.ndarray) -> np.ndarray:
        return np.where(np.isnan(labels), np.nan, labels > np.nanmedian(labels, 0)).astype(np.float32)

    def comparable(self, outputs, labels):
        return outputs

    def metrics(self, dataset, held, task) -> TaskMetrics:
        scores = held.scores
        labels = dataset.tested_labels[:, task]
        judged = ~np.isnan(scores[:, task]) & ~np.isnan(labels)
        r = np.corrcoef(scores[judged, task], np.log1p(labels[judged]))[0, 1]
        figures = Figure("n_sequences", "Held-out sequences", int(judged.sum())), Figure("r", "r", float(r))
        return TaskMetrics(dataset.tasks[task], figures, "correlation {r}")


LABELS = {"counts": lambda rng, has_site: rng.poisson(np.where(has_site, 20, 3))}
"""Labels of each kind for sequences with a site and without; 1 and 0 for a kind that is not here."""


@pytest.fixture
def known(monkeypatch):
    """The registered kinds, and one that is defined here."""
    more = Registry("target")
    for name in TARGETS:
        more.register(name)(TARGETS[name])
    more.register("counts")(Counts())
    monkeypatch.setattr(TARGETS, "_entries", more._entries)
    return TARGETS


@pytest.fixture(params=[*TARGETS, "counts"])
def kind(request, known):
    """The name of each kind."""
    return request.param


@pytest.fixture(scope="module")
def composed():
    background = Background.from_gc(0.4)
    made = simulate(
        [Planted(motif_from_word("CCGGAAGTGA"), 0.9)],
        background, n_targets=150, n_controls=150, length=60, seed=2,
    )  # fmt: skip
    return compose(
        {"a": made.targets, "b": made.targets}, GivenControls(made.controls), min_length=12
    ).dataset


@pytest.fixture
def dataset(composed, kind):
    """Sequences with labels of that kind, some of which were not asked for."""
    labelled = LABELS.get(kind, lambda rng, has_site: has_site)
    labels = labelled(np.random.default_rng(0), composed.is_target)
    labels = np.stack([labels, labels], 1).astype(np.float32)
    labels[::5, 1] = np.nan
    return dataclasses.replace(composed, labels=labels)


def options(kind, **more):
    return TrainingOptions(target=kind, max_epochs=4, device="cpu", batch_size=32, **more)


def network():
    torch.manual_seed(1)
    return build(ModelOptions(n_filters=4, filter_width=10), 2)


def test_every_module_of_the_folder_is_a_kind():
    assert {type(TARGETS[name]).__module__.rpartition(".")[2] for name in TARGETS} == set(targets.MODULES)
    assert len(TARGETS) == len(targets.MODULES) >= 1
    assert TARGETS is targets_module.TARGETS
    assert TrainingOptions().target in TARGETS


def test_labels_are_checked(kind, dataset, known):
    known[kind].check(dataset.labels)
    labels = dataset.labels.copy()
    labels[7] = -0.5
    with pytest.raises(InvalidValue, match=r"label is -0.5; expected"):
        known[kind].check(labels)


def test_the_loss_is_a_mean_over_what_was_asked(kind, dataset, known):
    entry, labels = known[kind], torch.from_numpy(dataset.labels)
    weights = entry.weights(labels)
    outputs = torch.randn(labels.shape, requires_grad=True)
    loss = entry.loss(outputs, labels, weights)
    loss.backward()
    assert (loss.shape, loss.dtype) == ((), torch.float32)
    assert loss.isfinite()
    assert (outputs.grad[labels.isnan()] == 0).all()
    assert (outputs.grad[~labels.isnan()] != 0).all()
    twice = entry.loss(*(torch.cat([one, one]) for one in (outputs, labels)), weights)
    torch.testing.assert_close(twice, loss)
    assert entry.loss(outputs.bfloat16(), labels, weights).dtype == torch.float32
    assert entry.loss(outputs, torch.full_like(labels, torch.nan), weights) == 0


def test_an_epoch_draws_from_the_training_part_afresh(kind, dataset, known):
    train = dataset.indices(TRAIN)
    drawn = [known[kind].drawn(dataset, train, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert set(drawn[0]) <= set(train)
    assert len(set(drawn[0])) == len(drawn[0]) > 0
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


def test_motifs_have_something_to_be_searched_in_and_compared_with(kind, dataset, known):
    contrast = known[kind].contrast(dataset.labels)
    assert (contrast.dtype, contrast.shape) == (np.float32, dataset.labels.shape)
    assert set(np.unique(contrast[~np.isnan(contrast)])) == {0, 1}
    assert np.isnan(contrast[np.isnan(dataset.labels)]).all()


def test_it_trains_is_held_out_and_is_told(kind, dataset, known, tmp_path):
    entry = known[kind]

    def learn(one):
        model = network()
        fit(model, dataset, one.parts.train, one.parts.validation, options(kind))
        return lambda chosen: predict(model, dataset, chosen)

    for rounds in (by_part(dataset), by_fold(dataset, SplitOptions(n_folds=3), seed=1)[:2]):
        found = held_out(dataset, rounds, learn, entry.comparable)
        judged = np.concatenate([one.held for one in rounds])
        np.testing.assert_array_equal(np.flatnonzero(found.round >= 0), np.sort(judged))
        assert np.isfinite(found.scores[judged]).all()
        metrics = [entry.metrics(dataset, found, task) for task in range(2)]
        assert [one.task for one in metrics] == list(dataset.tasks)
        for one in metrics:
            assert "{" not in one.told(one.headline, "{:.3f}".format)
            assert np.isfinite(one.main.value)
            json.dumps({figure.name: figure.value for figure in one.figures})
            assert all("<svg" in share_chart(chart, one) for chart in one.charts)


def test_what_tests_leave_out_has_no_say(kind, dataset, known):
    """Whatever was said of it: network and baselines are asked without it."""
    entry, n = known[kind], len(dataset)
    rng = np.random.default_rng(0)
    left_out = np.arange(n) % 3 == 0
    counted = dataset.counted & ~left_out[:, None]
    said = rng.normal(size=(n, 2)).astype(np.float32)
    told = []
    some = dataclasses.replace(dataset, counted=counted)
    for value in (-9, 9):
        said[left_out] = value * dataset.labels[left_out].clip(-1, 1)
        found = held_out(dataset, by_part(dataset), lambda _: said.__getitem__)
        metrics = [entry.metrics(some, found, task) for task in range(2)]
        told.append([{one.name: one.value for one in of_task.figures} for of_task in metrics])
    np.testing.assert_equal(told[0], told[1])
    n_counted = (~np.isnan(found.scores) & ~np.isnan(some.tested_labels)).sum(0)
    for figures, of_task in zip(told[0], n_counted, strict=True):
        assert sum(value for value in figures.values() if isinstance(value, int)) == of_task


def test_training_lowers_the_loss(kind, dataset, known):
    model = network()
    history = fit(model, dataset, dataset.indices(TRAIN), dataset.indices(VALIDATION), options(kind))
    assert history.train_loss[-1] < history.train_loss[0]
    assert history.best_epoch >= 0


@pytest.mark.parametrize("below", [0, 10_000], ids=["part", "folds"])
def test_discovery_goes_through_it(kind, below, dataset, known, tmp_path):
    config = TrainConfig(
        split=SplitOptions(cross_fit_below=below, n_folds=3),
        model=ModelOptions(n_filters=4, filter_width=12),
        training=options(kind),
        discovery=DiscoveryOptions(n_motifs=1),
    )
    found = discover(dataset, np.array([0.3, 0.2, 0.2, 0.3]), config)
    assert found.motifs[0].significant
    assert [one.task for one in found.metrics] == list(dataset.tasks)
    background = np.array([0.3, 0.2, 0.2, 0.3])
    model = TrainedModel(found.model, found.model_options, dataset.tasks, 0, background, kind)
    write_trained(tmp_path / "model.pt", model)
    again = read_trained(tmp_path / "model.pt")
    assert again.target == kind
    test = dataset.indices(TEST)
    np.testing.assert_array_equal(predict(again.network, dataset, test), predict(found.model, dataset, test))
