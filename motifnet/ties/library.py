"""Named ties: each is a symmetry, said in one line.

To add one, write a function that returns a :class:`~motifnet.ties.tie.Tie` and register it. A tie of a
filter is registered as such as well, and ``motifnet train --tie`` then has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.registry import Registry
from motifnet.ties.tie import Tie

if TYPE_CHECKING:  # HMMs have ties, but no use for torch
    from torch import Tensor

    from motifnet.ties.strands import Strands

TIES: Registry[Callable[..., Tie]] = Registry("tie")
"""Constructors of ties, by name."""

FILTER_TIES: Registry[Callable[..., Tie]] = Registry("tie of a filter")
"""Those of a filter ``(4, width)`` that is a motif, by name.

They move entries and change no sign, so that the counts of bases at sites can obey them too. Arguments are
whole numbers; at most one of those without a default is left to be found by the width of the filter.
"""


@TIES.register("untied")
def untied(*shape: int) -> Tie:
    """Nothing of an array ``(*shape,)`` is tied: the alternative that every other tie is compared with.

    Examples
    --------
    >>> untied(2, 3).n_free
    6
    """
    return Tie.untied(shape)


@TIES.register("reverse_complement")
def reverse_complement(out_type: Strands, in_type: Strands, width: int) -> Tie:
    """A filter means the same on both strands: weights ``(out_type, in_type, width)`` of a convolution.

    These are all linear, position-invariant maps with f(reverse complement of x) = reverse
    complement of f(x) between channels of the given types (Mallet and Vert 2021).

    Examples
    --------
    >>> from motifnet.ties.strands import DNA, Strands
    >>> reverse_complement(Strands("1p"), DNA, 3)
    Tie(2x4x3: 1..12 12..1)
    """
    shape = (len(out_type), len(in_type), width)
    return Tie.invariant_under(shape, [lambda w: out_type.act(in_type.act(w, 1), 0).flip(2)])


@TIES.register("strand_bias")
def strand_bias(channels: Strands) -> Tie:
    """A bias or a mean, ``(channels,)``: one a strand pair, none for an odd channel."""
    return Tie.invariant_under((len(channels),), [lambda b: channels.act(b, 0)])


@TIES.register("strand_scale")
def strand_scale(channels: Strands) -> Tie:
    """A factor or a variance, ``(channels,)``: one a strand pair, one for any other channel."""
    return Tie.invariant_under((len(channels),), [lambda s: channels.act(s, 0).abs()])


@TIES.register("strand_readout")
def strand_readout(n_out: int, channels: Strands) -> Tie:
    """Weights ``(n_out, channels)`` whose output is the same for both strands."""
    return Tie.invariant_under((n_out, len(channels)), [lambda w: channels.act(w, 1)])


@TIES.register("palindrome")
@FILTER_TIES.register("palindrome")
def palindrome(width: int) -> Tie:
    """A filter ``(4, width)`` that is its own reverse complement."""
    return Tie.invariant_under((4, width), [lambda w: w.flip(0, 1)])


@TIES.register("antipalindrome")
def antipalindrome(width: int) -> Tie:
    """A filter ``(4, width)`` that is the negative of its reverse complement: it tells strands apart."""
    return Tie.invariant_under((4, width), [lambda w: -w.flip(0, 1)])


@TIES.register("direct_repeat")
@FILTER_TIES.register("direct_repeat")
def direct_repeat(half_width: int, spacer: int = 0) -> Tie:
    """A filter ``(4, 2 * half_width + spacer)`` of one half-site twice, the spacer free."""
    return Tie.invariant_under((4, 2 * half_width + spacer), [lambda w: _swap_halves(w, half_width)])


@TIES.register("inverted_repeat")
@FILTER_TIES.register("inverted_repeat")
def inverted_repeat(half_width: int, spacer: int = 0) -> Tie:
    """A filter ``(4, 2 * half_width + spacer)``: a half-site, a free spacer, its reverse complement."""
    shape = (4, 2 * half_width + spacer)
    return Tie.invariant_under(shape, [lambda w: _swap_halves(w, half_width, lambda half: half.flip(0, 1))])


@TIES.register("strand_emissions")
def strand_emissions(n_states: int) -> Tie:
    """Emissions ``(2, n_states, 4)`` of an HMM whose second row of states reads the other strand.

    State ``j`` of the second row emits the complements of what state ``n_states - 1 - j`` of the
    first row emits.
    """
    entries = 1 + np.arange(2 * n_states * 4).reshape(2, n_states, 4)
    return Tie.fixed_by(np.flip(entries), shape=entries.shape)


@TIES.register("symmetric_indels")
def symmetric_indels() -> Tie:
    """Transitions ``(3, 3)`` among match, X and Y of a pair HMM: gaps as likely in X as in Y."""
    return Tie.invariant_under((3, 3), [lambda a: a[[0, 2, 1]][:, [0, 2, 1]]])


@TIES.register("shared_depth")
def shared_depth(n_layers: int, *shape: int) -> Tie:
    """Weights ``(n_layers, *shape)`` of which every layer has the same."""
    return Tie.invariant_under((n_layers, *shape), [lambda w: w.roll(1, 0)])


@TIES.register("shared_dilation")
def shared_dilation(n_dilations: int, *shape: int) -> Tie:
    """Weights ``(n_dilations, *shape)``: one kernel at every scale."""
    return Tie.invariant_under((n_dilations, *shape), [lambda w: w.roll(1, 0)])


@TIES.register("shared_experiments")
def shared_experiments(n_experiments: int, *shape: int) -> Tie:
    """Parameters ``(n_experiments, *shape)``: every experiment sees the same protein."""
    return Tie.invariant_under((n_experiments, *shape), [lambda w: w.roll(1, 0)])


@TIES.register("convolution")
def convolution(n_out: int, n_in: int, width: int, length: int) -> Tie:
    """Dense weights ``(n_out, length - width + 1, n_in, length)`` that act as a convolution.

    A site means the same wherever it lies: each (out, in) block is a Toeplitz matrix, zero
    outside of its band. The free parameters are the weights ``(n_out, n_in, width)`` of the
    convolution, flattened.

    Raises
    ------
    InvalidValue
        If ``width`` is larger than ``length``.
    """
    if width > length:
        raise InvalidValue("width", width, f"at most the length, {length}")
    tap = np.arange(length) - np.arange(length - width + 1)[:, None]
    block = np.arange(n_out)[:, None] * n_in + np.arange(n_in)
    label = block[:, None, :, None] * width + tap[None, :, None, :]
    inside = ((tap >= 0) & (tap < width))[None, :, None, :]
    return Tie(label, np.broadcast_to(inside, label.shape))


def _swap_halves(w: Tensor, half_width: int, turn: Callable[[Tensor], Tensor] = lambda half: half) -> Tensor:
    """Trade the outer columns of a filter, each turned on the way."""
    import torch

    middle = w[:, half_width : w.shape[1] - half_width]
    return torch.cat([turn(w[:, w.shape[1] - half_width :]), middle, turn(w[:, :half_width])], 1)
