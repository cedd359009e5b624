"""The Triton kernels against plain torch: compiled on a GPU, and by Triton's interpreter without one."""

import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys

import pytest
import torch
from torch import Tensor
from torch.nn import functional

if importlib.util.find_spec("triton") is None:
    pytest.skip("Triton is not installed", allow_module_level=True)
if not torch.cuda.is_available():
    os.environ.setdefault("TRITON_INTERPRET", "1")  # read when the kernels are defined

from motifnet.kernels.onehot_conv import gpu

# In float32, relative to the largest number of its kind: sums of hundreds of rounded scores.
TOLERANCE = 1e-5

POOLS = ("logsumexp", "sum", "relu")
CASES = pytest.mark.parametrize(
    ("width", "n_filters", "length", "both_strands"),
    [
        (1, 1, 30, True),
        (5, 40, 66, False),
        (19, 16, 90, True),
        (24, 1, 88, False),
        (33, 2, 100, True),
        (64, 1, 130, True),
    ],
)

# The interpreter computes with NumPy, which warns where a GPU silently returns an infinity.
pytestmark = [
    pytest.mark.filterwarnings("ignore:divide by zero encountered in log:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:overflow encountered in exp:RuntimeWarning"),
]


def triton_version() -> tuple[int, ...]:
    return tuple(int(part) for part in importlib.metadata.version("triton").split(".")[:2])


@pytest.fixture
def device(device):
    """Devices that the kernels run on: a GPU, or the CPU by the interpreter where there is none."""
    if device.type == "cpu" and torch.cuda.is_available():
        pytest.skip("the kernels are compiled for this machine's GPU, not interpreted")
    if device.type == "cpu" and triton_version() < (3, 9):
        pytest.skip("the interpreter of an older Triton cannot loop under NumPy 2.4")
    return device


def sequences(length: int, width: int) -> tuple[Tensor, Tensor]:
    """Codes with runs of unknown bases within and at the ends, and lengths down to none."""
    codes = torch.randint(0, 4, (6, length), dtype=torch.uint8)
    codes[1, :7] = 4
    codes[1, -5:] = 4
    codes[2, length // 2 : length // 2 + 6] = 9
    codes[3] = 4
    lengths = torch.tensor([length, length, length, length, width - 1, (length + width) // 2])
    return codes, lengths


def one_hot(codes: Tensor) -> Tensor:
    return (codes[:, None] == torch.arange(4)[None, :, None]).double()


def window_scores(codes: Tensor, filters: Tensor, *, both_strands: bool) -> Tensor:
    """Scores in float64, ``(n, n_filters, n_strands, n_windows)``."""
    strands = [filters, filters.flip(1, 2)] if both_strands else [filters]
    return torch.stack([functional.conv1d(one_hot(codes), one.double()) for one in strands], 2)


def masked(score: Tensor, lengths: Tensor, width: int, fill: float) -> Tensor:
    counts = torch.arange(score.shape[-1]) + width <= lengths[:, None]
    return score.masked_fill(~counts[:, None, None], fill)


def pool_of(score: Tensor, lengths: Tensor, width: int, pool: str) -> Tensor:
    """The pool of scores, by its definition."""
    if pool == "logsumexp":
        return masked(score, lengths, width, -torch.inf).flatten(2).logsumexp(2)
    activation = {"sum": lambda s: s, "relu": torch.relu}[pool]
    return masked(activation(score), lengths, width, 0.0).sum((2, 3))


def best_of(score: Tensor, lengths: Tensor, width: int) -> tuple[Tensor, Tensor, Tensor]:
    """The best window: the leftmost of equals, and of those the one on the given strand."""
    top, position = masked(score, lengths, width, -torch.inf).max(3)  # of equals, the first
    place, strand = position.masked_fill(top < top.amax(2, keepdim=True), score.shape[-1]).min(2)
    best = top.gather(2, strand[..., None])[..., 0]
    return best, place.int().where(best > -torch.inf, -1), (strand == 1) & (best > -torch.inf)


def assert_near(found: Tensor, expected: Tensor, tolerance: float = TOLERANCE) -> None:
    scale = expected[expected.isfinite()].abs().max().clamp(min=1).item()
    torch.testing.assert_close(found.cpu().double(), expected, rtol=0, atol=tolerance * scale)


def on(device: torch.device, *tensors: Tensor) -> list[Tensor]:
    return [tensor.to(device) for tensor in tensors]


@CASES
def test_best_is_the_highest_score(device, width, n_filters, length, both_strands):
    codes, lengths = sequences(length, width)
    # Small integers: float32 sums of them are exact, so that equals are equal, and many.
    filters = torch.randint(-2, 3, (n_filters, 4, width)).float()
    found = gpu.best(*on(device, codes, lengths, filters), both_strands=both_strands)
    expected = best_of(window_scores(codes, filters, both_strands=both_strands), lengths, width)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one.cpu(), other, rtol=0, atol=0, check_dtype=False)
    assert [one.dtype for one in found] == [torch.float32, torch.int32, torch.bool]


def test_best_scores_are_as_accurate_as_float32(device):
    codes, lengths = sequences(100, 19)
    filters = torch.randn(8, 4, 19) * torch.logspace(-6, 6, 8)[:, None, None]
    found = gpu.best(*on(device, codes, lengths, filters), both_strands=True)
    expected, _, _ = best_of(window_scores(codes, filters, both_strands=True), lengths, 19)
    torch.testing.assert_close(found.score.cpu().double(), expected, rtol=2e-6, atol=0)


@CASES
def test_best_gradient_goes_to_the_best_window(device, width, n_filters, length, both_strands):
    codes, lengths = sequences(length, width)
    filters = torch.randint(-2, 3, (n_filters, 4, width)).double().requires_grad_()
    score, position, reverse = best_of(
        window_scores(codes, filters, both_strands=both_strands), lengths, width
    )
    upstream = torch.randn(score.shape)
    given = on(device, codes, position, reverse, upstream)
    has_window = lengths >= width
    (expected,) = torch.autograd.grad(score[has_window], filters, upstream[has_window].double())
    assert_near(gpu.best_gradient(*given, width), expected)


@pytest.mark.parametrize("pool", POOLS)
@CASES
def test_pools_and_their_gradients(device, width, n_filters, length, both_strands, pool):
    codes, lengths = sequences(length, width)
    filters, bias = torch.randn(n_filters, 4, width), torch.randn(n_filters)
    leaves = [filters.double().requires_grad_(), bias.double().requires_grad_()]
    score = window_scores(codes, leaves[0], both_strands=both_strands) + leaves[1][:, None, None]
    expected = pool_of(score, lengths, width, pool)
    upstream = torch.randn(expected.shape)
    given = on(device, codes, lengths, filters, bias)
    value = gpu.pooled(*given, pool, both_strands=both_strands)
    assert_near(value, expected.detach())

    found = gpu.pooled_gradient(*given, pool, value, upstream.to(device), both_strands=both_strands)
    has_window = lengths >= width
    gradients = torch.autograd.grad(expected[has_window], leaves, upstream[has_window].double())
    for one, other in zip(found, gradients, strict=True):
        assert_near(one, other)


@pytest.mark.parametrize("extreme", [-300.0, 300.0])
def test_logsumexp_of_any_score(device, extreme):
    codes, lengths = sequences(90, 10)
    filters, bias = torch.randn(3, 4, 10) * 30, torch.full((3,), extreme)
    leaf = filters.double().requires_grad_()
    score = window_scores(codes, leaf, both_strands=True) + extreme
    expected = pool_of(score, lengths, 10, "logsumexp")
    given = on(device, codes, lengths, filters, bias)
    value = gpu.pooled(*given, "logsumexp", both_strands=True)
    assert_near(value, expected.detach())
    of_filters, of_bias = gpu.pooled_gradient(
        *given, "logsumexp", value, torch.ones_like(value), both_strands=True
    )
    (gradient,) = torch.autograd.grad(expected[lengths >= 10].sum(), leaf)
    # A score of some hundreds is known to 3e-5 in float32, and its exponential as a share of that.
    assert_near(of_filters, gradient, 1e-4)
    assert_near(of_bias, torch.full((3,), 5.0).double(), 1e-4)


@pytest.mark.parametrize(("width", "n_filters"), [(1, 1), (5, 40), (19, 16), (33, 1)])
def test_scores_and_their_gradient(device, width, n_filters):
    codes, _ = sequences(80, width)
    filters = torch.randn(n_filters, 4, width)
    leaf = filters.double().requires_grad_()
    expected = window_scores(codes, leaf, both_strands=False)[:, :, 0]
    assert_near(gpu.scores(*on(device, codes, filters)), expected.detach())
    upstream = torch.randn(expected.shape)
    (gradient,) = torch.autograd.grad(expected, leaf, upstream.double())
    assert_near(gpu.scores_gradient(*on(device, codes, upstream), width), gradient)


def test_a_program_does_many_tasks(device, monkeypatch):
    """More tasks than programs, so that every program loops."""
    for name in ("_PROGRAMS", "_PARTS", "_SEQUENCES"):
        monkeypatch.setattr(gpu, name, 4)
    case = (device, 5, 20, 70, True)
    test_best_is_the_highest_score(*case)
    test_best_gradient_goes_to_the_best_window(*case)
    test_pools_and_their_gradients(*case, "relu")
    test_scores_and_their_gradient(device, 5, 40)


def test_no_sequences_at_all(device):
    codes, lengths, filters, bias = on(
        device,
        torch.zeros((0, 50), dtype=torch.uint8),
        torch.zeros(0, dtype=torch.int64),
        torch.randn(3, 4, 5),
        torch.randn(3),
    )
    value = gpu.pooled(codes, lengths, filters, bias, "sum", both_strands=True)
    of_filters, of_bias = gpu.pooled_gradient(
        codes, lengths, filters, bias, "sum", value, value, both_strands=True
    )
    assert value.shape == (0, 3)
    assert not of_filters.any()
    assert not of_bias.any()


def test_a_gradient_is_the_same_to_the_last_bit(device):
    codes, lengths = sequences(70, 19)
    given = on(device, codes, lengths, torch.randn(16, 4, 19), torch.randn(16))
    value = gpu.pooled(*given, "logsumexp", both_strands=True)
    first, second = (
        gpu.pooled_gradient(*given, "logsumexp", value, torch.ones_like(value), both_strands=True)
        for _ in range(2)
    )
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))


# Compiling needs no GPU; a process of its own does it, since this one may interpret the kernels.
COMPILE = """
import json
import sys
import triton
import triton.language as tl
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource
from motifnet.kernels.onehot_conv import gpu

TYPES = {"codes": "*u8", "lengths": "*i64", "position": "*i32", "best_position": "*i32", "reverse": "*i1",
         "best_reverse": "*i1", "n": "i32", "length": "i32", "n_filters": "i32"}

def n_products(name, constants):
    kernel = getattr(gpu, name)
    constants = {key: tl.bfloat16 if key == "OPERAND" else value for key, value in constants.items()}
    names = [parameter.name for parameter in kernel.params]
    signature = {key: "constexpr" if key in constants else TYPES.get(key, "*fp32") for key in names}
    source = ASTSource(kernel, signature, constexprs=constants)
    asm = triton.compile(source, target=GPUTarget("cuda", 90, 32), options={"enable_fp_fusion": True}).asm
    assert len(asm["cubin"]) > 0
    return asm["ptx"].count("wgmma.mma_async")

kernels = json.loads(sys.argv[1])
print(json.dumps({name: n_products(name, constants) for name, constants in kernels.items()}))
"""

BLOCK = {"WIDTH": 19, "BASES": 32, "COLUMNS": 32, "OPERAND": "bfloat16", "WINDOWS": 64}
KERNELS = {
    "_best_kernel": BLOCK | {"STRANDS": 2},
    "_best_gradient_kernel": {"WIDTH": 19, "BASES": 32, "SEQUENCES": 64},
    "_pooled_kernel": BLOCK | {"STRANDS": 2, "POOL": "logsumexp"},
    "_pooled_gradient_kernel": BLOCK | {"STRANDS": 2, "POOL": "relu"},
    "_scores_kernel": BLOCK | {"STRANDS": 1},
    "_scores_gradient_kernel": BLOCK | {"STRANDS": 1},
}


def test_the_kernels_compile_for_hopper():
    """To machine code, with the products on the tensor cores, in bfloat16."""
    run = subprocess.run(
        [sys.executable, "-c", COMPILE, json.dumps(KERNELS)],
        env={key: value for key, value in os.environ.items() if key != "TRITON_INTERPRET"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    has_products = {name: n > 0 for name, n in json.loads(run.stdout).items()}
    assert has_products == {name: "OPERAND" in constants for name, constants in KERNELS.items()}
