"""Build the network that the options ask for."""

from __future__ import annotations

from motifnet.config.train import ModelOptions
from motifnet.models import families  # noqa: F401 - its import registers every family
from motifnet.models.network import MODELS, Network


def completed(options: ModelOptions) -> ModelOptions:
    """The same with every option that the family alone has, those that were not given at their defaults.

    Parameters
    ----------
    options : ModelOptions
        As they were given.

    Returns
    -------
    ModelOptions

    Raises
    ------
    UnknownName
        If there is no such family, or it has no such option.
    InvalidValue
        If an option of the family has a value that it cannot have.

    Examples
    --------
    >>> completed(ModelOptions(family="shallow")).family_option
    ('pool=logsumexp',)
    """
    own = MODELS[options.family].own_options.of(options)
    return options.model_copy(update={"family_option": own.as_text()})


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
        If no family has the name ``options.family``, or the family has no such option.
    InvalidValue
        If ``n_tasks`` is not positive, or an option of the family has a value that it cannot have.

    Examples
    --------
    >>> build(ModelOptions(family="shallow", n_filters=8), 1).filters.shape
    torch.Size([8, 4, 24])
    """
    return MODELS[options.family].from_options(options, n_tasks)
