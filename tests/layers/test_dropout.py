"""Dropout: partners go together, the mean stays, evaluation changes nothing."""

import pytest
import torch

from motifnet.errors import InvalidValue, NotEquivariant, ShapeMismatch
from motifnet.layers import TiedDropout
from motifnet.testing import assert_equivariant
from motifnet.ties import Strands

MIXED = Strands("3p+2e+1o")


def test_partners_are_dropped_together_at_all_positions():
    dropped = TiedDropout(MIXED, 0.5)(torch.ones(400, len(MIXED), 7))
    assert set(dropped.unique().tolist()) == {0, 2}
    torch.testing.assert_close(dropped, dropped[:, list(MIXED.perm)])
    assert (dropped == dropped[:, :, :1]).all()
    assert dropped.mean().item() == pytest.approx(1, abs=0.1)
    first, second = dropped[:, 0, 0], dropped[:, 1, 0]
    assert (first != second).any()  # two pairs each draw for themselves


def test_ordinary_dropout_would_tell_the_strands_apart():
    with pytest.raises(NotEquivariant):
        assert_equivariant(torch.nn.Dropout(0.5), MIXED, MIXED)
    assert_equivariant(TiedDropout(MIXED, 0.5), MIXED, MIXED)
    assert_equivariant(TiedDropout(MIXED, 0.5), MIXED, MIXED, shape=(5,))


def test_nothing_is_dropped_in_evaluation_or_at_a_rate_of_none():
    x = torch.randn(2, len(MIXED), 3)
    assert TiedDropout(MIXED, 0.9).eval()(x) is x
    assert TiedDropout("3p+2e+1o", 0)(x) is x


def test_what_cannot_be_is_refused():
    for rate in (-0.1, 1, 2):
        with pytest.raises(InvalidValue, match="rate"):
            TiedDropout(MIXED, rate)
    with pytest.raises(ShapeMismatch, match=r"expected \(batch, 9, ...\)"):
        TiedDropout(MIXED, 0.1)(torch.zeros(2, 4))
