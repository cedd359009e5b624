"""A data set small enough to train on in a tenth of a second."""

import numpy as np

from motifnet.config.train import TrainingOptions
from motifnet.datasets.compose import Dataset
from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.datasets.split import TRAIN, VALIDATION
from motifnet.models.build import build
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from tests.models.handled import handled


def toy_dataset(word="TGACTCAG", *, n=120, lengths=(30, 60), n_tasks=1, seed=0):
    """Targets with a word and controls; of two tasks, each asks about two thirds of the targets."""
    made = simulate(
        [Planted(motif_from_word(word))] if word else [],
        Background.from_gc(0.45),
        n_targets=n,
        n_controls=n,
        length=lengths,
        seed=seed,
    )
    labels = np.repeat(np.float32([1, 0]), n)[:, None].repeat(n_tasks, axis=1)
    if n_tasks > 1:
        for task in range(n_tasks):
            labels[task : n : n_tasks + 1, task] = np.nan
    part = np.where(np.arange(2 * n) % 4 == 0, VALIDATION, TRAIN).astype(np.uint8)
    return Dataset(
        Sequences.concatenate([made.targets, made.controls]),
        labels,
        part,
        np.arange(2 * n),
        tuple(f"task{i + 1}" for i in range(n_tasks)),
        np.arange(2 * n) < n,
        np.ones(labels.shape, bool),
    )


def toy_model(family="shallow", n_tasks=1, strand="tied", **options):
    """A small network with the same random weights each time."""
    import torch

    torch.manual_seed(1)
    return build(handled(strand, family=family, n_filters=4, filter_width=8, **options), n_tasks)


def toy_options(**options):
    """Training on the CPU, in short."""
    return TrainingOptions(**{"max_epochs": 4, "batch_size": 32, "device": "cpu", **options})
