import pytest
import torch
from torch import nn

from motifnet.errors import NotEquivariant
from motifnet.layers import TiedBatchNorm, TiedConv1d
from motifnet.testing import TOLERANCES, assert_equivariant, assert_invariant
from motifnet.ties import DNA, Strands

PAIRS = Strands("2p")


class Counting(nn.Module):
    """Says how many bases of a kind a sequence has."""

    def __init__(self, *bases):
        super().__init__()
        self.bases = bases

    def forward(self, codes, lengths):
        return (
            sum((codes == base).sum(1, dtype=torch.float64) for base in self.bases)[:, None]
            / lengths[:, None]
        )


def test_tolerances_are_ordered_by_precision():
    assert TOLERANCES[torch.float64] < TOLERANCES[torch.float32] < TOLERANCES[torch.bfloat16]


def test_trap_a_tied_weight_with_an_untied_bias_is_caught():
    conv = TiedConv1d(DNA, PAIRS, 3)
    conv_and_bias = nn.Sequential(conv, nn.Conv1d(4, 4, 1, groups=4))
    with pytest.raises(NotEquivariant, match=r"Sequential: .* is .*; expected at most 1e-05"):
        assert_equivariant(conv_and_bias, DNA, PAIRS)
    assert_equivariant(conv, DNA, PAIRS)


def test_nan_is_not_equivariant():
    broken = TiedConv1d(DNA, PAIRS, 3)
    broken.weight = torch.full_like(broken.weight, torch.nan)
    with pytest.raises(NotEquivariant):
        assert_equivariant(broken, DNA, PAIRS)


def test_the_module_stays_as_it_was():
    norm = TiedBatchNorm(PAIRS)
    assert_equivariant(norm, PAIRS, PAIRS)
    assert norm.training
    assert norm.running_mean.count_nonzero() == 0


def test_a_looser_tolerance_can_be_asked_for():
    nearly = nn.Conv1d(4, 4, 1, bias=False)
    nearly.weight.data = torch.eye(4)[:, :, None] * torch.tensor([1.0, 1, 1, 1.01])[:, None, None]
    with pytest.raises(NotEquivariant):
        assert_equivariant(nearly, PAIRS, PAIRS, perturb=False)
    assert_equivariant(nearly, PAIRS, PAIRS, tolerance=0.1, perturb=False)


# Without parameters, in training, statistics are those of each batch, which the other strand has mirrored.
@pytest.mark.parametrize(("affine", "training"), [(True, True), (True, False), (False, False)])
def test_trap_a_norm_that_is_not_tied_is_caught_though_it_is_fresh(affine, training):
    """Its parameters begin as equal numbers; without any, its statistics do."""
    norm = nn.BatchNorm1d(4, affine=affine).train(training)
    with pytest.raises(NotEquivariant, match="BatchNorm1d"):
        assert_equivariant(norm, PAIRS, PAIRS)
    assert norm.training == training
    assert norm.num_batches_tracked == 0


def test_what_is_not_trained_stays_as_it_is():
    fixed = nn.Conv1d(4, 4, 1, bias=False)
    fixed.weight = nn.Parameter(torch.eye(4)[:, :, None], requires_grad=False)
    assert_equivariant(fixed, PAIRS, PAIRS)


def test_models_are_judged_on_sequences_of_many_lengths():
    assert_invariant(Counting(1, 2))
    with pytest.raises(NotEquivariant, match="Counting"):
        assert_invariant(Counting(1))
    assert_invariant(Counting(1), call=lambda model, codes, lengths: model(codes, lengths) * 0)
