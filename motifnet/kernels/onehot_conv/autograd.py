"""The operation for torch: checked arguments in, gradients to filters and biases."""

from __future__ import annotations

from types import ModuleType

import torch
from torch import Tensor
from torch.autograd import Function

from motifnet.errors import InvalidValue, ShapeMismatch, UnknownName
from motifnet.kernels.onehot_conv import reference
from motifnet.kernels.onehot_conv.contract import POOLS, Best, Pool
from motifnet.kernels.onehot_conv.dispatch import VARIABLE, implementation


def pooled(
    codes: Tensor,
    lengths: Tensor,
    filters: Tensor,
    bias: Tensor | None = None,
    *,
    pool: Pool = "logsumexp",
    both_strands: bool = True,
) -> Tensor:
    """Scores of filters along sequences, pooled over windows and strands.

    The score of a window is the sum of ``filters[f, codes[p + j], j]`` over its bases, plus the
    filter's bias; an unknown base adds 0. On the reverse strand the filter's reverse complement
    reads the same window. A window counts if it ends within its sequence.

    Neither one-hot features nor scores are ever stored, so that memory does not grow with the
    length. Gradients go to filters and biases; asking for second derivatives raises
    NotImplementedError. A filter with a weight or bias that is not a number scores no number
    anywhere.

    Parameters
    ----------
    codes : Tensor of uint8, shape=(batch, length)
        0 to 3 for bases; any other code is an unknown base.
    lengths : Tensor of int64, shape=(batch,)
        True lengths. On a GPU, where looking at them would keep the program waiting, longer ones
        than the codes are taken as that long.
    filters : Tensor, shape=(n_filters, 4, width)
        float32 or float64; a narrower type is computed with in float32, also under autocast. The
        GPU's kernel has no float64, which takes plain torch there.
    bias : Tensor, shape=(n_filters,), optional
        Added to every score.
    pool : {"logsumexp", "max", "mean", "relu"}
        Logarithm of the sum of exponentials, largest score, mean score, sum of positive scores.
    both_strands : bool
        Whether the reverse strand's scores count too.

    Returns
    -------
    Tensor, shape=(batch, n_filters)
        Without a window, minus infinity for ``logsumexp`` and ``max``, else 0.

    Raises
    ------
    ShapeMismatch
        If a shape is another.
    InvalidValue
        If codes are of another type, tensors are on different devices, or a length on the CPU is
        larger than that of the codes.
    UnknownName
        If there is no such pool.

    Examples
    --------
    >>> codes = torch.tensor([[0, 1, 2, 3, 3]], dtype=torch.uint8)
    >>> filters = torch.eye(4)[None, :, :2]  # AC, or GT on the reverse strand
    >>> pooled(codes, torch.tensor([5]), filters, pool="max")
    tensor([[2.]])
    """
    if pool not in POOLS:
        raise UnknownName("pool", pool, POOLS)
    codes, filters = _checked(codes, filters)
    lengths = _within(lengths, codes)
    bias = _checked_bias(bias, filters)
    if pool == "max":
        return best(codes, lengths, filters, both_strands=both_strands).score + bias
    module = implementation(filters.device, filters.dtype)
    if module is None:
        value = reference.pooled(codes, lengths, filters, bias, pool, both_strands=both_strands)
    else:
        summed = "sum" if pool == "mean" else pool
        value = _Pooled.apply(codes, lengths, filters, bias, summed, both_strands, module)
        if pool == "mean":
            n_windows = (lengths - filters.shape[2] + 1).clamp(min=1).to(value.dtype)
            value = value / ((2 if both_strands else 1) * n_windows[:, None])
    return value + _not_a_number(filters, bias)


def best(codes: Tensor, lengths: Tensor, filters: Tensor, *, both_strands: bool = True) -> Best:
    """The best window of each sequence for each filter, with its place and strand.

    The gradient of a score goes to the bases of its window alone.

    Parameters
    ----------
    codes : Tensor of uint8, shape=(batch, length)
        0 to 3 for bases; any other code is an unknown base.
    lengths : Tensor of int64, shape=(batch,)
        True lengths.
    filters : Tensor, shape=(n_filters, 4, width)
        float32 or float64.
    both_strands : bool
        Whether the reverse strand's scores count too.

    Returns
    -------
    Best
        Of tensors of ``shape=(batch, n_filters)``.

    Raises
    ------
    ShapeMismatch, InvalidValue
        As for :func:`pooled`.

    Examples
    --------
    >>> codes = torch.tensor([[3, 2, 2, 3, 3]], dtype=torch.uint8)
    >>> filters = torch.eye(4)[None, :, :2]
    >>> [part.item() for part in best(codes, torch.tensor([5]), filters)]
    [2.0, 2, True]
    """
    codes, filters = _checked(codes, filters)
    lengths = _within(lengths, codes)
    module = implementation(filters.device, filters.dtype)
    if module is None:
        found = reference.best(codes, lengths, filters, both_strands=both_strands)
    else:
        found = Best(*_Best.apply(codes, lengths, filters, both_strands, module))
    return found._replace(score=found.score + _not_a_number(filters))


def scores(codes: Tensor, filters: Tensor) -> Tensor:
    """Score of every window on the given strand, for a next layer that needs them all.

    Parameters
    ----------
    codes : Tensor of uint8, shape=(batch, length)
    filters : Tensor, shape=(n_filters, 4, width)
        For both strands, a strand tie's filters: those of the reverse strand are further ones.

    Returns
    -------
    Tensor, shape=(batch, n_filters, n_windows)

    Examples
    --------
    >>> scores(torch.tensor([[0, 1, 4]], dtype=torch.uint8), torch.eye(4)[None, :, :2]).tolist()
    [[[2.0, 0.0]]]
    """
    codes, filters = _checked(codes, filters)
    module = implementation(filters.device, filters.dtype)
    if module is None:
        return reference.scores(codes, filters)
    return _Scores.apply(codes, filters, module)


def _checked(codes: Tensor, filters: Tensor) -> tuple[Tensor, Tensor]:
    """Codes and filters of the right shapes, as the kernels read them: contiguous, filters wide."""
    if filters.ndim != 3 or filters.shape[1] != 4:
        raise ShapeMismatch("filters", filters.shape, "(n_filters, 4, width)")
    if codes.dtype != torch.uint8:
        raise InvalidValue("type of codes", codes.dtype, "torch.uint8")
    width = filters.shape[2]
    if codes.ndim != 2 or codes.shape[1] < width:
        raise ShapeMismatch("codes", codes.shape, f"(batch, length) with a length of {width} or more")
    _check_device("codes", codes, filters)
    wide = filters.to(torch.promote_types(filters.dtype, torch.float32))
    return codes.contiguous(), wide.contiguous()


def _checked_bias(bias: Tensor | None, filters: Tensor) -> Tensor:
    if bias is None:
        return filters.new_zeros(len(filters))
    if bias.shape != filters.shape[:1]:
        raise ShapeMismatch("bias", bias.shape, f"({len(filters)},)")
    _check_device("bias", bias, filters)
    return bias.to(filters.dtype).contiguous()


def _within(lengths: Tensor, codes: Tensor) -> Tensor:
    """Lengths that end within the codes, beyond which a kernel would read stray memory."""
    n, longest = codes.shape
    if lengths.shape != (n,):
        raise ShapeMismatch("lengths", lengths.shape, f"({n},)")
    _check_device("lengths", lengths, codes)
    # Neither a GPU's numbers nor those of a network that is being compiled can be looked at.
    if lengths.is_cuda or torch.compiler.is_compiling():
        return lengths.clamp(max=longest).contiguous()
    if n and int(lengths.max()) > longest:
        raise InvalidValue("largest of lengths", int(lengths.max()), f"{longest} at most, as long as codes")
    return lengths.contiguous()


def _check_device(name: str, tensor: Tensor, other: Tensor) -> None:
    if tensor.device != other.device:
        raise InvalidValue(f"device of {name}", str(tensor.device), f"{other.device}, as of the others")


def _not_a_number(filters: Tensor, bias: Tensor | None = None) -> Tensor:
    """What to add to values: NaN for a filter that holds one, which a maximum passes over; else 0."""
    spoilt = filters.detach().isnan().any((1, 2))
    if bias is not None:
        spoilt = spoilt | bias.detach().isnan()
    return filters.new_zeros(len(filters)).masked_fill(spoilt, torch.nan)


def _refuse_second_derivatives() -> None:
    """Raise in a backward pass that is itself to be differentiated."""
    if torch.is_grad_enabled():
        raise NotImplementedError(
            f"the fused kernel has no second derivatives; set {VARIABLE}=reference, which has them"
        )


class _Pooled(Function):
    @staticmethod
    def forward(ctx, codes, lengths, filters, bias, pool: str, both_strands: bool, module: ModuleType):  # noqa: FBT001
        value = module.pooled(codes, lengths, filters, bias, pool, both_strands=both_strands)
        ctx.save_for_backward(codes, lengths, filters, bias, value)
        ctx.rest = pool, both_strands, module
        return value

    @staticmethod
    def backward(ctx, gradient):
        _refuse_second_derivatives()
        codes, lengths, filters, bias, value = ctx.saved_tensors
        pool, both_strands, module = ctx.rest
        of_filters, of_bias = module.pooled_gradient(
            codes, lengths, filters, bias, pool, value, gradient.contiguous(), both_strands=both_strands
        )
        return None, None, of_filters, of_bias, None, None, None


class _Best(Function):
    @staticmethod
    def forward(ctx, codes, lengths, filters, both_strands: bool, module: ModuleType):  # noqa: FBT001
        score, position, reverse = module.best(codes, lengths, filters, both_strands=both_strands)
        ctx.save_for_backward(codes, position, reverse)
        ctx.mark_non_differentiable(position, reverse)
        ctx.rest = filters.shape[2], module
        return score, position, reverse

    @staticmethod
    def backward(ctx, gradient, *_):
        _refuse_second_derivatives()
        width, module = ctx.rest
        of_filters = module.best_gradient(*ctx.saved_tensors, gradient.contiguous(), width)
        return None, None, of_filters, None, None


class _Scores(Function):
    @staticmethod
    def forward(ctx, codes, filters, module: ModuleType):
        ctx.save_for_backward(codes)
        ctx.rest = filters.shape[2], module
        return module.scores(codes, filters)

    @staticmethod
    def backward(ctx, gradient):
        _refuse_second_derivatives()
        width, module = ctx.rest
        return None, module.scores_gradient(*ctx.saved_tensors, gradient.contiguous(), width), None
