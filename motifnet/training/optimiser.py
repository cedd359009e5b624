"""The optimiser, and when its steps become smaller."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn
from torch.optim.adamw import adamw


class AdamW:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019), over torch's function for it.

    The class that torch has for it loads torch's compiler, which takes a second of CPU time: more
    than many a training run. The steps are the same.

    Parameters
    ----------
    parameters : iterable of Parameter
        What to optimise.
    learning_rate : float
        May be changed between steps.
    weight_decay : float
        Share of the learning rate by which parameters shrink in a step.

    Examples
    --------
    >>> weight = nn.Parameter(torch.ones(1))
    >>> optimiser = AdamW([weight], learning_rate=0.5, weight_decay=0.0)
    >>> weight.square().sum().backward()
    >>> optimiser.step()
    >>> round(weight.item(), 3)
    0.5
    """

    def __init__(self, parameters: Iterable[nn.Parameter], learning_rate: float, weight_decay: float) -> None:
        self.parameters = list(parameters)
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self._means = [torch.zeros_like(one) for one in self.parameters]
        self._squares = [torch.zeros_like(one) for one in self.parameters]
        self._steps = [torch.zeros((), device=one.device) for one in self.parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient, and take the gradients away."""
        moved = [
            whole
            for whole in zip(self.parameters, self._means, self._squares, self._steps, strict=True)
            if whole[0].grad is not None
        ]
        if not moved:
            return
        parameters, means, squares, steps = map(list, zip(*moved, strict=True))
        adamw(
            parameters,
            [one.grad for one in parameters],
            means,
            squares,
            [],
            steps,
            foreach=False,
            fused=True,
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=self.learning_rate,
            weight_decay=self.weight_decay,
            eps=1e-8,
            maximize=False,
        )
        for one in parameters:
            one.grad = None

    def state(self) -> dict[str, Any]:
        """A copy of all that :meth:`restore` needs."""
        tensors = {"means": self._means, "squares": self._squares, "steps": self._steps}
        copies = {name: [one.detach().cpu().clone() for one in found] for name, found in tensors.items()}
        return copies | {"learning_rate": self.learning_rate}

    @torch.no_grad()
    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a :meth:`state`."""
        self.learning_rate = state["learning_rate"]
        for ours, kept in (
            (self._means, state["means"]),
            (self._squares, state["squares"]),
            (self._steps, state["steps"]),
        ):
            for one, value in zip(ours, kept, strict=True):
                one.copy_(value)


class Plateau:
    """Smaller steps where the loss no longer falls.

    Parameters
    ----------
    factor : float
        What the learning rate is multiplied by.
    patience : int
        Epochs without a better loss before that.

    Examples
    --------
    >>> plateau = Plateau(0.5, 1)
    >>> [plateau.factor_after(loss) for loss in (1.0, 0.8, 0.9, 0.9, 0.7)]
    [1.0, 1.0, 1.0, 0.5, 1.0]
    """

    def __init__(self, factor: float, patience: int) -> None:
        self.factor, self.patience = factor, patience
        self._best, self._waited = float("inf"), 0

    def factor_after(self, loss: float) -> float:
        """What to multiply the learning rate by after an epoch with this loss."""
        if loss < self._best:
            self._best, self._waited = loss, 0
        else:
            self._waited += 1
        if self._waited <= self.patience:
            return 1.0
        self._waited = 0
        return self.factor

    def state(self) -> dict[str, Any]:
        """All that :meth:`restore` needs."""
        return {"best": self._best, "waited": self._waited}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a :meth:`state`."""
        self._best, self._waited = state["best"], state["waited"]
