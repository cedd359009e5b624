"""The CPU's implementation as torch asks for it: tensors in, tensors out."""

from __future__ import annotations

import numpy as np
import torch
from numba.core.errors import NumbaError
from torch import Tensor

from motifnet.kernels.onehot_conv import cpu, triples
from motifnet.kernels.onehot_conv.contract import Best

DTYPES = (torch.float32, torch.float64)
"""Types of filters that it computes in."""

FAILURES = (NumbaError,)
"""Errors of its compiler that no builtin covers."""


def best(codes: Tensor, lengths: Tensor, filters: Tensor, *, both_strands: bool) -> Best:
    """See :func:`motifnet.kernels.onehot_conv.best`."""
    found = cpu.best(*_sequences(codes, lengths), _numpy(filters), both_strands=both_strands)
    return Best(*map(torch.from_numpy, found))


def best_gradient(codes: Tensor, position: Tensor, reverse: Tensor, gradient: Tensor, width: int) -> Tensor:
    """Gradient of the filters, given that of the best windows' scores."""
    flat, starts = _flat(codes)
    found = Best(None, _numpy(position), _numpy(reverse))
    return torch.from_numpy(cpu.best_gradient(flat, starts, found, _numpy(gradient), width))


def pooled(
    codes: Tensor, lengths: Tensor, filters: Tensor, bias: Tensor, pool: str, *, both_strands: bool
) -> Tensor:
    """Scores summed up over windows and strands: see :func:`motifnet.kernels.onehot_conv.cpu.pooled`."""
    return torch.from_numpy(
        cpu.pooled(
            *_sequences(codes, lengths), _numpy(filters), _numpy(bias), pool, both_strands=both_strands
        )
    )


def pooled_gradient(
    codes: Tensor,
    lengths: Tensor,
    filters: Tensor,
    bias: Tensor,
    pool: str,
    value: Tensor,
    gradient: Tensor,
    *,
    both_strands: bool,
) -> tuple[Tensor, Tensor]:
    """Gradients of filters and biases, given that of :func:`pooled`."""
    of_filters, of_bias = cpu.pooled_gradient(
        *_sequences(codes, lengths),
        _numpy(filters),
        _numpy(bias),
        pool,
        _numpy(value),
        _numpy(gradient),
        both_strands=both_strands,
    )
    return torch.from_numpy(of_filters), torch.from_numpy(of_bias)


def scores(codes: Tensor, filters: Tensor) -> Tensor:
    """See :func:`motifnet.kernels.onehot_conv.scores`."""
    found = cpu.scores(triples.of_padded(codes.numpy()), len(codes), _numpy(filters))
    return torch.from_numpy(found).transpose(1, 2)


def scores_gradient(codes: Tensor, gradient: Tensor, width: int) -> Tensor:
    """Gradient of the filters, given that of :func:`scores`."""
    found = cpu.scores_gradient(
        triples.of_padded(codes.numpy()), np.ascontiguousarray(gradient.transpose(1, 2).numpy()), width
    )
    return torch.from_numpy(found)


def _flat(codes: Tensor) -> tuple[np.ndarray, np.ndarray]:
    return triples.of_padded(codes.numpy()), np.arange(len(codes)) * codes.shape[1]


def _sequences(codes: Tensor, lengths: Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return *_flat(codes), lengths.numpy()


def _numpy(tensor: Tensor) -> np.ndarray:
    return np.ascontiguousarray(tensor.detach().numpy())
