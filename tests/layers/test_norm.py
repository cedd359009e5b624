import pytest
import torch
from torch import nn

from motifnet.errors import NotEquivariant
from motifnet.layers import TiedBatchNorm, TiedLayerNorm, inside
from motifnet.testing import assert_equivariant
from motifnet.ties import Strands

MIXED = Strands("2p+2e+1o")
NORMS = [TiedBatchNorm, TiedLayerNorm]


def test_even_channels_alone_are_ordinary_batch_normalisation():
    ours, theirs = TiedBatchNorm(Strands.even(3)), nn.BatchNorm1d(3)
    x = torch.randn(4, 3, 10) * 2 + 5
    torch.testing.assert_close(ours(x), theirs(x))
    torch.testing.assert_close(ours.running_mean, theirs.running_mean)


def test_even_channels_alone_are_ordinary_layer_normalisation():
    x = torch.randn(4, 3, 10) * 2 + 5
    theirs = nn.LayerNorm(3)(x.transpose(1, 2)).transpose(1, 2)
    torch.testing.assert_close(TiedLayerNorm(Strands.even(3))(x), theirs)


def test_statistics_are_those_of_both_members_of_a_pair():
    norm = TiedBatchNorm(Strands("1p+1o"), momentum=1.0).double()
    x = torch.randn(4, 3, 10, dtype=torch.float64) + torch.tensor([1.0, 3.0, 5.0])[:, None]
    norm(x)
    pair, odd = x[:, :2].flatten(), x[:, 2].flatten()
    var = pair.var(correction=0)
    torch.testing.assert_close(norm.running_mean, torch.stack([pair.mean(), pair.mean(), odd.new_zeros(())]))
    torch.testing.assert_close(norm.running_var, torch.stack([var, var, odd.square().mean()]))


def test_odd_channels_have_no_offset():
    for kind in NORMS:
        norm = kind(MIXED)
        norm.bias = torch.ones(len(MIXED))
        assert norm.bias.tolist() == [1, 1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize("kind", NORMS)
@pytest.mark.parametrize("training", [True, False])
def test_padding_neither_counts_nor_changes(kind, training):
    norm = kind(MIXED).double().train(training)
    x = torch.randn(3, 7, 12, dtype=torch.float64)
    longer = torch.cat([x, torch.full((3, 7, 5), 100.0)], 2)
    found = norm(longer, inside(torch.tensor([12, 12, 12]), 17))
    assert found[:, :, 12:].count_nonzero() == 0
    torch.testing.assert_close(found[:, :, :12], kind(MIXED).double().train(training)(x))


def test_trap_plain_batch_normalisation_breaks_the_tie():
    plain, pairs = nn.BatchNorm1d(4).double(), Strands("2p")
    scale = torch.arange(1.0, 5.0, dtype=torch.float64)[:, None]
    plain(torch.randn(8, 4, 20, dtype=torch.float64) * scale)
    with pytest.raises(NotEquivariant):
        assert_equivariant(plain.eval(), pairs, pairs)
    tied = TiedBatchNorm(pairs).double()
    tied(torch.randn(8, 4, 20, dtype=torch.float64) * scale)
    assert_equivariant(tied.eval(), pairs, pairs)


@pytest.mark.parametrize("kind", NORMS)
def test_half_precision_keeps_its_type_and_its_statistics(kind):
    x = torch.randn(16, 7, 200) + 8
    norm, halved = kind(MIXED), kind(MIXED)
    expected, found = norm(x), halved(x.bfloat16())
    assert found.dtype == torch.bfloat16
    torch.testing.assert_close(
        found.float(), expected, atol=0.1, rtol=0.05
    )  # bfloat16 has 8 bits: 8 + x is coarse
