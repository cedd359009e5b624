"""What a trained network is on disk: all that it takes to use it without the data it was trained on.

A model is a checkpoint (:mod:`motifnet.io.checkpoint`) whose ``layout`` says which keys it has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from motifnet import __version__
from motifnet.config.train import ModelOptions
from motifnet.errors import CheckpointError, InvalidValue, UnknownName
from motifnet.io.checkpoint import load_checkpoint, save_checkpoint
from motifnet.io.text import reading
from motifnet.models.build import build, completed
from motifnet.models.network import Network

LAYOUT = 3
"""The layout that is written and read."""

_KEYS = {"state_dict", "options", "tasks", "target", "window", "background", "config", "motifnet"}
_SUM = 1e-6  # how far base probabilities may be from a sum of one


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A trained network and what it has to be told with.

    Parameters
    ----------
    network : Network
        In evaluation mode.
    options : ModelOptions
        From which :func:`~motifnet.models.build.build` makes a network of its shape. Those that the family
        alone has are written whole, so that they mean the same where a default is another.
    tasks : tuple of str
        Names of its outputs.
    window : int
        Bases around each peak that it was trained on; 0 if intervals were taken as they are.
    background : numpy.ndarray, shape=(4,), optional
        Base probabilities of its controls; ``None`` in a file that does not tell them.
    target : str
        The kind of its labels: a name in :data:`~motifnet.training.targets.TARGETS`.
    config : mapping
        All options of the run that trained it, as ``run.json`` has them.
    motifnet : str
        The version that trained it.

    Raises
    ------
    InvalidValue
        If there are not as many names as outputs, the window is negative, or the background is not
        that of four probabilities.

    Examples
    --------
    >>> options = ModelOptions(n_filters=4)
    >>> model = TrainedModel(build(options, 1).eval(), options, ("peaks",), 200, np.full(4, 0.25), "binary")
    >>> write_trained("model.pt", model)
    >>> again = read_trained("model.pt")
    >>> again.tasks, again.window, again.network.filters.shape
    (('peaks',), 200, torch.Size([4, 4, 24]))
    """

    network: Network
    options: ModelOptions
    tasks: tuple[str, ...]
    window: int
    background: np.ndarray | None
    target: str
    config: Mapping[str, Any] = field(default_factory=dict)
    motifnet: str = __version__

    def __post_init__(self) -> None:
        if len(self.tasks) != self.network.n_tasks:
            raise InvalidValue(
                "tasks",
                list(self.tasks),
                f"as many names as the network has outputs ({self.network.n_tasks})",
            )
        if self.window < 0:
            raise InvalidValue("window", self.window, "0 or more")
        if self.background is not None and not _is_distribution(self.background):
            raise InvalidValue("background", self.background.tolist(), "four probabilities whose sum is one")


def _is_distribution(background: np.ndarray) -> bool:
    return background.shape == (4,) and bool((background > 0).all()) and abs(background.sum() - 1) < _SUM


def write_trained(path: str | Path, model: TrainedModel) -> None:
    """Write a trained network, in the layout :data:`LAYOUT`.

    Parameters
    ----------
    path : str or Path
        Where to; what is there is replaced when the file is whole.
    model : TrainedModel
        On any device.

    Examples
    --------
    >>> options = ModelOptions(n_filters=4)
    >>> network = build(options, 1).eval()
    >>> write_trained("model.pt", TrainedModel(network, options, ("peaks",), 0, None, "binary"))
    >>> read_trained("model.pt").options.family_option
    ('pool=logsumexp',)
    """
    save_checkpoint(
        path,
        "model",
        {
            "layout": LAYOUT,
            "motifnet": model.motifnet,
            "options": completed(model.options).model_dump_json(),
            "tasks": list(model.tasks),
            "target": model.target,
            "window": model.window,
            "background": None if model.background is None else model.background.tolist(),
            "config": json.dumps(model.config),
            "state_dict": {name: value.cpu() for name, value in model.network.state_dict().items()},
        },
    )


def read_trained(path: str | Path) -> TrainedModel:
    """Read a trained network onto the CPU.

    Parameters
    ----------
    path : str or Path
        What :func:`write_trained` wrote.

    Returns
    -------
    TrainedModel

    Raises
    ------
    MissingFile
        If there is none.
    CheckpointError
        If the file is damaged, of another layout, or says what cannot be: a key is missing, the weights
        are not those of the network that its options ask for, or are no finite numbers.

    Examples
    --------
    >>> options = ModelOptions(n_filters=4)
    >>> network = build(options, 2).eval()
    >>> write_trained("model.pt", TrainedModel(network, options, ("one", "two"), 200, None, "binary"))
    >>> read_trained("model.pt").tasks
    ('one', 'two')
    """
    content = load_checkpoint(path, "model")
    layout = content.get("layout")
    if type(layout) is not int or layout != LAYOUT:
        raise CheckpointError(
            path, f"has a model of layout {layout}; this motifnet reads layout {LAYOUT}: train it again"
        )
    missing = sorted(_KEYS - content.keys())
    if missing:
        raise CheckpointError(path, f"has a model without {missing[0]!r}; train it again")
    # What is there is what was written, but it may be by another version, or by another program.
    try:
        with reading(path, CheckpointError):
            model = _model(content)
            _set_weights(model.network, content["state_dict"], path)
    except (InvalidValue, UnknownName) as problem:
        raise CheckpointError(path, f"holds what cannot be: {problem}") from problem
    return model


def _model(content: Mapping[str, Any]) -> TrainedModel:
    options = ModelOptions.model_validate_json(content["options"])
    window, tasks, config = content["window"], content["tasks"], json.loads(content["config"])
    if type(window) is not int:
        raise InvalidValue("window", window, "a number of bases")
    if not isinstance(tasks, list) or not all(isinstance(task, str) for task in tasks):
        raise InvalidValue("tasks", tasks, "a list of names")
    if not isinstance(config, dict):
        raise InvalidValue("config", config, "options by name")
    background = content["background"]
    return TrainedModel(
        network=build(options, len(tasks)),
        options=options,
        tasks=tuple(tasks),
        window=window,
        background=None if background is None else np.array(background, np.float64),
        target=content["target"],
        config=config,
        motifnet=content["motifnet"],
    )


def _set_weights(network: Network, weights: Mapping[str, Tensor], path: str | Path) -> None:
    """Give a network its weights, if they fit."""
    expected = network.state_dict()
    for name in weights:
        if name not in expected:
            raise CheckpointError(path, f"has weights ({name}) that its network has no place for")
    for name, ours in expected.items():
        if name not in weights:
            raise CheckpointError(path, f"lacks the weights {name}; train it again")
        if weights[name].shape != ours.shape:
            given, wanted = tuple(weights[name].shape), tuple(ours.shape)
            raise CheckpointError(path, f"has weights ({name}) of shape {given}; expected {wanted}")
        if not torch.isfinite(weights[name]).all():
            raise CheckpointError(path, f"has weights ({name}) that are no finite numbers; train it again")
    network.load_state_dict(dict(weights))
    network.eval()
