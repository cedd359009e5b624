"""The deep family: residual dilated convolutions, for the best held-out score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import torch
from pydantic import AfterValidator, Field
from torch import Tensor, nn

from motifnet.config.train import ModelOptions
from motifnet.kernels import onehot_conv
from motifnet.layers import (
    Activation,
    GlobalPool,
    SiteMerge,
    TiedBatchNorm,
    TiedConv1d,
    TiedLinear,
    between_strands,
)
from motifnet.models.family_options import FamilyOptions
from motifnet.models.network import MODELS, Network
from motifnet.strand import Strand
from motifnet.ties import DNA, Strands, Tie, assign, attach, detach, is_tied, tie_of
from motifnet.ties.of_filters import FilterTies

_MIN_PAIRS = 16


def _odd(width: int) -> int:
    """Refuse a width that has no middle, since a block must look to both sides alike."""
    if width % 2 == 0:
        raise ValueError("an odd number")
    return width


class DeepOptions(FamilyOptions):
    """Options of the deep family."""

    dilations: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        (1, 2, 4, 8), description="Step between the positions looked at in each residual block, one a block."
    )
    block_width: Annotated[int, AfterValidator(_odd)] = Field(
        5, ge=1, description="Positions that a residual block looks at: an odd number."
    )
    activation: Literal["relu", "exp", "gelu"] = Field(
        "relu", description="Activation after the first layer; 'exp' makes its filters easier to read."
    )
    dropout: float = Field(0.1, ge=0, lt=1, description="Share of the pooled features that training drops.")


@MODELS.register("deep")
class Deep(Network):
    """A stem of wide filters, residual dilated blocks, a pool over positions, a linear head.

    The stem takes only windows that lie within the sequence; the blocks see what is beyond its
    ends as zeros, on both sides alike, so that padding changes nothing. Without the strand tie
    the network has the same channels, each on its own, and so about twice the parameters.

    Parameters
    ----------
    n_pairs : int
        Strand pairs, each of two channels.
    width : int
        Width of a filter of the stem in bases.
    n_tasks : int
        Number of outputs.
    strand : Strand
        How the two strands are handled.
    dilations : tuple of int
        Dilation of each residual block.
    block_width : int
        Positions that a residual block looks at: an odd number.
    activation : {"relu", "exp", "gelu"}
        Activation of the stem; ``exp`` makes its filters easier to read (Koo and Ploenzke 2021).
    dropout : float
        Share of the pooled features that training drops.
    tie : Tie, optional
        What the filters of the stem, one of each pair, or all if untied, are under; free if not given.

    Examples
    --------
    >>> model = Deep(16, 12, 2)
    >>> codes = torch.randint(0, 4, (3, 50), dtype=torch.uint8)
    >>> model(codes, torch.tensor([50, 40, 30])).shape
    torch.Size([3, 2])
    """

    own_options = DeepOptions

    def __init__(
        self,
        n_pairs: int,
        width: int,
        n_tasks: int,
        *,
        strand: Strand = Strand.TIED,
        dilations: tuple[int, ...] = (1, 2, 4, 8),
        block_width: int = 5,
        activation: str = "relu",
        dropout: float = 0.1,
        tie: Tie | None = None,
    ) -> None:
        super().__init__(n_tasks, width, strand)
        channels = Strands.pairs(n_pairs) if self.is_tied else Strands.even(2 * n_pairs)
        self.stem = _stem(channels, width, tie, tied=self.is_tied)
        self.norm = TiedBatchNorm(channels)
        self.activation = Activation(channels, activation)
        self.blocks = nn.ModuleList(
            Block(channels, block_width, dilation, tied=self.is_tied) for dilation in dilations
        )
        self.merge_strands = SiteMerge(channels, "max")
        sites = self.merge_strands.out_type
        self.largest, self.mean = GlobalPool(sites, "max"), GlobalPool(sites, "mean")
        self.head = nn.Sequential(nn.Dropout(dropout), TiedLinear(Strands.even(2 * len(sites)), n_tasks))

    @classmethod
    def from_options(cls, options: ModelOptions, n_tasks: int) -> Deep:
        """The network that options ask for."""
        own = dict(DeepOptions.of(options))
        n_pairs, strand = max(_MIN_PAIRS, options.n_filters), options.settled_strand
        n_filters = n_pairs if strand == Strand.TIED else 2 * n_pairs
        tie = FilterTies.of(options).bank(n_filters, options.filter_width) if options.tie else None
        return cls(n_pairs, options.filter_width, n_tasks, strand=strand, tie=tie, **own)

    @property
    def filters(self) -> Tensor:
        """One filter of each strand pair (every filter, if untied), ``(n_filters, 4, width)``."""
        n = len(self.stem.weight) // 2 if self.is_tied else len(self.stem.weight)
        return self.stem.weight[:n]

    @property
    def bank(self) -> Tensor:
        """Filters of the stem, of both strands if it is tied between them, ``(n_channels, 4, width)``."""
        return self.stem.weight

    @property
    def bank_tie(self) -> Tie:
        """The tie that :attr:`bank` is under."""
        if is_tied(self.stem, "weight"):
            return tie_of(self.stem, "weight")
        return Tie.untied(self.stem.weight.shape)

    @torch.no_grad()
    def set_filters(
        self,
        filters: Tensor,
        bias: Tensor,
        weights: Tensor | None = None,
        *,
        places: Sequence[int] | None = None,
    ) -> None:
        """Start some filters of the stem; the norm after it takes their scale and ``bias`` away.

        Parameters are those of :meth:`Network.set_filters`; the head has no weight of a filter.
        """
        everything = self.filters.clone()
        scale = everything.std() / filters.std().clamp(min=1e-6)
        everything[list(range(len(filters)) if places is None else places)] = scale * filters.to(everything)
        if self.is_tied:  # the partner of the first channel is the last
            everything = torch.cat([everything, everything.flip(0, 1, 2)])
        assign(self.stem, "weight", everything)

    def one_strand(self, codes: Tensor, lengths: Tensor) -> Tensor:
        """Features of sequences read on the strand that they were given on."""
        x = onehot_conv.scores(codes, self.stem.weight)
        valid = self._windows(lengths, x.shape[2])
        x = self.activation(self.norm(x, valid)) * valid[:, None]
        for block in self.blocks:
            x = block(x, valid)
        sites = self.merge_strands(x)
        return torch.cat([self.largest(sites, valid), self.mean(sites, valid)], 1)


class Block(nn.Module):
    """A residual step: look around at one dilation, then mix the channels.

    Parameters
    ----------
    channels : Strands
        Channel type of input and output.
    width : int
        Positions looked at: an odd number.
    dilation : int
        Step between them.
    tied : bool
        Whether the convolutions are tied between the strands.

    Examples
    --------
    >>> block = Block(Strands.pairs(2), 5, 2, tied=True)
    >>> x, valid = torch.rand(1, 4, 30), torch.ones(1, 30, dtype=torch.bool)
    >>> bool((block(x, valid) == x).all())
    True
    """

    def __init__(self, channels: Strands, width: int, dilation: int, *, tied: bool) -> None:
        super().__init__()
        padding = dilation * (width - 1) // 2  # so that the length stays
        self.look = _conv(channels, channels, width, dilation=dilation, padding=padding, tied=tied)
        self.look_norm = TiedBatchNorm(channels)
        self.mix = _conv(channels, channels, 1, tied=tied)
        self.mix_norm = TiedBatchNorm(channels)
        # A block starts as the identity, so that the stem learns first whatever the depth.
        self.mix_norm.weight = torch.zeros(len(channels))

    def forward(self, x: Tensor, valid: Tensor) -> Tensor:
        """Features ``(batch, channels, length)`` to the same; zero wherever not ``valid``."""
        update = self.look_norm(self.look(x), valid).relu()
        return (x + self.mix_norm(self.mix(update), valid)).relu()


def _stem(channels: Strands, width: int, tie: Tie | None, *, tied: bool) -> TiedConv1d | nn.Conv1d:
    stem = _conv(DNA, channels, width, tied=tied)
    if tie is None:
        return stem
    if tied:
        detach(stem, "weight")
    attach(stem, "weight", between_strands(tie) if tied else tie)
    return stem


def _conv(
    in_type: Strands, out_type: Strands, width: int, *, dilation: int = 1, padding: int = 0, tied: bool
) -> TiedConv1d | nn.Conv1d:
    """A convolution without a bias, since a norm follows it."""
    if tied:
        return TiedConv1d(in_type, out_type, width, dilation=dilation, padding=padding, bias=False)
    return nn.Conv1d(len(in_type), len(out_type), width, dilation=dilation, padding=padding, bias=False)
