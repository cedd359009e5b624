import pytest
import torch

from motifnet.errors import InvalidValue, UnknownName
from motifnet.layers import GlobalPool, LocalMaxPool, SiteMerge, inside
from motifnet.testing import assert_equivariant
from motifnet.ties import Strands

HOW = ["max", "logsumexp", "mean"]
UNSIGNED = Strands("2p+2e")


def test_site_merge_takes_the_two_members_of_each_pair():
    x = torch.randn(2, 6, 3)
    found = SiteMerge(UNSIGNED, "max")(x)
    partners = torch.stack([x[:, [0, 1, 4, 5]], x[:, [3, 2, 4, 5]]])
    assert torch.equal(found, partners.amax(0))
    torch.testing.assert_close(SiteMerge(UNSIGNED, "mean")(x), partners.mean(0))
    torch.testing.assert_close(SiteMerge(UNSIGNED, "logsumexp")(x), partners.logsumexp(0))
    assert SiteMerge(UNSIGNED, "max").out_type == Strands("4e")


def test_site_merge_keeps_the_two_ends_of_a_sequence_apart():
    x = torch.zeros(1, 2, 9)
    x[0, 0, 1] = 1
    assert SiteMerge(Strands("1p"), "max")(x).flatten().nonzero().tolist() == [[1]]


@pytest.mark.parametrize("how", HOW)
def test_global_pool_ignores_the_padding(how):
    pool, x = GlobalPool(UNSIGNED, how), torch.randn(3, 6, 11)
    found = pool(x, inside(torch.tensor([11, 4, 7]), 11))
    alone = torch.cat([pool(x[i : i + 1, :, :n]) for i, n in enumerate((11, 4, 7))])
    torch.testing.assert_close(found, alone)


@pytest.mark.parametrize("how", HOW)
def test_a_sequence_without_any_position_has_finite_values_and_gradients(how):
    x = torch.randn(2, 6, 5, requires_grad=True)
    found = GlobalPool(UNSIGNED, how)(x, inside(torch.tensor([0, 5]), 5))
    found[1].sum().backward()
    assert found.isfinite().all()
    assert x.grad.isfinite().all()
    assert x.grad[0].count_nonzero() == 0


def test_log_sum_exp_is_summed_in_single_precision_at_least():
    x = torch.zeros(1, 2, 10_000, dtype=torch.bfloat16)
    found = GlobalPool(Strands("1p"), "logsumexp")(x)
    torch.testing.assert_close(found, torch.full((1, 2), 10_000.0).log())


def test_local_pool_is_exact_where_it_is_legal_and_refused_elsewhere():
    legal = 0
    for length in range(12, 24):
        for width, stride in [(2, 1), (3, 2), (4, 4), (5, 3)]:
            pool = LocalMaxPool(UNSIGNED, width, stride).double()
            if (length - width) % stride == 0:
                assert_equivariant(pool, UNSIGNED, UNSIGNED, shape=(2, length))
                legal += 1
            else:
                with pytest.raises(InvalidValue, match="the two strands would be seen differently"):
                    pool(torch.zeros(1, 6, length))
    assert legal == 12 + 6 + 3 + 4


def test_pools_refuse_what_the_other_strand_would_see_differently():
    with pytest.raises(InvalidValue, match="channel type is '1e\\+1o'; expected one without odd channels"):
        GlobalPool(Strands("1e+1o"), "max")
    for refused in (lambda odd: LocalMaxPool(odd, 2), lambda odd: SiteMerge(odd, "mean")):
        with pytest.raises(InvalidValue, match="without odd channels"):
            refused(Strands("1o"))
    with pytest.raises(UnknownName, match="no pool named 'maximum'"):
        GlobalPool(UNSIGNED, "maximum")
