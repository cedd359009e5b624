"""Build the network that the options ask for."""

from __future__ import annotations

from motifnet.config.train import ModelOptions
from motifnet.models import families  # noqa: F401 - its import registers every family
from motifnet.models.network import MODELS, Network


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
