"""Learning: candidates start filters, an interrupted run goes on, and what is dropped is named."""

import numpy as np
import pytest
import torch
from planted import BACKGROUND, Memory, composed, likeness, small_config

from motifnet.datasets.split import TRAIN, VALIDATION
from motifnet.discovery import learn as module
from motifnet.discovery.learn import learn, scored_by_task, sequences_of
from motifnet.progress import Silent
from motifnet.training.evaluate import Parts
from motifnet.training.workspace import Forgetful

WORDS = ["CCGGAAGTGA", "GATAAGRC"]


@pytest.fixture(scope="module")
def dataset():
    return composed(WORDS, share=0.5, n=200)


def learnt(dataset, workspace=None, **config):
    train, validation = dataset.indices(TRAIN), dataset.indices(VALIDATION)
    return learn(
        dataset,
        Parts(train, train, validation),
        BACKGROUND,
        small_config(**config),
        name="all",
        progress=Silent(),
        workspace=workspace or Forgetful(),
    )


def assert_same(one, other):
    for name, value in one.model.state_dict().items():
        assert torch.equal(value, other.model.state_dict()[name])
    assert [read.filters for read in one.motifs] == [read.filters for read in other.motifs]
    for ours, theirs in zip(one.motifs, other.motifs, strict=True):
        np.testing.assert_array_equal(ours.motif.counts, theirs.motif.counts)
        assert ours.threshold == theirs.threshold
    assert one.dropped == other.dropped


def test_planted_motifs_are_learnt_and_every_filter_is_accounted_for(dataset):
    found = learnt(dataset)
    matched = [[likeness(read.motif.probabilities, word) for word in WORDS] for read in found.motifs]
    assert len(found.motifs) == 2
    assert sorted(np.argmax(matched, axis=1)) == [0, 1]
    assert np.max(matched, axis=1).min() > 0.95
    named = [name for read in found.motifs for name in read.filters[:1]]
    named += [dropped.name for dropped in found.dropped]
    assert sorted(named) == [f"filter{i}" for i in range(1, 5)]
    assert all(dropped.reason for dropped in found.dropped)


def test_there_is_a_filter_for_every_candidate(dataset):
    assert learnt(dataset, n_filters=1, n_motifs=2).model.filters.shape == (2, 4, 12)


@pytest.mark.parametrize("dies_after", [1, 2, 3])
def test_an_interrupted_run_goes_on_to_the_same_end(dataset, dies_after):
    expected = learnt(dataset)
    workspace = Memory(dies_after)
    with pytest.raises(KeyboardInterrupt):
        learnt(dataset, workspace)
    assert_same(learnt(dataset, workspace), expected)


def test_candidates_that_were_found_are_not_searched_again(dataset, monkeypatch):
    workspace = Memory()
    expected = learnt(dataset, workspace)
    assert set(workspace.pieces) == {"all.candidates", "all.training"}
    monkeypatch.setattr(module, "search", None)
    assert_same(learnt(dataset, workspace), expected)


def test_a_network_starts_from_the_candidates_as_they_were_found(dataset, monkeypatch):
    monkeypatch.setattr(module, "fit", lambda *parts, **how: None)
    workspace = Memory()
    model = learnt(dataset, workspace, n_motifs=2).model
    candidates = workspace.pieces["all.candidates"]["candidates"]
    assert len(candidates) == 2
    for weights, one in zip(model.filters.detach(), candidates, strict=False):
        started = np.log(one["probabilities"].numpy() / BACKGROUND[:, None])
        np.testing.assert_allclose(weights, started, atol=1e-5)


def test_a_motif_of_two_tasks_starts_one_filter():
    dataset = composed(["CCGGAAGTGA"], ["CCGGAAGTGA"])
    workspace = Memory()
    found = learnt(dataset, workspace, n_motifs=1)
    assert len(workspace.pieces["all.candidates"]["candidates"]) == 1
    assert len(found.motifs) == 1


def test_sequences_of_a_task_are_its_targets_and_the_controls():
    dataset = composed(["CCGGAAGTGA"], ["GATAAGRC"], n=50)
    everything = np.arange(len(dataset))
    targets, controls = scored_by_task(dataset, everything)
    for task in range(2):
        assert len(targets[task].sequences) == 50
        assert len(controls[task].sequences) == 100
        np.testing.assert_array_equal(
            targets[task].sequences.codes, sequences_of(dataset, everything, task, 1).codes
        )
    few, controls = scored_by_task(dataset, everything, most=(20, 30))
    assert len(controls[0].sequences) == 30
    assert len(few[0].sequences) == 20
    places = [targets[0].sequences.names.index(name) for name in few[0].sequences.names]
    assert places[0] == 0
    assert places[-1] == 49
    assert set(np.diff(places)) <= {2, 3}
