"""Learn motifs from some of the sequences: search, train a network from there, read its filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch

from motifnet.config.train import ModelOptions, TrainConfig
from motifnet.datasets.compose import Dataset
from motifnet.discovery.baum_welch import refined
from motifnet.discovery.merge import merge_filters
from motifnet.discovery.readout import ReadMotif, Unread, read_filters
from motifnet.discovery.results import Dropped
from motifnet.discovery.scored import Scored, Sides
from motifnet.discovery.search import Candidate, search
from motifnet.models.build import build
from motifnet.models.network import Network
from motifnet.motifs import compare, consensus
from motifnet.progress import TAKEN_OVER, Progress, Silent
from motifnet.stats.evenly import evenly
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.ties.of_filters import FilterTies
from motifnet.training.evaluate import Parts
from motifnet.training.fit import fit
from motifnet.training.targets import TARGETS
from motifnet.training.workspace import Forgetful, Workspace

# Similarity from which two tasks' candidates start one filter: above 0.8, where motifs are one, since tasks
# may differ in what they tell of a site. A convention.
_SAME_IN_TWO_TASKS = 0.9
_START_WEIGHT = 0.8  # weight of a candidate in its task; 1 would be the ZOOPS mixture itself
_OTHER_WEIGHT = 0.05  # weight of everything else: small, and not 0, from which gradients would come slowly
_MOST_READ = 20_000  # targets from which filters are read: a bound of time and memory
_FEWEST_READ = 2_000  # controls that thresholds rest on, where targets are fewer: a hundred pass at 5%


class TaskCandidate(NamedTuple):
    """A candidate and the task it was found in.

    Parameters
    ----------
    candidate : Candidate
    task : int
        Column of the labels.
    """

    candidate: Candidate
    task: int


class Trained(NamedTuple):
    """A trained network.

    Parameters
    ----------
    model : Network
    model_options : ModelOptions
        What it was built from, with at least one filter a candidate.
    """

    model: Network
    model_options: ModelOptions


class Learned(NamedTuple):
    """What was learnt.

    Parameters
    ----------
    model : Network
        Trained.
    model_options : ModelOptions
        What it was built from, with at least one filter a candidate.
    motifs : list of ReadMotif
        Without duplicates, best in training first.
    dropped : list of Dropped
        Filters without a motif of their own.
    """

    model: Network
    model_options: ModelOptions
    motifs: list[ReadMotif]
    dropped: list[Dropped]


def contrasted(dataset: Dataset, config: TrainConfig) -> Dataset:
    """The same with 1 for what motifs are searched in, 0 for what that is compared with, NaN for neither.

    What these are is for the kind of target to say: see :meth:`motifnet.training.target.Target.contrast`.

    Parameters
    ----------
    dataset : Dataset
    config : TrainConfig
        Of which the kind of target counts.

    Returns
    -------
    Dataset

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> int(contrasted(dataset, TrainConfig()).labels.sum())
    50
    """
    return replace(dataset, labels=TARGETS[config.training.target].contrast(dataset.labels))


def learn(
    dataset: Dataset,
    parts: Parts,
    background: np.ndarray,
    config: TrainConfig,
    *,
    name: str,
    progress: Progress,
    workspace: Workspace,
) -> Learned:
    """Search candidates, start a network from them, train it, and read its filters.

    Parameters
    ----------
    dataset : Dataset
        Sequences and labels.
    parts : Parts
        Which of them do what.
    background : numpy.ndarray, shape=(4,)
        Base probabilities.
    config : TrainConfig
        All options.
    name : str
        Under which finished pieces are kept.
    progress : Progress
        Told what is going on.
    workspace : Workspace
        Keeps what is finished.

    Returns
    -------
    Learned

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import GivenControls
    >>> dataset = compose({"peaks": made.targets}, GivenControls(made.controls)).dataset
    >>> from motifnet.config.train import DiscoveryOptions, SplitOptions, TrainingOptions
    >>> quick = TrainConfig(
    ...     split=SplitOptions(cross_fit_below=0),
    ...     model=ModelOptions(n_filters=2, filter_width=12),
    ...     training=TrainingOptions(max_epochs=2),
    ...     discovery=DiscoveryOptions(n_motifs=1),
    ... )
    >>> from motifnet.progress import Silent
    >>> from motifnet.training.evaluate import everything
    >>> from motifnet.training.workspace import Forgetful
    >>> found = learn(
    ...     dataset, everything(dataset), np.full(4, 0.25), quick,
    ...     name="all", progress=Silent(), workspace=Forgetful(),
    ... )
    >>> [read.motif.consensus for read in found.motifs]
    ['CCGGAAGTGA']
    """
    found = candidates(dataset, parts, background, config, name=name, progress=progress, workspace=workspace)
    trained = train_from(
        found, dataset, parts, background, config, name=name, progress=progress, workspace=workspace
    )
    asked = contrasted(dataset, config)
    motifs, dropped = _read(trained.model, asked, parts.shaping, background, config)
    return Learned(*trained, motifs, dropped)


def train_from(
    found: Sequence[TaskCandidate],
    dataset: Dataset,
    parts: Parts,
    background: np.ndarray,
    config: TrainConfig,
    *,
    name: str = "all",
    progress: Progress | None = None,
    workspace: Workspace | None = None,
) -> Trained:
    """Train a network that starts from candidates; its other filters start at random.

    Parameters
    ----------
    found : sequence of TaskCandidate
        What :func:`candidates` gives.
    dataset, parts, background, config, name, progress, workspace
        As of :func:`learn`; nothing is told or kept if not given.

    Returns
    -------
    Trained

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.training.evaluate import everything
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> quick = TrainConfig().with_options("training", max_epochs=1)
    >>> train_from([], dataset, everything(dataset), np.full(4, 0.25), quick).model.filters.shape
    torch.Size([16, 4, 24])
    """
    workspace = workspace or Forgetful()
    places = _places(found, FilterTies.of(config.model))
    options = _with_room(config, places)
    torch.manual_seed(config.training.seed)
    model = build(options, len(dataset.tasks))
    _start(model, found, places, background, len(dataset.tasks))
    fit(
        model,
        dataset,
        parts.train,
        parts.validation,
        config.training,
        progress=progress,
        save=lambda state: workspace.save(f"{name}.training", state),
        resume_from=workspace.load(f"{name}.training"),
    )
    return Trained(model, options)


def sequences_of(dataset: Dataset, indices: np.ndarray, task: int, value: int) -> Sequences:
    """The targets (``value`` 1) or controls (0) of a task among some sequences.

    Parameters
    ----------
    dataset : Dataset
    indices : numpy.ndarray of int
        Among which.
    task : int
        Column of the labels.
    value : int
        1 or 0.

    Returns
    -------
    Sequences

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import GivenControls
    >>> dataset = compose({"peaks": made.targets}, GivenControls(made.controls)).dataset
    >>> len(sequences_of(dataset, np.arange(30, 110), 0, 1)), len(sequences_of(dataset, np.arange(110), 0, 0))
    (70, 10)
    """
    return dataset.sequences.select(indices[dataset.labels[indices, task] == value])


def candidates(
    dataset: Dataset,
    parts: Parts,
    background: np.ndarray,
    config: TrainConfig,
    *,
    name: str = "all",
    progress: Progress | None = None,
    workspace: Workspace | None = None,
) -> list[TaskCandidate]:
    """Search what a network may start from, in each task what others have not found.

    Parameters
    ----------
    dataset, parts, background, config, name, progress, workspace
        As of :func:`learn`; nothing is told or kept if not given.

    Returns
    -------
    list of TaskCandidate

    Examples
    --------
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import ShuffledControls
    >>> from motifnet.training.evaluate import everything
    >>> rng = np.random.default_rng(0)
    >>> peaks = Sequences.from_codes(list(rng.integers(0, 4, (50, 60), dtype=np.uint8)))
    >>> dataset = compose({"peaks": peaks}, ShuffledControls()).dataset
    >>> found = candidates(dataset, everything(dataset), np.full(4, 0.25), TrainConfig())
    >>> {one.task for one in found}, found[0].candidate.probabilities.shape
    ({0}, (4, 24))
    """
    progress, workspace = progress or Silent(), workspace or Forgetful()
    dataset = contrasted(dataset, config)
    kept = workspace.load(f"{name}.candidates")
    if kept is not None:
        with progress.stage("search", 1) as step:
            step.advance(TAKEN_OVER)
        return [_unpacked(entry) for entry in kept["candidates"]]
    ties = FilterTies.of(config.model)
    found: list[TaskCandidate] = []
    with progress.stage("search", len(dataset.tasks)) as step:
        for task, task_name in enumerate(dataset.tasks):
            new = search(
                sequences_of(dataset, parts.shaping, task, 1),
                sequences_of(dataset, parts.shaping, task, 0),
                background,
                n_motifs=config.discovery.n_motifs,
                width=config.model.filter_width,
                site_fpr=config.discovery.site_fpr,
                strand=config.model.settled_strand,
                rng=np.random.default_rng([config.training.seed, task]),
                ties=ties.without(one.candidate.group for one in found),
            )
            strand = config.model.settled_strand
            found += [
                TaskCandidate(one, task) for one in new if is_new(one, found, background, strand=strand)
            ]
            step.advance(f"{task_name}: {len(new)} candidates")
    workspace.save(f"{name}.candidates", {"candidates": [_packed(one) for one in found]})
    return found


def is_new(
    candidate: Candidate, found: Sequence[TaskCandidate], background: np.ndarray, *, strand: Strand
) -> bool:
    """Whether a candidate is unlike all that were found, so that it starts a filter of its own.

    Parameters
    ----------
    candidate : Candidate
    found : sequence of TaskCandidate
    background : numpy.ndarray, shape=(4,)
    strand : Strand
        Whether its reverse complement is the same.

    Examples
    --------
    >>> one = Candidate(np.full((4, 6), 0.25), 0.5, 3.0, "", 0, False)
    >>> is_new(one, [], np.full(4, 0.25), strand=Strand.BOTH)
    True
    """
    ours = candidate.probabilities
    alike = (
        compare.similarity(ours, other.candidate.probabilities, background, strand=strand) for other in found
    )
    return all(similarity < _SAME_IN_TWO_TASKS for similarity in alike)


def _packed(one: TaskCandidate) -> dict[str, Any]:
    kept = one.candidate._asdict() | {"task": one.task}
    return kept | {"probabilities": torch.from_numpy(np.ascontiguousarray(one.candidate.probabilities))}


def _unpacked(entry: dict[str, Any]) -> TaskCandidate:
    known = {name: entry[name] for name in Candidate._fields}
    candidate = Candidate(**known)._replace(probabilities=entry["probabilities"].numpy())
    return TaskCandidate(candidate, entry["task"])


def _places(found: Sequence[TaskCandidate], ties: FilterTies) -> list[int]:
    """The filter of each candidate: the first of its group, the next, and so on."""
    groups = [one.candidate.group for one in found]
    return [ties.first(group) + groups[:i].count(group) for i, group in enumerate(groups)]


def _with_room(config: TrainConfig, places: list[int]) -> ModelOptions:
    """The model options with a filter for each candidate."""
    n_filters = max([config.model.n_filters, *(place + 1 for place in places)])
    return config.model.model_copy(update={"n_filters": n_filters})


def _start(
    model: Network,
    found: Sequence[TaskCandidate],
    places: list[int],
    background: np.ndarray,
    n_tasks: int,
) -> None:
    if not found:
        return
    filters = np.stack([np.log(one.candidate.probabilities / background[:, None]) for one in found])
    prior = np.array([one.candidate.prior for one in found])
    weights = np.full((n_tasks, len(found)), _OTHER_WEIGHT)
    weights[[one.task for one in found], range(len(found))] = _START_WEIGHT
    model.set_filters(
        *(torch.from_numpy(array).float() for array in (filters, np.log(prior / (1 - prior)), weights)),
        places=places,
    )


def _read(
    model: Network, dataset: Dataset, shaping: np.ndarray, background: np.ndarray, config: TrainConfig
) -> tuple[list[ReadMotif], list[Dropped]]:
    targets, controls = scored_by_task(dataset, shaping, most=(_MOST_READ, _FEWEST_READ))
    sides = Sides.of(targets, controls)
    strand, ties = config.model.settled_strand, FilterTies.of(config.model)
    read: list[ReadMotif] = []
    dropped: list[Dropped] = []
    weights = model.filters.detach().cpu().double().numpy()
    found_of_each = read_filters(weights, sides, background, config.discovery, strand=strand, ties=ties)
    for number, found in enumerate(found_of_each, 1):
        if isinstance(found, Unread):
            dropped.append(Dropped(f"filter{number}", found.consensus, found.reason))
        else:
            read.append(found)
    merged = merge_filters(read, targets, strand=strand)
    by_filter = {one.filters[0]: one for one in read}
    for filter_name, into in merged.into.items():
        word = consensus(by_filter[filter_name].motif.probabilities)
        dropped.append(Dropped(filter_name, word, f"the same motif as {into}, merged into it"))
    if config.model.tie:  # which the motif HMM would let go
        return merged.kept, dropped
    return refined(merged.kept, targets, controls, config.discovery, strand=strand), dropped


def scored_by_task(
    dataset: Dataset,
    indices: np.ndarray,
    *,
    most: tuple[int, int] | None = None,
    counted: bool = False,
) -> tuple[list[Scored], list[Scored]]:
    """Targets and controls of each task among some sequences, prepared for scoring.

    Tasks that have the same ones have the same object.

    Parameters
    ----------
    dataset : Dataset
        Sequences and labels.
    indices : numpy.ndarray of int
        Which sequences.
    most : (int, int), optional
        If a task has more targets than the first, evenly spaced ones are taken; and of controls as many as of
        targets, or the second if that is more.
    counted : bool
        Only those that tests count.

    Returns
    -------
    targets, controls : list of Scored
        Of each task.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> from motifnet.datasets.compose import compose
    >>> from motifnet.datasets.controls import GivenControls
    >>> dataset = compose({"peaks": made.targets}, GivenControls(made.controls)).dataset
    >>> targets, controls = scored_by_task(dataset, np.arange(120), most=(10, 15))
    >>> len(targets[0].sequences), len(controls[0].sequences)
    (10, 15)
    """
    sides: tuple[list[Scored], list[Scored]] = ([], [])
    known: dict[bytes, Scored] = {}
    for task in range(len(dataset.tasks)):
        for side, value in zip(sides, (1, 0), strict=True):
            chosen = indices[dataset.labels[indices, task] == value]
            if counted:
                chosen = chosen[dataset.counted[chosen, task]]
            if most is not None:
                enough = most[0] if value else max(len(sides[0][task].sequences), most[1])
                chosen = evenly(chosen, enough)
            key = chosen.tobytes()
            if key not in known:
                known[key] = Scored.of(dataset.sequences.select(chosen))
            side.append(known[key])
    return sides
