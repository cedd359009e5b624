"""Training: it learns, stops, resumes bit for bit, and gives the best weights back."""

import copy
import dataclasses
import math

import numpy as np
import pytest
import torch
from toy import toy_dataset, toy_model, toy_options

from motifnet.datasets.split import TRAIN, VALIDATION
from motifnet.errors import DeviceUnavailable, InvalidValue, UnknownName
from motifnet.io.checkpoint import load_checkpoint, save_checkpoint
from motifnet.kernels.onehot_conv import dispatch
from motifnet.models.build import MODELS
from motifnet.models.network import STRANDS
from motifnet.progress import TAKEN_OVER, Silent
from motifnet.stats.scores import auroc
from motifnet.symbols import DNA
from motifnet.training import fit as module
from motifnet.training.fit import fit, predict


@pytest.fixture(scope="module")
def dataset():
    return toy_dataset()


@pytest.fixture(scope="module")
def few():
    """Enough for what does not depend on learning anything."""
    return toy_dataset(n=32)


def parts(dataset):
    return dataset.indices(TRAIN), dataset.indices(VALIDATION)


def trained(dataset, model=None, **how):
    model = toy_model() if model is None else model
    options = how.pop("options", toy_options())
    return model, fit(model, dataset, *parts(dataset), options, **how)


def weights(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def assert_same_weights(one, other):
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert torch.equal(value, other[name]), name


def seeded_model():
    """A network whose first filter knows a part of the word already."""
    model = toy_model()
    seed = torch.zeros(1, 4, 8)
    seed[0, DNA.encode("GACTCA").astype(int), range(1, 7)] = 2.0
    model.set_filters(seed, torch.zeros(1))
    return model


def test_training_finds_the_word(dataset, device):
    options = toy_options(max_epochs=12, device=device.type)
    model, history = trained(dataset, seeded_model(), options=options)
    assert next(model.parameters()).device.type == device.type
    assert history.validation_loss[history.best_epoch] < 0.5 < history.train_loss[0]
    assert history.seconds > 0
    validation = dataset.indices(VALIDATION)
    scores, truth = predict(model, dataset, validation)[:, 0], dataset.labels[validation, 0]
    assert auroc(scores[truth == 1], scores[truth == 0]) > 0.9


@pytest.mark.parametrize("strand", STRANDS)
def test_every_way_with_strands_trains(dataset, strand):
    model, history = trained(dataset, toy_model(strand=strand), options=toy_options(max_epochs=2))
    assert len(history.train_loss) == len(history.validation_loss) == 2
    assert all(map(math.isfinite, history.train_loss + history.validation_loss))
    assert not model.training


def test_several_tasks_with_labels_that_are_not_asked():
    dataset = toy_dataset(n_tasks=2, n=60)
    assert np.isnan(dataset.labels).any()
    model, history = trained(dataset, toy_model(n_tasks=2), options=toy_options(max_epochs=2))
    assert all(map(math.isfinite, history.train_loss))
    assert all(value.isfinite().all() for value in model.state_dict().values())


@pytest.fixture
def _unused_kernel():
    """The kernel as a new process has it: not yet compared with the reference."""
    dispatch._loaded.cache_clear()
    yield
    dispatch._loaded.cache_clear()


@pytest.mark.usefixtures("_unused_kernel")
def test_mixed_precision_trains_as_well_with_the_fast_kernel(dataset):
    options = toy_options(max_epochs=1, precision="bfloat16")
    model, history = trained(dataset, options=options)
    assert dispatch.implementation(torch.device("cpu")) is not None
    assert math.isfinite(history.train_loss[0])
    assert next(model.parameters()).dtype == torch.float32


@pytest.mark.parametrize("family", MODELS)
def test_two_runs_are_bit_equal_and_another_seed_is_another_run(few, family):
    one, other = (weights(trained(few, toy_model(family))[0]) for _ in range(2))
    assert_same_weights(one, other)
    third = weights(trained(few, toy_model(family), options=toy_options(seed=1))[0])
    assert any(not torch.equal(value, third[name]) for name, value in one.items())


class Killed(BaseException):
    """Stands for a signal that ends the process."""


@pytest.mark.parametrize("family", MODELS)
@pytest.mark.parametrize("epochs_done", [1, 3])
def test_a_killed_run_resumes_to_the_same_weights_bit_for_bit(few, family, epochs_done, tmp_path):
    uninterrupted, expected = trained(few, toy_model(family, strand="augment"))
    n_saved = 0

    def save_and_die(state):
        nonlocal n_saved
        save_checkpoint(tmp_path / "state.pt", "training", state)
        n_saved += 1
        if n_saved == epochs_done:
            raise Killed

    with pytest.raises(Killed):
        trained(few, toy_model(family, strand="augment"), save=save_and_die)
    torch.manual_seed(99)  # a new process has other random numbers behind it
    fresh = toy_model(family, strand="augment")
    state = load_checkpoint(tmp_path / "state.pt", "training")
    resumed, history = trained(few, fresh, resume_from=state)
    assert_same_weights(weights(resumed), weights(uninterrupted))
    assert history.train_loss == expected.train_loss
    assert history.validation_loss == expected.validation_loss
    assert history.best_epoch == expected.best_epoch


def test_epochs_that_were_taken_over_are_told_so(few):
    states, told = [], []

    class Told(Silent):
        def advance(self, note=""):
            told.append(note)

    trained(few, options=toy_options(max_epochs=3, patience=3), save=states.append)
    trained(few, options=toy_options(max_epochs=3, patience=3), resume_from=states[1], progress=Told())
    assert told[:2] == [TAKEN_OVER, TAKEN_OVER]
    assert len(told) == 3
    assert told[2].startswith("loss ")


def test_a_resumed_run_lowers_its_learning_rate_when_the_uninterrupted_one_does():
    noise = toy_dataset(word=None, n=32, seed=1)
    options = toy_options(max_epochs=6, patience=6, learning_rate=0.1)
    states, resumed = [], []
    trained(noise, options=options, save=states.append)
    trained(noise, options=options, save=resumed.append, resume_from=states[1])
    rates = [state["optimiser"]["learning_rate"] for state in states]
    assert rates[0] > rates[-1]
    assert [state["optimiser"]["learning_rate"] for state in resumed] == rates[2:]


def test_states_that_were_handed_out_stay_as_they_were(few):
    states, copies = [], []

    def keep(state):
        states.append(state)
        copies.append(copy.deepcopy(state))

    uninterrupted, _ = trained(few, save=keep)
    assert len(states) == 4
    resumed, _ = trained(few, resume_from=states[1])
    assert_same_weights(weights(resumed), weights(uninterrupted))
    for live, kept in zip(states[0]["optimiser"]["means"], copies[0]["optimiser"]["means"], strict=True):
        assert torch.equal(live, kept)


def test_a_finished_run_is_not_trained_again(dataset):
    states = []
    model, history = trained(dataset, save=states.append)
    again, resumed = trained(dataset, toy_model(), resume_from=states[-1])
    assert resumed.train_loss == history.train_loss
    assert_same_weights(weights(again), weights(model))


def test_training_stops_when_validation_gets_no_better_and_keeps_the_best_weights():
    noise = toy_dataset(word=None, n=60, seed=4)
    options = toy_options(max_epochs=40, patience=3, learning_rate=0.02)
    states = []
    model = toy_model()
    history = fit(model, noise, *parts(noise), options, save=states.append)
    best = int(np.argmin(history.validation_loss))
    assert history.best_epoch == best
    assert len(history.train_loss) == best + 1 + 3 < 40
    assert_same_weights(weights(model), states[best]["model"])
    assert not model.training


def test_a_model_that_training_only_spoils_comes_back_as_it_was():
    noise = toy_dataset(word=None, n=40, seed=5)
    model = toy_model()
    model.set_filters(torch.zeros(4, 4, 8), torch.zeros(4))  # says ln 2 of everything
    before = weights(model)
    _, history = trained(noise, model, options=toy_options(learning_rate=5.0, patience=2))
    assert history.best_epoch == -1
    assert_same_weights(weights(model), before)


def test_progress_is_told_after_every_epoch(dataset):
    notes = []

    class Told(module.Silent):
        def advance(self, note=""):
            notes.append(note)

    _, history = trained(dataset, progress=Told())
    assert len(notes) == len(history.train_loss) == 4
    assert notes[0].startswith(f"loss {history.validation_loss[0]:.4f} (best ")


def test_an_epoch_draws_no_more_sequences_than_asked(dataset, monkeypatch):
    drawn = []
    original = module._batches

    def spy(indices, *rest):
        drawn.append(len(indices))
        return original(indices, *rest)

    monkeypatch.setattr(module, "_batches", spy)
    trained(dataset, options=toy_options(max_epochs=1, epoch_size=50))
    assert sorted(drawn) == [50, 60, 60]  # training, and validation before and after it


def test_no_skill_is_ln_2_however_many_controls_there_are():
    noise = toy_dataset(word=None, n=60)
    few = ~noise.is_target | (np.arange(120) % 12 < 2)  # six controls a target
    model = toy_model()
    model.set_filters(torch.zeros(4, 4, 8), torch.zeros(4))
    some = [part[few[part]] for part in parts(noise)]
    history = fit(model, noise, *some, toy_options(max_epochs=1, learning_rate=1e-9))
    assert history.train_loss[0] == pytest.approx(math.log(2), abs=1e-4)
    assert history.validation_loss[0] == pytest.approx(math.log(2), abs=1e-4)


def test_an_unknown_target_or_device_or_label_is_said_before_training(dataset):
    with pytest.raises(UnknownName, match="no target named 'binry'; did you mean 'binary'"):
        trained(dataset, options=toy_options(target="binry"))
    labels = np.where(dataset.is_target, 2.5, 0)[:, None].astype(np.float32)
    with pytest.raises(InvalidValue, match=r"label is 2.5; expected 1 \(a sequence of the task's file\)"):
        trained(dataclasses.replace(dataset, labels=labels))
    with pytest.raises(DeviceUnavailable, match="device 'cuda:77' is not available here"):
        trained(dataset, options=toy_options(device="cuda:77"))


@pytest.mark.parametrize("family", MODELS)
def test_predictions_do_not_depend_on_order_or_batch(dataset, family):
    model = toy_model(family).train()
    order = np.random.default_rng(0).permutation(len(dataset))
    straight = predict(model, dataset, np.arange(len(dataset)))
    shuffled = predict(model, dataset, order, batch_size=7)
    assert straight.shape == (len(dataset), 1)
    np.testing.assert_allclose(shuffled, straight[order], atol=1e-5)
    assert model.training  # the borrowed model goes back as it came


def test_nothing_is_predicted_of_nothing(dataset):
    assert predict(toy_model(), dataset, np.arange(0)).shape == (0, 1)


@pytest.mark.parametrize(("n", "batch_size"), [(1, 4), (10, 3), (23, 1), (400, 2)])
def test_batches_hold_every_sequence_once(n, batch_size):
    indices = np.random.default_rng(1).permutation(n) + 5
    lengths = np.arange(500) % 17
    for rng in (None, np.random.default_rng(0)):
        batches = list(module._batches(indices, lengths, batch_size, rng))
        assert sorted(np.concatenate(batches)) == sorted(indices)
        assert max(map(len, batches)) <= batch_size
    assert list(module._batches(np.arange(0), lengths, 4)) == []


class Always:
    """Random numbers that are all the same."""

    def __init__(self, value):
        self.value = value

    def random(self, n):
        return np.full(n, self.value)


def test_a_flip_is_the_reverse_complement_of_each_sequence_within_its_length(dataset):
    chosen = np.array([0, 3, 150, 7])
    codes, lengths = map(torch.from_numpy, dataset.sequences.padded(chosen, 4))
    flipped = module._flip_some(codes, lengths, Always(0.1))
    for before, after, length in zip(codes.numpy(), flipped.numpy(), lengths.tolist(), strict=True):
        np.testing.assert_array_equal(after[:length], DNA.reverse_complement(before[:length]))
        assert (after[length:] == 4).all()
    assert torch.equal(module._flip_some(flipped, lengths, Always(0.1)), codes)
    assert torch.equal(module._flip_some(codes, lengths, Always(0.9)), codes)


def test_about_half_of_the_sequences_are_flipped(dataset):
    codes, lengths = map(torch.from_numpy, dataset.sequences.padded(np.arange(240)))
    flipped = module._flip_some(codes, lengths, np.random.default_rng(0))
    changed = (flipped != codes).any(1).float().mean().item()
    assert changed == pytest.approx(0.5, abs=0.1)
