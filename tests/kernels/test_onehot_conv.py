"""The fused operation: the CPU's implementation against the plain torch one that defines it."""

import subprocess
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numba.core.errors import TypingError

from motifnet.errors import InvalidValue, ShapeMismatch, UnknownName
from motifnet.kernels import onehot_conv, threads
from motifnet.kernels.onehot_conv import POOLS, autograd, cpu, dispatch, loops, on_cpu, reference, triples
from motifnet.ties import TIES

TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-10}


def batch(seed, n=7, length=70, n_filters=5, width=19, dtype=torch.float64, scale=1.0):
    """Codes with unknown bases, lengths down to none, filters and biases."""
    generator = torch.Generator().manual_seed(seed)
    codes = torch.randint(0, 4, (n, length), generator=generator).to(torch.uint8)
    codes[torch.rand(n, length, generator=generator) < 0.05] = 4
    lengths = torch.randint(0, length + 1, (n,), generator=generator)
    lengths[0], lengths[1] = length, width  # the longest, and a single window
    codes[torch.arange(length) >= lengths[:, None]] = 4
    filters = torch.randn(n_filters, 4, width, generator=generator, dtype=torch.float64) * scale
    bias = torch.randn(n_filters, generator=generator, dtype=torch.float64)
    return codes, lengths, filters.to(dtype), bias.to(dtype)


def value_and_gradients(function, codes, lengths, filters, bias, **options):
    """What a pool says, and the gradients of a fixed weighted sum of it."""
    filters, bias = filters.clone().requires_grad_(), bias.clone().requires_grad_()
    value = function(codes, lengths, filters, bias, **options)
    finite = value.isfinite()
    weight = torch.linspace(-1, 2, value.numel(), dtype=value.dtype).reshape(value.shape)
    (value.masked_fill(~finite, 0) * weight).sum().backward()
    return value.detach(), filters.grad, bias.grad


def relative_error(ours, theirs):
    theirs = theirs.double()
    return float((ours.double() - theirs).abs().max() / theirs.abs().max().clamp(min=1e-30))


def test_the_cpu_implementation_is_what_runs_here():
    assert dispatch.implementation(torch.device("cpu")).__name__.endswith("on_cpu")


@pytest.mark.parametrize("both_strands", [True, False])
@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("dtype", list(TOLERANCE))
@pytest.mark.parametrize(("width", "n_filters"), [(1, 1), (5, 16), (19, 17), (24, 40), (33, 3)])
def test_values_and_gradients_are_those_of_the_reference(dtype, pool, both_strands, width, n_filters):
    given = batch(width, n_filters=n_filters, width=width)
    narrowed = [part.to(dtype) if part.is_floating_point() else part for part in given]
    ours = value_and_gradients(onehot_conv.pooled, *narrowed, pool=pool, both_strands=both_strands)
    theirs = value_and_gradients(reference.pooled, *given, pool=pool, both_strands=both_strands)
    assert ours[0].dtype == dtype
    assert torch.equal(ours[0].isinf(), theirs[0].isinf())
    for mine, exact in zip(ours, theirs, strict=True):
        kept = exact.isfinite()
        assert relative_error(mine[kept], exact[kept]) < TOLERANCE[dtype]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    width=st.integers(1, 30),
    n_filters=st.integers(1, 35),
    pool=st.sampled_from(POOLS),
    both_strands=st.booleans(),
)
def test_any_shape(seed, width, n_filters, pool, both_strands):
    given = batch(seed, n=3, length=width + seed % 9, n_filters=n_filters, width=width)
    ours = value_and_gradients(onehot_conv.pooled, *given, pool=pool, both_strands=both_strands)
    theirs = value_and_gradients(reference.pooled, *given, pool=pool, both_strands=both_strands)
    for mine, exact in zip(ours, theirs, strict=True):
        assert torch.allclose(mine, exact, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("scale", [1e-3, 5.0, 30.0, 300.0])
@pytest.mark.parametrize("dtype", list(TOLERANCE))
def test_log_sum_exp_at_any_range_of_scores(scale, dtype):
    given = batch(1, scale=scale)
    narrowed = [part.to(dtype) if part.is_floating_point() else part for part in given]
    exact = [part.double() if part.is_floating_point() else part for part in narrowed]
    ours = value_and_gradients(onehot_conv.pooled, *narrowed, pool="logsumexp", both_strands=True)
    theirs = value_and_gradients(reference.pooled, *exact, pool="logsumexp", both_strands=True)
    kept = theirs[0].isfinite()
    # Sums of scores up to 20 * scale round to so many digits, whichever way they are taken.
    tolerance = TOLERANCE[dtype] * max(1.0, 2 * scale)
    assert relative_error(ours[0][kept], theirs[0][kept]) < tolerance
    assert relative_error(ours[1], theirs[1]) < tolerance
    assert relative_error(ours[2], theirs[2]) < tolerance


@pytest.mark.parametrize("both_strands", [True, False])
def test_steep_filters_beside_flat_ones_over_more_windows_than_are_kept_at_once(both_strands):
    codes, lengths, filters, bias = batch(14, length=loops._AT_ONCE + 90, n_filters=40)
    filters[::3] *= 60
    given = codes, lengths, filters, bias
    ours = value_and_gradients(onehot_conv.pooled, *given, both_strands=both_strands)
    theirs = value_and_gradients(reference.pooled, *given, pool="logsumexp", both_strands=both_strands)
    for mine, exact in zip(ours, theirs, strict=True):
        assert torch.allclose(mine, exact, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("both_strands", [True, False])
def test_the_best_window_its_place_and_strand(both_strands):
    codes, lengths, filters, _ = batch(4)
    ours = onehot_conv.best(codes, lengths, filters, both_strands=both_strands)
    theirs = reference.best(codes, lengths, filters, both_strands=both_strands)
    assert torch.allclose(ours.score, theirs.score)
    assert torch.equal(ours.position, theirs.position)
    assert torch.equal(ours.reverse, theirs.reverse)


def test_of_equal_windows_the_leftmost_on_the_forward_strand():
    codes = torch.tensor([[0, 3, 0, 3, 0, 3]], dtype=torch.uint8)  # ATATAT reads AT on both strands
    at = torch.zeros(1, 4, 2)
    at[0, 0, 0] = at[0, 3, 1] = 1
    found = onehot_conv.best(codes, torch.tensor([6]), at)
    assert [part.item() for part in found] == [2.0, 0, False]


def test_a_reverse_complement_scores_the_same():
    codes, _, filters, bias = batch(5)
    lengths = torch.full((len(codes),), codes.shape[1])
    turned = torch.where(codes < 4, 3 - codes, codes).flip(1)
    for pool in POOLS:
        given = onehot_conv.pooled(codes, lengths, filters, bias, pool=pool)
        assert torch.allclose(given, onehot_conv.pooled(turned, lengths, filters, bias, pool=pool))


def test_a_palindromic_filter_needs_one_strand_only():
    codes, lengths, filters, _ = batch(6, width=12)
    tie = TIES["palindrome"](12)
    filters = torch.stack([tie.expand(tie.project(one)) for one in filters])
    one = onehot_conv.pooled(codes, lengths, filters, both_strands=False)
    both = onehot_conv.pooled(codes, lengths, filters)
    kept = one.isfinite()
    assert torch.allclose(both[kept], one[kept] + np.log(2))


@pytest.mark.parametrize("n_filters", [1, 32, 33, 70])
def test_scores_of_every_window(n_filters):
    codes, _, filters, _ = batch(7, n_filters=n_filters)
    filters.requires_grad_()
    ours, theirs = onehot_conv.scores(codes, filters), reference.scores(codes, filters)
    assert torch.allclose(ours, theirs)
    weight = torch.linspace(-1, 1, ours.numel(), dtype=torch.float64).reshape(ours.shape)
    gradients = [torch.autograd.grad((value * weight).sum(), filters)[0] for value in (ours, theirs)]
    assert torch.allclose(*gradients)


def test_bfloat16_filters_are_computed_with_in_float32():
    codes, lengths, filters, bias = batch(8, dtype=torch.bfloat16)
    narrow = filters.clone().requires_grad_()
    value = onehot_conv.pooled(codes, lengths, narrow, bias)
    assert value.dtype == torch.float32
    exact = reference.pooled(codes, lengths, filters.double(), bias.double(), "logsumexp", both_strands=True)
    assert torch.allclose(value.double(), exact, atol=1e-4)
    value[:2].sum().backward()
    assert narrow.grad.dtype == torch.bfloat16


def test_second_derivatives_are_refused():
    codes, lengths, filters, bias = batch(9)
    filters.requires_grad_()
    value = onehot_conv.pooled(codes[:2], lengths[:2], filters, bias).sum()
    with pytest.raises(NotImplementedError, match="second derivatives"):
        torch.autograd.grad(value, filters, create_graph=True)


@pytest.mark.parametrize("scale", [1, 60])
def test_many_threads_give_the_same_numbers(scale):
    given = batch(10, n=400, length=300, n_filters=20, scale=scale)
    results = []
    for n_threads in (1, 3):
        threads.use_threads(n_threads)
        results.append(value_and_gradients(onehot_conv.pooled, *given))
    threads.use_threads(0)
    for one, several in zip(*results, strict=True):
        assert torch.equal(one, several)


def test_ragged_sequences_are_the_same_as_padded_ones():
    codes, lengths, filters, _ = batch(11)
    ragged = np.concatenate([one[:length].numpy() for one, length in zip(codes, lengths, strict=True)])
    offsets = np.concatenate([[0], np.cumsum(lengths.numpy())])
    found = cpu.best(
        triples.of_ragged(ragged, offsets), offsets[:-1], np.diff(offsets), filters.numpy(), both_strands=True
    )
    theirs = reference.best(codes, lengths, filters, both_strands=True)
    assert np.allclose(found.score, theirs.score.numpy())
    assert np.array_equal(found.position, theirs.position.numpy())


def test_the_score_of_an_unknown_base_can_be_set():
    codes = np.array([0, 4, 0, 0], np.uint8)
    offsets = np.array([0, 4])
    filters = np.zeros((1, 4, 2))
    filters[0, 0] = 1.0
    flat = triples.of_ragged(codes, offsets)
    found = cpu.best(flat, offsets[:1], np.array([3]), filters, both_strands=False, unknown=-5.0)
    assert found.score.item() == -4.0
    found = cpu.best(flat, offsets[:1], np.array([4]), filters, both_strands=False, unknown=-5.0)
    assert (found.score.item(), found.position.item()) == (2.0, 2)


def test_bad_arguments_are_refused():
    codes, lengths, filters, bias = batch(12)
    with pytest.raises(UnknownName, match="median"):
        onehot_conv.pooled(codes, lengths, filters, bias, pool="median")
    with pytest.raises(ShapeMismatch, match="filters"):
        onehot_conv.pooled(codes, lengths, filters[0], bias)
    with pytest.raises(ShapeMismatch, match="codes"):
        onehot_conv.pooled(codes[:, :5], lengths, filters, bias)
    with pytest.raises(ShapeMismatch, match="bias"):
        onehot_conv.pooled(codes, lengths, filters, bias[:2])
    with pytest.raises(ShapeMismatch, match="lengths"):
        onehot_conv.best(codes, lengths[:2], filters)
    with pytest.raises(InvalidValue, match=r"type of codes is torch.int64; expected torch.uint8"):
        onehot_conv.scores(codes.long(), filters)


@pytest.mark.parametrize("elsewhere", range(4))
def test_tensors_on_different_devices_are_refused(elsewhere):
    given = list(batch(12))
    given[elsewhere] = given[elsewhere].to("meta")
    with pytest.raises(InvalidValue, match="device of"):
        onehot_conv.pooled(*given)


@pytest.mark.parametrize("forced", ["cpu", "reference"])
def test_a_length_beyond_the_codes_is_refused(forced, monkeypatch):
    monkeypatch.setenv(dispatch.VARIABLE, forced)
    codes, lengths, filters, bias = batch(15)
    lengths[3] = codes.shape[1] + 1
    for pool in POOLS:
        with pytest.raises(InvalidValue, match="largest of lengths is 71; expected 70 at most"):
            onehot_conv.pooled(codes, lengths, filters, bias, pool=pool)
    with pytest.raises(InvalidValue, match="largest of lengths"):
        onehot_conv.best(codes, lengths, filters)


@pytest.mark.parametrize("pool", POOLS)
def test_where_lengths_cannot_be_looked_at_longer_ones_are_cut(pool, monkeypatch):
    codes, lengths, filters, bias = batch(15)
    expected = value_and_gradients(onehot_conv.pooled, codes, lengths, filters, bias, pool=pool)
    monkeypatch.setattr(torch.compiler, "is_compiling", lambda: True)
    monkeypatch.setattr(autograd, "implementation", lambda *_: on_cpu)
    longer = torch.where(lengths == codes.shape[1], 500, lengths)
    found = value_and_gradients(onehot_conv.pooled, codes, longer, filters, bias, pool=pool)
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one, other)
    best = onehot_conv.best(codes, longer, filters)
    assert torch.equal(best.position, onehot_conv.best(codes, lengths, filters).position)


def test_kernels_are_given_contiguous_tensors(monkeypatch):
    codes, lengths, filters, bias = batch(16, n=6)
    expected = value_and_gradients(onehot_conv.pooled, codes[::2], lengths[::2], filters, bias)
    strided = codes[::2], lengths[::2], filters.mT.contiguous().mT, bias.repeat_interleave(2)[::2]
    seen = []

    def pooled(*given, **options):
        seen.extend(part.is_contiguous() for part in given[:4])
        return on_cpu.pooled(*given, **options)

    spy = SimpleNamespace(pooled=pooled, pooled_gradient=on_cpu.pooled_gradient)
    monkeypatch.setattr(autograd, "implementation", lambda *_: spy)
    found = value_and_gradients(onehot_conv.pooled, *strided)
    assert seen == [True] * 4
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("forced", ["cpu", "reference"])
@pytest.mark.parametrize("both_strands", [True, False])
def test_a_weight_or_bias_that_is_no_number_scores_no_number(both_strands, forced, monkeypatch):
    monkeypatch.setenv(dispatch.VARIABLE, forced)
    codes, lengths, filters, bias = batch(17)
    filters[1, 2, 3] = bias[3] = torch.nan
    for pool in POOLS:
        value = onehot_conv.pooled(codes, lengths, filters, bias, pool=pool, both_strands=both_strands)
        assert (
            value.isnan().all(0).tolist()
            == value.isnan().any(0).tolist()
            == [False, True, False, True, False]
        )
    score = onehot_conv.best(codes, lengths, filters, both_strands=both_strands).score
    assert score.isnan().all(0).tolist() == [False, True, False, False, False]
    assert onehot_conv.scores(codes, filters).isnan().any(2).any(0).tolist() == [
        False,
        True,
        False,
        False,
        False,
    ]


def test_the_parts_of_a_gradient_follow_from_its_blocks_of_filters(monkeypatch):
    asked = []

    def parts(lengths, n_blocks, most):
        asked.append(n_blocks)
        return [slice(0, len(lengths))]

    monkeypatch.setattr(cpu, "_parts", parts)
    cpu.scores_gradient(np.zeros(9 * 10, np.uint8), np.ones((9, 6, 40), np.float32), 5)
    assert asked == [2]


@pytest.mark.parametrize("forced", ["cpu", "reference"])
def test_autocast_does_not_narrow_scores(forced, monkeypatch):
    monkeypatch.setenv(dispatch.VARIABLE, forced)
    codes, lengths, filters, bias = batch(18, dtype=torch.float32)
    expected = [onehot_conv.pooled(codes, lengths, filters, bias, pool=pool) for pool in POOLS]
    with torch.autocast("cpu", torch.bfloat16):
        found = [onehot_conv.pooled(codes, lengths, filters, bias, pool=pool) for pool in POOLS]
        best, scores = onehot_conv.best(codes, lengths, filters), onehot_conv.scores(codes, filters)
    assert {part.dtype for part in (*found, best.score, scores)} == {torch.float32}
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one, other)
    assert torch.equal(best.score, onehot_conv.best(codes, lengths, filters).score)
    assert torch.equal(scores, onehot_conv.scores(codes, filters))


class TestChoice:
    """Which implementation runs."""

    @pytest.fixture(autouse=True)
    def _afresh(self, monkeypatch):
        monkeypatch.delenv(dispatch.VARIABLE, raising=False)
        dispatch._loaded.cache_clear()
        yield
        dispatch._loaded.cache_clear()

    def test_the_reference_can_be_forced(self, monkeypatch):
        monkeypatch.setenv(dispatch.VARIABLE, "reference")
        assert dispatch.implementation(torch.device("cpu")) is None
        given = batch(13)
        ours = value_and_gradients(onehot_conv.pooled, *given)
        monkeypatch.setenv(dispatch.VARIABLE, "cpu")
        for one, other in zip(ours, value_and_gradients(onehot_conv.pooled, *given), strict=True):
            assert torch.allclose(one, other)

    @pytest.mark.parametrize("asked", ["gpu", "fast"])
    def test_what_cannot_be_is_refused(self, monkeypatch, asked):
        monkeypatch.setenv(dispatch.VARIABLE, asked)
        with pytest.raises(InvalidValue, match=asked):
            dispatch.implementation(torch.device("cpu"))

    def test_without_a_compiler_the_reference_takes_over_with_one_warning(self, monkeypatch):
        monkeypatch.setitem(dispatch._MODULES, "cpu", "no_such_module")
        with pytest.warns(RuntimeWarning, match="no fast kernel on cpu"):
            assert dispatch.implementation(torch.device("cpu")) is None
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert dispatch.implementation(torch.device("cpu")) is None

    def test_the_first_use_may_be_under_autocast(self):
        with torch.autocast("cpu", torch.bfloat16):
            assert dispatch.implementation(torch.device("cpu")) is not None

    @pytest.mark.parametrize(
        "error", [TypingError("no such type"), subprocess.CalledProcessError(1, "ptxas")]
    )
    def test_a_compiler_that_fails_leaves_it_to_the_reference(self, monkeypatch, error):
        def fail(*_, **__):
            raise error

        monkeypatch.setattr(on_cpu, "FAILURES", (*on_cpu.FAILURES, subprocess.SubprocessError))
        monkeypatch.setattr(on_cpu, "pooled", fail)
        with pytest.warns(RuntimeWarning, match=rf"no fast kernel on cpu \({type(error).__name__}: "):
            assert dispatch.implementation(torch.device("cpu")) is None

    def test_memory_that_runs_out_says_nothing_of_the_implementation(self, monkeypatch):
        def fail(*_, **__):
            raise torch.OutOfMemoryError("full")

        with monkeypatch.context() as patch:
            patch.setattr(on_cpu, "pooled", fail)
            with pytest.raises(torch.OutOfMemoryError):
                dispatch.implementation(torch.device("cpu"))
        assert dispatch.implementation(torch.device("cpu")) is on_cpu

    def test_a_device_without_a_kernel_takes_the_reference_without_a_word(self):
        assert dispatch.implementation(torch.device("mps")) is None

    def test_a_type_that_a_kernel_does_not_compute_in_takes_the_reference(self, monkeypatch):
        monkeypatch.setattr(on_cpu, "DTYPES", (torch.float32,))
        assert dispatch.implementation(torch.device("cpu"), torch.float64) is None
        assert dispatch.implementation(torch.device("cpu"), torch.float32) is on_cpu
        monkeypatch.setenv(dispatch.VARIABLE, "cpu")
        with pytest.raises(InvalidValue, match=r"one that computes in torch.float64"):
            dispatch.implementation(torch.device("cpu"), torch.float64)

    def test_an_implementation_that_is_wrong_is_not_used(self, monkeypatch):
        monkeypatch.setattr(on_cpu, "pooled", lambda *_, **__: torch.zeros(2, 3))
        with pytest.warns(RuntimeWarning, match="disagrees"):
            assert dispatch.implementation(torch.device("cpu")) is None
