"""Soft ties: a penalty that grows with the distance from a tie."""

from __future__ import annotations

from torch import Tensor

from motifnet.ties.tie import Tie


def penalty(weight: Tensor, tie: Tie) -> Tensor:
    """Squared distance of a weight from the nearest one that obeys a tie.

    Added to a loss with a factor that grows without bound, it ends in the tie itself.

    Parameters
    ----------
    weight : Tensor, shape=(*tie.shape)
        The free weight.
    tie : Tie
        The tie to pull it towards.

    Returns
    -------
    Tensor, shape=()
        The sum of squares over all entries; differentiable.

    Examples
    --------
    >>> import torch
    >>> from motifnet.ties import TIES
    >>> penalty(torch.tensor([[0.0], [2.0]]), TIES["shared_depth"](2, 1)).item()
    2.0
    """
    return (weight - tie.expand(tie.project(weight))).square().sum()
