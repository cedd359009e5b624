"""The likelihood of pairs as a torch function."""

import numpy as np
import pytest
import torch
from pairs import drawn

from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_fit import FitOptions, fit
from motifnet.hmm.pair_ties import PairTies
from motifnet.hmm.pair_torch import log_likelihood

MODEL = PairHmm.start(divergence=0.2, gap_open=0.03, gap_extend=0.5)


def parameters(free):
    """Probabilities from 16 + 8 + 2 + 2 + 1 free numbers."""
    match = free[:16].softmax(0).reshape(4, 4)
    insert = free[16:24].reshape(2, 4).softmax(1)
    opening = 0.4 * free[24:26].reshape(2, 1).sigmoid()
    return match, insert, opening, free[26:28].reshape(2, 1).sigmoid(), free[28].sigmoid()


@pytest.fixture
def pairs():
    return drawn(MODEL, 3, np.random.default_rng(0), columns=20)


def test_the_gradient_is_that_of_differences(pairs):
    free = torch.randn(29, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    assert torch.autograd.gradcheck(lambda one: log_likelihood(*parameters(one), pairs), (free,), rtol=1e-5)


def test_the_value_is_that_of_the_model(pairs):
    free = torch.zeros(29, dtype=torch.float64)
    match, insert, opening, extend, end = parameters(free)
    model = PairHmm(*(one.numpy() for one in (match, insert, opening, extend)), float(end))
    found = log_likelihood(match, insert, opening, extend, end, pairs)
    assert np.allclose(found.numpy(), model.log_likelihood(pairs), rtol=1e-12)


def test_descent_ends_where_rounds_of_counts_end(pairs):
    pairs = drawn(MODEL, 20, np.random.default_rng(1), columns=50)
    best = fit(pairs, PairTies.none(1), FitOptions(pseudocount=0.0, tolerance=1e-6))
    free = torch.zeros(29, dtype=torch.float64)
    free[:16] = torch.eye(4, dtype=torch.float64).reshape(16) * 2
    free[24:26], free[28] = -3, -3
    free.requires_grad_()
    descent = torch.optim.LBFGS([free], max_iter=100, line_search_fn="strong_wolfe")

    def loss():
        descent.zero_grad()
        value = -log_likelihood(*parameters(free), pairs).sum()
        value.backward()
        return value

    descent.step(loss)
    assert -loss().item() == pytest.approx(best.log_likelihood, abs=0.5)


def test_there_is_no_second_derivative(pairs):
    free = torch.zeros(29, dtype=torch.float64, requires_grad=True)
    value = log_likelihood(*parameters(free), pairs).sum()
    with pytest.raises(NotImplementedError, match="no second derivatives"):
        torch.autograd.grad(value, free, create_graph=True)
