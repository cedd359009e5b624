import pytest
import torch

from motifnet.errors import InvalidValue, UnknownName
from motifnet.layers import Activation
from motifnet.testing import assert_equivariant
from motifnet.ties import Strands


@pytest.mark.parametrize("name", ["exp", "gelu", "relu", "tanh"])
def test_legal_on_pairs_and_even_channels(name):
    kind = Strands("2p+2e")
    assert_equivariant(Activation(kind, name).double(), kind, kind)


def test_odd_channels_take_odd_functions_alone():
    kind = Strands("1p+2o")
    assert_equivariant(Activation(kind, "tanh"), kind, kind)
    for name in ("exp", "gelu", "relu"):
        with pytest.raises(
            InvalidValue, match=f"activation is '{name}'; expected an odd function \\(tanh\\)"
        ):
            Activation(kind, name)


def test_exp_stays_finite():
    assert Activation(Strands("1e"), "exp")(torch.tensor([0.0, 1e6])).isfinite().all()


def test_unknown_names_are_told():
    with pytest.raises(UnknownName, match="no activation named 'rely'; did you mean 'relu'"):
        Activation(Strands("1e"), "rely")
