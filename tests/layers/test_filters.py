"""Filters that read codes: what they say is the strand tie's, and they learn it."""

import pytest
import torch

from motifnet.kernels.onehot_conv import POOLS, pooled
from motifnet.layers.filters import FilterPool
from motifnet.strand import Strand

CODES = torch.tensor([[0, 1, 2, 3, 3, 0, 2, 1], [3, 1, 4, 0, 0, 2, 4, 4]], dtype=torch.uint8)
LENGTHS = torch.tensor([8, 6])
TURNED = torch.tensor([[2, 1, 3, 0, 0, 1, 2, 3], [1, 3, 3, 4, 2, 0, 4, 4]], dtype=torch.uint8)


@pytest.mark.parametrize("how", POOLS)
def test_it_pools_the_scores_of_its_filters(how):
    layer = FilterPool(3, 4, how, strand=Strand.BOTH)
    expected = pooled(CODES, LENGTHS, layer.weight, pool=how)
    assert torch.equal(layer(CODES, LENGTHS), expected)
    assert layer(CODES, LENGTHS).shape == (2, 3)


@pytest.mark.parametrize("how", POOLS)
def test_both_strands_say_the_same_where_both_are_read(how):
    tied, single = (FilterPool(3, 4, how, strand=strand) for strand in (Strand.BOTH, Strand.SINGLE))
    torch.testing.assert_close(tied(TURNED, LENGTHS), tied(CODES, LENGTHS))
    assert not torch.allclose(single(TURNED, LENGTHS), single(CODES, LENGTHS))


@pytest.mark.parametrize("how", POOLS)
def test_every_filter_learns(how):
    layer = FilterPool(3, 4, how, strand=Strand.BOTH)
    layer(CODES, LENGTHS).sum().backward()
    assert layer.weight.grad.abs().sum((1, 2)).gt(0).all()


def test_it_says_what_it_is():
    assert repr(FilterPool(3, 4, "max", strand=Strand.SINGLE)) == "FilterPool(3, 4, max, single)"
