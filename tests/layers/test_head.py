import torch
from hypothesis import given
from hypothesis import strategies as st

from motifnet.layers import NonNegativeLinear, TiedLinear
from motifnet.testing import assert_equivariant
from motifnet.ties import Strands

MIXED = Strands("2p+2e+1o")


def test_tied_linear_reads_both_members_alike_and_no_odd_channel(dtype):
    head = TiedLinear(MIXED, 3).to(dtype)
    assert_equivariant(head, MIXED, Strands.even(3), shape=(5,))
    assert torch.equal(head.weight[:, :2], head.weight[:, :4].flip(1)[:, :2])
    assert head.weight[:, 6].count_nonzero() == 0
    assert sum(p.numel() for p in head.parameters()) == 3 * 4 + 3
    assert TiedLinear(MIXED, 3, bias=False).bias is None


@given(st.lists(st.floats(0, 1e4, width=32), min_size=4, max_size=4))
def test_weights_come_back_as_assigned_and_never_negative(values):
    head, wanted = NonNegativeLinear(4, 1), torch.tensor([values])
    head.weight = wanted
    torch.testing.assert_close(head.weight.detach(), wanted.clamp(min=1e-4), rtol=1e-3, atol=1e-5)
    assert (head.weight > 0).all()


def test_every_weight_keeps_a_gradient():
    head = NonNegativeLinear(3, 2)
    head.weight = torch.tensor([[0.0, -1.0, 50.0], [1.0, 1e-9, 1e-3]])
    head(torch.ones(1, 3)).sum().backward()
    gradient = head.parametrizations.weight.original.grad
    assert gradient.isfinite().all()
    assert (gradient > 0).all()
