"""The contract of named ties: each is of the shape that it tells, learns, and can be put on and taken off.

Ties are found in their registry and called by their signatures, so that a new one is tried without an
edit here.
"""

import inspect
import re

import numpy as np
import pytest
import torch
from torch import nn

from motifnet.config.train import ModelOptions, TrainingOptions
from motifnet.datasets.compose import compose
from motifnet.datasets.controls import ShuffledControls
from motifnet.models.build import MODELS, build
from motifnet.symbols import Sequences
from motifnet.testing import assert_equivariant
from motifnet.ties import FILTER_TIES, TIES, Strands, Tie, attach, detach, is_tied, penalty, tie_of
from motifnet.ties.of_filters import FilterTies
from motifnet.training.fit import fit

CHANNELS = (Strands("2p+2e+1o"), Strands("1p+1e"))
SMALLEST = (1, 2, 3)  # of the sizes that a tie is tried with; the next one is larger by one


def arguments_of(name, smallest):
    """What to call a tie with, by the names of its parameters."""
    chosen = {}
    for i, (parameter, declared) in enumerate(inspect.signature(TIES[name]).parameters.items()):
        if declared.annotation == "Strands":
            chosen[parameter] = CHANNELS[i % len(CHANNELS)]
        else:
            assert declared.annotation == "int", f"no value is known for {parameter} of tie {name!r}"
            several = declared.kind == declared.VAR_POSITIONAL
            chosen[parameter] = (smallest + 1, 3) if several else smallest + i
    return chosen


def called(name, chosen):
    several = [value for value in chosen.values() if isinstance(value, tuple)]
    single = [value for value in chosen.values() if not isinstance(value, tuple)]
    return TIES[name](*single, *(size for sizes in several for size in sizes))


def tie_named(name, smallest=2):
    return called(name, arguments_of(name, smallest))


def random(*shape):
    return torch.randn(shape, dtype=torch.float64)


def test_ties_are_found():
    assert len(TIES) >= 12


@pytest.mark.parametrize("smallest", SMALLEST)
@pytest.mark.parametrize("name", list(TIES))
def test_a_tie_is_of_the_shape_that_it_tells(name, smallest):
    chosen = arguments_of(name, smallest)
    told = re.search(r"``(\([^`]*\))``", inspect.getdoc(TIES[name]))
    assert told, f"the description of {name!r} tells no shape"
    sizes = {key: len(value) if isinstance(value, Strands) else value for key, value in chosen.items()}
    tie = called(name, chosen)
    assert tie.shape == eval(told[1], {}, sizes)  # an expression of ours
    assert 0 < tie.n_free <= tie.label.size


@pytest.mark.parametrize("smallest", SMALLEST)
@pytest.mark.parametrize("name", list(TIES))
def test_a_tie_is_a_value_that_its_text_gives_back(name, smallest):
    tie = tie_named(name, smallest)
    assert tie == tie_named(name, smallest)
    assert Tie.parse(repr(tie)) == tie


@pytest.mark.parametrize("name", list(TIES))
def test_every_entry_is_what_the_tie_says_of_it(name):
    tie = tie_named(name)
    free = random(tie.n_free)
    expanded = tie.expand(free)
    for entry in np.ndindex(tie.shape):
        sign = tie.sign[entry]
        assert expanded[entry] == (free[tie.label[entry]] * sign if sign else 0)
    np.testing.assert_array_equal(tie.expand(free.numpy()), expanded.numpy())
    torch.testing.assert_close(tie.project(expanded), free)
    torch.testing.assert_close(tie.representatives(expanded), free)


@pytest.mark.parametrize("name", list(TIES))
def test_the_gradient_reaches_every_free_parameter(name, device, dtype):
    tie = tie_named(name)
    free = torch.randn(tie.n_free, device=device, dtype=dtype, requires_grad=True)
    loss = (tie.expand(free) * torch.tensor(tie.sign, device=device)).sum()
    loss.backward()
    assert free.grad.tolist() == tie.orbit_sizes.tolist()


@pytest.mark.parametrize("name", list(TIES))
def test_half_a_step_down_the_penalty_ends_in_the_tie(name):
    tie = tie_named(name)
    weight = random(*tie.shape).requires_grad_()
    loss = penalty(weight, tie)
    loss.backward()
    nearest = tie.expand(tie.project(weight.detach()))
    torch.testing.assert_close(weight.detach() - weight.grad / 2, nearest)
    torch.testing.assert_close(loss.detach(), weight.detach().square().sum() - nearest.square().sum())
    assert penalty(nearest, tie) < 1e-20


@pytest.mark.parametrize("start", ["representative", "nearest"])
@pytest.mark.parametrize("name", list(TIES))
def test_a_tie_is_put_on_and_taken_off(name, start):
    tie = tie_named(name)
    module = nn.Module()
    module.weight = nn.Parameter(random(*tie.shape))
    attach(module, "weight", tie, start=start)
    assert tie_of(module, "weight") == tie
    assert sum(parameter.numel() for parameter in module.parameters()) == tie.n_free
    optimiser = torch.optim.SGD(module.parameters(), lr=0.1)
    (module.weight * random(*tie.shape)).sum().backward()
    optimiser.step()
    learnt = module.weight.detach().clone()
    torch.testing.assert_close(learnt, tie.expand(tie.project(learnt)))
    detach(module, "weight")
    assert not is_tied(module, "weight")
    assert isinstance(module.weight, nn.Parameter)
    assert torch.equal(module.weight, learnt)


def test_ties_of_filters_are_found():
    assert len(FILTER_TIES) >= 3
    assert set(FILTER_TIES) <= set(TIES)


@pytest.mark.parametrize("name", list(FILTER_TIES))
def test_counts_of_bases_can_obey_a_tie_of_a_filter(name):
    assert FILTER_TIES[name] is TIES[name]
    tie = tie_named(name)
    assert (len(tie.shape), tie.shape[0]) == (2, 4)
    assert (tie.sign == 1).all()


@pytest.fixture(scope="module")
def labelled():
    sequences = Sequences.from_codes(
        list(np.random.default_rng(0).integers(0, 4, (80, 40), dtype=np.uint8)), [f"s{i}" for i in range(80)]
    )
    return compose({"peaks": sequences}, ShuffledControls()).dataset


@pytest.mark.parametrize("family", MODELS)
@pytest.mark.parametrize("name", list(FILTER_TIES))
def test_training_keeps_a_tie_of_a_filter(name, family, labelled):
    """Every tie that says that it is of a filter is reached by its name, and kept to the last bit."""
    options = ModelOptions(family=family, tie=(f"{name}:2",), n_filters=3, filter_width=10)
    torch.manual_seed(0)
    network = build(options, 1)
    before = network.bank.detach().clone()
    fit(network, labelled, *map(labelled.indices, (0, 1)), TrainingOptions(max_epochs=1, device="cpu"))
    after = network.bank.detach()
    assert torch.equal(network.bank_tie.expand(network.bank_tie.representatives(after)), after)
    tie = FilterTies.of(options).of_filter(0).tie
    for weights in network.filters.detach()[:2]:
        assert torch.equal(tie.expand(tie.representatives(weights)), weights)
    assert before.shape == after.shape


BETWEEN_STRANDS = [name for name in TIES if "in_type" in inspect.signature(TIES[name]).parameters]


def test_ties_between_types_of_channels_are_found():
    assert BETWEEN_STRANDS


@pytest.mark.parametrize("width", [1, 4, 5])
@pytest.mark.parametrize("name", BETWEEN_STRANDS)
def test_a_tie_between_types_of_channels_is_equivariant(name, width):
    out_type, in_type = CHANNELS
    tie = TIES[name](out_type, in_type, width)
    convolution = nn.Conv1d(len(in_type), len(out_type), width, bias=False, dtype=torch.float64)
    attach(convolution, "weight", tie)
    assert_equivariant(convolution, in_type, out_type, shape=(4, 20))


OF_CHANNELS = [name for name in TIES if list(inspect.signature(TIES[name]).parameters) == ["channels"]]


@pytest.mark.parametrize("name", OF_CHANNELS)
def test_a_number_of_each_channel_goes_with_its_channel(name):
    """Added, or multiplied with, on both strands alike: what is made of even features stays even."""
    channels = CHANNELS[0]
    numbers = TIES[name](channels).expand(random(TIES[name](channels).n_free))
    features = random(3, len(channels), 8)
    assert torch.equal(channels.act(numbers, 0).abs(), numbers.abs())
    turned = channels.reverse_complement(features)
    scale = numbers.abs()[:, None]
    torch.testing.assert_close(channels.reverse_complement(features * scale), turned * scale)
