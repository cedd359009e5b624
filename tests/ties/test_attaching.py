"""Attaching ties to modules, with one test for each trap that tied weights are known for."""

import copy
import pickle

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

from motifnet.errors import InvalidValue, ShapeMismatch, UnknownName
from motifnet.ties import TIES, Tie, assign, attach, detach, is_tied, tie_of

PALINDROMES = Tie.invariant_under((6, 4, 5), [lambda w: w.flip(1, 2)])


def layer(**options):
    conv = nn.Conv1d(4, 6, 5, bias=False)
    attach(conv, "weight", PALINDROMES, **options)
    return conv


def free_of(module):
    return module.parametrizations.weight.original


def test_attach_and_detach():
    conv = nn.Conv1d(4, 6, 5)
    assert not is_tied(conv, "weight")
    attach(conv, "weight", PALINDROMES)
    assert is_tied(conv, "weight")
    assert tie_of(conv, "weight") == PALINDROMES
    assert not is_tied(conv, "bias")
    assert free_of(conv).shape == (PALINDROMES.n_free,)
    x, before = torch.randn(2, 4, 20), conv.weight.detach().clone()
    y = conv(x)
    y.sum().backward()
    detach(conv, "weight")
    assert not is_tied(conv, "weight")
    assert type(conv) is nn.Conv1d
    assert isinstance(conv.weight, nn.Parameter)
    assert conv.weight.grad is None
    assert torch.equal(conv.weight, before)
    conv(x).sum().backward()
    assert conv.weight.grad.shape == (6, 4, 5)


def test_an_assigned_weight_is_projected():
    conv, wanted = layer(), torch.randn(6, 4, 5)
    conv.weight = wanted
    torch.testing.assert_close(conv.weight.detach(), (wanted + wanted.flip(1, 2)) / 2)


def test_the_gradient_of_the_layer_is_pooled_over_orbits():
    tied, plain = layer(), nn.Conv1d(4, 6, 5, bias=False)
    plain.weight.data = tied.weight.detach().clone()
    x = torch.randn(3, 4, 20)
    for conv in (tied, plain):
        conv(x).square().sum().backward()
    torch.testing.assert_close(free_of(tied).grad, PALINDROMES.pool(plain.weight.grad))


def test_moves_with_its_module(device, dtype):
    conv = layer().to(device, dtype)
    assert (conv.weight.device.type, conv.weight.dtype) == (device.type, dtype)
    conv(torch.zeros(1, 4, 9, device=device, dtype=dtype)).sum().backward()


def test_trap_attaching_does_not_shrink_the_standard_deviation():
    wide = Tie.invariant_under((64, 4, 20), [lambda w: w.flip(0, 1, 2), lambda w: w.flip(1, 2)])
    spread = {}
    for start in ("representative", "nearest"):
        conv = nn.Conv1d(4, 64, 20)
        nn.init.normal_(conv.weight)
        attach(conv, "weight", wide, start=start)
        spread[start] = conv.weight.std().item()
    assert spread["representative"] == pytest.approx(1, abs=0.1)
    assert spread["nearest"] == pytest.approx(0.5, abs=0.05)  # orbits of 4: the trap


def test_trap_decay_and_steps_act_on_each_free_parameter_once():
    conv = layer()
    start = conv.weight.detach().clone()
    optimiser = torch.optim.SGD(conv.parameters(), lr=0.1, weight_decay=0.5)
    # The gradient of a free parameter grows with its orbit; its decay does not.
    conv.weight.sum().backward()
    optimiser.step()
    sizes = PALINDROMES.expand(start.new_tensor(PALINDROMES.orbit_sizes))
    torch.testing.assert_close(conv.weight.detach(), start - 0.1 * (sizes + 0.5 * start))


def test_trap_a_module_is_saved_by_its_state_and_not_whole():
    conv = layer()
    with pytest.raises(RuntimeError, match="Serialization of parametrized modules is only supported"):
        pickle.dumps(conv)
    state = conv.state_dict()
    assert [(name, value.numel()) for name, value in state.items()] == [
        ("parametrizations.weight.original", PALINDROMES.n_free)
    ]
    again = layer()
    again.load_state_dict(state)
    assert torch.equal(again.weight, conv.weight)
    assert torch.equal(copy.deepcopy(conv).weight, conv.weight)


def test_trap_a_weight_used_twice_is_made_once_under_cached():
    conv, made = layer(), []
    conv.parametrizations.weight[0].register_forward_hook(lambda *_: made.append(1))
    assert torch.equal(conv.weight, conv.weight)
    assert len(made) == 2
    with parametrize.cached():
        assert torch.equal(conv.weight, conv.weight)
    assert len(made) == 3


def test_trap_sharing_a_parameter_under_two_names_is_no_tie():
    shared = nn.ModuleList([nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False)])
    shared[1].weight = shared[0].weight
    loaded = {name: value.clone() for name, value in shared.state_dict().items()}
    shared.load_state_dict(loaded, assign=True)
    assert shared[1].weight is not shared[0].weight  # silently untied: the trap

    stack = nn.Module()
    stack.weight = nn.Parameter(torch.randn(2, 3, 3))
    attach(stack, "weight", TIES["shared_depth"](2, 3, 3))
    loaded = {name: value.clone() for name, value in stack.state_dict().items()}
    stack.load_state_dict(loaded, assign=True)
    stack.weight.square().sum().backward()
    torch.optim.SGD(stack.parameters(), 0.1).step()
    assert torch.equal(stack.weight[0], stack.weight[1])


def test_what_cannot_be_tied_is_refused():
    conv = nn.Conv1d(4, 6, 5, bias=False)
    with pytest.raises(UnknownName, match=r"no parameter named 'Conv1d.bias'.* \(known: Conv1d.weight\)"):
        attach(conv, "bias", Tie.untied((6,)))
    with pytest.raises(
        ShapeMismatch, match=r"Conv1d.weight has shape \(6, 4, 5\); expected the shape of the tie"
    ):
        attach(conv, "weight", Tie.untied((6, 4, 3)))
    with pytest.raises(InvalidValue, match=r"parameter is 'Conv1d.weight'; expected a tied one"):
        detach(conv, "weight")
    attach(conv, "weight", PALINDROMES)
    with pytest.raises(
        InvalidValue, match=r"parameter is 'Conv1d.weight'; expected a free one; detach it first"
    ):
        attach(conv, "weight", PALINDROMES)


def test_other_parametrizations_are_not_ties():
    linear = parametrize.register_parametrization(nn.Linear(2, 2), "weight", nn.Identity())
    assert not is_tied(linear, "weight")


def test_a_value_is_projected_where_the_parameter_is_tied():
    free, tied = (nn.Conv1d(4, 6, 5, bias=False) for _ in range(2))
    attach(tied, "weight", PALINDROMES)
    value = torch.randn(6, 4, 5)
    for conv in (free, tied):
        assign(conv, "weight", value)
    assert torch.equal(free.weight, value)
    torch.testing.assert_close(tied.weight, PALINDROMES.expand(PALINDROMES.project(value)))
