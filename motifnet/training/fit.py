"""Fit a network: AdamW, early stopping on validation, resumable after every epoch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from motifnet.config.train import TrainingOptions
from motifnet.datasets.compose import Dataset
from motifnet.layers import reverse_complement
from motifnet.models.network import Network
from motifnet.progress import TAKEN_OVER, Progress, Silent
from motifnet.strand import Strand
from motifnet.training.device import choose_device, use_bfloat16
from motifnet.training.optimiser import AdamW, Plateau
from motifnet.training.targets import TARGETS

# Sequences for validation at most: more would take longer than an epoch. A convention.
_ENOUGH = 20_000
_BASES_OF_A_BATCH = 1 << 20  # at most, whatever the batch size: bounds memory where sequences are long
# Batches among which sequences are sorted by length: enough that those of a batch are about as long, few
# enough that batches stay random.
_POOL_OF_BATCHES = 50


@dataclass
class History:
    """What happened in training.

    Parameters
    ----------
    train_loss, validation_loss : list of float
        One entry an epoch; for binary targets in nats, of which ln 2 = 0.693 is no skill.
    best_epoch : int
        Epoch (from 0) whose weights were kept; -1 where the weights from before training were.
    seconds : float
        Wall time of training.
    """

    train_loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    best_epoch: int = -1
    seconds: float = 0.0


@dataclass
class _State:
    """All that a resumed run needs."""

    history: History
    best_loss: float
    best_weights: dict[str, Tensor]
    waited: int = 0


def fit(
    model: Network,
    dataset: Dataset,
    train: np.ndarray,
    validation: np.ndarray,
    options: TrainingOptions,
    *,
    progress: Progress | None = None,
    save: Callable[[dict[str, Any]], None] | None = None,
    resume_from: dict[str, Any] | None = None,
) -> History:
    """Train a model in place and leave it with its best weights, in evaluation mode.

    The weights from before training compete too: where no epoch improves the validation loss,
    the model is given back as it came.

    Parameters
    ----------
    model : Network
        As built by :func:`motifnet.models.build.build`. It sees every sequence with half a filter of
        unknown bases on either side, so that a site at the very end is seen too.
    dataset : Dataset
        Sequences and labels.
    train, validation : numpy.ndarray of int
        Indices into the dataset. Of very many for validation, some are drawn by chance, once.
    options : TrainingOptions
        How to train, and which kind of target the labels are.
    progress : Progress, optional
        Told after every epoch.
    save : callable, optional
        Called after every epoch with a state that can be resumed from.
    resume_from : dict, optional
        Such a state.

    Returns
    -------
    History

    Raises
    ------
    UnknownName
        If there is no such kind of target.
    InvalidValue
        If a label cannot be one of that kind.
    DeviceUnavailable
        If this machine lacks the device.

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.symbols import Sequences
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> from motifnet.config.train import ModelOptions
    >>> from motifnet.models.build import build
    >>> model = build(ModelOptions(n_filters=4, filter_width=8), 1)
    >>> quick = TrainingOptions(max_epochs=2, device="cpu")
    >>> history = fit(model, dataset, dataset.indices(0), dataset.indices(1), quick)
    >>> len(history.train_loss), model.training
    (2, False)
    """
    began = time.perf_counter()
    trainer = _Trainer(model, dataset, train, validation, options)
    state = trainer.start() if resume_from is None else trainer.restore(resume_from)
    first = len(state.history.train_loss)
    with (progress or Silent()).stage("train", options.max_epochs) as step:
        for _ in range(first):
            step.advance(TAKEN_OVER)
        for epoch in range(first, options.max_epochs):
            if state.waited >= options.patience:
                break
            trainer.run_epoch(epoch, state)
            if save is not None:
                save(trainer.snapshot(state))
            step.advance(f"loss {state.history.validation_loss[-1]:.4f} (best {state.best_loss:.4f})")
    model.load_state_dict(state.best_weights)
    model.eval()
    state.history.seconds = time.perf_counter() - began
    return state.history


class _Trainer:
    """The parts of one training run."""

    def __init__(
        self,
        model: Network,
        dataset: Dataset,
        train: np.ndarray,
        validation: np.ndarray,
        options: TrainingOptions,
    ) -> None:
        self.target = TARGETS[options.target]
        self.target.check(dataset.labels)
        self.model, self.dataset, self.options = model, dataset, options
        self.train, self.validation = train, _some(validation, _ENOUGH, options.seed)
        self.margin = model.width // 2
        self.device = choose_device(options.device)
        self.model.to(self.device)
        self.forward = torch.compile(model) if options.compile else model
        self.bfloat16 = use_bfloat16(options, self.device)
        self.optimiser = AdamW(model.parameters(), options.learning_rate, options.weight_decay)
        self.plateau = Plateau(factor=0.3, patience=max(1, options.patience // 3))

    def start(self) -> _State:
        return _State(History(), self.evaluate(), self._weights())

    def run_epoch(self, epoch: int, state: _State) -> None:
        state.history.train_loss.append(self._train_once(epoch))
        loss = self.evaluate()
        state.history.validation_loss.append(loss)
        self.optimiser.learning_rate *= self.plateau.factor_after(loss)
        state.waited += 1
        if loss < state.best_loss:
            state.best_loss, state.best_weights, state.waited = loss, self._weights(), 0
            state.history.best_epoch = epoch

    def _train_once(self, epoch: int) -> float:
        # An epoch's order follows from the seed and its number, so that a resumed run takes the
        # same steps as one that was never interrupted.
        rng = np.random.default_rng([self.options.seed, epoch])
        torch.manual_seed(self.options.seed * 100_003 + epoch)
        drawn = self.target.drawn(self.dataset, self.train, rng)[: self.options.epoch_size]
        weights = self._label_weights(drawn)
        augment = self.model.strand == Strand.AUGMENT
        self.model.train()
        total, n_labels = 0.0, 0
        for batch in _batches(drawn, self.dataset.sequences.lengths, self.options.batch_size, rng):
            codes, lengths = self._padded(batch)
            if augment:
                codes = _flip_some(codes, lengths, rng)
            loss, n = self._loss(codes, lengths, batch, weights)
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimiser.step()
            total, n_labels = total + float(loss.detach()) * n, n_labels + n
        return total / max(n_labels, 1)

    def _label_weights(self, indices: np.ndarray) -> Tensor:
        return self.target.weights(torch.from_numpy(self.dataset.labels[indices])).to(self.device)

    def _padded(self, batch: np.ndarray) -> tuple[Tensor, Tensor]:
        codes, lengths = self.dataset.sequences.padded(batch, self.margin)
        return torch.from_numpy(codes), torch.from_numpy(lengths)

    def _loss(self, codes: Tensor, lengths: Tensor, batch: np.ndarray, weights: Tensor) -> tuple[Tensor, int]:
        labels = torch.from_numpy(self.dataset.labels[batch]).to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
            outputs = self.forward(codes.to(self.device), lengths.to(self.device))
        return self.target.loss(outputs, labels, weights), int((~labels.isnan()).sum())

    def evaluate(self) -> float:
        """Validation loss."""
        self.model.eval()
        weights = self._label_weights(self.validation)
        lengths, batch_size = self.dataset.sequences.lengths, 4 * self.options.batch_size
        total, n_labels = 0.0, 0
        with torch.no_grad():
            for batch in _batches(self.validation, lengths, batch_size):
                loss, n = self._loss(*self._padded(batch), batch, weights)
                total, n_labels = total + float(loss) * n, n_labels + n
        return total / max(n_labels, 1)

    def _weights(self) -> dict[str, Tensor]:
        return {name: value.detach().cpu().clone() for name, value in self.model.state_dict().items()}

    def snapshot(self, state: _State) -> dict[str, Any]:
        """What :meth:`restore` needs: tensors, numbers and lists only."""
        return {
            "model": self._weights(),
            "optimiser": self.optimiser.state(),
            "plateau": self.plateau.state(),
            "train_loss": list(state.history.train_loss),
            "validation_loss": list(state.history.validation_loss),
            "best_epoch": state.history.best_epoch,
            "best_loss": state.best_loss,
            "best_weights": state.best_weights,
            "waited": state.waited,
        }

    def restore(self, saved: dict[str, Any]) -> _State:
        """The state from which a run goes on."""
        self.model.load_state_dict(saved["model"])
        self.optimiser.restore(saved["optimiser"])
        self.plateau.restore(saved["plateau"])
        history = History(list(saved["train_loss"]), list(saved["validation_loss"]), saved["best_epoch"])
        return _State(history, saved["best_loss"], saved["best_weights"], saved["waited"])


def _some(indices: np.ndarray, most: int, seed: int) -> np.ndarray:
    """The indices, or so many of them."""
    if len(indices) <= most:
        return indices
    return np.sort(np.random.default_rng(seed).choice(indices, most, replace=False))


def _batches(
    indices: np.ndarray, lengths: np.ndarray, batch_size: int, rng: np.random.Generator | None = None
) -> Iterator[np.ndarray]:
    """Batches of sequences of similar length, so that little is padded; in random order with ``rng``.

    A batch of long sequences holds fewer, so that its memory is bounded too.
    """
    batches: list[np.ndarray] = []
    for start in range(0, len(indices), batch_size * _POOL_OF_BATCHES):
        pool = indices[start : start + batch_size * _POOL_OF_BATCHES]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        fitting = min(batch_size, max(1, _BASES_OF_A_BATCH // max(1, int(lengths[pool[-1]]))))
        batches += np.array_split(pool, math.ceil(len(pool) / fitting))
    order = range(len(batches)) if rng is None else rng.permutation(len(batches))
    return (batches[i] for i in order)


def _flip_some(codes: Tensor, lengths: Tensor, rng: np.random.Generator) -> Tensor:
    """Every sequence of a padded batch reverse-complemented with probability one half."""
    flipped = torch.from_numpy(rng.random(len(codes)) < 0.5)
    return torch.where(flipped[:, None], reverse_complement(codes, lengths), codes)


def predict(model: Network, dataset: Dataset, indices: np.ndarray, batch_size: int = 512) -> np.ndarray:
    """What a network says of sequences; it keeps its mode and device.

    Parameters
    ----------
    model : Network
        On any device.
    dataset : Dataset
        Sequences; their labels are not looked at.
    indices : numpy.ndarray of int, shape=(n,)
        Which of them.
    batch_size : int
        Sequences at once.

    Returns
    -------
    numpy.ndarray of float32, shape=(n, n_tasks)
        In the order of ``indices``: of binary targets, logits.

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.symbols import Sequences
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> from motifnet.config.train import ModelOptions
    >>> from motifnet.models.build import build
    >>> model = build(ModelOptions(n_filters=4, filter_width=8), 1)
    >>> predict(model, dataset, np.array([0, 7, 2])).shape
    (3, 1)
    """
    was_training = model.training
    device = next(model.parameters()).device
    logits = np.zeros((len(indices), len(dataset.tasks)), np.float32)
    model.eval()
    with torch.no_grad():
        for places in _batches(np.arange(len(indices)), dataset.sequences.lengths[indices], batch_size):
            codes, lengths = dataset.sequences.padded(indices[places], model.width // 2)
            output = model(torch.from_numpy(codes).to(device), torch.from_numpy(lengths).to(device))
            logits[places] = output.float().cpu().numpy()
    model.train(was_training)
    return logits
