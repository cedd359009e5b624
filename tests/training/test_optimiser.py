import torch
from torch import nn

from motifnet.training.optimiser import AdamW, Plateau


def quadratic(parameters):
    first, second = parameters
    return ((first - 3) ** 2).sum() + (second * torch.tensor([1.0, -2.0])).sum() ** 2


def start():
    return [nn.Parameter(torch.tensor([0.5, -1.0, 4.0])), nn.Parameter(torch.tensor([1.0, 1.0]))]


def run(parameters, optimiser, n_steps):
    for _ in range(n_steps):
        quadratic(parameters).backward()
        optimiser.step()
    return parameters


def test_steps_are_those_of_torch():
    ours = start()
    run(ours, AdamW(ours, 0.1, 0.05), 30)
    theirs = start()
    optimiser = torch.optim.AdamW(theirs, lr=0.1, weight_decay=0.05)
    for _ in range(30):
        optimiser.zero_grad()
        quadratic(theirs).backward()
        optimiser.step()
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other)


def test_a_parameter_without_a_gradient_stays():
    parameters = [nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(2))]
    optimiser = AdamW(parameters, 0.1, 0.5)
    parameters[0].sum().backward()
    optimiser.step()
    optimiser.step()  # no gradient is left
    assert (parameters[0] < 1).all()
    assert parameters[0].grad is None
    assert (parameters[1] == 1).all()


def test_going_on_from_a_state_takes_the_same_steps():
    whole, first = start(), start()
    run(whole, AdamW(whole, 0.1, 0.01), 10)
    optimiser = AdamW(first, 0.1, 0.01)
    run(first, optimiser, 6)
    state = optimiser.state()
    second = [nn.Parameter(one.detach().clone()) for one in first]
    run(first, optimiser, 1)  # the state is a copy
    resumed = AdamW(second, 1.0, 0.01)
    resumed.restore(state)
    run(second, resumed, 4)
    for one, other in zip(whole, second, strict=True):
        assert torch.equal(one, other)


def test_a_plateau_goes_on_from_its_state():
    losses = [1.0, 0.9, 0.95, 0.93, 0.8, 0.81, 0.82, 0.83]
    whole = Plateau(0.3, 1)
    factors = [whole.factor_after(loss) for loss in losses]
    first, second = Plateau(0.3, 1), Plateau(0.3, 1)
    begun = [first.factor_after(loss) for loss in losses[:3]]
    second.restore(first.state())
    assert begun + [second.factor_after(loss) for loss in losses[3:]] == factors
    assert factors.count(0.3) == 2
