"""Ties of a network, and how each is taken away: the plug point.

A tie is taken away such that nothing else changes: the untied network learns from the same sequences in the
same way, from the same candidates where these do not hold the tie themselves, and as many seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from motifnet.config.train import ModelOptions, TrainConfig
from motifnet.datasets.compose import Dataset
from motifnet.discovery.learn import TaskCandidate, candidates, is_new, train_from
from motifnet.errors import InvalidValue
from motifnet.hypotheses.heads import fitted_heads
from motifnet.models.build import build
from motifnet.models.network import Network
from motifnet.motifs import matrix
from motifnet.registry import Registry
from motifnet.strand import Strand
from motifnet.training.evaluate import Parts, Scorer
from motifnet.training.fit import predict


class Pair(NamedTuple):
    """What was fitted with a tie, and without it.

    Parameters
    ----------
    tied, untied : callable
        From indices of sequences, ``(n,)``, to their logits, ``(n, n_tasks)``.
    """

    tied: Scorer
    untied: Scorer


Fits = Callable[[int], Pair]
"""Fits a pair from a seed."""


@dataclass(eq=False)
class Learner:
    """Networks that learn from the same sequences: from one search, and one of each seed, kept.

    Parameters
    ----------
    dataset : Dataset
    parts : Parts
        What is learnt from.
    background : numpy.ndarray, shape=(4,)
    config : TrainConfig
        Of the tied network.

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.symbols import Sequences
    >>> from motifnet.training.evaluate import everything
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> quick = TrainConfig().with_options("training", max_epochs=1)
    >>> learner = Learner(dataset, everything(dataset), np.full(4, 0.25), quick)
    >>> learner.tied(0) is learner.tied(0), learner.scorer(learner.tied(0))(np.arange(3)).shape
    (True, (3, 1))
    """

    dataset: Dataset
    parts: Parts
    background: np.ndarray
    config: TrainConfig
    _tied: dict[int, Network] = field(default_factory=dict)

    @cached_property
    def found(self) -> list[TaskCandidate]:
        """What all its networks start from."""
        return candidates(self.dataset, self.parts, self.background, self.config)

    def tied(self, seed: int) -> Network:
        """The network as the options have it."""
        if seed not in self._tied:
            self._tied[seed] = self.network(seed)
        return self._tied[seed]

    def network(
        self, seed: int, model: ModelOptions | None = None, start: Sequence[TaskCandidate] | None = None
    ) -> Network:
        """A trained network, of other options or from other candidates where these are given."""
        config = self.config.with_options("training", seed=seed)
        if model is not None:
            config = config.model_copy(update={"model": model})
        start = self.found if start is None else start
        return train_from(start, self.dataset, self.parts, self.background, config).model

    def scorer(self, network: Network) -> Scorer:
        """What a network says of sequences."""
        return lambda chosen: predict(network, self.dataset, chosen)


@dataclass(frozen=True)
class Untying:
    """A tie of networks, and how it is taken away.

    Parameters
    ----------
    tie : str
        A clause: what is so if it holds.
    untied : str
        What is fitted without it, as the end of a sentence.
    lacking : callable
        Why a network of such options and tasks has no such tie; empty where it has.
    fits : callable
        What fits pairs from the sequences of a learner.
    """

    tie: str
    untied: str
    lacking: Callable[[TrainConfig, Sequence[str]], str]
    fits: Callable[[Learner], Fits]


UNTYINGS: Registry[Untying] = Registry("tie of a network")
"""Ties that can be taken away, by name."""

_UNTIED_ALREADY = {
    "depth": "each of its layers has weights of its own",
    "dilation": "its blocks of other dilations have weights of their own",
}
"""Ties that networks could have, and that those of no family here have."""


def ties_of(config: TrainConfig, tasks: Sequence[str]) -> list[str]:
    """The ties that a network has.

    Parameters
    ----------
    config : TrainConfig
        Of a finished run, so that its strands are settled.
    tasks : sequence of str

    Returns
    -------
    list of str
        Names in :data:`UNTYINGS`.

    Examples
    --------
    >>> ties_of(TrainConfig(), ["peaks"]), ties_of(TrainConfig(model=ModelOptions(strand="single")), "ab")
    (['position', 'strand'], ['position', 'tasks'])
    """
    return [name for name in UNTYINGS if not UNTYINGS[name].lacking(config, tasks)]


def check_untied(asked: Sequence[str], config: TrainConfig, tasks: Sequence[str]) -> None:
    """Refuse to take away a tie that is not there.

    Parameters
    ----------
    asked : sequence of str
        Names.
    config, tasks
        As of :func:`ties_of`.

    Raises
    ------
    UnknownName
        If there is no such tie.
    InvalidValue
        If the network has no such tie.

    Examples
    --------
    >>> check_untied(["strand", "position"], TrainConfig(), ["peaks"])
    >>> try:
    ...     check_untied(["tasks"], TrainConfig(), ["peaks"])
    ... except InvalidValue as problem:
    ...     print(problem.expected)
    a tie that the network of the run has (position, strand): it has one task
    """
    for name in asked:
        reason = _UNTIED_ALREADY.get(name) or UNTYINGS[name].lacking(config, tasks)
        if reason:
            has = ", ".join(ties_of(config, tasks))
            raise InvalidValue("untie", name, f"a tie that the network of the run has ({has}): {reason}")


def _no_strand(config: TrainConfig, tasks: Sequence[str]) -> str:
    reads_both = config.model.settled_strand.reads_both
    return "" if reads_both else "it reads the given strand alone (--strand single)"


def _of_one_strand(learner: Learner) -> Fits:
    """A network of the given strand alone, with as many filters for either direction.

    It starts from what is found on that strand, and from both directions of what is found on both: each with
    half of the sites.
    """
    tied = learner.config.model
    single = tied.model_copy(update={"strand": Strand.SINGLE})
    if tied.settled_strand is not Strand.AUGMENT:  # whose filters are of one strand each
        single = _multiplied(single, 2 * _n_filters(tied, learner) // _n_filters(single, learner))
    halved = [_with_half(one) for one in learner.found]
    start = [*halved, *map(_turned, halved)]
    if not tied.tie:  # which say how many filters there are for candidates of each kind
        alone = replace(learner, config=learner.config.model_copy(update={"model": single}), _tied={}).found
        start = alone + [
            one for one in start if is_new(one.candidate, alone, learner.background, strand=Strand.SINGLE)
        ]

    def fit(seed: int) -> Pair:
        untied = learner.network(seed, single, start)
        return Pair(learner.scorer(learner.tied(seed)), learner.scorer(untied))

    return fit


def _n_filters(model: ModelOptions, learner: Learner) -> int:
    return len(build(model, len(learner.dataset.tasks)).filters)


def _multiplied(model: ModelOptions, factor: int) -> ModelOptions:
    """The same with so many times as many filters, and under each tie of columns as many times as many."""
    ties = []
    for text in model.tie:
        name, colon, n = text.partition(":")
        ties.append(f"{name}:{factor * int(n)}" if colon else text)
    return model.model_copy(update={"n_filters": factor * model.n_filters, "tie": tuple(ties)})


def _with_half(one: TaskCandidate) -> TaskCandidate:
    """The same with half of the sites."""
    return one._replace(candidate=one.candidate._replace(prior=one.candidate.prior / 2))


def _turned(one: TaskCandidate) -> TaskCandidate:
    turned = matrix.reverse_complement(one.candidate.probabilities)
    return one._replace(candidate=one.candidate._replace(probabilities=turned))


def _no_columns(config: TrainConfig, tasks: Sequence[str]) -> str:
    return "" if config.model.tie else "its filters are free (no --tie)"


def _of_free_filters(learner: Learner) -> Fits:
    """The same network without ties of columns, which sought candidates without them."""
    free = replace(learner, config=learner.config.with_options("model", tie=()), _tied={})

    def fit(seed: int) -> Pair:
        return Pair(learner.scorer(learner.tied(seed)), free.scorer(free.tied(seed)))

    return fit


def _no_tasks(config: TrainConfig, tasks: Sequence[str]) -> str:
    return "" if len(tasks) > 1 else "it has one task"


def _of_each_task(learner: Learner) -> Fits:
    """A network for each task, which sought candidates in that task alone."""
    alone = [_of_task(learner, task) for task in range(len(learner.dataset.tasks))]

    def fit(seed: int) -> Pair:
        networks = [one.tied(seed) for one in alone]

        def scorer(chosen: np.ndarray) -> np.ndarray:
            said = [predict(model, one.dataset, chosen) for model, one in zip(networks, alone, strict=True)]
            return np.concatenate(said, 1)

        return Pair(learner.scorer(learner.tied(seed)), scorer)

    return fit


def _of_task(learner: Learner, task: int) -> Learner:
    """The same with one task, and what is learnt from those that it asks."""
    whole, column = learner.dataset, slice(task, task + 1)
    labels = whole.labels[:, column]
    dataset = replace(
        whole,
        labels=labels,
        tasks=whole.tasks[column],
        is_target=labels[:, 0] == 1,
        counted=whole.counted[:, column],
    )
    parts = Parts(*(chosen[~np.isnan(labels[chosen, 0])] for chosen in learner.parts))
    return Learner(dataset, parts, learner.background, learner.config)


def _no_position(config: TrainConfig, tasks: Sequence[str]) -> str:
    return ""


def _of_places(learner: Learner) -> Fits:
    """The features of the tied network along the window, and one head for all of it or for each stretch."""

    def fit(seed: int) -> Pair:
        heads = fitted_heads(learner.tied(seed), learner.dataset, learner.parts, learner.config.training)
        return Pair(heads.tied, heads.untied)

    return fit


UNTYINGS.register("strand")(
    Untying(
        "both strands are read alike",
        "the given strand alone is read, by filters of their own for either direction, twice as many",
        _no_strand,
        _of_one_strand,
    )
)
UNTYINGS.register("columns")(
    Untying(
        "columns of a filter are tied as --tie says",
        "all columns of all filters are free, and were sought free",
        _no_columns,
        _of_free_filters,
    )
)
UNTYINGS.register("tasks")(
    Untying("all tasks share their filters", "each task has a network of its own", _no_tasks, _of_each_task)
)
UNTYINGS.register("position")(
    Untying(
        "a filter counts alike wherever it is in the window",
        "filters have weights of their own in each stretch of the window, and so have bases at each position "
        "where all sequences are of one length; filters are those of the tied network",
        _no_position,
        _of_places,
    )
)
