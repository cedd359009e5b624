"""Heads on the filters of a network that is trained: one for the whole window, or one that knows places.

The features of a network are pooled over all windows of its filters. Pooled over a stretch of them, they say
where in the sequence they come from. Both heads are linear and fitted in the same way: one adds to what the
network says what its filters tell of all of the window, the other one adds to that what places tell. So what
the second gains is what places tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from motifnet.config.train import TrainingOptions
from motifnet.datasets.compose import Dataset
from motifnet.datasets.dealing import folds
from motifnet.models.network import Network
from motifnet.symbols import UNKNOWN
from motifnet.training.evaluate import Parts, Scorer
from motifnet.training.targets import TARGETS

_MOST_STRETCHES = 20  # as fine as some hundred sites can tell: as many bins has the test of places of sites
_BATCH = 512  # sequences at once
_MOST_FIT = 20_000  # sequences that shape a head of some thousand weights; a bound of time
# How strongly weights are held down, from strong to weak: the grid among which the validation part decides.
_PENALTIES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
_N_INNER = 4  # parts of a fit that choose among them. A convention
_MOST_STEPS = 1_000  # of the optimiser; most fits take 50
_LEAST_SPREAD = 1e-6  # of a feature that is the same in all sequences, which is then 0


class Heads(NamedTuple):
    """Two heads on the same filters.

    Parameters
    ----------
    tied, untied : callable
        From indices of sequences, ``(n,)``, to their logits, ``(n, n_tasks)``: of the head that is the same
        for all of the window, and of the one that knows places.
    """

    tied: Scorer
    untied: Scorer


def fitted_heads(model: Network, dataset: Dataset, parts: Parts, options: TrainingOptions) -> Heads:
    """Fit both heads on what trained the network; parts of that say how strongly weights are held down.

    Parameters
    ----------
    model : Network
        Trained; it stays as it is.
    dataset : Dataset
    parts : Parts
    options : TrainingOptions
        Of which the kind of target and the seed count.

    Returns
    -------
    Heads

    Examples
    --------
    >>> from motifnet.config.train import ModelOptions
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.models.build import build
    >>> from motifnet.symbols import Sequences
    >>> from motifnet.training.evaluate import everything
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> model = build(ModelOptions(n_filters=4, filter_width=8), 1)
    >>> heads = fitted_heads(model, dataset, everything(dataset), TrainingOptions())
    >>> heads.tied(np.arange(3)).shape, heads.untied(np.arange(3)).shape
    ((3, 1), (3, 1))
    """
    features = _Features.of(model, dataset)
    rng = np.random.default_rng(options.seed)
    kind = TARGETS[options.target]
    drawn = kind.drawn(dataset, np.concatenate([parts.train, parts.validation]), rng)
    some = np.sort(drawn[:_MOST_FIT])
    described, asked = features(some), kind.contrast(dataset.labels[some])
    fold = folds(dataset.groups[some], _N_INNER, options.seed)
    heads: list[tuple[Said, Said]] = []
    for task, labels in enumerate(asked.T):
        tied = _chosen([_whole], _network(task), described, labels, fold)
        heads.append((tied, _chosen(features.kinds, tied, described, labels, fold)))

    def scorer(which: int) -> Scorer:
        def scores(chosen: np.ndarray) -> np.ndarray:
            found = features(chosen)
            return np.stack([pair[which](found) for pair in heads], 1).astype(np.float32)

        return scores

    return Heads(scorer(0), scorer(1))


class _Described(NamedTuple):
    """Some sequences: what the network says, features of all of the window, of stretches, and bases."""

    logits: np.ndarray
    whole: np.ndarray
    stretches: np.ndarray
    bases: np.ndarray | None


class _Features(NamedTuple):
    """What describes sequences to the heads."""

    model: Network
    dataset: Dataset
    n_stretches: int
    is_aligned: bool
    """Whether all sequences are of one length, so that a position is the same in all of them."""

    @classmethod
    def of(cls, model: Network, dataset: Dataset) -> _Features:
        lengths = dataset.sequences.lengths
        shortest = int(lengths.min()) + 2 * (model.width // 2) - model.width + 1
        # Stretches as wide as a filter at least, since its site begins in one; of every sequence as many.
        n_stretches = min(_MOST_STRETCHES, max(2, shortest // model.width))
        return cls(model, dataset, n_stretches, bool((lengths == lengths[0]).all()))

    @property
    def kinds(self) -> list[Kind]:
        return [_places, _bases] if self.is_aligned else [_places]

    def __call__(self, chosen: np.ndarray) -> _Described:
        logits, whole, stretches = [], [], []
        device = next(self.model.parameters()).device
        with torch.no_grad():
            for start in range(0, len(chosen), _BATCH):
                padded = self.dataset.sequences.padded(chosen[start : start + _BATCH], self.model.width // 2)
                codes, lengths = (torch.from_numpy(one).to(device) for one in padded)
                found = self.model.features(codes, lengths)
                whole.append(found.float().cpu().numpy())
                logits.append(self.model.head(found).float().cpu().numpy())
                pieces = _cut(codes, lengths, self.model.width, self.n_stretches)
                of_piece = [self.model.features(*piece).float().cpu().numpy() for piece in pieces]
                stretches.append(np.concatenate(of_piece, 1))
        joined = [np.concatenate(some) for some in (logits, whole, stretches)]
        return _Described(joined[0], joined[1], joined[2], self._bases(chosen))

    def _bases(self, chosen: np.ndarray) -> np.ndarray | None:
        """One for each base at each position, ``shape=(n, 4 * length)``; none for one that is not known."""
        if not self.is_aligned:
            return None
        codes, _ = self.dataset.sequences.padded(chosen)
        return (codes[:, :, None] == np.arange(UNKNOWN)).reshape(len(codes), -1).astype(np.float32)


def _cut(codes: Tensor, lengths: Tensor, width: int, n: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Stretches of a batch, such that every window of the filters lies within one of them."""
    n_windows = lengths - width + 1
    for i in range(n):
        first, last = i * n_windows // n, (i + 1) * n_windows // n
        size = last - first + width - 1
        column = torch.arange(int(size.max()), device=codes.device)
        at = (first[:, None] + column).clamp(max=codes.shape[1] - 1)
        piece = codes.gather(1, at)
        piece[column >= size[:, None]] = UNKNOWN
        yield piece, size


Kind = Callable[[_Described], np.ndarray]
"""Features of one kind, ``(n, n_features)``."""


def _whole(some: _Described) -> np.ndarray:
    return some.whole


def _places(some: _Described) -> np.ndarray:
    return some.stretches


def _bases(some: _Described) -> np.ndarray:
    assert some.bases is not None  # such features are asked for only where there are any
    return some.bases


Said = Callable[[_Described], np.ndarray]
"""Logits of a task, ``(n,)``."""


def _network(task: int) -> Said:
    return lambda some: some.logits[:, task]


def _chosen(
    kinds: Sequence[Kind], simpler: Said, some: _Described, labels: np.ndarray, fold: np.ndarray
) -> Said:
    """The head of the kind of features and the penalty that lose least on parts they were not fitted to."""
    asked = ~np.isnan(labels)
    losses = np.zeros((len(kinds), len(_PENALTIES)))
    rows = {kind: _Rows.of(kind, simpler, some) for kind in kinds}
    for one in np.unique(fold[asked]):
        fitted, judge = asked & (fold != one), asked & (fold == one)
        for i, kind in enumerate(kinds):
            for k, weights in enumerate(rows[kind].path(fitted, labels, _PENALTIES)):
                losses[i, k] += _losses(rows[kind].logits(weights)[judge], labels[judge]).sum()
    best, penalty = divmod(int(np.argmin(losses)), len(_PENALTIES))
    chosen = rows[kinds[best]]
    *_, weights = chosen.path(asked, labels, _PENALTIES[: penalty + 1])
    return chosen.head(weights)


class _Rows(NamedTuple):
    """Features of one kind, scaled, a row for each sequence, and what a simpler model says of it."""

    kind: Kind
    simpler: Said
    mean: np.ndarray
    scale: np.ndarray
    scaled: np.ndarray
    said: np.ndarray

    @classmethod
    def of(cls, kind: Kind, simpler: Said, some: _Described) -> _Rows:
        features = kind(some).astype(np.float64)
        mean, spread = features.mean(0), features.std(0)
        varies = spread > _LEAST_SPREAD
        scale = np.where(varies, 1 / np.maximum(spread, _LEAST_SPREAD), 0.0)
        scale /= math.sqrt(max(1, int(varies.sum())))
        return cls(kind, simpler, mean, scale, (features - mean) * scale, simpler(some))

    def logits(self, weights: np.ndarray) -> np.ndarray:
        """What the weights, the last of which stands for itself, add to what the simpler model says."""
        found: np.ndarray = self.said + self.scaled @ weights[:-1] + weights[-1]
        return found

    def path(
        self, chosen: np.ndarray, labels: np.ndarray, penalties: Sequence[float]
    ) -> Iterator[np.ndarray]:
        """Weights under one penalty after the other, each from where the one before ended."""
        from scipy.optimize import minimize
        from threadpoolctl import threadpool_limits

        fitted = self._replace(scaled=self.scaled[chosen], said=self.said[chosen])
        weights = np.zeros(self.scaled.shape[1] + 1)
        # Products of so small matrices are done before threads of BLAS have met.
        with threadpool_limits(1):
            for penalty in penalties:
                how = {"maxiter": _MOST_STEPS}
                loss = partial(fitted.penalised, labels=labels[chosen], penalty=penalty)
                weights = minimize(loss, weights, jac=True, method="L-BFGS-B", options=how).x
                yield weights

    def penalised(self, weights: np.ndarray, labels: np.ndarray, penalty: float) -> tuple[float, np.ndarray]:
        """Nats lost, targets and controls weighing alike, with the penalty of weights; and the gradient."""
        from scipy.special import expit

        logits, is_target = self.logits(weights), labels == 1
        loss = float(_losses(logits, labels).sum() + weights[:-1] @ weights[:-1] / (2 * penalty))
        slope = _balanced(labels) * (expit(logits) - is_target)
        return loss, np.append(slope @ self.scaled + weights[:-1] / penalty, slope.sum())

    def head(self, weights: np.ndarray) -> Said:
        """What the weights say of other sequences."""

        def said(some: _Described) -> np.ndarray:
            scaled = (self.kind(some) - self.mean) * self.scale
            return self._replace(scaled=scaled, said=self.simpler(some)).logits(weights)

        return said


def _losses(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Nats that each sequence loses, targets and controls weighing alike."""
    return _balanced(labels) * np.logaddexp(0, np.where(labels == 1, -logits, logits))


def _balanced(labels: np.ndarray) -> np.ndarray:
    """Weights of sequences, 1 in the mean, under which targets and controls weigh alike."""
    is_target = labels == 1
    of_kind = np.where(is_target, is_target.sum(), (~is_target).sum())
    return len(labels) / (2 * of_kind)
