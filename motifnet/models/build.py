"""Build the network that the options ask for."""

from __future__ import annotations

import importlib
import pkgutil

from motifnet import models
from motifnet.config.train import ModelOptions
from motifnet.models.network import MODELS, Network

# A family registers itself when its module is imported, so a new one is one new file.
for _module in pkgutil.iter_modules(models.__path__, f"{models.__name__}."):
    if _module.name != __name__:
        importlib.import_module(_module.name)


def check_known(options: ModelOptions) -> None:
    """Raise :class:`~motifnet.errors.UnknownName` if there is no such family."""
    MODELS[options.model]


def build(options: ModelOptions, n_tasks: int) -> Network:
    """Build a network, with random weights.

    Parameters
    ----------
    options : ModelOptions
        Family, strands and size.
    n_tasks : int
        Number of outputs.

    Returns
    -------
    Network
        ``network(codes, lengths)`` gives logits ``(batch, n_tasks)``.

    Raises
    ------
    UnknownName
        If no family has the name ``options.model``.
    InvalidValue
        If ``n_tasks`` is not positive.

    Examples
    --------
    >>> build(ModelOptions(model="shallow", n_filters=8), 1).filters.shape
    torch.Size([8, 4, 24])
    """
    return MODELS[options.model].from_options(options, n_tasks)
