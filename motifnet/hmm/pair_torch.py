"""The likelihood of a pair HMM as a torch function, so that it can stand in a network.

Its gradient is that of expected counts: ``d log L / d log(parameter)`` is how often the parameter
is expected to be used (Fisher's identity), so that no recursion is recorded or gone back through.
Asking for second derivatives raises NotImplementedError.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_errors import by_parameters
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.symbols.pairs import PairedSequences


def log_likelihood(
    match: Tensor, insert: Tensor, opening: Tensor, extend: Tensor, end: Tensor, pairs: PairedSequences
) -> Tensor:
    """Log-likelihood of each pair, globally aligned, in nats, ``shape=(n,)``.

    Parameters
    ----------
    match : Tensor, shape=(4, 4)
    insert : Tensor, shape=(2, 4)
    opening, extend : Tensor, shape=(2, n_classes)
    end : Tensor, shape=()
        As those of :class:`~motifnet.hmm.pair.PairHmm`: probabilities, such as a softmax gives.
    pairs : PairedSequences

    Returns
    -------
    Tensor of float64, shape=(n,)
        With gradients of all parameters.

    Raises
    ------
    ShapeMismatch, InvalidValue
        If they are no such probabilities.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> pairs = PairedSequences(Sequences.from_text(["ACGT"]), Sequences.from_text(["ACT"]), ["one"])
    >>> free = torch.zeros(16, dtype=torch.float64, requires_grad=True)
    >>> gaps = torch.full((2, 1), 0.1, dtype=torch.float64)
    >>> uniform = torch.full((2, 4), 0.25, dtype=torch.float64)
    >>> value = log_likelihood(free.softmax(0).reshape(4, 4), uniform, gaps, gaps, torch.tensor(0.1), pairs)
    >>> value.sum().backward()
    >>> free.grad.shape
    torch.Size([16])
    """
    return _LogLikelihood.apply(match, insert, opening, extend, end, pairs)


class _LogLikelihood(torch.autograd.Function):
    @staticmethod
    def forward(ctx, match, insert, opening, extend, end, pairs):
        parameters = [one.detach().cpu().double().numpy() for one in (match, insert, opening, extend, end)]
        model = PairHmm(*parameters[:4], float(parameters[4]))
        which = np.zeros(len(pairs), np.int64)
        counts = kernel.expected_counts(model.odds, *arrays(pairs), which, "global", kernel.DEFAULT_BAND)
        ctx.save_for_backward(*(torch.from_numpy(one) for one in by_parameters(model, pairs, counts)))
        ctx.like = [(one.dtype, one.device) for one in (match, insert, opening, extend, end)]
        value = counts.log_odds + model.log_ends + model.log_independent(pairs)
        return torch.from_numpy(value).to(match.device)

    @staticmethod
    def backward(ctx, gradient):
        if torch.is_grad_enabled():
            raise NotImplementedError(
                "the likelihood of pairs has no second derivatives; take differences of gradients"
            )
        weight = gradient.cpu().double()
        of_parameters = [torch.tensordot(weight, one, dims=1) for one in ctx.saved_tensors]
        cast = [
            one.to(dtype=dtype, device=device)
            for one, (dtype, device) in zip(of_parameters, ctx.like, strict=True)
        ]
        return (*cast, None)
