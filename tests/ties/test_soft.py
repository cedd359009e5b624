import itertools

import torch
from torch import nn
from torch.nn import functional as F

from motifnet.ties import TIES, Strands, Tie, attach, penalty

OUT, IN, WIDTH = Strands("1p"), Strands("2p"), 4
TIE = TIES["reverse_complement"](OUT, IN, WIDTH)


def test_penalty_is_the_squared_distance_to_the_tie():
    weight = torch.randn(TIE.shape, dtype=torch.float64)
    basis = torch.stack([TIE.expand(row).flatten() for row in torch.eye(TIE.n_free, dtype=torch.float64)], 1)
    rest = weight.flatten() - basis @ torch.linalg.lstsq(basis, weight.flatten()[:, None]).solution[:, 0]
    torch.testing.assert_close(penalty(weight, TIE), rest.square().sum())
    assert penalty(TIE.expand(torch.randn(TIE.n_free)), TIE) < 1e-10
    assert penalty(weight, Tie.untied(TIE.shape)) == 0


def regression():
    """Data of a convolution that is not quite strand-symmetric, so that the tie costs something."""
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(40, len(IN), 12, generator=generator, dtype=torch.float64)
    truth = torch.randn(TIE.shape, generator=generator, dtype=torch.float64)
    return x, F.conv1d(x, truth)


def least_squares(loss, shape):
    """The minimum of a quadratic loss: one Newton step from zero."""
    start = torch.zeros(shape, dtype=torch.float64).flatten()
    gradient = torch.autograd.functional.jacobian(loss, start)
    hessian = torch.autograd.functional.hessian(loss, start)
    return torch.linalg.solve(hessian, -gradient).reshape(shape)


def test_a_tied_layer_is_the_limit_of_the_soft_tie():
    x, y = regression()

    def misfit(weight):
        return (F.conv1d(x, weight) - y).square().mean()

    tied = nn.Conv1d(len(IN), len(OUT), WIDTH, bias=False, dtype=torch.float64)
    attach(tied, "weight", TIE)
    optimiser = torch.optim.LBFGS(
        tied.parameters(),
        max_iter=200,
        tolerance_grad=1e-12,
        tolerance_change=1e-16,
        line_search_fn="strong_wolfe",
    )

    def closure():
        optimiser.zero_grad()
        loss = misfit(tied.weight)
        loss.backward()
        return loss

    optimiser.step(closure)
    limit = tied.weight.detach()

    distances = []
    for strength in (1e0, 1e2, 1e4, 1e6):

        def loss(flat, strength=strength):
            weight = flat.reshape(TIE.shape)
            return misfit(weight) + strength * penalty(weight, TIE)

        distances.append((least_squares(loss, TIE.shape) - limit).norm().item())
    # Each hundredfold penalty comes a hundred times as near.
    assert distances[0] > 0.1
    assert all(later < 0.02 * earlier for earlier, later in itertools.pairwise(distances[1:]))
    assert distances[-1] < 1e-5
