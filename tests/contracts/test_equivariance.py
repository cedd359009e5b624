"""The contract of strands: every layer and every model keeps the symmetry that it declares.

In float32 and float64, on every device, in training and in evaluation mode, before and after
steps of training.
"""

import inspect

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrize import type_before_parametrizations

from motifnet import layers
from motifnet.errors import NotEquivariant
from motifnet.models.build import MODELS, build
from motifnet.models.network import STRANDS
from motifnet.testing import assert_equivariant, assert_invariant
from motifnet.ties import DNA, Strands
from tests.models.handled import handled

MIXED, UNSIGNED = Strands("3p+2e+2o"), Strands("3p+2e")

LAYERS = {
    "conv": lambda: layers.TiedConv1d(DNA, MIXED, 5),
    "conv-even-width": lambda: layers.TiedConv1d(MIXED, MIXED, 4, padding=3),
    "conv-stride-dilation": lambda: layers.TiedConv1d(MIXED, UNSIGNED, 4, stride=3, dilation=2),
    "depthwise": lambda: layers.TiedConv1d("3p", "3p", 3, groups=6, padding="same"),
    "dropout": lambda: layers.TiedDropout(MIXED, 0.5),
    "local-mean": lambda: layers.LocalMeanPool(MIXED, 4, 3),
    "silu": lambda: layers.Activation(UNSIGNED, "silu"),
    "softplus": lambda: layers.Activation("3p", "softplus"),
    "batch-norm": lambda: layers.TiedBatchNorm(MIXED),
    "layer-norm": lambda: layers.TiedLayerNorm(MIXED),
    "site-merge-max": lambda: layers.SiteMerge(UNSIGNED, "max"),
    "site-merge-logsumexp": lambda: layers.SiteMerge(UNSIGNED, "logsumexp"),
    "site-merge-mean": lambda: layers.SiteMerge(UNSIGNED, "mean"),
    "global-max": lambda: layers.GlobalPool(UNSIGNED, "max"),
    "global-logsumexp": lambda: layers.GlobalPool(UNSIGNED, "logsumexp"),
    "global-mean": lambda: layers.GlobalPool(MIXED, "mean"),
    "local-max": lambda: layers.LocalMaxPool(UNSIGNED, 4, 3),
    "linear": lambda: layers.TiedLinear(MIXED, 3),
    "relu": lambda: layers.Activation(UNSIGNED, "relu"),
    "tanh": lambda: layers.Activation(MIXED, "tanh"),
}
# FilterPool takes codes, and NonNegativeLinear takes features that have no strand: models cover them.
NOT_BETWEEN_STRANDS = {"FilterPool", "NonNegativeLinear"}

SHAPES = {"linear": (5,)}


def train(module: nn.Module, loss, n_steps: int = 3) -> None:
    """A few large steps, from parameters that are all away from their symmetric start."""
    parameters = list(module.parameters())
    if not parameters:
        return
    with torch.no_grad():
        for parameter in parameters:
            parameter.add_(torch.randn_like(parameter), alpha=0.1)
    optimiser = torch.optim.AdamW(parameters, lr=0.02)
    for _ in range(n_steps):
        optimiser.zero_grad()
        loss().backward()
        optimiser.step()


def test_every_layer_is_tried():
    public = {name for name in layers.__all__ if inspect.isclass(getattr(layers, name))}
    tried = {type_before_parametrizations(make()).__name__ for make in LAYERS.values()}
    assert tried == public - NOT_BETWEEN_STRANDS
    assert tried


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("name", LAYERS)
def test_layer(name, training, device, dtype):
    layer = LAYERS[name]().to(device, dtype).train(training)
    shape = SHAPES.get(name, (4, 40))
    assert_equivariant(layer, layer.in_type, layer.out_type, shape=shape)
    x = torch.randn(shape[0], len(layer.in_type), *shape[1:], device=device, dtype=dtype)
    train(layer, lambda: (layer(x) - 1).square().mean())
    assert_equivariant(layer, layer.in_type, layer.out_type, shape=shape)


def test_layers_compose():
    stack = nn.Sequential(
        layers.TiedConv1d(DNA, MIXED, 5),
        layers.TiedBatchNorm(MIXED),
        layers.Activation(MIXED, "tanh"),
        layers.TiedConv1d(MIXED, UNSIGNED, 3, padding=1),
        layers.LocalMaxPool(UNSIGNED, 4, 2),
        layers.SiteMerge(UNSIGNED, "logsumexp"),
        layers.GlobalPool(Strands.even(5), "mean"),
    ).double()
    assert_equivariant(stack, DNA, Strands.even(5))


def small(family: str, strand: str, *own: str):
    return build(handled(strand, family=family, family_option=own, n_filters=4, filter_width=8), n_tasks=2)


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("strand", STRANDS)
@pytest.mark.parametrize("family", MODELS)
def test_model(family, strand, training, device, dtype):
    model = small(family, strand).to(device, dtype).train(training)
    codes = torch.randint(0, 5, (8, 50), dtype=torch.uint8, device=device)
    lengths = torch.randint(30, 51, (8,), device=device)
    labels = torch.randint(0, 2, (8, 2), device=device).to(dtype)
    if strand in ("tied", "conjoined"):
        assert_invariant(model)
    train(model, lambda: F.binary_cross_entropy_with_logits(model(codes, lengths), labels))
    if strand in ("tied", "conjoined"):
        assert_invariant(model)
        assert_invariant(model, call=lambda copied, *batch: copied.features(*batch))
    else:
        with pytest.raises(NotEquivariant):
            assert_invariant(model)


@pytest.mark.parametrize("strand", ["tied", "conjoined"])
def test_max_pooling_is_invariant_as_well(strand, dtype):
    assert_invariant(small("shallow", strand, "pool=max").to(dtype))
