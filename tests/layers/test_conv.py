import itertools

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from motifnet.errors import InvalidValue, NotEquivariant, ShapeMismatch
from motifnet.layers import TiedConv1d
from motifnet.testing import assert_equivariant
from motifnet.ties import DNA, TIES, Strands, detach, is_tied

MIXED = Strands("2p+2e+1o")


def test_every_legal_combination_is_exact_and_every_other_is_refused():
    legal = refused = 0
    for length, width, stride, dilation, padding in itertools.product(
        range(24, 30), (3, 4, 6), (1, 2, 3), (1, 2), (0, 2)
    ):
        conv = TiedConv1d(DNA, MIXED, width, stride=stride, dilation=dilation, padding=padding).double()
        if (length + 2 * padding - dilation * (width - 1) - 1) % stride == 0:
            assert_equivariant(conv, DNA, MIXED, shape=(2, length))
            legal += 1
        else:
            with pytest.raises(InvalidValue, match="the two strands would be seen differently"):
                conv(torch.zeros(1, 4, length, dtype=torch.float64))
            refused += 1
    assert (legal, refused) == (132, 84)


def test_what_is_refused_would_have_broken_the_tie():
    conv = TiedConv1d(DNA, MIXED, 4, stride=3).double()
    plain = nn.Conv1d(4, len(MIXED), 4, stride=3).double()
    plain.weight.data, plain.bias.data = conv.weight.detach(), conv.bias.detach()
    assert_equivariant(plain, DNA, MIXED, shape=(2, 25), perturb=False)
    with pytest.raises(NotEquivariant):
        assert_equivariant(plain, DNA, MIXED, shape=(2, 24), perturb=False)


def test_weight_and_bias_are_both_tied():
    conv = TiedConv1d(DNA, Strands("3p"), 5)
    assert is_tied(conv, "weight")
    assert is_tied(conv, "bias")
    assert torch.equal(conv.weight, conv.weight.flip(0, 1, 2))
    assert sum(p.numel() for p in conv.parameters()) == 3 * 4 * 5 + 3
    assert TiedConv1d(DNA, MIXED, 5, bias=False).bias is None


def test_random_weights_have_the_standard_deviation_of_a_plain_layer():
    conv = TiedConv1d(Strands("32p"), Strands("32p"), 9)
    assert conv.weight.std().item() == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.05)


def test_a_convolution_equals_its_doubly_blocked_toeplitz_matrix():
    width, length = 3, 7
    conv = TiedConv1d(DNA, MIXED, width, bias=False).double()
    tie = TIES["convolution"](len(MIXED), 4, width, length)
    dense = tie.expand(conv.weight.detach().flatten())
    x = torch.randn(2, 4, length, dtype=torch.float64)
    by_matrix = dense.flatten(2).flatten(0, 1) @ x.flatten(1).T
    torch.testing.assert_close(by_matrix.T.reshape(2, len(MIXED), -1), conv(x))
    for block in dense.permute(0, 2, 1, 3).flatten(0, 1):  # each (out, in) block is a Toeplitz matrix
        assert torch.equal(block[1:, 1:], block[:-1, :-1])
        assert block.count_nonzero() <= width * (length - width + 1)


def test_the_gradient_of_a_free_parameter_is_the_sum_over_its_orbit(dtype):
    conv = TiedConv1d(DNA, MIXED, 4).to(dtype)
    x = torch.randn(3, 4, 20, dtype=dtype)
    weight, bias = conv.weight.detach().requires_grad_(), conv.bias.detach().requires_grad_()
    F.conv1d(x, weight, bias).exp().sum().backward()
    conv(x).exp().sum().backward()
    for name, whole in (("weight", weight), ("bias", bias)):
        parametrization = conv.parametrizations[name]
        torch.testing.assert_close(parametrization.original.grad, parametrization[0].tie.pool(whole.grad))


def test_detached_layers_say_the_same():
    conv, x = TiedConv1d(DNA, MIXED, 4), torch.randn(2, 4, 11)
    before = conv(x)
    for name in ("weight", "bias"):
        detach(conv, name)
    assert torch.equal(conv(x), before)


def test_wrong_channels_are_refused():
    with pytest.raises(ShapeMismatch, match=r"x has shape \(2, 30, 4\); expected \(batch, 4, length\)"):
        TiedConv1d(DNA, MIXED, 4)(torch.zeros(2, 30, 4))


@pytest.mark.parametrize(("width", "dilation"), [(5, 1), (4, 2), (1, 1)])
def test_the_same_length_is_kept_where_that_is_exact(width, dilation):
    conv = TiedConv1d("2p", "3p+1o", width, dilation=dilation, padding="same").double()
    assert conv(torch.zeros(1, 4, 30, dtype=torch.float64)).shape == (1, 7, 30)
    assert_equivariant(conv, DNA, Strands("3p+1o"), shape=(2, 31))


@pytest.mark.parametrize("options", [{"width": 4}, {"width": 3, "stride": 2}, {"width": 4, "dilation": 3}])
def test_the_same_length_is_refused_where_it_would_be_crooked(options):
    with pytest.raises(InvalidValue, match="'same' needs a stride of 1 and an even"):
        TiedConv1d(DNA, MIXED, **options, padding="same")
    with pytest.raises(InvalidValue, match="padding is 'valid'; expected a number of zeros, or 'same'"):
        TiedConv1d(DNA, MIXED, 3, padding="valid")


@pytest.mark.parametrize(
    ("in_type", "out_type", "groups"),
    [("4p", "8p", 2), ("4p", "4p", 8), ("6e", "4e+2o", 3), ("2p+2p", "2p+2p", 2), ("2p+4e", "2p+4e", 2)],
)
def test_groups_keep_to_the_strands(in_type, out_type, groups):
    conv = TiedConv1d(in_type, out_type, 3, groups=groups).double()
    assert conv.weight.shape == (len(conv.out_type), len(conv.in_type) // groups, 3)
    assert_equivariant(conv, conv.in_type, conv.out_type, shape=(3, 20))
    x = torch.randn(1, len(conv.in_type), 9, dtype=torch.float64)
    torch.testing.assert_close(conv(x), F.conv1d(x, conv.weight, conv.bias, groups=groups))


@pytest.mark.parametrize(
    ("in_type", "out_type", "groups", "sentence"),
    [
        ("3p+2e", "8p", 2, "groups of which 3p[+]2e and 8p have whole partners"),
        ("4p", "8e", 2, "groups of which 4p and 8e have whole partners"),
        ("4p", "4p", 3, "groups is 3; expected a number that divides 8 channels and 8"),
        ("4p", "4p", 0, "groups is 0"),
    ],
)
def test_groups_that_the_other_strand_would_mix_are_refused(in_type, out_type, groups, sentence):
    with pytest.raises(InvalidValue, match=sentence):
        TiedConv1d(in_type, out_type, 3, groups=groups)


@pytest.mark.parametrize("kind", [16, "16", "p16", None])
def test_a_channel_type_that_says_nothing_of_strands_is_refused(kind):
    with pytest.raises(InvalidValue, match="channel type"):
        TiedConv1d(DNA, kind, 3)
